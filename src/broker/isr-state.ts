import { ErrorCode } from '../protocol/errors.ts';

/**
 * What a leader knows of its in-sync replicas, and every decision about them, as pure arithmetic (KIP-497; Kafka's
 * `Partition` and `PartitionState`).
 *
 * A change of the ISR is a wish until the controller has agreed. Meanwhile two lists count: `isr`, what is agreed, and
 * `maximal`, which has also the replica that is about to join. Like a guest who is on the way: the table waits for
 * the guest from the moment of the invitation, but a guest who said goodbye has a seat until the door is shut.
 */
export type IsrState =
  | {
      readonly kind: 'committed';
      readonly isr: readonly number[];
      readonly maximal: readonly number[];
      readonly recovering: boolean;
    }
  | PendingIsr;

/** Invariant: `wish` differs from `last.isr` by what joins (then `maximal` = `wish`) or by what leaves (then `maximal` = `isr`). */
export interface PendingIsr {
  readonly kind: 'pending-expand' | 'pending-shrink';
  readonly isr: readonly number[];
  readonly maximal: readonly number[];
  readonly wish: readonly number[];
  readonly recovering: boolean;
  readonly last: IsrState & { readonly kind: 'committed' };
}

export type CommittedIsr = IsrState & { readonly kind: 'committed' };

export function committedIsr(isr: readonly number[], recovering: boolean): CommittedIsr {
  return { kind: 'committed', isr, maximal: isr, recovering };
}

/** One replica joins. It counts for the high watermark at once. */
export function pendingExpand(last: CommittedIsr, joining: number): PendingIsr {
  const wish = [...last.isr, joining];
  return { kind: 'pending-expand', isr: last.isr, maximal: wish, wish, recovering: last.recovering, last };
}

/** Some replicas leave. They count until the controller has agreed. */
export function pendingShrink(last: CommittedIsr, leaving: readonly number[]): PendingIsr {
  const wish = last.isr.filter((member) => !leaving.includes(member));
  return { kind: 'pending-shrink', isr: last.isr, maximal: last.isr, wish, recovering: last.recovering, last };
}

/** How far a replica is, as its leader knows it. Times in milliseconds of the leader's wall clock. */
export interface ReplicaProgress {
  readonly brokerId: number;
  /** -1 until its first fetch. */
  readonly logEndOffset: number;
  readonly lastCaughtUpMs: number;
}

export interface LagLimits {
  readonly leaderEndOffset: number;
  readonly nowMs: number;
  /** `replica.lag.time.max.ms`. */
  readonly maxLagMs: number;
}

/** A replica with the leader's whole log is caught up however long ago it fetched; so an idle partition loses nobody. */
export function isCaughtUp(replica: ReplicaProgress, limits: LagLimits): boolean {
  return replica.logEndOffset === limits.leaderEndOffset || limits.nowMs - replica.lastCaughtUpMs <= limits.maxLagMs;
}

/** Members that have to leave. The leader is not among `remotes`, so it never is. */
export function laggards(isr: readonly number[], remotes: readonly ReplicaProgress[], limits: LagLimits): number[] {
  const out: number[] = [];
  for (const replica of remotes) {
    if (isr.includes(replica.brokerId) && !isCaughtUp(replica, limits)) out.push(replica.brokerId);
  }
  return out;
}

/** Whether a replica outside the ISR has what every later leader must have: all that is committed, and the start of this epoch. */
export function mayJoin(
  logEndOffset: number,
  bounds: { highWatermark: number; leaderEpochStartOffset: number },
): boolean {
  return logEndOffset >= bounds.highWatermark && logEndOffset >= bounds.leaderEpochStartOffset;
}

/** More acknowledgements than there are replicas cannot be asked for. */
export function effectiveMinIsr(minInsyncReplicas: number, replicaCount: number): number {
  return Math.min(minInsyncReplicas, replicaCount);
}

/** What a refusal of a proposal does to it. */
export type RefusalEffect = 'revert' | 'wait-for-metadata' | 'propose-again';

/** Kafka's `Partition.handleAlterPartitionError`. */
export function refusalEffect(error: number): RefusalEffect {
  switch (error) {
    case ErrorCode.OPERATION_NOT_ATTEMPTED:
    case ErrorCode.INELIGIBLE_REPLICA:
      return 'revert';
    case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case ErrorCode.INVALID_REQUEST:
    case ErrorCode.FENCED_LEADER_EPOCH:
    case ErrorCode.INVALID_UPDATE_VERSION:
    case ErrorCode.UNKNOWN_TOPIC_ID:
    case ErrorCode.NEW_LEADER_ELECTED:
      return 'wait-for-metadata';
    default:
      return 'propose-again';
  }
}
