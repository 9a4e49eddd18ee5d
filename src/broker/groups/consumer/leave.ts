import { groupEvents } from '../events.ts';
import type { GroupShard } from '../shard.ts';
import { written } from './assignment.ts';
import { type ConsumerMember, LEFT_FOR_A_WHILE, MEMBER_STATE } from './consumer-group.ts';
import { dropTimers, type LiveGroup, Step } from './live-group.ts';

/** Takes a member out for good; whoever sends the next heartbeat brings the others their shares. */
export function remove(step: Step, member: ConsumerMember, reason: string): void {
  takeOut(step, member, reason);
  step.bump(`${member.memberId} is gone: ${reason}`);
}

/** Its records go; the group's epoch stays. */
export function takeOut(step: Step, { memberId, regex }: ConsumerMember, reason: string): void {
  const { shard, live, group } = step;
  const { groupId } = group;
  step.put({ kind: 'consumer-current', group: groupId, member: memberId, value: null });
  step.put({ kind: 'consumer-target', group: groupId, member: memberId, value: null });
  step.put({ kind: 'consumer-member', group: groupId, member: memberId, value: null });
  if (regex !== null && group.regexes.has(regex) && ![...group.members.values()].some((other) => other.regex === regex))
    step.put({ kind: 'consumer-regex', group: groupId, regex, value: null });
  dropTimers(shard, live, memberId);
  shard.tell(groupEvents['group-member-left'], [groupId, memberId, reason]);
}

/** A static member goes, and may come back within its session time-out: nobody else gets what it has. */
export function leaveForAWhile(step: Step, { memberId, assigned }: ConsumerMember): void {
  const { groupId } = step.group;
  const value = {
    memberEpoch: LEFT_FOR_A_WHILE,
    previousMemberEpoch: LEFT_FOR_A_WHILE,
    state: MEMBER_STATE.stable,
    assignedPartitions: written(assigned),
    partitionsPendingRevocation: [],
  };
  step.put({ kind: 'consumer-current', group: groupId, member: memberId, value });
  step.shard.disarm(step.live.timersOf(memberId).rebalance);
}

/** Nothing was heard of the member for its session time-out. */
export function onConsumerSession(shard: GroupShard, live: LiveGroup, memberId: string): void {
  fence(shard, live, memberId, 'session expired');
}

/** The member was to give partitions back, and did not. */
export function onConsumerRebalance(shard: GroupShard, live: LiveGroup, memberId: string, epoch: number): void {
  if (live.group.members.get(memberId)?.epoch === epoch) fence(shard, live, memberId, 'rebalance timed out');
}

function fence(shard: GroupShard, live: LiveGroup, memberId: string, reason: string): void {
  const member = live.group.members.get(memberId);
  if (member === undefined) return;
  const step = new Step(shard, live);
  remove(step, member, reason);
  step.commit(`${memberId}: ${reason}`, () => {});
}
