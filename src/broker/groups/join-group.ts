/**
 * JoinGroup, versions 0–9: a member joins a classic group, or joins again, and waits for the rebalance that gathers all members.
 * From version 4 a dynamic member is first given an id, so that one that never comes back is not waited for (KIP-394); from 5
 * static members name their instance (KIP-345); version 9 may tell a leader to leave the assignment as it is.
 * Kafka's `GroupMetadataManager.classicGroupJoin`.
 *
 * Not simulated: joining a consumer group (KIP-848) that has members, which answers INCONSISTENT_GROUP_PROTOCOL.
 */
import type { JoinGroupRequest } from '../../protocol/apis/11-join-group.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ClassicGroup, type Member, NO_ASSIGNMENT, sameProtocols } from './classic-group.ts';
import type { LiveGroup } from './consumer/live-group.ts';
import { consumerTombstones } from './consumer/tombstones.ts';
import { groupMetadataRecord } from './group-metadata.ts';
import { answerJoin, joinAnswer, joinRefusal } from './join-answers.ts';
import { addMember, dropPending, expectMember, removeMember } from './membership.ts';
import { discard, maybeCompleteJoin, rebalanceOrComplete } from './rebalance.ts';
import type { GroupShard } from './shard.ts';
import { rejoinStatic } from './static-rejoin.ts';
import type { Ticket } from './ticket.ts';
import { writeErrorForClient } from './write-errors.ts';

export interface JoinInput {
  readonly body: JoinGroupRequest;
  readonly ticket: Ticket;
  readonly clientId: string;
  readonly clientHost: string;
}

const FIRST_WITH_MEMBER_ID_REQUIRED = 4;

export function joinGroup(shard: GroupShard, input: JoinInput): void {
  const { groupId, memberId, sessionTimeoutMs } = input.body;
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = shard.settings;
  if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
    refuse(shard, input, ErrorCode.INVALID_SESSION_TIMEOUT);
    return;
  }
  const consumers = shard.consumers.get(groupId);
  if (consumers !== undefined && consumers.group.members.size > 0) {
    refuse(shard, input, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    return;
  }
  const known = shard.groups.get(groupId);
  if (known === undefined && memberId !== '') {
    refuse(shard, input, ErrorCode.UNKNOWN_MEMBER_ID);
    return;
  }
  if (consumers !== undefined) makeRoom(shard, consumers);
  const group = known ?? shard.create(groupId);
  if (!hasRoom(shard, group, memberId)) refuseForSize(shard, group, input);
  else if (memberId === '') joinUnknown(shard, group, input);
  else joinKnown(shard, group, input);
  if (known === undefined && shard.settings.release !== '3.9') storeNew(shard, group, input.ticket);
}

/** An empty consumer group gives its name to a classic one; what it committed stays. */
function makeRoom(shard: GroupShard, live: LiveGroup): void {
  const { groupId } = live.group;
  shard.consumers.delete(groupId);
  shard.write(consumerTombstones(live.group), () => {});
}

function refuse(shard: GroupShard, { ticket, body }: JoinInput, error: number, memberId = body.memberId): void {
  shard.answer(ticket, joinRefusal(ticket.version, error, memberId));
}

/** `group.max.size`. In a rebalance those count who are here, so that a group that is too large loses its last comers. */
function hasRoom({ settings }: GroupShard, group: ClassicGroup, memberId: string): boolean {
  const member = group.members.get(memberId);
  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return true;
    case 'PreparingRebalance':
      return (member !== undefined && member.join !== null) || group.waitingJoins < settings.maxSize;
    default:
      return member !== undefined || group.members.size < settings.maxSize;
  }
}

function refuseForSize(shard: GroupShard, group: ClassicGroup, input: JoinInput): void {
  const member = group.members.get(input.body.memberId);
  if (member !== undefined) removeMember(shard, group, member, 'the group is full');
  dropPending(shard, group, input.body.memberId);
  refuse(shard, input, ErrorCode.GROUP_MAX_SIZE_REACHED, '');
  maybeCompleteJoin(shard, group);
}

