/**
 * ConsumerGroupHeartbeat, versions 0–1 (KIP-848; the member chooses its own id and may subscribe by a regular expression in 1). A
 * member says who it is, what it wants to read and what it holds; it learns its epoch, and what it is to hold. There is no
 * other request of the protocol: joining, leaving, and each step of a rebalance are heartbeats. Kafka's
 * `GroupMetadataManager.consumerGroupHeartbeat`.
 *
 * Not simulated: members of the classic protocol in a consumer group, and a group's change from one protocol to the other while it has
 * members (`group.consumer.migration.policy` counts as disabled): GROUP_ID_NOT_FOUND. Racks play no part, as in 4.2.
 */
import {
  ConsumerGroupHeartbeat,
  type ConsumerGroupHeartbeatRequest,
} from '../../../protocol/apis/68-consumer-group-heartbeat.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { groupEvents } from '../events.ts';
import { groupTombstone } from '../offset-removal.ts';
import type { GroupShard } from '../shard.ts';
import type { Ticket } from '../ticket.ts';
import type { TopicLookup } from '../topic-lookup.ts';
import { writeErrorForClient } from '../write-errors.ts';
import { assignmentOf, isEqual, isSubset, written } from './assignment.ts';
import { blank, ConsumerGroup, type ConsumerMember, LEFT_FOR_A_WHILE, MEMBER_STATE } from './consumer-group.ts';
import { storesTopics } from './consumer-records.ts';
import { leaveForAWhile, remove, takeOut } from './leave.ts';
import { armRebalance, armSession, LiveGroup, partitionNamesOf, Step } from './live-group.ts';
import { reconcile } from './reconcile.ts';
import { scheduleRegexes } from './regex.ts';
import { assign, hashedTopics, metadataHash } from './targets.ts';
import { JOINS, LEAVES, type Refusal, requestProblem } from './validate.ts';

export interface HeartbeatInput {
  readonly body: ConsumerGroupHeartbeatRequest;
  readonly ticket: Ticket;
  readonly clientId: string;
  readonly clientHost: string;
}

