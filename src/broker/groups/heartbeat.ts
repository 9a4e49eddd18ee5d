/**
 * Heartbeat, versions 0–4: a member says that it is alive, and learns of rebalances. Kafka's `GroupMetadataManager.classicGroupHeartbeat`.
 * While the coordinator loads, heartbeats are answered NONE: nobody is thrown out for what is being read.
 */
import { Heartbeat, type HeartbeatRequest } from '../../protocol/apis/12-heartbeat.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { GroupShard } from './shard.ts';
import type { Ticket } from './ticket.ts';

export function heartbeat(shard: GroupShard, body: HeartbeatRequest, ticket: Ticket): void {
  const group = shard.groups.get(body.groupId);
  const error = group === undefined ? ErrorCode.UNKNOWN_MEMBER_ID : heartbeatError(group, body);
  const member = group?.members.get(body.memberId);
  if (group !== undefined && member !== undefined && isAlive(error)) shard.armSession(group, member);
  shard.answerInOrder(ticket, answers[error] ?? Heartbeat.response.make({ errorCode: error }), NOT_COORDINATOR);
}

/** Answers are never changed by anybody, so the common ones are made once. */
const answers: { readonly [error: number]: unknown } = {
  [ErrorCode.NONE]: Heartbeat.response.make({ errorCode: ErrorCode.NONE }),
  [ErrorCode.REBALANCE_IN_PROGRESS]: Heartbeat.response.make({ errorCode: ErrorCode.REBALANCE_IN_PROGRESS }),
};
const NOT_COORDINATOR = Heartbeat.response.make({ errorCode: ErrorCode.NOT_COORDINATOR });

function isAlive(error: number): boolean {
  return error === ErrorCode.NONE || error === ErrorCode.REBALANCE_IN_PROGRESS;
}

function heartbeatError(group: ClassicGroup, { memberId, groupInstanceId, generationId }: HeartbeatRequest): number {
  const error = group.memberError(memberId, groupInstanceId);
  if (error !== ErrorCode.NONE) return error;
  if (generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION;
  return group.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
}