/** Somebody without an id: new, or a static member that was restarted. */
function joinUnknown(shard: GroupShard, group: ClassicGroup, input: JoinInput): void {
  const { body, ticket, clientId } = input;
  const { groupInstanceId, protocolType, protocols } = body;
  if (!group.supports(protocolType, protocols)) {
    refuse(shard, input, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    return;
  }
  const memberId = shard.world.newMemberId(groupInstanceId ?? clientId);
  const before = groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId);
  if (before !== undefined) rejoinStatic(shard, group, group.members.get(before)!, newMember(input, memberId));
  else if (groupInstanceId === null && ticket.version >= FIRST_WITH_MEMBER_ID_REQUIRED) {
    expectMember(shard, group, memberId, body.sessionTimeoutMs);
    refuse(shard, input, ErrorCode.MEMBER_ID_REQUIRED, memberId);
  } else joinNew(shard, group, newMember(input, memberId), body);
}

function joinNew(shard: GroupShard, group: ClassicGroup, member: Member, body: JoinGroupRequest): void {
  if (group.members.size === 0) group.protocolType = body.protocolType;
  addMember(shard, group, member, because(`${member.memberId} joined`, body));
}

function newMember({ body, ticket, clientId, clientHost }: JoinInput, memberId: string): Member {
  return {
    memberId,
    instanceId: body.groupInstanceId,
    clientId,
    clientHost,
    rebalanceTimeoutMs: rebalanceTimeoutMs(body),
    sessionTimeoutMs: body.sessionTimeoutMs,
    protocols: body.protocols,
    assignment: NO_ASSIGNMENT,
    join: ticket,
    sync: null,
    isNew: true,
    session: { pending: null },
  };
}

/** Version 0 has none, and waits for the session time-out. */
function rebalanceTimeoutMs({ rebalanceTimeoutMs, sessionTimeoutMs }: JoinGroupRequest): number {
  return rebalanceTimeoutMs === -1 ? sessionTimeoutMs : rebalanceTimeoutMs;
}

function because(what: string, { reason }: JoinGroupRequest): string {
  return reason === null || reason === '' ? what : `${what}: ${reason}`;
}

/** Somebody who says which member it is. */
function joinKnown(shard: GroupShard, group: ClassicGroup, input: JoinInput): void {
  const { body } = input;
  const { memberId, groupInstanceId, protocols } = body;
  if (!group.supports(body.protocolType, protocols)) {
    refuse(shard, input, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    return;
  }
  if (group.pendingJoins.has(memberId)) {
    joinNew(shard, group, newMember(input, memberId), body);
    return;
  }
  const error = group.memberError(memberId, groupInstanceId);
  const member = group.members.get(memberId);
  if (error !== ErrorCode.NONE || member === undefined) {
    refuse(shard, input, error);
    return;
  }
  if (knowsAlready(group, member, input)) shard.answer(input.ticket, joinAnswer(group, member));
  else joinAgain(shard, group, member, input);
}

/** A member that lost its answer asks for it again. A leader's JoinGroup in a stable group means that it wants to assign anew. */
function knowsAlready(group: ClassicGroup, member: Member, { body }: JoinInput): boolean {
  if (group.state === 'PreparingRebalance') return false;
  if (group.state === 'Stable' && group.isLeader(member.memberId)) return false;
  return sameProtocols(member.protocols, body.protocols);
}

function joinAgain(shard: GroupShard, group: ClassicGroup, member: Member, { body, ticket }: JoinInput): void {
  member.protocols = body.protocols;
  member.rebalanceTimeoutMs = rebalanceTimeoutMs(body);
  member.sessionTimeoutMs = body.sessionTimeoutMs;
  member.join = ticket;
  rebalanceOrComplete(shard, group, because(`${member.memberId} joined again`, body));
}

/**
 * A group exists once its log says so. If the write fails, the group is as if it had never been, and whoever waits in it begins
 * again. A write that is only late may yet be replicated: then it is just the one who made the group that asks again.
 */
function storeNew(shard: GroupShard, group: ClassicGroup, creator: Ticket): void {
  shard.write([groupMetadataRecord(new ClassicGroup(group.groupId, group.stateSinceMs))], (error) => {
    if (error === ErrorCode.NONE || group.state === 'Dead') return;
    const isLate = error === ErrorCode.REQUEST_TIMED_OUT;
    for (const member of [...group.members.values()]) {
      const { join } = member;
      if (join !== null && (join === creator || !isLate))
        answerJoin(shard, member, joinRefusal(join.version, writeErrorForClient(error), ''));
      if (!isLate) removeMember(shard, group, member, 'the group could not be stored');
    }
    if (!isLate) discard(shard, group, 'the group could not be stored');
  });
}
