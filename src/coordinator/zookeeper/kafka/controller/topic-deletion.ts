/** Deletion of topics (TopicDeletionManager): replicas first, on every broker; then the znodes. It waits for brokers that are down. */

import type { StopReplicaResponse } from '../../../../protocol/apis/05-stop-replica.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import { deleteOp } from '../../client/ops.ts';
import type { Task } from '../task.ts';
import { configPath, DELETE_TOPICS_PATH, deleteTopicPath, topicPath } from '../znodes.ts';
import { cannotDelete } from './failover.ts';
import { fencedWrite } from './fenced.ts';
import type { ControllerParts } from './parts.ts';
import { makeOffline, mark, phaseOf, replicasOf, startDeletion } from './replica-machine.ts';
import type { ControlledPartition, ControlledTopic, Replica } from './state.ts';

/** The list of topics to delete has changed. */
export function* processTopicDeletion(parts: ControllerParts): Task<void> {
  const { zk, state, settings } = parts;
  const { children } = yield* zk.getChildren(DELETE_TOPICS_PATH, true);
  const unknown = children.filter((topic) => !state.topics.has(topic));
  const known = children.filter((topic) => state.topics.has(topic));
  const refused = settings.deleteTopicEnable ? unknown : children;
  for (const topic of refused) yield* fencedWrite(zk, state.epochZkVersion, [deleteOp(deleteTopicPath(topic), -1)]);
  if (!settings.deleteTopicEnable) return;
  for (const topic of known) {
    if (state.deleting.has(topic)) continue;
    state.deleting.add(topic);
    if (cannotDelete(state, topic)) state.deletionIneligible.add(topic);
  }
  yield* resumeDeletions(parts);
}

/** Looks at every topic that is to be deleted, and takes the next step of each. */
export function* resumeDeletions(parts: ControllerParts): Task<void> {
  const { state } = parts;
  for (const name of [...state.deleting]) {
    const topic = state.topics.get(name);
    if (topic === undefined) {
      state.deleting.delete(name);
      continue;
    }
    const replicas = replicasOf(topic.partitions.values());
    const phases = replicas.map(phaseOf);
    if (phases.every((phase) => phase === 'deletion-successful')) {
      yield* completeDeletion(parts, topic);
      continue;
    }
    if (phases.includes('deletion-started')) continue;
    const ineligible = replicas.filter((replica) => phaseOf(replica) === 'deletion-ineligible');
    if (ineligible.length > 0) {
      yield* makeOffline(parts, ineligible);
      parts.batch.send();
    }
    if (!state.deletionIneligible.has(name)) yield* beginDeletion(parts, topic);
  }
}

function* beginDeletion(parts: ControllerParts, topic: ControlledTopic): Task<void> {
  const { state, batch } = parts;
  const partitions = [...topic.partitions.values()];
  if (!state.deletionStarted.has(topic.name)) {
    state.deletionStarted.add(topic.name);
    for (const partition of partitions) partition.phase = null;
  }
  batch.addUpdateMetadata(state.brokers.keys(), partitions);
  batch.send();
  const replicas = replicasOf(partitions).filter((replica) => phaseOf(replica) !== 'deletion-successful');
  const dead = replicas.filter(({ brokerId }) => !state.isOnline(brokerId));
  const live = replicas.filter(({ brokerId }) => state.isOnline(brokerId));
  mark(dead, 'deletion-ineligible');
  yield* makeOffline(parts, live);
  batch.send();
  startDeletion(parts, live);
  batch.send();
  if (dead.length > 0) state.deletionIneligible.add(topic.name);
}

/** A broker has answered; it deleted, or it could not. */
export function* processDeletionAnswer(
  parts: ControllerParts,
  brokerId: number,
  deleted: readonly ControlledPartition[],
  response: StopReplicaResponse,
): Task<void> {
  const failed = (partition: ControlledPartition): boolean =>
    response.errorCode !== ErrorCode.NONE ||
    response.partitionErrors.some(
      ({ topicName, partitionIndex, errorCode }) =>
        topicName === partition.topic && partitionIndex === partition.partition && errorCode !== ErrorCode.NONE,
    );
  const replicas = deleted
    .map((partition) => ({ partition, brokerId }))
    .filter((replica) => phaseOf(replica) === 'deletion-started');
  yield* failDeletion(
    parts,
    replicas.filter(({ partition }) => failed(partition)),
  );
  mark(
    replicas.filter(({ partition }) => !failed(partition)),
    'deletion-successful',
  );
  yield* resumeDeletions(parts);
}

/** Replicas that cannot be deleted now: their topics wait. */
export function* failDeletion(parts: ControllerParts, replicas: readonly Replica[]): Task<void> {
  if (replicas.length === 0) return;
  mark(replicas, 'deletion-ineligible');
  for (const { partition } of replicas) parts.state.deletionIneligible.add(partition.topic);
  yield* resumeDeletions(parts);
}

/** Brokers are back: what waited for them is tried again. */
export function* resumeDeletionsOn({ ...parts }: ControllerParts, replicas: readonly Replica[]): Task<void> {
  const { state } = parts;
  for (const { partition } of replicas) {
    const { topic } = partition;
    if (state.deleting.has(topic) && !cannotDelete(state, topic)) state.deletionIneligible.delete(topic);
  }
  yield* resumeDeletions(parts);
}

function* completeDeletion(parts: ControllerParts, topic: ControlledTopic): Task<void> {
  const { zk, state } = parts;
  const { name } = topic;
  yield* deleteTree(parts, topicPath(name));
  yield* fencedWrite(zk, state.epochZkVersion, [deleteOp(configPath('topic', name), -1)]);
  yield* fencedWrite(zk, state.epochZkVersion, [deleteOp(deleteTopicPath(name), -1)]);
  state.topics.delete(name);
  state.deleting.delete(name);
  state.deletionStarted.delete(name);
  state.deletionIneligible.delete(name);
}

function* deleteTree(parts: ControllerParts, path: string): Task<void> {
  const { zk, state } = parts;
  const { children } = yield* zk.getChildren(path);
  for (const child of children) yield* deleteTree(parts, `${path}/${child}`);
  yield* fencedWrite(zk, state.epochZkVersion, [deleteOp(path, -1)]);
}
