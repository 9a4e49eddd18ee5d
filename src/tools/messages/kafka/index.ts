/** What every API's messages say: of those that matter in a failover a describer of their own, of the others their fields. */
import type { Api } from '../../../protocol/schema.ts';
import type { Told } from '../summary.ts';
import { DATA } from './data.ts';
import type { Describer, TopicNames } from './describe.ts';
import { fallbackText } from './fallback.ts';
import { GROUPS } from './groups.ts';
import { QUORUM } from './quorum.ts';
import { REPLICATION } from './replication.ts';
import { ROUTING } from './routing.ts';
import { TRANSACTIONS } from './transactions.ts';

const byKey: (Describer | undefined)[] = [];
for (const describer of [DATA, ROUTING, GROUPS, TRANSACTIONS, QUORUM, REPLICATION].flat())
  byKey[describer.api.key] = describer;

export function requestTold(api: Api, body: unknown, names: TopicNames): Told {
  return byKey[api.key]?.request(body, names) ?? fallbackText(api.request, body);
}

export function responseTold(api: Api, body: unknown, names: TopicNames): Told {
  return byKey[api.key]?.response(body, names) ?? fallbackText(api.response, body);
}
