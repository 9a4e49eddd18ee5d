import { countPartitions, offline, underMinIsr, underReplicated } from './cluster.ts';
import type { ObservableTable } from './observable.ts';

export const topicObservables: ObservableTable = [
  {
    name: 'underReplicated',
    type: 'number',
    about: 'its partitions whose ISR lacks a replica',
    domains: ['authority'],
    read: (model, { name }) => countPartitions(model, name, underReplicated),
  },
  {
    name: 'offline',
    type: 'number',
    about: 'its partitions whose leader does not serve, or that have none',
    domains: ['authority', 'replicas', 'nodes'],
    read: (model, { name }) => countPartitions(model, name, (partition) => offline(model, partition)),
  },
  {
    name: 'underMinIsr',
    type: 'number',
    about: 'its partitions whose ISR is smaller than min.insync.replicas',
    domains: ['authority'],
    read: (model, { name }) => countPartitions(model, name, (partition) => underMinIsr(model, partition)),
  },
  {
    name: 'records',
    type: 'number',
    about: 'its records between log start and high watermark, at the leaders',
    domains: ['authority', 'logs'],
    read(model, { name }) {
      let records = 0;
      for (const partition of model.authority.topics.get(name)?.partitions ?? []) {
        const leader = model.replicas.get(partition.name, partition.leader);
        if (leader !== undefined) records += Math.max(0, leader.highWatermark - leader.logStartOffset);
      }
      return records;
    },
  },
];
