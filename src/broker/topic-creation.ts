import type { Config } from '../config/config.ts';
import type { BrokerCoordination } from '../coordinator/index.ts';
import type { Context } from '../kernel/api.ts';
import { CreateTopics, type CreateTopicsResponse } from '../protocol/apis/19-create-topics.ts';
import { ErrorCode, errorName } from '../protocol/errors.ts';
import type { Release } from '../protocol/schema.ts';
import { brokerEvents } from './events.ts';
import { newTopic } from './internal-topics.ts';

/**
 * Topics that this broker asks for by itself (Kafka's `AutoTopicCreationManager`): one request in flight per topic, whatever
 * the number of clients that miss it.
 */
export class TopicCreation {
  private readonly context: Context;
  private readonly coordination: BrokerCoordination;
  private readonly config: Config;
  private readonly release: Release;
  private readonly inFlight = new Set<string>();

  constructor(context: Context, coordination: BrokerCoordination, config: Config, release: Release) {
    this.context = context;
    this.coordination = coordination;
    this.config = config;
    this.release = release;
  }

  /** Asks for a topic; returns what to tell the client that missed it. */
  request(name: string, reason: string): number {
    if (this.inFlight.has(name)) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    const topic = newTopic(name, this.config);
    const { partitions, replicationFactor } = topic;
    if (this.coordination.mode === 'zookeeper' && this.coordination.image.brokers.size < replicationFactor) {
      return ErrorCode.INVALID_REPLICATION_FACTOR;
    }
    this.inFlight.add(name);
    this.context.emit(brokerEvents['topic-creation-requested'], [name, partitions, replicationFactor, reason]);
    const timeoutMs = this.config.number('request.timeout.ms');
    const body = CreateTopics.request.make({
      topics: [{ name, numPartitions: partitions, replicationFactor, assignments: [], configs: topic.configs }],
      timeoutMs,
      validateOnly: false,
    });
    const version = CreateTopics.offered[this.release]!.max;
    this.coordination.forward(CreateTopics, version, body, timeoutMs, (response, error) => {
      this.inFlight.delete(name);
      const result = (response as CreateTopicsResponse | null)?.topics[0]?.errorCode ?? error;
      if (result === ErrorCode.NONE || result === ErrorCode.TOPIC_ALREADY_EXISTS) return;
      this.context.emit(brokerEvents['topic-creation-refused'], [name, errorName(result)]);
    });
    return this.coordination.mode === 'zookeeper'
      ? ErrorCode.LEADER_NOT_AVAILABLE
      : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  }
}
