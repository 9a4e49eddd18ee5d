/** What a controller does first (KafkaController.onControllerFailover): it reads everything, and sees to what happened meanwhile. */
import { createOp } from '../../client/ops.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import { all, type Task } from '../task.ts';
import type { ZkAccess } from '../zk-access.ts';
import {
  BROKER_IDS_PATH,
  brokerPath,
  DELETE_TOPICS_PATH,
  decodeBroker,
  decodeTopic,
  encodeFeatures,
  FEATURE_PATH,
  ISR_CHANGES_PATH,
  LOG_DIR_EVENTS_PATH,
  PREFERRED_ELECTION_PATH,
  REASSIGN_PATH,
  TOPICS_PATH,
  topicPath,
} from '../znodes.ts';
import { fencedWrite } from './fenced.ts';
import { triggerOnline } from './partition-machine.ts';
import type { ControllerParts } from './parts.ts';
import { makeOffline, makeOnline, mark, replicasOf } from './replica-machine.ts';
import { type ControlledPartition, type ControllerState, isReassigning, type LiveBroker } from './state.ts';
import { readState } from './state-writes.ts';

/** Reads the state of the cluster, with a watch on everything that the controller must hear of. */
export function* readCluster(parts: ControllerParts): Task<void> {
  const { zk, state, senders } = parts;
  yield* fencedWrite(zk, state.epochZkVersion, [createOp(FEATURE_PATH, encodeFeatures(), 0)]);
  yield* zk.exists(PREFERRED_ELECTION_PATH, true);
  yield* zk.exists(REASSIGN_PATH, true);
  for (const path of [LOG_DIR_EVENTS_PATH, ISR_CHANGES_PATH]) {
    const { children } = yield* zk.getChildren(path, true);
    for (const child of children) yield* zk.delete(`${path}/${child}`);
  }
  state.brokers = yield* readBrokers(zk);
  const topics = yield* zk.getChildren(TOPICS_PATH, true);
  yield* all(topics.children.map((name) => readTopic(parts, name)));
  yield* all([...state.partitions()].map((partition) => readState(parts, partition)));
  for (const broker of state.brokers.values()) senders.add(broker);
  const deletions = yield* zk.getChildren(DELETE_TOPICS_PATH, true);
  for (const topic of deletions.children) state.deleting.add(topic);
  for (const topic of state.deleting) if (cannotDelete(state, topic)) state.deletionIneligible.add(topic);
}

/** All registered brokers, in ascending order, with watches on the list and on each. */
export function* readBrokers(zk: ZkAccess): Task<Map<number, LiveBroker>> {
  const { children } = yield* zk.getChildren(BROKER_IDS_PATH, true);
  const ids = children.map(Number).sort((a, b) => a - b);
  const replies = yield* all(ids.map((id) => zk.getData(brokerPath(id), true)));
  const brokers = new Map<number, LiveBroker>();
  ids.forEach((id, i) => {
    const { err, data, stat } = replies[i]!;
    const broker = err === ZkCode.OK ? decodeBroker(id, data) : undefined;
    if (broker !== undefined && stat !== null) brokers.set(id, { ...broker, epoch: stat.czxid });
  });
  return brokers;
}

/** Takes a topic's assignment into memory, and watches it. Returns the partitions that were not known before. */
export function* readTopic({ zk, state }: ControllerParts, name: string): Task<readonly ControlledPartition[]> {
  const { err, data } = yield* zk.getData(topicPath(name), true);
  const found = err === ZkCode.OK ? decodeTopic(data) : undefined;
  if (found === undefined) return [];
  let topic = state.topics.get(name);
  if (topic === undefined || topic.id !== found.topicId) {
    topic = { name, id: found.topicId, partitions: new Map() };
    state.topics.set(name, topic);
  }
  const added: ControlledPartition[] = [];
  for (const [partition, assignment] of found.partitions) {
    if (!topic.partitions.has(partition)) added.push(state.addPartition(topic, partition, assignment));
  }
  return added;
}

/** A replica that cannot be reached, or a move that is under way, puts a deletion off. */
export function cannotDelete(state: ControllerState, name: string): boolean {
  const topic = state.topics.get(name);
  if (topic === undefined) return false;
  return [...topic.partitions.values()].some(
    (partition) => isReassigning(partition) || partition.replicas.some((id) => !state.isOnline(id)),
  );
}

/** Tells everybody who lives, then starts the machines of replicas and partitions. */
export function* startMachines(parts: ControllerParts): Task<void> {
  const { state, batch } = parts;
  batch.addUpdateMetadata(state.brokers.keys(), []);
  batch.send();
  const replicas = replicasOf(state.partitions());
  const online = replicas.filter(({ brokerId }) => state.isOnline(brokerId));
  const offline = replicas.filter(({ brokerId }) => !state.isOnline(brokerId));
  mark(online, 'online');
  mark(offline, 'deletion-ineligible');
  makeOnline(parts, online);
  batch.send();
  yield* makeOffline(parts, offline);
  batch.send();
  for (const partition of state.partitions()) {
    const { leadership } = partition;
    if (leadership === null) partition.phase = 'new';
    else partition.phase = state.isOnline(leadership.leader) ? 'online' : 'offline';
  }
  yield* triggerOnline(parts);
  batch.send();
}
