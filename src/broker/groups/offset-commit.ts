/**
 * OffsetCommit, versions 0–10 (by topic id in 10): a group's offsets are stored, by a member of the present generation, or by a
 * simple consumer that has no group (generation -1) while the group is empty. Any offset is taken as it is. The answer waits
 * until the offsets are replicated. Kafka's `OffsetMetadataManager.commitOffset`.
 *
 * Not simulated: version 0, with which Kafka 3.9 stores offsets in ZooKeeper, stores them here.
 */
import { OffsetCommit, type OffsetCommitRequest } from '../../protocol/apis/08-offset-commit.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { OffsetCommitValue } from '../../protocol/records/group/01-offset-commit.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { ClassicGroup } from './classic-group.ts';
import { consumerCommitError } from './consumer/offsets.ts';
import { groupEvents } from './events.ts';
import type { GroupRecord } from './group-records.ts';
import { discard } from './rebalance.ts';
import type { GroupShard } from './shard.ts';
import type { Ticket } from './ticket.ts';
import { type TopicLookup, topicError } from './topic-lookup.ts';
import { isRefused, writeErrorForClient } from './write-errors.ts';

const FIRST_WITH_GROUP_ID_NOT_FOUND = 9;

type Topic = OffsetCommitRequest['topics'][number];
type Partition = Topic['partitions'][number];

/** One partition of the request: its error so far, or what is to be stored. */
interface Part {
  readonly topic: string;
  readonly partition: Partition;
  error: number;
}

export function offsetCommit(shard: GroupShard, body: OffsetCommitRequest, ticket: Ticket, lookup: TopicLookup): void {
  const parts = body.topics.map((topic) => partsOf(topic, lookup));
  const open = parts.flat().filter(({ error }) => error === ErrorCode.NONE);
  if (open.length === 0) {
    shard.answer(ticket, commitAnswer(body, parts));
    return;
  }
  const group = shard.groups.get(body.groupId);
  const live = shard.consumers.get(body.groupId);
  const committer = { memberId: body.memberId, memberEpoch: body.generationIdOrMemberEpoch };
  const groupError =
    live === undefined
      ? commitError(shard, group, body, ticket.version)
      : consumerCommitError(live.group, committer, ticket.version);
  for (const part of open) part.error = groupError === ErrorCode.NONE ? metadataError(shard, part) : groupError;
  if (groupError === ErrorCode.NONE && group !== undefined) renewSession(shard, group, body.memberId);
  const accepted = open.filter(({ error }) => error === ErrorCode.NONE);
  if (accepted.length === 0) {
    shard.answer(ticket, commitAnswer(body, parts));
    return;
  }
  store(shard, body, accepted, (error) => {
    for (const part of accepted) part.error = error;
    shard.answer(ticket, commitAnswer(body, parts));
  });
}

/** The whole request refused before a group was looked at. */
export function refuseOffsetCommit(body: OffsetCommitRequest, errorCode: number): unknown {
  return commitAnswer(
    body,
    body.topics.map(({ name, partitions }) =>
      partitions.map((partition) => ({ topic: name, partition, error: errorCode })),
    ),
  );
}

function partsOf({ name, topicId, partitions }: Topic, lookup: TopicLookup): Part[] {
  const topic = topicId === ZERO_UUID ? name : (lookup.nameOf(topicId) ?? '');
  return partitions.map((partition) => ({
    topic,
    partition,
    error: topicError(lookup, { topic, topicId, partition: partition.partitionIndex }),
  }));
}

/** Parts in the order of the request. */
function commitAnswer({ topics }: OffsetCommitRequest, parts: readonly (readonly Part[])[]): unknown {
  return OffsetCommit.response.make({
    topics: topics.map(({ name, topicId }, i) => ({
      name,
      topicId,
      partitions: parts[i]!.map(({ partition, error }) => ({
        partitionIndex: partition.partitionIndex,
        errorCode: error,
      })),
    })),
  });
}

function commitError(
  { settings }: GroupShard,
  group: ClassicGroup | undefined,
  body: OffsetCommitRequest,
  version: number,
): number {
  const { generationIdOrMemberEpoch: generation, memberId, groupInstanceId } = body;
  if (group === undefined) {
    if (generation < 0) return ErrorCode.NONE;
    const isNewer = settings.release !== '3.9' && version >= FIRST_WITH_GROUP_ID_NOT_FOUND;
    return isNewer ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION;
  }
  if (generation < 0 && group.state === 'Empty') return ErrorCode.NONE;
  if (generation < 0 && memberId === '' && groupInstanceId === null) return ErrorCode.UNKNOWN_MEMBER_ID;
  const error = group.memberError(memberId, groupInstanceId);
  if (error !== ErrorCode.NONE) return error;
  if (generation !== group.generation) return ErrorCode.ILLEGAL_GENERATION;
  return group.state === 'CompletingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
}

function metadataError({ settings }: GroupShard, { partition }: Part): number {
  const length = partition.committedMetadata?.length ?? 0;
  return length > settings.offsetMetadataMaxBytes ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE;
}

function renewSession(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  const member = group.members.get(memberId);
  if (member !== undefined) shard.armSession(group, member);
}

function store(
  shard: GroupShard,
  body: OffsetCommitRequest,
  parts: readonly Part[],
  done: (error: number) => void,
): void {
  const { groupId, memberId, generationIdOrMemberEpoch: generation } = body;
  const nowMs = shard.world.wallMs();
  const records = parts.map(
    ({ topic, partition }): GroupRecord => ({
      kind: 'offset',
      group: groupId,
      topic,
      partition: partition.partitionIndex,
      value: offsetValue(body, partition, nowMs),
    }),
  );
  // A simple consumer's first commit makes the group.
  if (!shard.groups.has(groupId) && !shard.consumers.has(groupId)) shard.create(groupId);
  const stored = (error: number): void => {
    if (isRefused(error)) forgetUnstored(shard, groupId);
    done(writeErrorForClient(error));
  };
  shard.write(records, stored, () => {
    for (const { topic, partition } of parts) {
      const name = `${topic}-${partition.partitionIndex}`;
      const values = [groupId, name, partition.committedOffset, memberId === '' ? null : memberId, generation];
      shard.tell(groupEvents['group-offset-committed'], values);
    }
  });
}

function offsetValue({ retentionTimeMs }: OffsetCommitRequest, partition: Partition, nowMs: number): OffsetCommitValue {
  const { committedOffset, committedLeaderEpoch, committedMetadata, commitTimestamp } = partition;
  return {
    offset: committedOffset,
    leaderEpoch: committedLeaderEpoch,
    metadata: committedMetadata ?? '',
    commitTimestamp: commitTimestamp === -1 ? nowMs : commitTimestamp,
    expireTimestamp: retentionTimeMs === -1 ? -1 : nowMs + retentionTimeMs,
    topicId: ZERO_UUID,
  };
}

/** The group that was made for a commit which failed, if nothing else came of it. */
export function forgetUnstored(shard: GroupShard, groupId: string): void {
  const group = shard.groups.get(groupId);
  if (group?.state !== 'Empty' || group.generation > 0 || group.pendingJoins.size > 0) return;
  if (!shard.stored.groups.has(groupId)) discard(shard, group, 'its offset could not be stored');
}
