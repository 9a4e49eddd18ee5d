/**
 * FindCoordinator, versions 0–6 (several keys at once from 4).
 *
 * The coordinator of a group is the leader of one partition of `__consumer_offsets`. The first who asks makes the broker
 * create the topic, whatever `auto.create.topics.enable` says; until it has leaders the answer is COORDINATOR_NOT_AVAILABLE.
 * Kafka's `KafkaApis.getCoordinator`.
 *
 * Not simulated: kinds of coordinators that this broker does not have answer UNSUPPORTED_VERSION.
 */
import { FindCoordinator, type FindCoordinatorResponse } from '../../protocol/apis/10-find-coordinator.ts';
import { ErrorCode, errorMeaning } from '../../protocol/errors.ts';
import type { Peer } from '../../rpc/api.ts';
import { CONSUMER_OFFSETS, SHARE_GROUP_STATE, TRANSACTION_STATE } from '../internal-topics.ts';
import { javaAbs, javaHash } from '../java-hash.ts';
import { endpointFor } from '../listeners.ts';
import { type BrokerServices, handler } from '../services.ts';

const TOPIC_OF_KIND = [CONSUMER_OFFSETS, TRANSACTION_STATE, SHARE_GROUP_STATE];
const FIRST_VERSION_WITH_MANY = 4;

type Coordinator = FindCoordinatorResponse['coordinators'][number];

export const findCoordinator = handler(FindCoordinator, (services, request) => {
  const { body, version } = request;
  const keys = version >= FIRST_VERSION_WITH_MANY ? body.coordinatorKeys : [body.key];
  const coordinators = keys.map((key) => find(services, request.peer, body.keyType, key));
  if (version >= FIRST_VERSION_WITH_MANY) {
    request.respond(FindCoordinator.response.make({ coordinators }));
    return;
  }
  const { errorCode, errorMessage, nodeId, host, port } = coordinators[0]!;
  request.respond(FindCoordinator.response.make({ errorCode, errorMessage, nodeId, host, port }));
});

function find(services: BrokerServices, peer: Peer, kind: number, key: string): Coordinator {
  const { coordination, coordinatedTopics, topicCreation } = services;
  const topic = TOPIC_OF_KIND[kind];
  if (topic === undefined) return failure(key, ErrorCode.INVALID_REQUEST);
  if (!coordinatedTopics.has(topic)) return failure(key, ErrorCode.UNSUPPORTED_VERSION);
  const { image } = coordination;
  const partitions = image.topics.get(topic)?.partitions;
  if (partitions === undefined || partitions.length === 0) {
    topicCreation.request(topic, 'a client looks for its coordinator');
    return failure(key, ErrorCode.COORDINATOR_NOT_AVAILABLE);
  }
  const state = partitions[javaAbs(javaHash(key)) % partitions.length]!;
  const leader = image.brokers.get(state.leader);
  const endpoint = leader === undefined || leader.fenced ? null : endpointFor(leader, peer);
  if (endpoint === null) return failure(key, ErrorCode.COORDINATOR_NOT_AVAILABLE);
  return {
    key,
    nodeId: state.leader,
    host: endpoint.host,
    port: endpoint.port,
    errorCode: ErrorCode.NONE,
    errorMessage: 'NONE',
  };
}

function failure(key: string, errorCode: number): Coordinator {
  return { key, nodeId: -1, host: '', port: -1, errorCode, errorMessage: errorMeaning(errorCode) };
}
