/** Offsets of partitions, asked from their leaders all at once (Admin.listOffsets). */
import { ListOffsets } from '../../protocol/apis/02-list-offsets.ts';
import { Metadata } from '../../protocol/apis/03-metadata.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { refuse } from './failure.ts';
import { ask, askAll, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';
import { metadataRequest } from './topic-names.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export const EARLIEST = -2;
export const LATEST = -1;

export interface ListedOffset extends TopicPartition {
  /** -1: there is none, of that time. */
  readonly offset: number;
  readonly timestamp: number;
}

export interface KnownPartition extends TopicPartition {
  /** -1: none. */
  readonly leader: number;
}

export const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

export function comparePartitions(one: TopicPartition, other: TopicPartition): number {
  if (one.topic !== other.topic) return one.topic < other.topic ? -1 : 1;
  return one.partition - other.partition;
}

/** The partitions of topics, in order. Throws for a topic that there is not. `null`: of all. */
export function* partitionsOf(
  { admin }: ToolCall,
  names: readonly string[] | null,
): Steps<readonly (KnownPartition & { readonly isInternal: boolean })[]> {
  const body = metadataRequest(names);
  const { topics } = yield* ask(admin, Metadata, body, { kind: 'any' });
  return topics
    .flatMap(({ errorCode, name, isInternal, partitions }) => {
      refuse(errorCode);
      return partitions.map(({ partitionIndex, leaderId }) => {
        return { topic: name!, partition: partitionIndex, leader: leaderId, isInternal };
      });
    })
    .sort(comparePartitions);
}

/** `timestamp`: a time in milliseconds, `EARLIEST`, `LATEST`, or another of the special times of ListOffsets. In the order asked. */
export function* listOffsets(
  { admin }: ToolCall,
  partitions: readonly TopicPartition[],
  timestamp: number,
): Steps<readonly ListedOffset[]> {
  const answers = yield* askAll(
    admin,
    partitions.map(({ topic, partition }) => ({
      api: ListOffsets,
      body: ListOffsets.request.make({
        replicaId: -1,
        topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
        timeoutMs: 30_000,
      }),
      target: { kind: 'leader', topic, partition } as const,
    })),
  );
  return answers.map(({ topics }, index) => {
    const found = topics[0]!.partitions[0]!;
    if (found.errorCode !== ErrorCode.NONE) refuse(found.errorCode);
    return { ...partitions[index]!, offset: found.offset, timestamp: found.timestamp };
  });
}

export interface ReplicatedPartition extends TopicPartition {
  readonly replicas: readonly number[];
}

/** The replicas of topics, in the order of partitions. Throws for a topic that there is not. */
export function* replicasOf({ admin }: ToolCall, names: readonly string[]): Steps<readonly ReplicatedPartition[]> {
  const { topics } = yield* ask(admin, Metadata, metadataRequest(names), { kind: 'any' });
  return topics
    .flatMap(({ errorCode, name, partitions }) => {
      refuse(errorCode);
      return partitions.map(({ partitionIndex, replicaNodes }) => {
        return { topic: name!, partition: partitionIndex, replicas: replicaNodes };
      });
    })
    .sort(comparePartitions);
}
