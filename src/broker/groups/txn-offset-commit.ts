/**
 * TxnOffsetCommit, versions 0–5 (the member says who it is from 3, KIP-447): a group's offsets as part of a transaction. They are
 * stored, and count when the marker of the transaction reaches this partition of `__consumer_offsets`. Before the first of a
 * transaction its coordinator is asked whether this partition takes part, or told so from version 5 on (KIP-890). Kafka's
 * `OffsetMetadataManager.commitTransactionalOffset`.
 */
import { TxnOffsetCommit, type TxnOffsetCommitRequest } from '../../protocol/apis/28-txn-offset-commit.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { InternalTransaction } from '../api.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { ConsumerGroup } from './consumer/consumer-group.ts';
import { consumerFetchError } from './consumer/offsets.ts';
import { groupEvents } from './events.ts';
import type { GroupRecord } from './group-records.ts';
import { forgetUnstored } from './offset-commit.ts';
import type { GroupShard } from './shard.ts';
import type { Ticket } from './ticket.ts';
import { type TopicLookup, topicError } from './topic-lookup.ts';
import { isRefused, writeErrorForClient } from './write-errors.ts';

export const FIRST_ADDING_PARTITIONS = 5;
export const FIRST_WITH_ABORTABLE = 4;
const FIRST_WITH_LOAD_IN_PROGRESS = 2;

type Partition = TxnOffsetCommitRequest['topics'][number]['partitions'][number];

interface Part {
  readonly topic: string;
  readonly partition: Partition;
  error: number;
}

/** Whether any partition of the request exists: otherwise nobody need be asked anything. */
export function namesPartition(body: TxnOffsetCommitRequest, lookup: TopicLookup): boolean {
  return body.topics.some(({ name, partitions }) =>
    partitions.some(({ partitionIndex }) => lookup.has(name, partitionIndex)),
  );
}

export function txnOffsetCommit(
  shard: GroupShard,
  { body, ticket, lookup }: { body: TxnOffsetCommitRequest; ticket: Ticket; lookup: TopicLookup },
  within: InternalTransaction,
): void {
  const parts = partsOf(body, (topic, partition) => topicError(lookup, { topic, topicId: ZERO_UUID, partition }));
  const live = shard.consumers.get(body.groupId);
  const groupError =
    live === undefined ? commitError(shard.groups.get(body.groupId), body) : consumerError(live.group, body);
  for (const part of parts) if (part.error === ErrorCode.NONE) part.error = groupError || metadataError(shard, part);
  const accepted = parts.filter(({ error }) => error === ErrorCode.NONE);
  if (accepted.length === 0) {
    shard.answer(ticket, answerOf(body, parts));
    return;
  }
  const { groupId } = body;
  if (live === undefined && !shard.groups.has(groupId)) shard.create(groupId);
  const nowMs = shard.world.wallMs();
  const stored = (error: number): void => {
    if (isRefused(error)) forgetUnstored(shard, groupId);
    for (const part of accepted) part.error = writeErrorForClient(error);
    shard.answer(ticket, answerOf(body, parts));
  };
  const records = accepted.map((part) => recordOf(groupId, part, nowMs));
  shard.writeWithin(within, records, stored, () => tellPending(shard, body, accepted));
}

/** Who does not say which member it is may commit at any time; a stale member is told so in the words of the older protocol. */
function consumerError(group: ConsumerGroup, { memberId, generationId }: TxnOffsetCommitRequest): number {
  if (memberId === '' && generationId < 0) return ErrorCode.NONE;
  const error = consumerFetchError(group, { memberId, memberEpoch: generationId });
  return error === ErrorCode.STALE_MEMBER_EPOCH ? ErrorCode.ILLEGAL_GENERATION : error;
}

/** The whole request refused. */
export function refuseTxnOffsetCommit(body: TxnOffsetCommitRequest, error: number, version: number): unknown {
  const loading = error === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS && version < FIRST_WITH_LOAD_IN_PROGRESS;
  const told = loading ? ErrorCode.COORDINATOR_NOT_AVAILABLE : error;
  return answerOf(
    body,
    partsOf(body, () => told),
  );
}

/** Refused before anything was looked at but the partitions: those that do not exist say so. */
export function refuseUnknown(body: TxnOffsetCommitRequest, lookup: TopicLookup): unknown {
  const errorOf = (topic: string, partition: number): number =>
    topicError(lookup, { topic, topicId: ZERO_UUID, partition });
  return answerOf(body, partsOf(body, errorOf));
}

function partsOf(body: TxnOffsetCommitRequest, errorOf: (topic: string, partition: number) => number): Part[] {
  return body.topics.flatMap(({ name, partitions }) =>
    partitions.map((partition) => ({ topic: name, partition, error: errorOf(name, partition.partitionIndex) })),
  );
}

/** A member must be of the present generation; who is none may commit at any time. A rebalance hinders nobody. */
function commitError(group: ClassicGroup | undefined, body: TxnOffsetCommitRequest): number {
  const { generationId, memberId, groupInstanceId } = body;
  if (group === undefined) return generationId < 0 ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
  if (generationId < 0 && (group.state === 'Empty' || (memberId === '' && groupInstanceId === null)))
    return ErrorCode.NONE;
  const error = group.memberError(memberId, groupInstanceId);
  if (error !== ErrorCode.NONE) return error;
  return generationId === group.generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
}

function metadataError({ settings }: GroupShard, { partition }: Part): number {
  const length = partition.committedMetadata?.length ?? 0;
  return length > settings.offsetMetadataMaxBytes ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE;
}

function recordOf(group: string, { topic, partition }: Part, nowMs: number): GroupRecord {
  const { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata } = partition;
  const value = {
    offset: committedOffset,
    leaderEpoch: committedLeaderEpoch,
    metadata: committedMetadata ?? '',
    commitTimestamp: nowMs,
    expireTimestamp: -1,
    topicId: ZERO_UUID,
  };
  return { kind: 'offset', group, topic, partition: partitionIndex, value };
}

function tellPending(shard: GroupShard, body: TxnOffsetCommitRequest, parts: readonly Part[]): void {
  const { groupId, producerId, memberId, generationId } = body;
  for (const { topic, partition } of parts) {
    const name = `${topic}-${partition.partitionIndex}`;
    const member = memberId === '' ? null : memberId;
    const values = [groupId, name, partition.committedOffset, producerId, member, generationId];
    shard.tell(groupEvents['group-offset-pending'], values);
  }
}

/** Parts in the order of the request. */
function answerOf(body: TxnOffsetCommitRequest, parts: readonly Part[]): unknown {
  let at = 0;
  return TxnOffsetCommit.response.make({
    topics: body.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: parts[at++]!.error })),
    })),
  });
}
