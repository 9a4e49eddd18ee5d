import type { Value } from '../expression/value.ts';
import type { PartitionRecord } from '../model/authority.ts';
import type { ClusterModel } from '../model/cluster-model.ts';
import type { ReplicaRecord } from '../model/replicas.ts';
import { brokerNode } from '../options.ts';
import type { ObservableTable, Subject } from './observable.ts';

const record = (model: ClusterModel, { name }: Subject): PartitionRecord | undefined =>
  model.authority.partitions.get(name);

/** The replica that is asked: the named one, or the leader that the authority names. */
function replica(model: ClusterModel, subject: Subject): ReplicaRecord | undefined {
  const broker = subject.replica ?? record(model, subject)?.leader ?? -1;
  return broker < 0 ? undefined : model.replicas.get(subject.name, broker);
}

const brokerOrNone = (id: number | undefined): Value => (id === undefined || id < 0 ? null : id);

function ofReplica(field: 'highWatermark' | 'logEndOffset' | 'logStartOffset' | 'segments') {
  return (model: ClusterModel, subject: Subject): Value => replica(model, subject)?.[field] ?? null;
}

/** Replicas whose log ends before the leader's. */
function lagging(model: ClusterModel, subject: Subject): Value {
  const partition = record(model, subject);
  if (partition === undefined || partition.leader < 0) return [];
  const end = model.replicas.get(subject.name, partition.leader)?.logEndOffset ?? 0;
  return partition.replicas.filter((id) => (model.replicas.get(subject.name, id)?.logEndOffset ?? 0) < end);
}

/** The leader that the authority names runs, and knows that it leads. */
export function isAvailable(model: ClusterModel, name: string): boolean {
  const partition = model.authority.partitions.get(name);
  if (partition === undefined || partition.leader < 0) return false;
  const node = brokerNode(partition.leader);
  if (!model.nodes.running(node) || !model.serving.has(node)) return false;
  const leader = model.replicas.get(name, partition.leader);
  return leader?.role === 'leader' && leader.leaderEpoch === partition.leaderEpoch;
}

export const partitionObservables: ObservableTable = [
  {
    name: 'leader',
    type: 'name',
    about: 'broker that leads, or none; with @2, whom broker 2 believes to lead',
    domains: ['authority', 'replicas'],
    atReplica: true,
    read: (model, subject) =>
      brokerOrNone(subject.replica === undefined ? record(model, subject)?.leader : replica(model, subject)?.leader),
  },
  {
    name: 'epoch',
    type: 'number',
    about: 'leader epoch',
    domains: ['authority', 'replicas'],
    atReplica: true,
    read: (model, subject) =>
      (subject.replica === undefined ? record(model, subject)?.leaderEpoch : replica(model, subject)?.leaderEpoch) ??
      null,
  },
  {
    name: 'isr',
    type: 'set',
    about: 'in-sync replicas; with @2, those that broker 2 counts with as leader',
    domains: ['authority', 'replicas'],
    atReplica: true,
    read: (model, subject) =>
      (subject.replica === undefined ? record(model, subject)?.isr : replica(model, subject)?.isr) ?? [],
  },
  {
    name: 'replicas',
    type: 'set',
    about: 'assigned replicas',
    domains: ['authority'],
    read: (model, subject) => record(model, subject)?.replicas ?? [],
  },
  {
    name: 'elr',
    type: 'set',
    about: 'eligible leader replicas outside the ISR (KIP-966)',
    domains: ['authority'],
    read: (model, subject) => record(model, subject)?.elr ?? [],
  },
  {
    name: 'hw',
    type: 'number',
    about: 'high watermark at the leader, or at replica @N',
    domains: ['authority', 'logs'],
    atReplica: true,
    read: ofReplica('highWatermark'),
  },
  {
    name: 'leo',
    type: 'number',
    about: 'log end offset at the leader, or at replica @N',
    domains: ['authority', 'logs'],
    atReplica: true,
    read: ofReplica('logEndOffset'),
  },
  {
    name: 'start',
    type: 'number',
    about: 'log start offset at the leader, or at replica @N',
    domains: ['authority', 'logs'],
    atReplica: true,
    read: ofReplica('logStartOffset'),
  },
  {
    name: 'segments',
    type: 'number',
    about: 'segments of the log at the leader, or at replica @N',
    domains: ['authority', 'logs'],
    atReplica: true,
    read: ofReplica('segments'),
  },
  {
    name: 'available',
    type: 'boolean',
    about: 'whether the leader that the authority names serves',
    domains: ['authority', 'replicas', 'nodes'],
    read: (model, { name }) => isAvailable(model, name),
  },
  {
    name: 'lagging',
    type: 'set',
    about: 'replicas whose log ends before the leader’s',
    domains: ['authority', 'logs'],
    read: lagging,
  },
  {
    name: 'unavailableFor',
    type: 'duration',
    about: 'total time in which the leader that the authority names was not running, or there was none',
    domains: ['authority', 'nodes', 'time'],
    read: (model, { name }) => model.availability.unavailableUs(name, model.nowUs),
  },
];
