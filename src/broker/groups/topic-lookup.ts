import { ErrorCode } from '../../protocol/errors.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';

/** What the coordinator must know of the topics that offsets are about. */
export interface TopicLookup {
  /** Name of a topic by its id. */
  nameOf(topicId: string): string | undefined;
  idOf(topic: string): string | undefined;
  has(topic: string, partition: number): boolean;
  /** 0 for a topic that is not there. */
  partitionsOf(topic: string): number;
  names(): Iterable<string>;
  /** Differs when anything that this tells may differ. */
  version(): number;
}

export interface TopicPartition {
  readonly topic: string;
  /** Zero, where the request goes by names. */
  readonly topicId: string;
  readonly partition: number;
}

/** A Kafka error, or NONE. */
export function topicError(lookup: TopicLookup, { topic, topicId, partition }: TopicPartition): number {
  if (topicId !== ZERO_UUID && lookup.nameOf(topicId) === undefined) return ErrorCode.UNKNOWN_TOPIC_ID;
  return lookup.has(topic, partition) ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
}
