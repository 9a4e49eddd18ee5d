/** Phases of replicas, and what each change does (ZkReplicaStateMachine). Requests are put into the batch, not sent. */
import { ErrorCode } from '../../../../protocol/errors.ts';
import { all, type Task } from '../task.ts';
import { withoutReplica } from './election.ts';
import type { ControllerParts } from './parts.ts';
import type { ControlledPartition, Replica, ReplicaPhase } from './state.ts';
import { readState, writeState } from './state-writes.ts';

export function phaseOf({ partition, brokerId }: Replica): ReplicaPhase | undefined {
  return partition.replicaPhases.get(brokerId);
}

export function mark(replicas: readonly Replica[], phase: ReplicaPhase): void {
  for (const { partition, brokerId } of replicas) partition.replicaPhases.set(brokerId, phase);
}

/** Replicas of a partition that begins, or that are being added to it. */
export function makeNew({ batch }: ControllerParts, replicas: readonly Replica[]): void {
  for (const { partition, brokerId } of replicas) {
    const { leadership } = partition;
    if (leadership !== null && leadership.leader === brokerId) continue;
    if (leadership !== null) batch.addLeaderAndIsr([brokerId], partition, 'new');
    partition.replicaPhases.set(brokerId, 'new');
  }
}

/** Tells replicas what they are; those that are new know already. */
export function makeOnline({ batch }: ControllerParts, replicas: readonly Replica[]): void {
  for (const replica of replicas) {
    const { partition, brokerId } = replica;
    const phase = phaseOf(replica);
    if (phase === 'new') {
      if (!partition.replicas.includes(brokerId)) partition.replicas = [...partition.replicas, brokerId];
    } else if (partition.leadership !== null) {
      batch.addLeaderAndIsr([brokerId], partition, 'known');
    }
    partition.replicaPhases.set(brokerId, 'online');
  }
}

/** Replicas stop, and leave the ISR. */
export function* makeOffline(parts: ControllerParts, replicas: readonly Replica[]): Task<void> {
  const { batch, state } = parts;
  for (const { partition, brokerId } of replicas) batch.addStopReplica(brokerId, partition, 'keep');
  const stated = replicas.filter(({ partition }) => partition.leadership !== null);
  yield* all(stated.map((replica) => removeFromIsr(parts, replica)));
  for (const { partition, brokerId } of stated) {
    if (!state.isDeleting(partition.topic)) {
      const others = partition.replicas.filter((id) => id !== brokerId);
      batch.addLeaderAndIsr(others, partition, 'known');
    }
  }
  const stateless = replicas.filter(({ partition }) => partition.leadership === null);
  if (stateless.length > 0) {
    const partitions = stateless.map(({ partition }) => partition);
    batch.addUpdateMetadata(state.brokers.keys(), partitions);
  }
  mark(replicas, 'offline');
}

/** Until nobody came in between. */
function* removeFromIsr(parts: ControllerParts, { partition, brokerId }: Replica): Task<void> {
  for (;;) {
    const current = yield* readState(parts, partition);
    if (current === null || current.controllerEpoch > parts.state.epoch) return;
    const changed = withoutReplica(current, brokerId, parts.state.epoch);
    if (changed === null) return;
    const error = yield* writeState(parts, partition, changed, current.partitionEpoch);
    if (error !== ErrorCode.INVALID_UPDATE_VERSION) return;
  }
}

/** Brokers delete these logs; they answer when it is done. */
export function startDeletion({ batch }: ControllerParts, replicas: readonly Replica[]): void {
  for (const { partition, brokerId } of replicas) batch.addStopReplica(brokerId, partition, 'delete');
  mark(replicas, 'deletion-started');
}

/** Replicas that are gone for good. */
export function forget(replicas: readonly Replica[]): void {
  for (const { partition, brokerId } of replicas) {
    partition.replicas = partition.replicas.filter((id) => id !== brokerId);
    partition.replicaPhases.delete(brokerId);
  }
}

export function replicasOf(partitions: Iterable<ControlledPartition>): Replica[] {
  const replicas: Replica[] = [];
  for (const partition of partitions) {
    for (const brokerId of partition.replicas) replicas.push({ partition, brokerId });
  }
  return replicas;
}
