/** Beans of each broker: it speaks of the replicas that it holds, as far as it knows. Of a process that does not run there are none. */
import type { Cluster } from '../cluster.ts';
import type { PartitionRecord } from '../model/authority.ts';
import type { ReplicaRecord } from '../model/replicas.ts';
import { minInsyncReplicas } from '../observables/min-isr.ts';
import { nodeState } from '../observables/node.ts';
import { brokerNode } from '../options.ts';
import type { Metric, Sample } from './metric.ts';

/** A replica that a broker holds, with what the authority says of its partition. */
interface Held {
  readonly replica: ReplicaRecord;
  readonly partition: PartitionRecord;
}

export function runningBrokers({ options, model }: Cluster): readonly number[] {
  return options.brokers.map(({ id }) => id).filter((id) => model.nodes.running(brokerNode(id)));
}

function heldBy({ model }: Cluster, broker: number): readonly Held[] {
  return [...model.authority.partitions.values()].flatMap((partition) => {
    const replica = model.replicas.get(partition.name, broker);
    return replica === undefined || replica.role === 'none' ? [] : [{ replica, partition }];
  });
}

function ofBrokers(cluster: Cluster, read: (held: readonly Held[], broker: number) => number): readonly Sample[] {
  return runningBrokers(cluster).map((id) => ({ of: brokerNode(id), value: read(heldBy(cluster, id), id) }));
}

const led = (held: readonly Held[]) => held.filter(({ replica }) => replica.role === 'leader');

function replicaManager(
  name: string,
  about: string,
  read: (held: readonly Held[], cluster: Cluster) => number,
  type = 'ReplicaManager',
): Metric {
  return {
    name: `kafka.server:type=${type},name=${name}`,
    about,
    read: (cluster) => ofBrokers(cluster, (held) => read(held, cluster)),
  };
}

/** As BrokerState.java numbers them. */
const STATES: Readonly<Record<string, number>> = { starting: 1, running: 3, fenced: 3, paused: 3, stopping: 6 };

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

export const brokerMetrics: readonly Metric[] = [
  replicaManager(
    'UnderReplicatedPartitions',
    'partitions that it leads and whose ISR lacks a replica; 0 where all is well',
    (held) => led(held).filter(({ replica, partition }) => replica.isr.length < partition.replicas.length).length,
  ),
  replicaManager(
    'UnderMinIsrPartitionCount',
    'partitions that it leads with fewer in-sync replicas than min.insync.replicas: acks=all fails there',
    (held, { model }) =>
      led(held).filter(({ replica, partition }) => replica.isr.length < minInsyncReplicas(model, partition)).length,
  ),
  replicaManager(
    'AtMinIsrPartitionCount',
    'partitions that it leads with just as many: one more failure, and acks=all fails',
    (held, { model }) =>
      led(held).filter(({ replica, partition }) => replica.isr.length === minInsyncReplicas(model, partition)).length,
  ),
  replicaManager('PartitionCount', 'replicas that it holds', (held) => held.length),
  replicaManager('LeaderCount', 'partitions that it leads', (held) => led(held).length),
  replicaManager(
    'MaxLag,clientId=Replica',
    'records that the furthest of its followers is behind its leader',
    (held, { model }) =>
      Math.max(
        0,
        ...held.map(({ replica, partition }) =>
          replica.role !== 'follower'
            ? 0
            : (model.replicas.get(partition.name, partition.leader)?.logEndOffset ?? 0) - replica.logEndOffset,
        ),
      ),
    'ReplicaFetcherManager',
  ),
  replicaManager(
    'MessagesInPerSec',
    'records that were produced to it, in all (the Count)',
    (held) => sum(held.map(({ replica }) => replica.produced)),
    'BrokerTopicMetrics',
  ),
  {
    name: 'kafka.server:type=KafkaServer,name=BrokerState',
    about: '1 starting, 3 running, 6 in its controlled shutdown',
    read: (cluster) =>
      runningBrokers(cluster).map((id) => {
        const of = brokerNode(id);
        return { of, value: STATES[nodeState(cluster.model, { name: of, replica: undefined })] ?? 0 };
      }),
  },
];
