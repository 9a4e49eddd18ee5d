/** What `kafka-topics --describe` prints (TopicCommand, TopicService.describeTopic). */
import { Metadata } from '../../protocol/apis/03-metadata.ts';
import { DescribeConfigs } from '../../protocol/apis/32-describe-configs.ts';
import { ListPartitionReassignments } from '../../protocol/apis/46-list-partition-reassignments.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { DescribeTopicPartitions } from '../../protocol/apis/75-describe-topic-partitions.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { refuse } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';
import { metadataRequest } from './topic-names.ts';

interface Partition {
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  /** Null: this release does not tell. */
  readonly eligibleLeaderReplicas: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
}

interface Topic {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly Partition[];
}

interface Move {
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}

const TOPIC = 2;
const DEFAULT_CONFIG = 5;

export function* describeTopics(call: ToolCall, names: readonly string[], filters: readonly string[]): Steps<void> {
  if (names.length === 0) return;
  const { admin, args, print, data } = call;
  const topics = yield* partitionsOf(call, names);
  const configs = yield* configsOf(call, names);
  const { brokers } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  const live = new Set(brokers.map(({ brokerId }) => brokerId));
  const moves = yield* movesOf(call, topics);
  for (const { name, topicId, partitions } of topics) {
    const settings = configs.get(name) ?? [];
    const own = settings.filter(({ configSource }) => configSource !== DEFAULT_CONFIG);
    const overridden = args.has('topics-with-overrides');
    const first = partitions[0]!;
    const shown: Partition[] = [];
    if (filters.length === 0 && (!overridden || own.length > 0))
      print(
        [
          `Topic: ${name}`,
          ...(topicId === ZERO_UUID ? [] : [`TopicId: ${topicId}`]),
          `PartitionCount: ${partitions.length}`,
          `ReplicationFactor: ${factorOf(first, moves.get(`${name}-0`))}`,
          `Configs: ${own.map((config) => `${config.name}=${config.value}`).join(',')}`,
        ].join('\t'),
      );
    if (overridden) {
      if (own.length > 0)
        data({ topic: name, configs: Object.fromEntries(own.map((config) => [config.name, config.value])) });
      continue;
    }
    const minIsr = Number(settings.find((config) => config.name === 'min.insync.replicas')?.value ?? 1);
    for (const partition of partitions) {
      const move = moves.get(`${name}-${partition.partitionIndex}`);
      const facts = { partition, move, minIsr, live };
      if (filters.length === 0 || filters.some((filter) => MEANT[filter]?.(facts) === true)) shown.push(partition);
    }
    print(...shown.map((partition) => `\t${partitionLine(name, partition, moves.get(keyOf(name, partition)))}`));
    if (filters.length === 0 || shown.length > 0)
      data({
        topic: name,
        topicId,
        configs: Object.fromEntries(own.map((config) => [config.name, config.value])),
        partitions: shown.map((partition) => partitionData(partition, moves.get(keyOf(name, partition)))),
      });
  }
}

const keyOf = (topic: string, { partitionIndex }: Partition): string => `${topic}-${partitionIndex}`;

function partitionData(partition: Partition, move: Move | undefined) {
  return {
    partition: partition.partitionIndex,
    leader: partition.leaderId < 0 ? null : partition.leaderId,
    replicas: partition.replicaNodes,
    isr: partition.isrNodes,
    ...(move === undefined ? {} : { addingReplicas: move.addingReplicas, removingReplicas: move.removingReplicas }),
    elr: partition.eligibleLeaderReplicas,
    lastKnownElr: partition.lastKnownElr,
  };
}

interface Facts {
  readonly partition: Partition;
  readonly move: Move | undefined;
  readonly minIsr: number;
  readonly live: ReadonlySet<number>;
}

const MEANT: Readonly<Record<string, (facts: Facts) => boolean>> = {
  'under-replicated-partitions': ({ partition, move }) => factorOf(partition, move) > partition.isrNodes.length,
  'unavailable-partitions': ({ partition, live }) => partition.leaderId < 0 || !live.has(partition.leaderId),
  'under-min-isr-partitions': ({ partition, minIsr }) => partition.leaderId < 0 || partition.isrNodes.length < minIsr,
  'at-min-isr-partitions': ({ partition, minIsr }) => partition.isrNodes.length === minIsr,
};

