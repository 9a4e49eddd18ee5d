import { processVerb } from './process-verb.ts';

export const pause = processVerb({
  name: 'pause',
  summary: 'stops a process where it stands, as SIGSTOP or a long garbage collection does',
  details:
    'Its sockets stay open and silent, its clock runs on. Resumed, it does all that came due meanwhile, and believes what it believed.',
  examples: [{ yaml: 'pause: broker-2\n  during: 20s', prompt: 'pause broker-2 --during 20s' }],
  fault: true,
  act: ({ cluster }, node) => cluster.nodes.get(node)!.control.pause(),
  undo: ({ cluster }, node) => void cluster.nodes.get(node)!.control.resume(),
  unchanged: 'it did not run',
});
