/**
 * SyncGroup, versions 0–5: the leader brings the assignments of its generation, everybody asks for his. The answers wait until
 * the whole group is stored and replicated, so that no member owns what a next coordinator would not know of.
 * Kafka's `GroupMetadataManager.classicGroupSync`.
 */
import { SyncGroup, type SyncGroupRequest } from '../../protocol/apis/14-sync-group.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { deliverAssignment, propagateAssignments, withdrawAssignments } from './assignments.ts';
import { type ClassicGroup, type Member, NO_ASSIGNMENT } from './classic-group.ts';
import { groupMetadataRecord } from './group-metadata.ts';
import { rebalanceOrComplete } from './rebalance.ts';
import type { GroupShard } from './shard.ts';
import type { Ticket } from './ticket.ts';
import { writeErrorForClient } from './write-errors.ts';

export function syncGroup(shard: GroupShard, body: SyncGroupRequest, ticket: Ticket): void {
  const group = shard.groups.get(body.groupId);
  const error = group === undefined ? ErrorCode.UNKNOWN_MEMBER_ID : syncError(group, body);
  const member = group?.members.get(body.memberId);
  if (error !== ErrorCode.NONE || group === undefined || member === undefined) {
    shard.answer(ticket, SyncGroup.response.make({ errorCode: error }));
    return;
  }
  removePendingSync(shard, group, member);
  if (group.state === 'Stable') {
    deliverAssignment(shard, group, member, ticket);
    shard.armSession(group, member);
    return;
  }
  member.sync = ticket;
  if (group.isLeader(member.memberId)) storeAssignments(shard, group, body);
}

function syncError(group: ClassicGroup, body: SyncGroupRequest): number {
  if (group.state === 'Empty') return ErrorCode.UNKNOWN_MEMBER_ID;
  const error = group.memberError(body.memberId, body.groupInstanceId);
  if (error !== ErrorCode.NONE) return error;
  if (body.generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION;
  const { protocolType, protocolName } = body;
  if (
    (protocolType !== null && protocolType !== group.protocolType) ||
    (protocolName !== null && protocolName !== group.protocol)
  )
    return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
  return group.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
}

function removePendingSync(shard: GroupShard, group: ClassicGroup, { memberId }: Member): void {
  if (group.pendingSyncs.delete(memberId) && group.pendingSyncs.size === 0) shard.disarm(group.syncTimer);
}

/** Whom the leader left out gets no bytes; whom it made up is passed over. */
function storeAssignments(shard: GroupShard, group: ClassicGroup, body: SyncGroupRequest): void {
  const assignments = new Map<string, Uint8Array>();
  for (const memberId of group.members.keys()) assignments.set(memberId, NO_ASSIGNMENT);
  for (const { memberId, assignment } of body.assignments) {
    if (assignments.has(memberId)) assignments.set(memberId, assignment);
  }
  const { generation } = group;
  shard.write([groupMetadataRecord(group, assignments)], (error) => {
    // Meanwhile somebody may have come or gone, and the group be on its way to the next generation.
    if (group.state !== 'CompletingRebalance' || group.generation !== generation) return;
    if (error === ErrorCode.NONE) {
      shard.transition(group, 'Stable', 'the assignments are stored');
      propagateAssignments(shard, group, assignments);
    } else {
      withdrawAssignments(shard, group, writeErrorForClient(error));
      rebalanceOrComplete(shard, group, 'the assignments could not be stored');
    }
  });
}
