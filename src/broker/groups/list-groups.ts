/**
 * ListGroups, versions 0–5: the groups that this broker coordinates; filtered by state from 4 on, by type from 5 on.
 * Kafka's `GroupMetadataManager.listGroups`.
 *
 * Not simulated: authorisation; types other than `classic`.
 */
import type { ListGroupsRequest, ListGroupsResponse } from '../../protocol/apis/16-list-groups.ts';
import type { GroupShard } from './shard.ts';

const TYPE = 'classic';

export function listGroups(shards: Iterable<GroupShard>, body: ListGroupsRequest): ListGroupsResponse['groups'] {
  const states = body.statesFilter.map((state) => state.toLowerCase());
  const types = body.typesFilter.map((type) => type.toLowerCase());
  if (types.length > 0 && !types.includes(TYPE)) return [];
  const listed: ListGroupsResponse['groups'][number][] = [];
  for (const shard of shards) {
    for (const { groupId, protocolType, state } of shard.groups.values()) {
      if (states.length > 0 && !states.includes(state.toLowerCase())) continue;
      listed.push({ groupId, protocolType: protocolType ?? '', groupState: state, groupType: TYPE });
    }
  }
  return listed;
}
