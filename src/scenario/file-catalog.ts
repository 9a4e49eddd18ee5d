import type { Catalog, ClientName } from '../cluster/names.ts';
import { type BrokerOptions, type Mode, quorumNodes } from '../cluster/options.ts';
import type { Plan } from './plan.ts';

/** What has a name in a file: what it declares, and the topics that its steps create. */
export function fileCatalog(
  plan: Pick<Plan, 'cluster' | 'clients' | 'modes'>,
  created: ReadonlyMap<string, number>,
  mode: Mode | undefined,
): Catalog {
  const { cluster, clients, modes } = plan;
  const topics = new Map(cluster.topics.map((topic) => [topic.name, topic.assignment?.length ?? topic.partitions]));
  for (const [name, partitions] of created) topics.set(name, Math.max(partitions, topics.get(name) ?? 0));
  const kinds = { produce: 'producer', consume: 'consumer', transform: 'transformer' } as const;
  const names = new Map<string, ClientName>();
  const groups = new Set<string>();
  for (const { name, members, role } of clients) {
    const group = role.kind === 'produce' ? null : role.reading.group;
    names.set(name, { kind: kinds[role.kind], members, group });
    if (group !== null) groups.add(group);
  }
  const quorum = (mode === undefined ? modes : [mode]).flatMap((one) =>
    quorumNodes({ ...cluster, mode: one, combined: cluster.combined && one === 'kraft', seed: 0 }),
  );
  return {
    mode,
    topics: () => topics,
    brokers: () => cluster.brokers.map(({ id }: BrokerOptions) => id),
    quorum: () => quorum,
    racks: () => [...new Set(cluster.brokers.flatMap(({ rack }: BrokerOptions) => (rack === null ? [] : [rack])))],
    clients: () => names,
    groups: () => groups,
  };
}
