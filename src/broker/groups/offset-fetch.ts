/**
 * OffsetFetch, versions 0–10 (several groups from 8, by topic id in 10): how far groups have read, as far as it is committed.
 * Who never committed, or does not exist, has offset -1. Kafka's `OffsetMetadataManager.fetchOffsets`.
 *
 * A reader that requires what is stable is told to wait (UNSTABLE_OFFSET_COMMIT) while a transaction that committed for the
 * partition is open (KIP-447).
 */
import { OffsetFetch, type OffsetFetchRequest, type OffsetFetchResponse } from '../../protocol/apis/09-offset-fetch.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { consumerFetchError } from './consumer/offsets.ts';
import { committedOffset, isPending, type StoredGroups } from './group-state.ts';
import type { TopicLookup } from './topic-lookup.ts';

const FIRST_WITH_GROUPS = 8;
const FIRST_WITH_GROUP_ERROR = 2;
const FIRST_WITH_TOPIC_IDS = 10;
const NO_OFFSET = -1;

type Asked = OffsetFetchRequest['groups'][number];
type Answered = OffsetFetchResponse['groups'][number];
type AnsweredTopic = Answered['topics'][number];

/** The groups of a request of any version. */
export function askedGroups(body: OffsetFetchRequest, version: number): readonly Asked[] {
  if (version >= FIRST_WITH_GROUPS) return body.groups;
  const topics = body.topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null;
  return [{ groupId: body.groupId, memberId: null, memberEpoch: -1, topics }];
}

/** How a request reads. */
export interface OffsetReader {
  readonly version: number;
  readonly requireStable: boolean;
  readonly lookup: TopicLookup;
}

export function fetchOffsets(stored: StoredGroups, asked: Asked, reader: OffsetReader): Answered {
  const { groupId } = asked;
  const consumer = stored.groups.get(groupId)?.consumer ?? null;
  const error = consumer === null ? ErrorCode.NONE : consumerFetchError(consumer, asked);
  if (error !== ErrorCode.NONE) return refuseOffsets(asked, error, reader.version);
  const read: ReadOffset = (topic, partition) =>
    reader.requireStable && isPending(stored, groupId, topic, partition)
      ? nothing(partition, ErrorCode.UNSTABLE_OFFSET_COMMIT)
      : fetchPartition(stored, groupId, topic, partition);
  const topics =
    asked.topics === null
      ? allTopics(stored, groupId, reader, read)
      : asked.topics.map((topic) => fetchTopic(topic, reader, read));
  return { groupId, topics, errorCode: ErrorCode.NONE };
}

/** A group that could not be looked at. Version 0 and 1 say so for each partition. */
export function refuseOffsets({ groupId, topics }: Asked, errorCode: number, version: number): Answered {
  const withTopics = version < FIRST_WITH_GROUP_ERROR;
  return {
    groupId,
    topics: withTopics
      ? (topics ?? []).map(({ name, topicId, partitionIndexes }) => ({
          name,
          topicId,
          partitions: partitionIndexes.map((partition) => nothing(partition, errorCode)),
        }))
      : [],
    errorCode,
  };
}

export function offsetFetchAnswer(groups: readonly Answered[], version: number): unknown {
  if (version >= FIRST_WITH_GROUPS) return OffsetFetch.response.make({ groups });
  const { topics, errorCode } = groups[0]!;
  return OffsetFetch.response.make({
    topics: topics.map(({ name, partitions }) => ({ name, partitions })),
    errorCode,
  });
}

type ReadOffset = (topic: string, partition: number) => AnsweredPartition;

function fetchTopic(
  { name, topicId, partitionIndexes }: NonNullable<Asked['topics']>[number],
  { lookup }: OffsetReader,
  read: ReadOffset,
): AnsweredTopic {
  const topic = topicId === ZERO_UUID ? name : lookup.nameOf(topicId);
  return {
    name,
    topicId,
    partitions: partitionIndexes.map((partition) =>
      topic === undefined ? nothing(partition, ErrorCode.UNKNOWN_TOPIC_ID) : read(topic, partition),
    ),
  };
}

type AnsweredPartition = AnsweredTopic['partitions'][number];

function fetchPartition(stored: StoredGroups, groupId: string, topic: string, partition: number): AnsweredPartition {
  const value = committedOffset(stored, groupId, topic, partition);
  if (value === undefined) return nothing(partition, ErrorCode.NONE);
  return {
    partitionIndex: partition,
    committedOffset: value.offset,
    committedLeaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    errorCode: ErrorCode.NONE,
  };
}

function nothing(partitionIndex: number, errorCode: number): AnsweredPartition {
  return { partitionIndex, committedOffset: NO_OFFSET, committedLeaderEpoch: -1, metadata: '', errorCode };
}

/** By id, topics that are gone cannot be named, and are left out. */
function allTopics(
  stored: StoredGroups,
  groupId: string,
  { version, lookup }: OffsetReader,
  read: ReadOffset,
): AnsweredTopic[] {
  const topics: AnsweredTopic[] = [];
  for (const [name, partitions] of stored.groups.get(groupId)?.offsets ?? []) {
    const topicId = version >= FIRST_WITH_TOPIC_IDS ? lookup.idOf(name) : ZERO_UUID;
    if (topicId === undefined) continue;
    topics.push({
      name,
      topicId,
      partitions: [...partitions.keys()].map((partition) => read(name, partition)),
    });
  }
  return topics;
}
