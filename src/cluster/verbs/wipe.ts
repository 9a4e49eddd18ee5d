import { processVerb } from './process-verb.ts';

export const wipe = processVerb({
  name: 'wipe',
  summary: 'empties the disks of a node that does not run',
  details: 'It comes back with no records and, in KRaft mode, with a new directory id.',
  examples: [{ yaml: 'wipe: broker-2', prompt: 'wipe broker-2' }],
  fault: false,
  accept: ({ cluster }, node) => ['stopped', 'off'].includes(cluster.model.nodes.state(node)),
  act({ cluster }, node) {
    const { control } = cluster.nodes.get(node)!;
    return control.disks.map((_, index) => control.wipe(index)).includes(true);
  },
  unchanged: 'it has no disk',
});
