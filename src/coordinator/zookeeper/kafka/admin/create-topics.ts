/**
 * CreateTopics (19). The topic's settings are written first, then its assignment: from there the controller goes on. An answer waits
 * until this broker knows a leader for each partition; a time-out does not undo anything.
 */
import {
  type CreatableTopic,
  CreateTopics,
  type CreateTopicsRequest,
  type CreateTopicsResponse,
} from '../../../../protocol/apis/19-create-topics.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import { uuidFromBytes } from '../../../../protocol/uuid.ts';
import { placeReplicas } from '../../../placement.ts';
import { areTooMany, repeatedNames, TOO_MANY_PARTITIONS } from '../../../request-limits.ts';
import { collidingTopic, invalidTopicName } from '../../../topic-names.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import { all, type Task } from '../task.ts';
import { type Assignment, configPath, encodeConfig, encodeTopic, TOPICS_PATH, topicPath } from '../znodes.ts';
import { type Admin, hasLeaders, type Refusal, refuse } from './admin.ts';

type Result = NonNullable<NonNullable<Parameters<typeof CreateTopics.response.make>[0]>['topics']>[number];

export function* createTopics(admin: Admin, request: CreateTopicsRequest): Task<CreateTopicsResponse> {
  const existing = yield* admin.zk.getChildren(TOPICS_PATH);
  if (areTooMany(request.topics.map(({ numPartitions }) => numPartitions))) {
    const refused = request.topics.map(({ name }) => ({ name, ...TOO_MANY_PARTITIONS, configs: null }));
    return CreateTopics.response.make({ topics: refused });
  }
  const byName = new Map(request.topics.map((topic) => [topic.name, topic]));
  const repeated = repeatedNames(request.topics);
  const results = yield* all(
    [...byName].map(function* ([name, topic]): Task<Result> {
      const plan = repeated.has(name)
        ? refuse(ErrorCode.INVALID_REQUEST, `topic ${name} is named twice`)
        : planTopic(admin, topic, existing.children);
      if ('errorCode' in plan) return { name, ...plan, configs: null };
      if (request.validateOnly) return described(admin, topic, plan);
      const refusal = yield* writeTopic(admin, topic, plan);
      if (refusal !== null) return { name, ...refusal, configs: null };
      const ready = yield* admin.waits.until(
        () => hasLeaders(admin.image(), name, plan.lists.length),
        request.timeoutMs,
      );
      return ready ? described(admin, topic, plan) : { name, errorCode: ErrorCode.REQUEST_TIMED_OUT, configs: null };
    }),
  );
  return CreateTopics.response.make({ topics: results });
}

interface Plan {
  readonly topicId: string;
  readonly lists: readonly (readonly number[])[];
}

function described({ settings, image }: Admin, topic: CreatableTopic, { topicId, lists }: Plan): Result {
  const replicationFactor = lists[0]!.length;
  const own = Object.fromEntries(topic.configs.map(({ name, value }) => [name, value]));
  const configs = settings.effectiveTopicSettings(own, image().config('broker', ''));
  const { name } = topic;
  return { name, topicId, numPartitions: lists.length, replicationFactor, errorMessage: null, configs };
}

function planTopic(admin: Admin, topic: CreatableTopic, existing: readonly string[]): Plan | Refusal {
  const { name } = topic;
  const wrongName = invalidTopicName(name);
  if (wrongName !== null) return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, wrongName);
  if (existing.includes(name)) return refuse(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
  const colliding = collidingTopic(existing, name);
  if (colliding !== undefined) {
    return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, `Topic '${name}' collides with existing topics: ${colliding}`);
  }
  for (const config of topic.configs) {
    const reason =
      config.value === null ? `${config.name} is null` : admin.settings.checkTopicConfig(config.name, config.value);
    if (reason !== null) return refuse(ErrorCode.INVALID_CONFIG, reason);
  }
  const lists = topic.assignments.length > 0 ? manual(topic) : automatic(admin, topic);
  if ('errorCode' in lists) return lists;
  return { topicId: uuidFromBytes(admin.context.chance('topic-id').bytes(16)), lists };
}

function automatic({ settings, image }: Admin, topic: CreatableTopic): (readonly number[])[] | Refusal {
  const count = topic.numPartitions === -1 ? settings.defaultPartitions : topic.numPartitions;
  const replicationFactor =
    topic.replicationFactor === -1 ? settings.defaultReplicationFactor : topic.replicationFactor;
  if (count <= 0) return refuse(ErrorCode.INVALID_PARTITIONS, 'Number of partitions must be larger than 0.');
  if (replicationFactor <= 0) {
    return refuse(ErrorCode.INVALID_REPLICATION_FACTOR, 'Replication factor must be larger than 0.');
  }
  const placed = placeReplicas(image().brokers.values(), { count, firstPartition: 0, replicationFactor });
  if (placed !== null) return placed;
  const live = image().brokers.size;
  const reason = `Replication factor: ${replicationFactor} larger than available brokers: ${live}.`;
  return refuse(ErrorCode.INVALID_REPLICATION_FACTOR, reason);
}

/** Whether the brokers exist is not asked here: a partition without a live replica gets no leader, and the answer times out. */
function manual(topic: CreatableTopic): (readonly number[])[] | Refusal {
  if (topic.numPartitions !== -1 || topic.replicationFactor !== -1) {
    return refuse(ErrorCode.INVALID_REQUEST, 'a manual assignment goes with partitions and replication factor of -1');
  }
  const lists: (readonly number[])[] = [];
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (lists[partitionIndex] !== undefined) return wrong(`partition ${partitionIndex} is named twice`);
    if (brokerIds.length === 0 || brokerIds.length !== topic.assignments[0]!.brokerIds.length) {
      return wrong('replica lists are empty or differ in length');
    }
    if (new Set(brokerIds).size !== brokerIds.length) return wrong(`[${brokerIds.join(', ')}] names a broker twice`);
    lists[partitionIndex] = brokerIds;
  }
  if (lists.length !== topic.assignments.length) return wrong('partitions must be numbered from 0 without gaps');
  return lists;
}

export const wrong = (reason: string): Refusal => refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, reason);

function* writeTopic({ zk }: Admin, { name, configs }: CreatableTopic, { topicId, lists }: Plan): Task<Refusal | null> {
  const settings = new Map(configs.map((config) => [config.name, config.value ?? '']));
  const data = encodeConfig(settings);
  const made = yield* zk.create(configPath('topic', name), data);
  if (made.err === ZkCode.NODE_EXISTS) yield* zk.setData(configPath('topic', name), data, -1);
  const partitions = new Map<number, Assignment>(
    lists.map((replicas, partition) => [partition, { replicas, adding: [], removing: [] }]),
  );
  const { err } = yield* zk.create(topicPath(name), encodeTopic({ topicId, partitions }));
  return err === ZkCode.NODE_EXISTS ? refuse(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`) : null;
}
