/** The state of a cluster at a moment, as the reports show it. */
import type { Cluster } from './cluster.ts';
import { nodeState } from './observables/node.ts';
import { brokerNode, quorumNodes } from './options.ts';

export interface Snapshot {
  readonly atMs: number;
  readonly nodes: Readonly<Record<string, string>>;
  readonly partitions: Readonly<Record<string, PartitionState>>;
  readonly groups: Readonly<Record<string, GroupState>>;
}

interface PartitionState {
  readonly leader: number | null;
  readonly epoch: number;
  readonly isr: readonly number[];
  readonly hw: number | null;
  readonly leo: number | null;
}

interface GroupState {
  readonly state: string;
  readonly generation: number;
  readonly members: number;
  readonly committed: Readonly<Record<string, number>>;
}

export function snapshotOf({ model, options, timeUs }: Cluster): Snapshot {
  const nodes = new Set([...options.brokers.map(({ id }) => brokerNode(id)), ...quorumNodes(options)]);
  const partitions = [...model.authority.partitions.values()].filter(({ topic }) => !topic.startsWith('__'));
  return {
    atMs: Math.round(timeUs / 1000),
    nodes: Object.fromEntries([...nodes].map((name) => [name, nodeState(model, { name, replica: undefined })])),
    partitions: Object.fromEntries(
      partitions.map(({ name, leader, leaderEpoch, isr }) => {
        const replica = model.replicas.get(name, leader);
        return [
          name,
          {
            leader: leader < 0 ? null : leader,
            epoch: leaderEpoch,
            isr: [...isr].sort((a, b) => a - b),
            hw: replica?.highWatermark ?? null,
            leo: replica?.logEndOffset ?? null,
          },
        ];
      }),
    ),
    groups: Object.fromEntries(
      [...model.groups.all.values()].map(({ name, state, generation, members, committed }) => [
        name,
        { state, generation, members: members.size, committed: Object.fromEntries(committed) },
      ]),
    ),
  };
}
