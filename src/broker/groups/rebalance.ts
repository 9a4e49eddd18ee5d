import { ErrorCode } from '../../protocol/errors.ts';
import { withdrawAssignments } from './assignments.ts';
import type { ClassicGroup, Member } from './classic-group.ts';
import { groupEvents } from './events.ts';
import { groupMetadataRecord } from './group-metadata.ts';
import { answerJoin, joinAnswer } from './join-answers.ts';
import { selectProtocol, subscribedTopics } from './protocol-choice.ts';
import type { GroupShard } from './shard.ts';

/**
 * A rebalance is a roll call: everybody's JoinGroup waits until all have come, or until the most patient member's time is up;
 * then the generation is closed and all are answered at once (Kafka's `GroupMetadataManager.prepareRebalance`).
 */
export function prepareRebalance(shard: GroupShard, group: ClassicGroup, reason: string): void {
  if (group.state === 'CompletingRebalance') withdrawAssignments(shard, group, ErrorCode.REBALANCE_IN_PROGRESS);
  group.pendingSyncs.clear();
  shard.disarm(group.syncTimer);
  const isFirst = group.state === 'Empty';
  shard.transition(group, 'PreparingRebalance', reason);
  if (isFirst) {
    // The first to come need not be alone for long: whoever comes within the delay is spared a rebalance.
    const delayMs = shard.settings.initialRebalanceDelayMs;
    const remainingMs = Math.max(group.rebalanceTimeoutMs - delayMs, 0);
    shard.arm(group.joinTimer, delayMs, { kind: 'initial-delay', group, delayMs, remainingMs });
  } else if (group.allJoined) completeJoin(shard, group, ALL_JOINED);
  else shard.arm(group.joinTimer, group.rebalanceTimeoutMs, { kind: 'join', group });
}

/** Something changed that a new generation must take account of. */
export function rebalanceOrComplete(shard: GroupShard, group: ClassicGroup, reason: string): void {
  if (group.state === 'PreparingRebalance') maybeCompleteJoin(shard, group);
  else if (group.state !== 'Dead') prepareRebalance(shard, group, reason);
}

/** Ends the roll call if nobody is missing. The initial delay is waited out in any case. */
export function maybeCompleteJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state === 'PreparingRebalance' && group.previousState !== 'Empty' && group.allJoined)
    completeJoin(shard, group, ALL_JOINED);
}

const ALL_JOINED = 'every member joined';

export function onInitialDelay(shard: GroupShard, group: ClassicGroup, delayMs: number, remainingMs: number): void {
  if (group.state !== 'PreparingRebalance') return;
  if (!group.newMemberAdded || remainingMs === 0) {
    completeJoin(shard, group, 'the initial delay is over');
    return;
  }
  group.newMemberAdded = false;
  const next = Math.min(shard.settings.initialRebalanceDelayMs, remainingMs);
  shard.arm(group.joinTimer, next, {
    kind: 'initial-delay',
    group,
    delayMs: next,
    remainingMs: Math.max(remainingMs - delayMs, 0),
  });
}

/** The roll call ends: who is not here is out, and the next generation begins. */
export function completeJoin(shard: GroupShard, group: ClassicGroup, reason: string): void {
  if (group.state !== 'PreparingRebalance') return;
  shard.disarm(group.joinTimer);
  removeAbsent(shard, group);
  if (group.members.size > 0 && !electPresentLeader(group)) {
    // Static members only, and none of them here: their sessions decide.
    shard.arm(group.joinTimer, group.rebalanceTimeoutMs, { kind: 'join', group });
    return;
  }
  group.generation += 1;
  group.newMemberAdded = false;
  group.pendingSyncs.clear();
  if (group.members.size === 0) {
    becomeEmpty(shard, group);
    return;
  }
  group.protocol = selectProtocol(group);
  group.subscribedTopics = subscribedTopics(group);
  shard.transition(group, 'CompletingRebalance', reason);
  tellCompleted(shard, group);
  for (const member of group.members.values()) {
    answerJoin(shard, member, joinAnswer(group, member));
    shard.armSession(group, member);
    member.isNew = false;
    group.pendingSyncs.add(member.memberId);
  }
  const { generation } = group;
  shard.arm(group.syncTimer, group.rebalanceTimeoutMs, { kind: 'sync', group, generation });
}

/** Static members are not dropped for being late: they leave by their session alone (KIP-345). */
function removeAbsent(shard: GroupShard, group: ClassicGroup): void {
  for (const member of [...group.members.values()]) {
    if (member.join === null && member.instanceId === null) dropMember(shard, group, member, 'rebalance timeout');
  }
}

/** False if nobody joined. */
function electPresentLeader(group: ClassicGroup): boolean {
  if (group.leader !== null && group.members.get(group.leader)?.join != null) return true;
  for (const { memberId, join } of group.members.values()) {
    if (join === null) continue;
    group.leader = memberId;
    return true;
  }
  return false;
}

function becomeEmpty(shard: GroupShard, group: ClassicGroup): void {
  group.protocol = null;
  group.subscribedTopics = subscribedTopics(group);
  shard.transition(group, 'Empty', 'no members are left');
  tellCompleted(shard, group);
  // If this is not stored, the next coordinator will find members who are gone, and wait for their sessions.
  shard.write([groupMetadataRecord(group)], () => {});
}

function tellCompleted(shard: GroupShard, group: ClassicGroup): void {
  const { groupId, generation, protocol, leader, members } = group;
  shard.tell(groupEvents['group-rebalance-completed'], [groupId, generation, protocol, leader, [...members.keys()]]);
}

/** Takes a member out; what that means for the group is the caller's affair. */
export function dropMember(shard: GroupShard, group: ClassicGroup, member: Member, reason: string): void {
  group.remove(member);
  shard.disarm(member.session);
  shard.tell(groupEvents['group-member-left'], [group.groupId, member.memberId, reason]);
}

/** The group is no more: its timers stop, and nobody finds it. It has no members any more. */
export function discard(shard: GroupShard, group: ClassicGroup, reason: string): void {
  shard.disarm(group.joinTimer);
  shard.disarm(group.syncTimer);
  for (const slot of group.pendingJoins.values()) shard.disarm(slot);
  group.pendingJoins.clear();
  shard.transition(group, 'Dead', reason);
  shard.groups.delete(group.groupId);
}
