import type { ConfigEntry, ConfigScope } from './entry.ts';
import { adminEntries } from './tables/admin.ts';
import { brokerGroups } from './tables/broker-groups.ts';
import { brokerKraft } from './tables/broker-kraft.ts';
import { brokerLog } from './tables/broker-log.ts';
import { brokerOther } from './tables/broker-other.ts';
import { brokerReplication } from './tables/broker-replication.ts';
import { brokerServer } from './tables/broker-server.ts';
import { brokerTransactions } from './tables/broker-transactions.ts';
import { brokerZookeeper } from './tables/broker-zookeeper.ts';
import { clientSecurity } from './tables/client-security.ts';
import { consumerEntries } from './tables/consumer.ts';
import { groupEntries } from './tables/group.ts';
import { producerEntries } from './tables/producer.ts';
import { topicEntries } from './tables/topic.ts';
import { zookeeperEntries } from './tables/zookeeper.ts';

const byScope: { readonly [S in ConfigScope]: readonly ConfigEntry[] } = {
  broker: [
    ...brokerReplication,
    ...brokerLog,
    ...brokerServer,
    ...brokerGroups,
    ...brokerTransactions,
    ...brokerKraft,
    ...brokerZookeeper,
    ...brokerOther,
  ],
  topic: topicEntries,
  group: groupEntries,
  producer: [...producerEntries, ...clientSecurity],
  consumer: [...consumerEntries, ...clientSecurity],
  admin: [...adminEntries, ...clientSecurity],
  zookeeper: zookeeperEntries,
};

const byName = new Map<ConfigScope, Map<string, ConfigEntry>>();
for (const [scope, entries] of Object.entries(byScope)) {
  byName.set(scope as ConfigScope, new Map(entries.map((entry) => [entry.name, entry])));
}

/** Everything that a scope may hold, in any version. */
export function entriesOf(scope: ConfigScope): readonly ConfigEntry[] {
  return byScope[scope];
}

export function entryOf(scope: ConfigScope, name: string): ConfigEntry | undefined {
  return byName.get(scope)!.get(name);
}

export function namesOf(scope: ConfigScope): Iterable<string> {
  return byName.get(scope)!.keys();
}
