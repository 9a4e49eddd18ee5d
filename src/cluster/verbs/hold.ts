import { linkVerb } from './link-verb.ts';

export const hold = linkVerb({
  name: 'hold',
  summary: 'keeps back the messages of a link, in order, until they are released',
  details: '`release`, `heal` or the end of `during` delivers them all at once.',
  examples: [{ yaml: 'hold: { from: broker-2, to: broker-1 }', prompt: 'hold --from broker-2 --to broker-1' }],
  own: {},
  effect: () => ({ kind: 'hold' }),
});
