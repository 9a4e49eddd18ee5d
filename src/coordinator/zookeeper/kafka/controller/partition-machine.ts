/** Phases of partitions, and what each change does (ZkPartitionStateMachine). Requests are put into the batch, not sent. */
import { ErrorCode } from '../../../../protocol/errors.ts';
import { all, type Task } from '../task.ts';
import { configPath, decodeConfig } from '../znodes.ts';
import { elect, firstLeadership, type Strategy } from './election.ts';
import type { ControllerParts } from './parts.ts';
import type { ControlledPartition } from './state.ts';
import { createStates, readState, writeState } from './state-writes.ts';

/** Error codes by partition; NONE for those that have the leader that was wanted. */
export type Outcomes = Map<ControlledPartition, number>;

export function markNew(partitions: readonly ControlledPartition[]): void {
  for (const partition of partitions) partition.phase = 'new';
}

export function markOffline(partitions: readonly ControlledPartition[]): void {
  for (const partition of partitions) partition.phase = 'offline';
}

export const OFFLINE_ELECTION: Strategy = { kind: 'offline', unclean: false };

/** Gives every partition that waits for a leader one, if there is one. */
export function* triggerOnline(parts: ControllerParts): Task<void> {
  const waiting = [...parts.state.partitions()].filter(
    ({ phase, topic }) => (phase === 'offline' || phase === 'new') && !parts.state.isDeleting(topic),
  );
  yield* bringOnline(parts, waiting, OFFLINE_ELECTION);
}

/** New partitions get their first state; for the others a leader is elected. */
export function* bringOnline(
  parts: ControllerParts,
  partitions: readonly ControlledPartition[],
  strategy: Strategy,
): Task<Outcomes> {
  const outcomes: Outcomes = new Map();
  yield* initialize(
    parts,
    partitions.filter(({ phase }) => phase === 'new'),
    outcomes,
  );
  const standing = partitions.filter(({ phase }) => phase === 'offline' || phase === 'online');
  yield* electAll(
    parts,
    standing.filter((partition) => !outcomes.has(partition)),
    strategy,
    outcomes,
  );
  return outcomes;
}

function* initialize(
  parts: ControllerParts,
  partitions: readonly ControlledPartition[],
  outcomes: Outcomes,
): Task<void> {
  const { state, batch } = parts;
  const states = new Map();
  for (const partition of partitions) {
    const first = firstLeadership(partition.replicas, state, state.epoch);
    outcomes.set(partition, first === null ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE);
    if (first !== null) states.set(partition, first);
  }
  for (const partition of yield* createStates(parts, states)) {
    partition.phase = 'online';
    batch.addLeaderAndIsr(partition.leadership!.isr, partition, 'new');
  }
}

/** Reads, decides and writes until nobody came in between. */
function* electAll(
  parts: ControllerParts,
  partitions: readonly ControlledPartition[],
  strategy: Strategy,
  outcomes: Outcomes,
): Task<void> {
  let left = partitions;
  while (left.length > 0) {
    const codes = yield* all(left.map((partition) => electOne(parts, partition, strategy)));
    left.forEach((partition, i) => void outcomes.set(partition, codes[i]!));
    left = left.filter((_, i) => codes[i] === ErrorCode.INVALID_UPDATE_VERSION);
  }
}

function* electOne(parts: ControllerParts, partition: ControlledPartition, strategy: Strategy): Task<number> {
  const { state, batch } = parts;
  const current = yield* readState(parts, partition);
  if (current === null) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  // Written by a later controller: this one is a zombie and does not know it yet.
  if (current.controllerEpoch > state.epoch) return ErrorCode.NOT_CONTROLLER;
  const unclean =
    strategy.kind === 'offline' && !strategy.unclean && !current.isr.some((id) => state.isOnline(id))
      ? yield* allowsUnclean(parts, partition.topic)
      : strategy.kind === 'offline' && strategy.unclean;
  const effective: Strategy = strategy.kind === 'offline' ? { kind: 'offline', unclean } : strategy;
  const elected = elect(partition, current, effective, { liveness: state, controllerEpoch: state.epoch });
  if (elected === null) return failureOf(strategy);
  const error = yield* writeState(parts, partition, elected.leadership, current.partitionEpoch);
  if (error !== ErrorCode.NONE) return error;
  partition.phase = 'online';
  batch.addLeaderAndIsr(elected.recipients, partition, 'known');
  return ErrorCode.NONE;
}

function* allowsUnclean({ zk, settings, brokerDefaults }: ControllerParts, topic: string): Task<boolean> {
  const { data } = yield* zk.getData(configPath('topic', topic));
  return settings.uncleanElection(decodeConfig(data), brokerDefaults());
}

function failureOf({ kind }: Strategy): number {
  switch (kind) {
    case 'preferred':
      return ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE;
    default:
      return ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE;
  }
}
