import type { GroupMetadataValue, MemberMetadata } from '../../protocol/records/group/02-group-metadata.ts';
import { ClassicGroup, type Member } from './classic-group.ts';
import { groupEvents } from './events.ts';
import type { GroupRecord } from './group-records.ts';
import type { StoredGroup } from './group-state.ts';
import { metadataOf, subscribedTopics } from './protocol-choice.ts';
import type { GroupShard } from './shard.ts';

/** The whole group as it is stored, with these assignments (member id → bytes), or with those that its members have. */
export function groupMetadataRecord(
  group: ClassicGroup,
  assignments?: ReadonlyMap<string, Uint8Array>,
): GroupRecord & { kind: 'group'; value: GroupMetadataValue } {
  const members = [...group.members.values()].map(
    (member): MemberMetadata => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: metadataOf(member, group.protocol),
      assignment: assignments?.get(member.memberId) ?? member.assignment,
    }),
  );
  return {
    kind: 'group',
    group: group.groupId,
    value: {
      protocolType: group.protocolType ?? '',
      generation: group.generation,
      protocol: group.protocol,
      leader: group.leader,
      currentStateTimestamp: group.stateSinceMs,
      members,
    },
  };
}

/**
 * The group with which a new coordinator begins: what the last Stable or Empty left in the log. A generation that was not
 * stored is lost, and its number is given again.
 */
export function groupFromStored({ groupId, metadata }: StoredGroup): ClassicGroup {
  const group = new ClassicGroup(groupId, metadata?.currentStateTimestamp ?? -1);
  if (metadata === null) return group;
  group.generation = metadata.generation;
  group.protocolType = metadata.protocolType === '' ? null : metadata.protocolType;
  group.protocol = metadata.protocol;
  for (const stored of metadata.members) group.add(memberFromStored(stored, metadata.protocol));
  group.leader = metadata.leader;
  group.state = metadata.members.length > 0 ? 'Stable' : 'Empty';
  group.previousState = group.state;
  group.subscribedTopics = subscribedTopics(group);
  return group;
}

/** The log still has a group that was taken for gone: it lives on. */
export function revive(shard: GroupShard, groupId: string): void {
  const stored = shard.stored.groups.get(groupId);
  if (stored === undefined || shard.groups.has(groupId)) return;
  const group = groupFromStored(stored);
  shard.groups.set(groupId, group);
  const { state, generation } = group;
  shard.tell(groupEvents['group-state-changed'], [groupId, 'Dead', state, generation, 'its end could not be stored']);
}

function memberFromStored(stored: MemberMetadata, protocol: string | null): Member {
  return {
    memberId: stored.memberId,
    instanceId: stored.groupInstanceId,
    clientId: stored.clientId,
    clientHost: stored.clientHost,
    rebalanceTimeoutMs: stored.rebalanceTimeout === -1 ? stored.sessionTimeout : stored.rebalanceTimeout,
    sessionTimeoutMs: stored.sessionTimeout,
    protocols: protocol === null ? [] : [{ name: protocol, metadata: stored.subscription }],
    assignment: stored.assignment,
    join: null,
    sync: null,
    isNew: false,
    session: { pending: null },
  };
}
