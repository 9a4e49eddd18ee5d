/** Beans of group coordinators and of simulated clients. */
import type { Cluster } from '../cluster.ts';
import type { ProducerRecord } from '../model/clients.ts';
import type { GroupRecord } from '../model/groups.ts';
import { groupObservables } from '../observables/group.ts';
import { brokerNode } from '../options.ts';
import { runningBrokers } from './broker.ts';
import type { Metric } from './metric.ts';

function coordinator(name: string, about: string, read: (groups: readonly GroupRecord[]) => number): Metric {
  return {
    name: `kafka.coordinator.group:type=GroupMetadataManager,name=${name}`,
    about,
    read: (cluster) =>
      runningBrokers(cluster).map((id) => {
        const of = brokerNode(id);
        return { of, value: read([...cluster.model.groups.all.values()].filter((group) => group.coordinator === of)) };
      }),
  };
}

const inState = (state: string) =>
  coordinator(`NumGroups${state}`, `groups that it coordinates and that are ${state}`, (groups) => {
    return groups.filter((group) => group.state === state).length;
  });

function producer(name: string, about: string, read: (client: ProducerRecord, cluster: Cluster) => number): Metric {
  return {
    name: `kafka.producer:type=producer-metrics ${name}`,
    about,
    read: (cluster) =>
      [...cluster.model.producers.all.values()]
        .filter(({ name: client }) => cluster.clients.all.has(client))
        .map((client) => ({ of: client.name, value: read(client, cluster) })),
  };
}

function consumer(type: string, name: string, about: string, observable: string): Metric {
  const { read } = groupObservables.find((known) => known.name === observable)!;
  return {
    name: `kafka.consumer:type=consumer-${type}-metrics ${name}`,
    about,
    read: ({ model }) =>
      [...model.groups.all.keys()].map((of) => ({
        of,
        value: Number(read(model, { name: of, replica: undefined }, [])),
      })),
  };
}

export const clientMetrics: readonly Metric[] = [
  coordinator('NumGroups', 'groups that it coordinates', (groups) => groups.length),
  coordinator('NumOffsets', 'offsets that they have committed', (groups) =>
    groups.reduce((total, { committed }) => total + committed.size, 0),
  ),
  ...['PreparingRebalance', 'CompletingRebalance', 'Stable', 'Empty', 'Dead'].map(inState),
  producer('record-send-total', 'records that were sent', ({ sent }) => sent),
  producer('record-error-total', 'records that failed for good', ({ failed }) => failed),
  producer('record-retry-total', 'records that were sent once more', ({ retried }) => retried),
  producer('record-send-rate', 'acknowledged in the last whole second', (client, { model }) =>
    model.producers.rate(client, model.nowUs),
  ),
  consumer('fetch-manager', 'records-consumed-total', 'records handed to the members of a group', 'consumed'),
  consumer(
    'fetch-manager',
    'records-lag-max',
    'largest lag of one of its partitions: end − committed offset',
    'maxLag',
  ),
  consumer('coordinator', 'rebalance-total', 'generations completed after the first Stable', 'rebalances'),
];
