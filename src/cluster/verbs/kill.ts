import { processVerb } from './process-verb.ts';

export const kill = processVerb({
  name: 'kill',
  summary: 'ends a process at once, as SIGKILL does',
  details:
    'Its sockets close at once; what it had sent still arrives. The page cache survives, so nothing that was written is lost. ' +
    'Nobody is told: brokers are noticed by their session, consumers by theirs.',
  examples: [
    { yaml: 'kill: leader(orders-0)', prompt: 'kill leader(orders-0)' },
    { yaml: 'kill: broker-2\n  during: 20s', prompt: 'kill broker-2 --during 20s' },
  ],
  fault: true,
  act: ({ cluster }, node) => cluster.nodes.get(node)!.control.kill(),
  undo: ({ cluster }, node) => cluster.start(node),
  unchanged: 'it did not run',
});
