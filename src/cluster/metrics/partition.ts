/** Beans of single partitions, by the broker that reports them. */
import type { Cluster } from '../cluster.ts';
import type { PartitionRecord } from '../model/authority.ts';
import type { ReplicaRecord } from '../model/replicas.ts';
import { minInsyncReplicas } from '../observables/min-isr.ts';
import { brokerNode } from '../options.ts';
import { runningBrokers } from './broker.ts';
import type { Metric, Sample } from './metric.ts';

type Read = (replica: ReplicaRecord, partition: PartitionRecord, cluster: Cluster) => number;

/** In the order of their names; those of internal topics last. */
function inOrder({ model }: Cluster): readonly PartitionRecord[] {
  const internal = ({ topic }: PartitionRecord): number => (topic.startsWith('__') ? 1 : 0);
  return [...model.authority.partitions.values()].sort(
    (a, b) =>
      internal(a) - internal(b) || (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1),
  );
}

function samples(cluster: Cluster, read: Read, leaders: boolean): readonly Sample[] {
  const brokers = runningBrokers(cluster);
  return inOrder(cluster).flatMap((partition) =>
    brokers.flatMap((id) => {
      const replica = cluster.model.replicas.get(partition.name, id);
      if (replica === undefined || (leaders ? replica.role !== 'leader' : replica.role === 'none')) return [];
      return [{ of: `${partition.name} ${brokerNode(id)}`, value: read(replica, partition, cluster) }];
    }),
  );
}

/** Reported by the leader. */
const ofLeader = (name: string, about: string, read: Read): Metric => ({
  name: `kafka.cluster:type=Partition,name=${name}`,
  about,
  read: (cluster) => samples(cluster, read, true),
});

/** Reported by every replica. */
const ofLog = (name: string, about: string, read: Read): Metric => ({
  name: `kafka.log:type=Log,name=${name}`,
  about,
  read: (cluster) => samples(cluster, read, false),
});

export const partitionMetrics: readonly Metric[] = [
  ofLeader('UnderReplicated', '1: its ISR lacks a replica', ({ isr }, { replicas }) =>
    Number(isr.length < replicas.length),
  ),
  ofLeader('UnderMinIsr', '1: fewer in sync than min.insync.replicas', ({ isr }, partition, { model }) =>
    Number(isr.length < minInsyncReplicas(model, partition)),
  ),
  ofLeader('AtMinIsr', '1: just as many', ({ isr }, partition, { model }) =>
    Number(isr.length === minInsyncReplicas(model, partition)),
  ),
  ofLeader('InSyncReplicasCount', 'its in-sync replicas', ({ isr }) => isr.length),
  ofLeader('ReplicasCount', 'its assigned replicas', (_replica, { replicas }) => replicas.length),
  ofLog('LogStartOffset', 'first offset of a replica’s log', ({ logStartOffset }) => logStartOffset),
  ofLog('LogEndOffset', 'offset that its next record gets', ({ logEndOffset }) => logEndOffset),
  ofLog('NumLogSegments', 'its segments', ({ segments }) => segments),
];
