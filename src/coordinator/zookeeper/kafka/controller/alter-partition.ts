/** ISR changes that leaders ask for (KafkaController.processAlterPartition). First what may be is decided, then it is written. */
import {
  AlterPartition,
  type AlterPartitionRequest,
  type AlterPartitionRequestPartitionData,
  type AlterPartitionResponse,
} from '../../../../protocol/apis/56-alter-partition.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import { all, type Task } from '../task.ts';
import type { Leadership } from '../znodes.ts';
import type { ControllerParts } from './parts.ts';
import { completeReassignments } from './reassignment.ts';
import type { ControlledPartition, ControllerState, KnownLeadership } from './state.ts';
import { readState, writeState } from './state-writes.ts';

export type IsrDecision =
  /** To be written over the version that the leader knows. */
  | { readonly kind: 'write'; readonly leadership: Leadership; readonly expectedVersion: number }
  /** It stands like that already. */
  | { readonly kind: 'stands'; readonly leadership: KnownLeadership }
  | { readonly kind: 'refuse'; readonly error: number };

/** Why a whole request is refused, or NONE. */
export function senderError(
  state: ControllerState,
  { brokerId, brokerEpoch }: { readonly brokerId: number; readonly brokerEpoch: number },
): number {
  return state.brokers.get(brokerId)?.epoch === brokerEpoch ? ErrorCode.NONE : ErrorCode.STALE_BROKER_EPOCH;
}

/** In the order of the real checks (replication.md §3.4). */
export function decideIsr(
  state: Pick<ControllerState, 'epoch' | 'isOnline'>,
  partition: Pick<ControlledPartition, 'leadership'> | undefined,
  wish: AlterPartitionRequestPartitionData,
): IsrDecision {
  const refuse = (error: number): IsrDecision => ({ kind: 'refuse', error });
  const leadership = partition?.leadership;
  if (leadership === undefined || leadership === null) return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  const { leaderEpoch, partitionEpoch } = wish;
  const isr = wish.newIsrWithEpochs.map(({ brokerId }) => brokerId);
  const recovering = wish.leaderRecoveryState === 1;
  if (leaderEpoch > leadership.leaderEpoch || partitionEpoch > leadership.partitionEpoch) {
    return refuse(ErrorCode.NOT_CONTROLLER);
  }
  if (leaderEpoch < leadership.leaderEpoch) return refuse(ErrorCode.FENCED_LEADER_EPOCH);
  if (recovering === leadership.recovering && sameMembers(isr, leadership.isr)) return { kind: 'stands', leadership };
  if (partitionEpoch < leadership.partitionEpoch) return refuse(ErrorCode.INVALID_UPDATE_VERSION);
  if (recovering && isr.length > 1) return refuse(ErrorCode.INVALID_REQUEST);
  if (recovering && !leadership.recovering) return refuse(ErrorCode.INVALID_REQUEST);
  if (!isr.every((id) => state.isOnline(id))) return refuse(ErrorCode.INELIGIBLE_REPLICA);
  const { leader } = leadership;
  return {
    kind: 'write',
    leadership: { controllerEpoch: state.epoch, leader, leaderEpoch, isr, recovering },
    expectedVersion: partitionEpoch,
  };
}

function sameMembers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

/** Carries a request out. Everybody hears of the partitions, also when nothing came of it. */
export function* alterPartitions(
  parts: ControllerParts,
  request: AlterPartitionRequest,
): Task<{ readonly response: AlterPartitionResponse; readonly finish: () => Task<void> }> {
  const { state, batch } = parts;
  const touched: ControlledPartition[] = [];
  const topics = yield* all(
    request.topics.map(function* ({ topicId, partitions }) {
      const topic = state.topicById(topicId);
      const answers = yield* all(
        partitions.map(function* (wish) {
          const partition = topic?.partitions.get(wish.partitionIndex);
          if (partition !== undefined) touched.push(partition);
          if (topic === undefined) return failure(wish, ErrorCode.UNKNOWN_TOPIC_ID);
          return yield* alterOne(parts, partition, wish);
        }),
      );
      return { topicId, topicName: topic?.name ?? '', partitions: answers };
    }),
  );
  batch.addUpdateMetadata(state.brokers.keys(), touched);
  batch.send();
  return {
    response: AlterPartition.response.make({ topics }),
    finish: () => completeReassignments(parts, touched),
  };
}

function* alterOne(
  parts: ControllerParts,
  partition: ControlledPartition | undefined,
  wish: AlterPartitionRequestPartitionData,
) {
  const decision = decideIsr(parts.state, partition, wish);
  switch (decision.kind) {
    case 'refuse':
      return failure(wish, decision.error);
    case 'stands':
      return success(wish, decision.leadership);
    case 'write': {
      const error = yield* writeState(parts, partition!, decision.leadership, decision.expectedVersion);
      if (error === ErrorCode.NONE) return success(wish, partition!.leadership!);
      // Its own write may have been done by a connection that broke: then it stands as it was wished.
      const found = yield* readState(parts, partition!);
      const stands = found !== null && decideIsr(parts.state, partition, wish).kind === 'stands';
      return stands ? success(wish, found) : failure(wish, error);
    }
  }
}

function failure({ partitionIndex }: AlterPartitionRequestPartitionData, errorCode: number) {
  return { partitionIndex, errorCode, leaderId: 0, leaderEpoch: 0, isr: [], leaderRecoveryState: 0, partitionEpoch: 0 };
}

function success({ partitionIndex }: AlterPartitionRequestPartitionData, leadership: KnownLeadership) {
  const { leader, leaderEpoch, isr, recovering, partitionEpoch } = leadership;
  return {
    partitionIndex,
    errorCode: ErrorCode.NONE,
    leaderId: leader,
    leaderEpoch,
    isr,
    leaderRecoveryState: recovering ? 1 : 0,
    partitionEpoch,
  };
}
