import { JoinGroup, type JoinGroupResponse } from '../../protocol/apis/11-join-group.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ClassicGroup, Member } from './classic-group.ts';
import { metadataOf } from './protocol-choice.ts';
import type { GroupShard } from './shard.ts';

/** Before this version a response cannot say "no protocol". */
const FIRST_WITHOUT_PROTOCOL = 7;

export function joinRefusal(version: number, errorCode: number, memberId: string): JoinGroupResponse {
  const protocolName = version >= FIRST_WITHOUT_PROTOCOL ? null : '';
  return JoinGroup.response.make({ errorCode, memberId, protocolName });
}

/** The present generation, as a member is told of it; the leader gets the list of all. */
export function joinAnswer(group: ClassicGroup, { memberId }: Member): JoinGroupResponse {
  return JoinGroup.response.make({
    errorCode: ErrorCode.NONE,
    generationId: group.generation,
    protocolType: group.protocolType,
    protocolName: group.protocol,
    leader: group.leader ?? '',
    memberId,
    members: group.isLeader(memberId) ? membersFor(group) : [],
  });
}

export function membersFor(group: ClassicGroup): JoinGroupResponse['members'] {
  return [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    metadata: metadataOf(member, group.protocol),
  }));
}

/** Answers the JoinGroup that a member has waiting, if it has one. */
export function answerJoin(shard: GroupShard, member: Member, body: JoinGroupResponse): void {
  const { join } = member;
  if (join === null) return;
  member.join = null;
  shard.answer(join, body);
}

export function refuseJoin(shard: GroupShard, member: Member, errorCode: number, memberId: string): void {
  if (member.join !== null) answerJoin(shard, member, joinRefusal(member.join.version, errorCode, memberId));
}
