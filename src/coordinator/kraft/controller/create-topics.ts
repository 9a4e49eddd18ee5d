/** CreateTopics (19): each topic stands or falls alone; the records of those that stand are one atomic batch. */
import {
  type CreatableTopic,
  CreateTopics,
  type CreateTopicsRequest,
  type CreateTopicsResponse,
} from '../../../protocol/apis/19-create-topics.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { METADATA_TOPIC } from '../../../storage/metadata-log.ts';
import { placeReplicas } from '../../placement.ts';
import { areTooMany, MOST_NEW_PARTITIONS, repeatedNames, TOO_MANY_PARTITIONS } from '../../request-limits.ts';
import { collidingTopic, invalidTopicName } from '../../topic-names.ts';
import { CONFIG_TOPIC, type MetadataRecord, type PartitionRecord } from '../metadata/records.ts';
import { type ControllerState, type Decision, isActive } from './state.ts';

export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

interface Plan {
  readonly records: readonly MetadataRecord[];
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** `newTopicId` draws an id. */
export function decideCreateTopics(
  state: ControllerState,
  request: CreateTopicsRequest,
  newTopicId: () => string,
): Decision<CreateTopicsResponse> {
  const records: MetadataRecord[] = [];
  const answered = new Set<string>();
  const results: Parameters<typeof CreateTopics.response.make>[0] = { topics: [] };
  const topics: NonNullable<NonNullable<typeof results>['topics']>[number][] = [];
  if (areTooMany(request.topics.map(({ numPartitions }) => numPartitions))) return refuseAll(request);
  const repeated = repeatedNames(request.topics);
  let partitions = 0;
  for (const topic of request.topics) {
    const { name } = topic;
    if (answered.has(name)) continue;
    answered.add(name);
    const twice = repeated.has(name);
    const topicId = newTopicId();
    const plan = twice
      ? refuse(ErrorCode.INVALID_REQUEST, `topic ${name} is named twice`)
      : planTopic(state, topic, topicId);
    if ('errorCode' in plan) {
      topics.push({ name, ...plan, configs: null });
      continue;
    }
    partitions += plan.partitions;
    records.push(...plan.records);
    const { replicationFactor } = plan;
    const configs = settingsOf(state, topic);
    topics.push({ name, topicId, numPartitions: plan.partitions, replicationFactor, errorMessage: null, configs });
  }
  if (partitions > MOST_NEW_PARTITIONS) return refuseAll(request);
  const response = CreateTopics.response.make({ topics });
  return { records: request.validateOnly ? [] : records, reason: 'topic-created', response };
}

function refuseAll({ topics }: CreateTopicsRequest): Decision<CreateTopicsResponse> {
  const refused = topics.map(({ name }) => ({ name, ...TOO_MANY_PARTITIONS, configs: null }));
  return { records: [], reason: '', response: CreateTopics.response.make({ topics: refused }) };
}

/** Everything that the topic will be held to, as the answer tells it (KIP-525). */
function settingsOf({ config, metadata }: ControllerState, { configs }: CreatableTopic) {
  const own = Object.fromEntries(configs.map(({ name, value }) => [name, value]));
  return config.effectiveTopicSettings(own, metadata.configs.get('broker/') ?? NO_SETTINGS);
}

const NO_SETTINGS: ReadonlyMap<string, string> = new Map();

const refuse = (errorCode: number, errorMessage: string): Refusal => ({ errorCode, errorMessage });

function planTopic(state: ControllerState, topic: CreatableTopic, topicId: string): Plan | Refusal {
  const { name } = topic;
  if (name === METADATA_TOPIC) return refuse(ErrorCode.INVALID_REQUEST, `${name} is reserved`);
  const wrongName = invalidTopicName(name);
  if (wrongName !== null) return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, wrongName);
  if (state.metadata.topics.has(name)) return refuse(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
  const colliding = collidingTopic(state.metadata.topics.keys(), name);
  if (colliding !== undefined) {
    return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, `Topic '${name}' collides with existing topic: ${colliding}`);
  }
  for (const config of topic.configs) {
    const reason =
      config.value === null ? `${config.name} is null` : state.config.checkTopicConfig(config.name, config.value);
    if (reason !== null) return refuse(ErrorCode.INVALID_CONFIG, reason);
  }
  const assignment = topic.assignments.length > 0 ? manualAssignment(state, topic) : automaticAssignment(state, topic);
  if ('errorCode' in assignment) return assignment;
  const partitions: PartitionRecord[] = [];
  for (const [partitionId, replicas] of assignment.entries()) {
    const record = newPartition(state, topicId, partitionId, replicas);
    if (record === null) return refuse(ErrorCode.INVALID_REPLICATION_FACTOR, 'no broker of the assignment serves');
    partitions.push(record);
  }
  const configs = topic.configs.map((config): MetadataRecord => {
    const { name: setting, value } = config;
    return { kind: 'config', resourceType: CONFIG_TOPIC, resourceName: name, name: setting, value };
  });
  return {
    records: [{ kind: 'topic', name, topicId }, ...configs, ...partitions],
    partitions: partitions.length,
    replicationFactor: assignment[0]!.length,
  };
}

