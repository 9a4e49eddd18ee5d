import { nodeValue } from '../expression/value.ts';
import type { PartitionRecord } from '../model/authority.ts';
import type { ClusterModel } from '../model/cluster-model.ts';
import { minInsyncReplicas } from './min-isr.ts';
import type { ObservableTable } from './observable.ts';
import { isAvailable } from './partition.ts';

/** How many partitions of a topic, or of all, are so. */
export function countPartitions(
  model: ClusterModel,
  topic: string | null,
  holds: (partition: PartitionRecord) => boolean,
): number {
  let count = 0;
  for (const partition of model.authority.partitions.values())
    if ((topic === null || partition.topic === topic) && holds(partition)) count += 1;
  return count;
}

export const underReplicated = (partition: PartitionRecord): boolean =>
  partition.isr.length < partition.replicas.length;

export function underMinIsr(model: ClusterModel, partition: PartitionRecord): boolean {
  return partition.isr.length < minInsyncReplicas(model, partition);
}

export function offline(model: ClusterModel, partition: PartitionRecord): boolean {
  return !isAvailable(model, partition.name);
}

export const clusterObservables: ObservableTable = [
  {
    name: 'brokers',
    type: 'set',
    about: 'brokers that are registered and not fenced',
    domains: ['authority'],
    read: (model) => [...model.authority.brokers.values()].filter((broker) => !broker.fenced).map(({ id }) => id),
  },
  {
    name: 'fenced',
    type: 'set',
    about: 'brokers that are registered but fenced (KRaft)',
    domains: ['authority'],
    read: (model) => [...model.authority.brokers.values()].filter((broker) => broker.fenced).map(({ id }) => id),
  },
  {
    name: 'activeControllers',
    type: 'number',
    about: 'nodes that believe to be the active controller; a zombie may make it 2',
    domains: ['authority', 'nodes'],
    read: (model) => model.authority.believers.size,
  },
  {
    name: 'offlinePartitions',
    type: 'number',
    about: 'partitions whose leader does not serve, or that have none',
    domains: ['authority', 'replicas', 'nodes'],
    read: (model) => countPartitions(model, null, (partition) => offline(model, partition)),
  },
  {
    name: 'underReplicatedPartitions',
    type: 'number',
    about: 'partitions whose ISR lacks a replica',
    domains: ['authority'],
    read: (model) => countPartitions(model, null, underReplicated),
  },
  {
    name: 'underMinIsrPartitions',
    type: 'number',
    about: 'partitions whose ISR is smaller than min.insync.replicas',
    domains: ['authority'],
    read: (model) => countPartitions(model, null, (partition) => underMinIsr(model, partition)),
  },
  {
    name: 'preferredLeaderImbalance',
    type: 'number',
    about: 'partitions that their preferred replica does not lead',
    domains: ['authority'],
    read: (model) => countPartitions(model, null, (partition) => partition.leader !== partition.replicas[0]),
  },
  {
    name: 'uncleanElections',
    type: 'number',
    about: 'leaders elected from outside the ISR so far',
    domains: ['authority'],
    read: (model) => model.authority.uncleanElections,
  },
];

export const controllerObservables: ObservableTable = [
  {
    name: 'id',
    type: 'name',
    about: 'node of the active controller, or none',
    domains: ['authority', 'nodes'],
    read(model) {
      const { controller, believers } = model.authority;
      return controller !== null && believers.has(controller.node) ? nodeValue(controller.node) : null;
    },
  },
  {
    name: 'epoch',
    type: 'number',
    about: 'controller epoch; in KRaft mode the epoch of the quorum',
    domains: ['authority'],
    read: (model) => model.authority.controller?.epoch ?? null,
  },
];

export const quorumObservables: ObservableTable = [
  {
    name: 'leader',
    type: 'name',
    about: 'node that leads the KRaft quorum or the ZooKeeper ensemble, or none',
    domains: ['quorum', 'nodes'],
    read: (model) => (model.quorum.leader === undefined ? null : nodeValue(model.quorum.leader)),
  },
  {
    name: 'epoch',
    type: 'number',
    about: 'epoch of that leader',
    domains: ['quorum'],
    read: (model) => model.quorum.current?.epoch ?? null,
  },
  {
    name: 'available',
    type: 'boolean',
    about: 'whether a leader with a majority behind it runs',
    domains: ['quorum', 'nodes'],
    read: (model) => model.quorum.leader !== undefined && model.nodes.running(model.quorum.leader),
  },
  {
    name: 'size',
    type: 'number',
    about: 'members of the quorum, running or not',
    domains: [],
    read: (model) => model.quorum.size,
  },
  {
    name: 'committed',
    type: 'number',
    about: 'committed metadata offset (KRaft), or last committed zxid (ZooKeeper)',
    domains: ['authority'],
    read: (model) => model.authority.version,
  },
];
