/**
 * DescribeTopicPartitions, version 0 (KIP-966; KRaft alone). Topics in order of their names, page by page, with the replicas that may
 * lead although they are not in sync. Kafka's `DescribeTopicPartitionsRequestHandler`.
 */
import type { PartitionState, TopicInfo } from '../../coordinator/index.ts';
import {
  DescribeTopicPartitions,
  type DescribeTopicPartitionsResponse,
} from '../../protocol/apis/75-describe-topic-partitions.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { isTopicName } from '../internal-topics.ts';
import { type BrokerServices, handler } from '../services.ts';

const NOT_ASKED = -2147483648;

type Topic = DescribeTopicPartitionsResponse['topics'][number];
type Partition = Topic['partitions'][number];

export const describeTopicPartitions = handler(DescribeTopicPartitions, (services, request) => {
  const { body } = request;
  const { image } = services.coordination;
  const { cursor } = body;
  const names = body.topics.length > 0 ? body.topics.map(({ name }) => name) : [...image.topics.keys()];
  const ordered = [...new Set(names)].sort().filter((name) => cursor === null || name >= cursor.topicName);
  let room = Math.min(
    services.config.number('max.request.partition.size.limit'),
    Math.max(1, body.responsePartitionLimit),
  );
  const topics: Topic[] = [];
  let nextCursor: { topicName: string; partitionIndex: number } | null = null;
  for (const name of ordered) {
    const topic = image.topics.get(name);
    if (topic === undefined) {
      topics.push(missing(name));
      continue;
    }
    const from = cursor !== null && cursor.topicName === name ? cursor.partitionIndex : 0;
    if (room > 0) topics.push(describe(services, topic, topic.partitions.slice(from, from + room)));
    if (topic.partitions.length - from > room) {
      nextCursor = { topicName: name, partitionIndex: from + room };
      break;
    }
    room -= topic.partitions.length - from;
  }
  request.respond({ throttleTimeMs: 0, topics, nextCursor });
});

function missing(name: string): Topic {
  const errorCode = isTopicName(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
  return {
    errorCode,
    name,
    topicId: ZERO_UUID,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: NOT_ASKED,
  };
}

function describe(services: BrokerServices, topic: TopicInfo, states: readonly PartitionState[]): Topic {
  return {
    errorCode: ErrorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: states.map((state) => describePartition(services, state)),
    topicAuthorizedOperations: NOT_ASKED,
  };
}

function describePartition({ coordination }: BrokerServices, state: PartitionState): Partition {
  const { brokers } = coordination.image;
  const leader = brokers.get(state.leader);
  const available = leader !== undefined && !leader.fenced;
  return {
    errorCode: available
      ? ErrorCode.NONE
      : leader === undefined
        ? ErrorCode.LEADER_NOT_AVAILABLE
        : ErrorCode.LISTENER_NOT_FOUND,
    partitionIndex: state.partition,
    leaderId: available ? state.leader : -1,
    leaderEpoch: state.leaderEpoch,
    replicaNodes: state.replicas,
    isrNodes: state.isr,
    eligibleLeaderReplicas: state.elr,
    lastKnownElr: state.lastKnownElr,
    offlineReplicas: state.replicas.filter((id) => brokers.get(id)?.fenced !== false),
  };
}