function automaticAssignment(state: ControllerState, topic: CreatableTopic): number[][] | Refusal {
  const { config } = state;
  const { numPartitions, replicationFactor: factor } = topic;
  if (factor === 0 || factor < -1) {
    return refuse(
      ErrorCode.INVALID_REPLICATION_FACTOR,
      'Replication factor must be larger than 0, or -1 to use the default value.',
    );
  }
  if (numPartitions === 0 || numPartitions < -1) {
    return refuse(ErrorCode.INVALID_PARTITIONS, 'Number of partitions was set to an invalid non-positive value.');
  }
  const count = numPartitions === -1 ? config.defaultPartitions : numPartitions;
  const replicationFactor = factor === -1 ? config.defaultReplicationFactor : factor;
  const placed = placeReplicas(state.metadata.brokers.values(), { count, firstPartition: 0, replicationFactor });
  if (placed !== null) return placed;
  const known = [...state.metadata.brokers.values()].filter((broker) => !broker.inControlledShutdown).length;
  return refuse(ErrorCode.INVALID_REPLICATION_FACTOR, cannotReplicate(replicationFactor, known));
}

/** In Kafka's words: people look for them. */
export function cannotReplicate(replicationFactor: number, known: number): string {
  const reason =
    known < replicationFactor
      ? `The target replication factor of ${replicationFactor} cannot be reached because only ${known} broker(s) are registered.`
      : 'All brokers are currently fenced.';
  return `Unable to replicate the partition ${replicationFactor} time(s): ${reason}`;
}

function manualAssignment(state: ControllerState, topic: CreatableTopic): (readonly number[])[] | Refusal {
  if (topic.numPartitions !== -1 || topic.replicationFactor !== -1) {
    return refuse(ErrorCode.INVALID_REQUEST, 'a manual assignment goes with partitions and replication factor of -1');
  }
  const lists: (readonly number[])[] = [];
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (lists[partitionIndex] !== undefined) return wrongAssignment(`partition ${partitionIndex} is named twice`);
    const reason = checkAssignment(state, brokerIds, topic.assignments[0]!.brokerIds.length);
    if (reason !== null) return wrongAssignment(reason);
    lists[partitionIndex] = brokerIds;
  }
  if (lists.length !== topic.assignments.length)
    return wrongAssignment('partitions must be numbered from 0 without gaps');
  return lists;
}

export const wrongAssignment = (reason: string): Refusal => refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, reason);

/** Why a replica list will not do, or null. */
export function checkAssignment(
  state: ControllerState,
  replicas: readonly number[],
  replicationFactor: number,
): string | null {
  if (replicas.length === 0) return 'a replica list is empty';
  if (replicas.length !== replicationFactor) return 'replica lists differ in length';
  if (new Set(replicas).size !== replicas.length) return `[${replicas.join(', ')}] names a broker twice`;
  const unknown = replicas.find((id) => !state.metadata.brokers.has(id));
  if (unknown !== undefined) return `broker ${unknown} is not registered`;
  return replicas.some((id) => isActive(state, id)) ? null : `no broker of [${replicas.join(', ')}] serves`;
}

/** Null if nobody could lead it. */
export function newPartition(
  state: ControllerState,
  topicId: string,
  partitionId: number,
  replicas: readonly number[],
): PartitionRecord | null {
  const isr = replicas.filter((id) => isActive(state, id));
  const [leader] = isr;
  if (leader === undefined) return null;
  return {
    kind: 'partition',
    partitionId,
    topicId,
    replicas,
    isr,
    removingReplicas: [],
    addingReplicas: [],
    leader,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  };
}
