/** What kafka_exporter reads through the protocol, by its names. */
import type { Cluster } from '../cluster.ts';
import type { PartitionRecord } from '../model/authority.ts';
import type { GroupRecord } from '../model/groups.ts';
import type { ReplicaRecord } from '../model/replicas.ts';
import type { Metric } from './metric.ts';

function partition(
  name: string,
  about: string,
  read: (record: PartitionRecord, leader: ReplicaRecord | undefined) => number | undefined,
): Metric {
  return {
    name: `kafka_topic_partition_${name}`,
    about,
    read: ({ model }) =>
      [...model.authority.partitions.values()]
        .filter(({ topic }) => !topic.startsWith('__'))
        .flatMap((record) => {
          const value = read(record, model.replicas.get(record.name, record.leader));
          return value === undefined ? [] : [{ of: record.name, value }];
        }),
  };
}

function committed(
  name: string,
  about: string,
  read: (offset: number, partition: string, cluster: Cluster) => number | undefined,
): Metric {
  return {
    name: `kafka_consumergroup_${name}`,
    about,
    read: (cluster) =>
      [...cluster.model.groups.all.values()].flatMap((group: GroupRecord) =>
        [...group.committed].flatMap(([of, offset]) => {
          const value = read(offset, of, cluster);
          return value === undefined ? [] : [{ of: `${group.name} ${of}`, value }];
        }),
      ),
  };
}

export const exporterMetrics: readonly Metric[] = [
  {
    name: 'kafka_brokers',
    about: 'brokers of the cluster',
    read: ({ model }) => [
      { of: '', value: [...model.authority.brokers.values()].filter(({ fenced }) => !fenced).length },
    ],
  },
  {
    name: 'kafka_topic_partitions',
    about: 'partitions of a topic',
    read: ({ model }) =>
      [...model.authority.topics.values()].map(({ name, partitions }) => ({ of: name, value: partitions.length })),
  },
  partition('current_offset', 'high watermark at its leader', (_record, leader) => leader?.highWatermark),
  partition('oldest_offset', 'first offset at its leader', (_record, leader) => leader?.logStartOffset),
  partition('leader', 'id of its leader; -1: none', ({ leader }) => leader),
  partition('leader_is_preferred', '1: its preferred replica leads', ({ leader, replicas }) =>
    Number(leader === replicas[0]),
  ),
  partition('replicas', 'its assigned replicas', ({ replicas }) => replicas.length),
  partition('in_sync_replica', 'its in-sync replicas', ({ isr }) => isr.length),
  partition('under_replicated_partition', '1: its ISR lacks a replica', ({ isr, replicas }) =>
    Number(isr.length < replicas.length),
  ),
  committed('current_offset', 'offset that a group has committed', (offset) => offset),
  committed('lag', 'high watermark − committed offset', (offset, name, { model }) => {
    const leader = model.replicas.get(name, model.authority.partitions.get(name)?.leader ?? -1);
    return leader === undefined ? undefined : Math.max(0, leader.highWatermark - offset);
  }),
  {
    name: 'kafka_consumergroup_members',
    about: 'members of a group',
    read: ({ model }) => [...model.groups.all.values()].map(({ name, members }) => ({ of: name, value: members.size })),
  },
];
