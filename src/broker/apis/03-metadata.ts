/**
 * Metadata, versions as the release offers them (3.9: 0–12, 4.2: 0–13).
 *
 * What this broker believes of the cluster, which may be old: a broker that is cut off answers old metadata for ever. A topic
 * that is missed may be created (`auto.create.topics.enable`). Differences between the modes: replication.md §8; Kafka's
 * `KafkaApis.handleTopicMetadataRequest`, `KRaftMetadataCache` and `ZkMetadataCache`.
 *
 * Not simulated: REBOOTSTRAP_REQUIRED, which no broker of these releases answers.
 */
import type { BrokerInfo, PartitionState, TopicInfo } from '../../coordinator/index.ts';
import {
  Metadata,
  type MetadataRequestTopic,
  type MetadataResponseBroker,
  type MetadataResponsePartition,
  type MetadataResponseTopic,
} from '../../protocol/apis/03-metadata.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { Peer } from '../../rpc/api.ts';
import { isInternalTopic, isTopicName } from '../internal-topics.ts';
import { endpointFor } from '../listeners.ts';
import { type BrokerServices, handler } from '../services.ts';

const NOT_ASKED = -2147483648;
/** Every operation that a topic, or a cluster, knows, as bits: nobody is refused anything. */
const ALL_TOPIC_OPERATIONS = 3576;
const ALL_CLUSTER_OPERATIONS = 8096;
const FIRST_VERSION_WITH_LISTENER_ERROR = 6;
const FIRST_VERSION_BY_ID = 12;

export const metadata = handler(Metadata, (services, request) => {
  const { body, version } = request;
  const { image } = services.coordination;
  const all = body.topics === null || (version === 0 && body.topics.length === 0);
  const operations = body.includeTopicAuthorizedOperations ? ALL_TOPIC_OPERATIONS : NOT_ASKED;
  const topics: MetadataResponseTopic[] = [];
  if (version < FIRST_VERSION_BY_ID && body.topics?.some(goesById)) topics.push(...body.topics.map(refused));
  else if (all) for (const topic of image.topics.values()) topics.push(describe(services, topic, version, operations));
  else
    for (const asked of body.topics ?? []) {
      const topic = asked.name === null ? image.topicById(asked.topicId) : image.topics.get(asked.name);
      if (topic === undefined)
        topics.push(missing(services, asked, mayCreate(services, version, body.allowAutoTopicCreation)));
      else topics.push(describe(services, topic, version, operations));
    }
  request.respond({
    throttleTimeMs: 0,
    brokers: liveBrokers(services).flatMap((broker) => addressed(broker, request.peer)),
    clusterId: services.clusterId,
    controllerId: image.controllerId,
    topics,
    clusterAuthorizedOperations: body.includeClusterAuthorizedOperations ? ALL_CLUSTER_OPERATIONS : NOT_ASKED,
    errorCode: ErrorCode.NONE,
  });
});

/** Versions 10 and 11 have room for an id, and may not use it. */
function goesById({ name, topicId }: MetadataRequestTopic): boolean {
  return name === null || topicId !== ZERO_UUID;
}

function refused({ name, topicId }: MetadataRequestTopic): MetadataResponseTopic {
  return {
    errorCode: ErrorCode.INVALID_REQUEST,
    name: name ?? '',
    topicId,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: NOT_ASKED,
  };
}

function mayCreate({ settings }: BrokerServices, version: number, asked: boolean): boolean {
  return settings.autoCreateTopics && (version < 4 || asked);
}

/** Brokers that clients may be sent to. */
export function liveBrokers({ coordination }: BrokerServices): BrokerInfo[] {
  return [...coordination.image.brokers.values()].filter((broker) => !broker.fenced);
}

function addressed(broker: BrokerInfo, peer: Peer): MetadataResponseBroker[] {
  const endpoint = endpointFor(broker, peer);
  if (endpoint === null) return [];
  return [{ nodeId: broker.id, host: endpoint.host, port: endpoint.port, rack: broker.rack }];
}

function missing(services: BrokerServices, asked: MetadataRequestTopic, create: boolean): MetadataResponseTopic {
  const { name, topicId } = asked;
  let errorCode: number = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  if (name === null) errorCode = ErrorCode.UNKNOWN_TOPIC_ID;
  else if (!isTopicName(name)) errorCode = ErrorCode.INVALID_TOPIC_EXCEPTION;
  else if (create) errorCode = services.topicCreation.request(name, 'a client asked for its metadata');
  return {
    errorCode,
    name,
    topicId: name === null ? topicId : ZERO_UUID,
    isInternal: name !== null && isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: NOT_ASKED,
  };
}

function describe(
  services: BrokerServices,
  topic: TopicInfo,
  version: number,
  operations: number,
): MetadataResponseTopic {
  return {
    errorCode: ErrorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: topic.partitions.map((state) => describePartition(services, state, version)),
    topicAuthorizedOperations: operations,
  };
}

function describePartition(
  services: BrokerServices,
  state: PartitionState,
  version: number,
): MetadataResponsePartition {
  const { brokers } = services.coordination.image;
  const leader = brokers.get(state.leader);
  const available = leader !== undefined && !leader.fenced;
  const offlineReplicas = state.replicas.filter((id) => brokers.get(id)?.fenced !== false);
  const described = {
    errorCode: available ? ErrorCode.NONE : leaderError(leader, version),
    partitionIndex: state.partition,
    leaderId: available ? state.leader : -1,
    leaderEpoch: state.leaderEpoch,
    replicaNodes: state.replicas,
    isrNodes: state.isr,
    offlineReplicas,
  };
  return version === 0 && offlineReplicas.length > 0 ? withoutOffline(described) : described;
}

/** Version 0 names live replicas only, and says that some are missing. */
function withoutOffline(described: MetadataResponsePartition): MetadataResponsePartition {
  const isLive = (id: number): boolean => !described.offlineReplicas.includes(id);
  return {
    ...described,
    errorCode: described.errorCode === ErrorCode.NONE ? ErrorCode.REPLICA_NOT_AVAILABLE : described.errorCode,
    replicaNodes: described.replicaNodes.filter(isLive),
    isrNodes: described.isrNodes.filter(isLive),
  };
}

/** A leader that is known, but fenced, has no listener that could be named. */
function leaderError(leader: BrokerInfo | undefined, version: number): number {
  if (leader === undefined || version < FIRST_VERSION_WITH_LISTENER_ERROR) return ErrorCode.LEADER_NOT_AVAILABLE;
  return ErrorCode.LISTENER_NOT_FOUND;
}
