import { processVerb } from './process-verb.ts';

export const start = processVerb({
  name: 'start',
  summary: 'starts a node that does not run',
  details:
    'Ends when the process runs, not when it serves. Started before its old session has ended, a broker does what the real one does: in ' +
    'ZooKeeper mode it exits, because its znode is still there; in KRaft mode its registration is refused and retried.',
  examples: [{ yaml: 'start: $dead', prompt: 'start broker-2' }],
  fault: false,
  accept: ({ cluster }, node) => ['stopped', 'off'].includes(cluster.model.nodes.state(node)),
  act: ({ cluster }, node) => cluster.start(node),
  unchanged: 'it ran already',
});
