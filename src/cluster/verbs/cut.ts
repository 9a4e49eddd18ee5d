import { linkVerb } from './link-verb.ts';

export const cut = linkVerb({
  name: 'cut',
  summary: 'cuts a link: both ways with `between`, one way with `from` and `to`',
  details:
    'Connections stay open and silent; what is sent is retransmitted, and arrives after healing unless somebody gave up first.',
  examples: [
    { yaml: 'cut: { from: broker-1, to: controller }', prompt: 'cut --from broker-1 --to controller' },
    { yaml: 'cut: { between: [web, broker-1] }', prompt: 'cut --between web,broker-1' },
  ],
  own: {},
  effect: () => ({ kind: 'block' }),
});
