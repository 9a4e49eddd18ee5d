/**
 * Moves of partitions (KafkaController.onPartitionReassignment). A partition has its old and its new replicas for a while; when every
 * new one is in sync, the old ones go. The plan stands in the topic's znode, so that the next controller can go on with it.
 */
import { ErrorCode } from '../../../../protocol/errors.ts';
import { setDataOp } from '../../client/ops.ts';
import type { Task } from '../task.ts';
import { encodeTopic, topicPath } from '../znodes.ts';
import { fencedWrite } from './fenced.ts';
import { bringOnline } from './partition-machine.ts';
import type { ControllerParts } from './parts.ts';
import { forget, makeNew, makeOffline, makeOnline, mark, startDeletion } from './replica-machine.ts';
import { type ControlledPartition, isReassigning, originReplicas, targetReplicas } from './state.ts';
import { readState, writeState } from './state-writes.ts';
import { resumeDeletions } from './topic-deletion.ts';

/** Begins a move to these replicas, in place of one that is under way. */
export function* beginReassignment(
  parts: ControllerParts,
  partition: ControlledPartition,
  target: readonly number[],
): Task<void> {
  const origin = originReplicas(partition);
  const replicas = [...target, ...origin.filter((id) => !target.includes(id))];
  const unneeded = partition.replicas.filter((id) => !replicas.includes(id));
  partition.replicas = replicas;
  partition.adding = target.filter((id) => !origin.includes(id));
  partition.removing = origin.filter((id) => !target.includes(id));
  yield* writeAssignment(parts, partition.topic);
  yield* removeReplicas(parts, partition, unneeded);
  yield* goOn(parts, partition);
}

/** The next step of a move: the new replicas are told to begin, or, when they are all in sync, the old ones to end. */
function* goOn(parts: ControllerParts, partition: ControlledPartition): Task<void> {
  const { batch } = parts;
  if (isComplete(partition)) {
    yield* complete(parts, partition);
    return;
  }
  const { adding } = partition;
  if (yield* raiseLeaderEpoch(parts, partition)) {
    batch.addLeaderAndIsr(originReplicas(partition), partition, 'known');
    batch.addLeaderAndIsr(adding, partition, 'new');
  }
  makeNew(
    parts,
    adding.map((brokerId) => ({ partition, brokerId })),
  );
  batch.send();
}

function isComplete(partition: ControlledPartition): boolean {
  const { leadership } = partition;
  return leadership !== null && targetReplicas(partition).every((id) => leadership.isr.includes(id));
}

/** ISRs have changed: moves that waited for that end. */
export function* completeReassignments(parts: ControllerParts, partitions: readonly ControlledPartition[]): Task<void> {
  for (const partition of partitions) {
    if (isReassigning(partition) && isComplete(partition)) yield* complete(parts, partition);
  }
}

function* complete(parts: ControllerParts, partition: ControlledPartition): Task<void> {
  const { state, batch } = parts;
  const target = targetReplicas(partition);
  const { removing, adding } = partition;
  makeOnline(
    parts,
    adding.map((brokerId) => ({ partition, brokerId })),
  );
  partition.replicas = target;
  partition.adding = [];
  partition.removing = [];
  const leader = partition.leadership?.leader ?? -1;
  if (!target.includes(leader) || !state.isOnline(leader)) yield* bringOnline(parts, [partition], { kind: 'reassign' });
  else if (yield* raiseLeaderEpoch(parts, partition)) batch.addLeaderAndIsr(target, partition, 'known');
  batch.send();
  yield* removeReplicas(parts, partition, removing);
  yield* writeAssignment(parts, partition.topic);
  batch.addUpdateMetadata(state.brokers.keys(), [partition]);
  batch.send();
  yield* resumeDeletions(parts);
}

/** Stops and deletes replicas without waiting for their brokers' answers. */
function* removeReplicas(
  parts: ControllerParts,
  partition: ControlledPartition,
  brokerIds: readonly number[],
): Task<void> {
  if (brokerIds.length === 0) return;
  const replicas = brokerIds.map((brokerId) => ({ partition, brokerId }));
  yield* makeOffline(parts, replicas);
  startDeletion(parts, replicas);
  parts.batch.send();
  mark(replicas, 'deletion-successful');
  forget(replicas);
}

/** Makes every replica listen: what comes with this epoch is newer than anything. False if there is no state to raise. */
function* raiseLeaderEpoch(parts: ControllerParts, partition: ControlledPartition): Task<boolean> {
  for (;;) {
    const current = yield* readState(parts, partition);
    if (current === null || current.controllerEpoch > parts.state.epoch) return false;
    const raised = { ...current, leaderEpoch: current.leaderEpoch + 1, controllerEpoch: parts.state.epoch };
    const error = yield* writeState(parts, partition, raised, current.partitionEpoch);
    if (error !== ErrorCode.INVALID_UPDATE_VERSION) return error === ErrorCode.NONE;
  }
}

function* writeAssignment({ zk, state }: ControllerParts, name: string): Task<void> {
  const topic = state.topics.get(name);
  if (topic === undefined) return;
  const data = encodeTopic({ topicId: topic.id, partitions: topic.partitions });
  yield* fencedWrite(zk, state.epochZkVersion, [setDataOp(topicPath(name), data, -1)]);
}

/** A new controller goes on with what the old one had begun. */
export function* resumeReassignments(parts: ControllerParts): Task<void> {
  for (const partition of [...parts.state.partitions()]) if (isReassigning(partition)) yield* goOn(parts, partition);
}

/** Brokers that a move waited for are back. */
export function* resumeReassignmentsTo(parts: ControllerParts, brokerIds: readonly number[]): Task<void> {
  for (const partition of [...parts.state.partitions()]) {
    const waits = isReassigning(partition) && targetReplicas(partition).some((id) => brokerIds.includes(id));
    if (waits) yield* goOn(parts, partition);
  }
}
