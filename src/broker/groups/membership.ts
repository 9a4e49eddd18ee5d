import { ErrorCode } from '../../protocol/errors.ts';
import { refuseSync } from './assignments.ts';
import type { ClassicGroup, Member } from './classic-group.ts';
import { groupEvents } from './events.ts';
import { refuseJoin } from './join-answers.ts';
import { dropMember, maybeCompleteJoin, prepareRebalance, rebalanceOrComplete } from './rebalance.ts';
import type { GroupShard } from './shard.ts';

/**
 * A new member does not know that it is one until its first JoinGroup is answered, so it cannot send heartbeats: until then
 * this long counts instead of its session time-out (Kafka's `CLASSIC_GROUP_NEW_MEMBER_JOIN_TIMEOUT_MS`).
 */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

export function addMember(shard: GroupShard, group: ClassicGroup, member: Member, reason: string): void {
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.newMemberAdded = true;
  const pending = group.pendingJoins.get(member.memberId);
  if (pending !== undefined) shard.disarm(pending);
  group.add(member);
  shard.tell(groupEvents['group-member-joined'], [group.groupId, member.memberId, member.clientId, member.instanceId]);
  shard.armSession(group, member, NEW_MEMBER_JOIN_TIMEOUT_MS);
  rebalanceOrComplete(shard, group, reason);
}

/** Hands out an id that must come back before its owner is a member (KIP-394). */
export function expectMember(shard: GroupShard, group: ClassicGroup, memberId: string, sessionTimeoutMs: number): void {
  const slot = { pending: null };
  group.pendingJoins.set(memberId, slot);
  shard.arm(slot, sessionTimeoutMs, { kind: 'session', group, memberId });
}

export function dropPending(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  const slot = group.pendingJoins.get(memberId);
  if (slot === undefined) return;
  shard.disarm(slot);
  group.pendingJoins.delete(memberId);
}

/** Takes a member out and answers what it has waiting, so that a client that still lives joins anew. */
export function removeMember(shard: GroupShard, group: ClassicGroup, member: Member, reason: string): void {
  refuseJoin(shard, member, ErrorCode.UNKNOWN_MEMBER_ID, '');
  refuseSync(shard, member, ErrorCode.UNKNOWN_MEMBER_ID);
  dropMember(shard, group, member, reason);
}

/** What follows for the group when members went. */
export function settleRemoval(shard: GroupShard, group: ClassicGroup, reason: string): void {
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') prepareRebalance(shard, group, reason);
  else maybeCompleteJoin(shard, group);
}

/** Nothing was heard of a member, or of one who was given an id, for its session time-out. */
export function onSessionExpired(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  if (group.state === 'Dead') return;
  if (group.pendingJoins.has(memberId)) {
    dropPending(shard, group, memberId);
    maybeCompleteJoin(shard, group);
    return;
  }
  const member = group.members.get(memberId);
  if (member === undefined) return;
  // While a request of a known member waits here, the member is alive: the answer begins its session anew.
  const waits = member.join !== null || member.sync !== null;
  if (waits && !member.isNew) return;
  removeMember(shard, group, member, member.isNew ? 'join timed out' : 'session expired');
  settleRemoval(shard, group, `the session of ${memberId} expired`);
}

/** Members that joined this generation and never asked for their assignment are out. */
export function onSyncTimeout(shard: GroupShard, group: ClassicGroup, generation: number): void {
  if (generation !== group.generation || (group.state !== 'CompletingRebalance' && group.state !== 'Stable')) return;
  if (group.pendingSyncs.size === 0) return;
  for (const memberId of [...group.pendingSyncs]) {
    const member = group.members.get(memberId);
    if (member !== undefined) dropMember(shard, group, member, 'sync timeout');
  }
  prepareRebalance(shard, group, 'members did not send SyncGroup in time');
}