const refusal = (errorCode: number, errorMessage: string): Refusal => ({ errorCode, errorMessage });
const unknownMember = ({ groupId, memberId }: ConsumerGroupHeartbeatRequest): Refusal =>
  refusal(ErrorCode.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${groupId}.`);

export function refuseHeartbeat(error: Refusal): unknown {
  return ConsumerGroupHeartbeat.response.make(error);
}

export function consumerHeartbeat(shard: GroupShard, input: HeartbeatInput, lookup: TopicLookup): void {
  const { body, ticket } = input;
  const answer = (error: Refusal): void => shard.answer(ticket, refuseHeartbeat(error));
  const problem = requestProblem(body, ticket.version, shard.settings);
  if (problem !== null) {
    answer(problem);
    return;
  }
  const live = shard.consumers.get(body.groupId);
  const missing = live === undefined ? createProblem(shard, body) : null;
  if (missing !== null) answer(missing);
  else if (body.memberEpoch === LEAVES || body.memberEpoch === LEFT_FOR_A_WHILE) leave(shard, live!, input);
  else stay(shard, live, input, lookup);
}

/** Why there is no group for this heartbeat, nor can it make one. */
function createProblem(shard: GroupShard, { groupId, memberEpoch }: ConsumerGroupHeartbeatRequest): Refusal | null {
  const classic = shard.groups.get(groupId);
  if (classic !== undefined && (classic.state !== 'Empty' || memberEpoch !== JOINS))
    return refusal(ErrorCode.GROUP_ID_NOT_FOUND, `Group ${groupId} is not a consumer group.`);
  if (memberEpoch !== JOINS) return refusal(ErrorCode.GROUP_ID_NOT_FOUND, `Consumer group ${groupId} not found.`);
  return null;
}

function leave(shard: GroupShard, live: LiveGroup, { body, ticket }: HeartbeatInput): void {
  const { memberId, memberEpoch, instanceId } = body;
  const member = instanceId === null ? live.group.members.get(memberId) : live.group.byInstance(instanceId);
  const problem = member === undefined ? unknownMember(body) : instanceProblem(member, body);
  if (member === undefined || problem !== null) {
    shard.answer(ticket, refuseHeartbeat(problem ?? unknownMember(body)));
    return;
  }
  const step = new Step(shard, live);
  if (memberEpoch === LEAVES) remove(step, member, 'left');
  else leaveForAWhile(step, member);
  step.commit(`${memberId} left`, (error) => {
    const errorCode = writeErrorForClient(error);
    const epoch = errorCode === ErrorCode.NONE ? memberEpoch : 0;
    shard.answer(ticket, ConsumerGroupHeartbeat.response.make({ errorCode, memberId, memberEpoch: epoch }));
  });
}

/** Somebody else has the instance id by now. */
function instanceProblem(
  holder: ConsumerMember,
  { memberId, instanceId }: ConsumerGroupHeartbeatRequest,
): Refusal | null {
  if (instanceId === null || holder.memberId === memberId) return null;
  return refusal(
    ErrorCode.FENCED_INSTANCE_ID,
    `Static member ${memberId} with instance id ${instanceId} was fenced by member ${holder.memberId}.`,
  );
}

// ---- Joining, and staying

function stay(shard: GroupShard, known: LiveGroup | undefined, input: HeartbeatInput, lookup: TopicLookup): void {
  const { body, ticket } = input;
  const refuse = (error: Refusal): void => shard.answer(ticket, refuseHeartbeat(error));
  const memberId = body.memberId === '' ? shard.world.newConsumerMemberId() : body.memberId;
  const problem = known === undefined ? null : memberProblem(shard, known.group, body, memberId);
  if (problem !== null) {
    refuse(problem);
    return;
  }
  const live = known ?? create(shard, body.groupId);
  const step = new Step(shard, live);
  const before = admit(step, input, memberId);
  const outcome = subscribe(step, input, memberId, lookup);
  if (live.group.epoch > live.group.assignmentEpoch) assign(step, lookup);
  settle(step, memberId, body);
  armSession(shard, live, memberId);
  scheduleRegexes(shard, live, lookup);
  const after = live.group.members.get(memberId)!;
  const full =
    body.rebalanceTimeoutMs !== -1 &&
    body.topicPartitions !== null &&
    (body.subscribedTopicNames !== null || body.subscribedTopicRegex !== null);
  const tells = body.memberEpoch === JOINS || full || !isEqual(before.assigned, after.assigned);
  const isNews =
    body.memberEpoch === JOINS || before.epoch !== after.epoch || !isEqual(before.assigned, after.assigned);
  respond(step, input, { member: after, tells, isNews, reason: outcome });
}

function create(shard: GroupShard, groupId: string): LiveGroup {
  const classic = shard.groups.get(groupId);
  if (classic === undefined) shard.tell(groupEvents['group-created'], [groupId, shard.partition]);
  else {
    // An empty classic group makes room; what it committed stays.
    shard.groups.delete(groupId);
    if (shard.stored.groups.get(groupId)?.metadata != null) shard.write([groupTombstone(groupId)], () => {});
  }
  const live = new LiveGroup(new ConsumerGroup(groupId));
  shard.consumers.set(groupId, live);
  return live;
}

function memberProblem(
  { settings }: GroupShard,
  group: ConsumerGroup,
  body: ConsumerGroupHeartbeatRequest,
  memberId: string,
): Refusal | null {
  const { groupId, memberEpoch, instanceId } = body;
  const member = group.members.get(memberId);
  if (member === undefined && memberEpoch === JOINS && group.members.size >= settings.consumerMaxSize) {
    const message = `The consumer group has reached its maximum capacity of ${settings.consumerMaxSize} members.`;
    if (instanceId === null || group.byInstance(instanceId) === undefined)
      return refusal(ErrorCode.GROUP_MAX_SIZE_REACHED, message);
  }
  if (instanceId !== null) {
    const holder = group.byInstance(instanceId);
    if (holder === undefined && memberEpoch !== JOINS)
      return refusal(ErrorCode.UNKNOWN_MEMBER_ID, `Instance id ${instanceId} is unknown.`);
    if (holder !== undefined && holder.memberId !== memberId) {
      if (memberEpoch !== JOINS) return instanceProblem(holder, body);
      if (holder.epoch !== LEFT_FOR_A_WHILE) {
        const message = `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by member ${holder.memberId}.`;
        return refusal(ErrorCode.UNRELEASED_INSTANCE_ID, message);
      }
      return null;
    }
  }
  if (member === undefined) return memberEpoch === JOINS ? null : unknownMember({ ...body, groupId, memberId });
  return epochProblem(member, body);
}

/** A member that missed the answer to its last heartbeat may be one epoch behind, if it holds nothing that it may not. */
function epochProblem(
  member: ConsumerMember,
  { memberEpoch, topicPartitions }: ConsumerGroupHeartbeatRequest,
): Refusal | null {
  if (memberEpoch === JOINS || memberEpoch === member.epoch) return null;
  const missedOne =
    memberEpoch === member.previousEpoch &&
    topicPartitions !== null &&
    isSubset(assignmentOf(topicPartitions), member.assigned);
  if (memberEpoch < member.epoch && missedOne) return null;
  const relation = memberEpoch > member.epoch ? 'greater' : 'smaller';
  return refusal(
    ErrorCode.FENCED_MEMBER_EPOCH,
    `The consumer group member has a ${relation} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.epoch}). The member must abandon all its partitions and rejoin.`,
  );
}

/** The member as it was before this heartbeat; a static one that comes back takes over what its predecessor had. */
function admit(step: Step, { body, clientId }: HeartbeatInput, memberId: string): ConsumerMember {
  const { group, shard } = step;
  const { groupId } = group;
  const known = group.members.get(memberId);
  if (known !== undefined && known.epoch !== LEFT_FOR_A_WHILE) return known;
  const holder = body.instanceId === null ? undefined : group.byInstance(body.instanceId);
  if (holder === undefined) {
    shard.tell(groupEvents['group-member-joined'], [groupId, memberId, clientId, body.instanceId]);
    return blank(memberId);
  }
  const { memberId: oldId, target, assigned } = holder;
  if (oldId !== memberId) takeOut(step, holder, 'came back under another id');
  if (oldId !== memberId)
    shard.tell(groupEvents['group-member-joined'], [groupId, memberId, clientId, body.instanceId]);
  step.put({ kind: 'consumer-member', group: groupId, member: memberId, value: memberValue(holder) });
  step.put({ kind: 'consumer-target', group: groupId, member: memberId, value: { topicPartitions: written(target) } });
  step.put({
    kind: 'consumer-current',
    group: groupId,
    member: memberId,
    value: {
      memberEpoch: 0,
      previousMemberEpoch: 0,
      state: MEMBER_STATE.stable,
      assignedPartitions: written(assigned),
      partitionsPendingRevocation: [],
    },
  });
  return group.members.get(memberId)!;
}

function memberValue({
  instanceId,
  rackId,
  clientId,
  clientHost,
  topics,
  regex,
  rebalanceTimeoutMs,
  serverAssignor,
}: ConsumerMember) {
  return {
    instanceId,
    rackId,
    clientId,
    clientHost,
    subscribedTopicNames: topics,
    subscribedTopicRegex: regex,
    rebalanceTimeoutMs,
    serverAssignor,
    classicMemberMetadata: null,
  };
}

/** Takes over what the heartbeat says of the member, and bumps the group's epoch if that is another input of the assignment. */
function subscribe(step: Step, input: HeartbeatInput, memberId: string, lookup: TopicLookup): string {
  const { body, clientId, clientHost } = input;
  const { group, live } = step;
  const before = group.members.get(memberId);
  const wanted = merged(before ?? blank(memberId), { body, clientId, clientHost });
  const value = memberValue(wanted);
  const isNew = before === undefined;
  if (isNew || JSON.stringify(value) !== JSON.stringify(memberValue(before)))
    step.put({ kind: 'consumer-member', group: group.groupId, member: memberId, value });
  const takesOver = !isNew && before.instanceId !== null && body.memberEpoch === JOINS && before.epoch === 0;
  const reasons: string[] = [];
  if (body.memberEpoch === JOINS && !takesOver) reasons.push(`${memberId} joined`);
  if (!isNew && wanted.topics.join() !== before.topics.join()) reasons.push(`${memberId} subscribed to other topics`);
  const regexCounts = wanted.regex === null || group.regexes.has(wanted.regex);
  if (!isNew && wanted.regex !== before.regex && regexCounts)
    reasons.push(`${memberId} subscribed by another expression`);
  const looks = reasons.length > 0 || lookup.version() !== live.seenVersion;
  const hash = looks ? metadataHash(group, lookup) : group.metadataHash;
  live.seenVersion = lookup.version();
  if (hash !== group.metadataHash && reasons.length === 0) reasons.push('its topics changed');
  if (reasons.length > 0 || group.epoch === 0) {
    if (hash !== group.metadataHash) writeTopics(step, lookup);
    step.bump(reasons[0] ?? 'it begins', hash);
  }
  return reasons[0] ?? `${memberId} came nearer to its target`;
}

/** Releases before 4.1 store the topics themselves in place of their hash. */
function writeTopics(step: Step, lookup: TopicLookup): void {
  const { group, shard } = step;
  if (!storesTopics(shard.settings.release)) return;
  const topics = hashedTopics(group, lookup).map((topic) => ({ ...topic, partitionMetadata: [] }));
  step.put({ kind: 'consumer-topics', group: group.groupId, value: { topics } });
}

/** Null and -1 mean "as before"; an empty expression takes it back. */
function merged(
  member: ConsumerMember,
  { body, clientId, clientHost }: Omit<HeartbeatInput, 'ticket'>,
): ConsumerMember {
  const { subscribedTopicRegex: regex, rebalanceTimeoutMs } = body;
  return {
    ...member,
    instanceId: body.instanceId ?? member.instanceId,
    rackId: body.rackId ?? member.rackId,
    clientId,
    clientHost,
    topics: body.subscribedTopicNames === null ? member.topics : [...new Set(body.subscribedTopicNames)].sort(),
    regex: regex === null ? member.regex : regex === '' ? null : regex,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    serverAssignor: body.serverAssignor ?? member.serverAssignor,
  };
}

/** Brings this one member nearer to its target. */
function settle(step: Step, memberId: string, { topicPartitions }: ConsumerGroupHeartbeatRequest): void {
  const { group, live, shard } = step;
  const member = group.members.get(memberId)!;
  const owned = topicPartitions === null ? null : assignmentOf(topicPartitions);
  const { assignmentEpoch } = group;
  const ownerOf = (topicId: string, partition: number) => group.ownerOf(topicId, partition);
  const next = reconcile(member, { assignmentEpoch, owned, ownerOf });
  const { epoch, previousEpoch, state, assigned, pending } = next;
  const same =
    epoch === member.epoch &&
    state === member.state &&
    isEqual(assigned, member.assigned) &&
    isEqual(pending, member.pending);
  if (same) return;
  const value = {
    memberEpoch: epoch,
    previousMemberEpoch: previousEpoch,
    state,
    assignedPartitions: written(assigned),
    partitionsPendingRevocation: written(pending),
  };
  step.put({ kind: 'consumer-current', group: group.groupId, member: memberId, value });
  if (state === MEMBER_STATE.unrevoked) armRebalance(shard, live, memberId);
  else shard.disarm(live.timersOf(memberId).rebalance);
}

interface Told {
  readonly member: ConsumerMember;
  /** Whether the answer says what the member is to hold. */
  readonly tells: boolean;
  /** Whether that, or the epoch that goes with it, is another than before. */
  readonly isNews: boolean;
  readonly reason: string;
}

function respond(step: Step, { ticket }: HeartbeatInput, { member, tells, isNews, reason }: Told): void {
  const { shard } = step;
  const { groupId } = step.group;
  const { memberId, epoch, assigned } = member;
  step.commit(reason, (error) => {
    if (error !== ErrorCode.NONE) {
      shard.answer(ticket, refuseHeartbeat({ errorCode: writeErrorForClient(error), errorMessage: '' }));
      return;
    }
    const { heartbeatIntervalMs } = shard.world.consumerTimes(groupId);
    const assignment = tells ? { topicPartitions: written(assigned) } : null;
    shard.answer(
      ticket,
      ConsumerGroupHeartbeat.response.make({ memberId, memberEpoch: epoch, heartbeatIntervalMs, assignment }),
    );
    if (!isNews) return;
    shard.tell(groupEvents['group-assignment-delivered'], [
      groupId,
      epoch,
      memberId,
      partitionNamesOf(shard, assigned),
    ]);
  });
}
