import { processVerb } from './process-verb.ts';

export const powerOff = processVerb({
  name: 'powerOff',
  summary: 'cuts the power of a machine',
  details:
    'Its peers see silence, not closed sockets. What was not fsynced is lost: Kafka acknowledges records before it syncs them, and leaves ' +
    'their survival to the other replicas.',
  examples: [{ yaml: 'powerOff: all(brokers)', prompt: 'powerOff all(brokers)' }],
  fault: true,
  act: ({ cluster }, node) => cluster.nodes.get(node)!.control.powerOff(),
  undo: ({ cluster }, node) => cluster.start(node),
  unchanged: 'it was off',
});