/** Replicas that a partition has when its move is over count, those on their way do not. */
function factorOf({ replicaNodes }: Partition, move: Move | undefined): number {
  if (move === undefined) return replicaNodes.length;
  const changing = new Set([...move.addingReplicas, ...move.removingReplicas]);
  if (!replicaNodes.some((id) => changing.has(id))) return replicaNodes.length;
  return move.replicas.length - move.addingReplicas.length;
}

function partitionLine(topic: string, partition: Partition, move: Move | undefined): string {
  const { partitionIndex, leaderId, replicaNodes, isrNodes, eligibleLeaderReplicas, lastKnownElr } = partition;
  return [
    `Topic: ${topic}`,
    `Partition: ${partitionIndex}`,
    `Leader: ${leaderId < 0 ? 'none' : leaderId}`,
    `Replicas: ${replicaNodes.join(',')}`,
    `Isr: ${isrNodes.join(',')}`,
    ...(move === undefined
      ? []
      : [`Adding Replicas: ${move.addingReplicas.join(',')}`, `Removing Replicas: ${move.removingReplicas.join(',')}`]),
    `Elr: ${eligibleLeaderReplicas?.join(',') ?? 'N/A'}`,
    `LastKnownElr: ${lastKnownElr?.join(',') ?? 'N/A'}`,
  ].join('\t');
}

/** KRaft brokers tell the eligible leader replicas, page by page; others have only the metadata. */
function* partitionsOf({ admin, cluster }: ToolCall, names: readonly string[]): Steps<readonly Topic[]> {
  if (cluster.mode === 'zookeeper') {
    const { topics } = yield* ask(admin, Metadata, metadataRequest(names), { kind: 'any' });
    return topics.map((topic) => {
      refuse(topic.errorCode);
      const none = { eligibleLeaderReplicas: null, lastKnownElr: null };
      const partitions = topic.partitions.map((partition) => ({ ...partition, ...none }));
      return { name: topic.name!, topicId: topic.topicId, partitions: sorted(partitions) };
    });
  }
  const found = new Map<string, { topicId: string; partitions: Partition[] }>();
  let cursor: { topicName: string; partitionIndex: number } | null = null;
  do {
    const rest: readonly string[] = cursor === null ? names : names.filter((name) => name >= cursor!.topicName);
    const body = DescribeTopicPartitions.request.make({ topics: rest.map((name) => ({ name })), cursor });
    const response = yield* ask(admin, DescribeTopicPartitions, body, { kind: 'any' });
    for (const { errorCode, name, topicId, partitions } of response.topics) {
      refuse(errorCode);
      const topic = found.get(name!) ?? { topicId, partitions: [] };
      found.set(name!, topic);
      topic.partitions.push(...partitions);
    }
    cursor = response.nextCursor;
  } while (cursor !== null);
  return [...found].map(([name, topic]) => ({ name, ...topic, partitions: sorted(topic.partitions) }));
}

function sorted(partitions: readonly Partition[]): readonly Partition[] {
  return [...partitions].sort((one, other) => one.partitionIndex - other.partitionIndex);
}

function* configsOf({ admin }: ToolCall, names: readonly string[]) {
  const body = DescribeConfigs.request.make({
    resources: names.map((resourceName) => ({ resourceType: TOPIC, resourceName, configurationKeys: null })),
  });
  const { results } = yield* ask(admin, DescribeConfigs, body, { kind: 'any' });
  return new Map(
    results.map(({ errorCode, errorMessage, resourceName, configs }) => {
      refuse(errorCode, errorMessage);
      return [resourceName, configs];
    }),
  );
}

function* movesOf({ admin }: ToolCall, topics: readonly Topic[]): Steps<ReadonlyMap<string, Move>> {
  const body = ListPartitionReassignments.request.make({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitionIndexes: partitions.map(({ partitionIndex }) => partitionIndex),
    })),
  });
  const response = yield* ask(admin, ListPartitionReassignments, body, { kind: 'controller' });
  refuse(response.errorCode, response.errorMessage);
  return new Map(
    response.topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => [`${name}-${partition.partitionIndex}`, partition] as const),
    ),
  );
}
