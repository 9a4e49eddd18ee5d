/**
 * ListGroups, versions 0–5: the groups that this broker coordinates; filtered by state from 4 on, by type from 5 on.
 * Kafka's `GroupMetadataManager.listGroups`.
 */
import type { ListGroupsRequest, ListGroupsResponse } from '../../protocol/apis/16-list-groups.ts';
import type { GroupShard } from './shard.ts';

export function listGroups(shards: Iterable<GroupShard>, body: ListGroupsRequest): ListGroupsResponse['groups'] {
  const states = body.statesFilter.map((state) => state.toLowerCase());
  const types = body.typesFilter.map((type) => type.toLowerCase());
  const listed: ListGroupsResponse['groups'][number][] = [];
  const list = (group: (typeof listed)[number]): void => {
    if (types.length > 0 && !types.includes(group.groupType)) return;
    if (states.length > 0 && !states.includes(group.groupState.toLowerCase())) return;
    listed.push(group);
  };
  for (const shard of shards) {
    for (const { groupId, protocolType, state } of shard.groups.values())
      list({ groupId, protocolType: protocolType ?? '', groupState: state, groupType: 'classic' });
    for (const { group } of shard.consumers.values())
      list({ groupId: group.groupId, protocolType: 'consumer', groupState: group.state, groupType: 'consumer' });
  }
  return listed;
}
