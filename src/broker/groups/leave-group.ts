/**
 * LeaveGroup, versions 0–5: members go, and the rest rebalances. From version 3 several at once, also by instance id alone, as
 * the tool that removes static members asks for it. Kafka's `GroupMetadataManager.classicGroupLeave`.
 */
import { LeaveGroup, type LeaveGroupRequest, type MemberIdentity } from '../../protocol/apis/13-leave-group.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ClassicGroup } from './classic-group.ts';
import { dropPending, removeMember, settleRemoval } from './membership.ts';
import { maybeCompleteJoin } from './rebalance.ts';
import type { GroupShard } from './shard.ts';
import type { Ticket } from './ticket.ts';

const FIRST_WITH_MANY = 3;

export function leaveGroup(shard: GroupShard, body: LeaveGroupRequest, ticket: Ticket): void {
  const group = shard.groups.get(body.groupId);
  const leaving: readonly MemberIdentity[] =
    ticket.version >= FIRST_WITH_MANY
      ? body.members
      : [{ memberId: body.memberId, groupInstanceId: null, reason: null }];
  const before = group?.members.size;
  const members = leaving.map((who) => ({
    memberId: who.memberId,
    groupInstanceId: who.groupInstanceId,
    errorCode: group === undefined ? ErrorCode.UNKNOWN_MEMBER_ID : leave(shard, group, who),
  }));
  if (group !== undefined) {
    if (group.members.size !== before) settleRemoval(shard, group, reasonOf(leaving));
    else maybeCompleteJoin(shard, group);
  }
  const answer =
    ticket.version >= FIRST_WITH_MANY
      ? LeaveGroup.response.make({ members })
      : LeaveGroup.response.make({ errorCode: members[0]!.errorCode });
  shard.answerInOrder(ticket, answer, LeaveGroup.response.make({ errorCode: ErrorCode.NOT_COORDINATOR }));
}

function reasonOf(leaving: readonly MemberIdentity[]): string {
  const names = leaving.map(({ memberId, groupInstanceId }) => (memberId === '' ? groupInstanceId : memberId));
  return `${names.join(', ')} left`;
}

/** A Kafka error, or NONE. */
function leave(shard: GroupShard, group: ClassicGroup, { memberId, groupInstanceId }: MemberIdentity): number {
  if (group.pendingJoins.has(memberId)) {
    dropPending(shard, group, memberId);
    return ErrorCode.NONE;
  }
  const id = memberId === '' ? (group.staticMembers.get(groupInstanceId ?? '') ?? '') : memberId;
  const error = group.memberError(id, groupInstanceId);
  const member = group.members.get(id);
  if (error !== ErrorCode.NONE || member === undefined) return error;
  removeMember(shard, group, member, 'left');
  return ErrorCode.NONE;
}
