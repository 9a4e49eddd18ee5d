import { isCaughtUp, type LagLimits, type ReplicaProgress } from './isr-state.ts';

/** What the leader's high watermark depends on. */
export interface WatermarkInput {
  /** The agreed ISR's size, the leader included. */
  readonly isrSize: number;
  readonly effectiveMinIsr: number;
  /** ISR with the replica that is joining. */
  readonly maximalIsr: readonly number[];
  readonly remotes: readonly ReplicaProgress[];
  /** Whether the authority would let a replica join now. Asked only of replicas that are caught up. */
  eligible(brokerId: number): boolean;
}

/**
 * Up to where the records are committed, by what the leader knows; the caller raises its high watermark if this is
 * more, and never lowers it (Kafka's `Partition.maybeIncrementLeaderHW`, with the freeze under min ISR of KAFKA-15583).
 *
 * The slowest member decides. A replica that is caught up and may join counts already: otherwise the watermark could
 * run away from it in each round, and it would never reach it.
 *
 * @returns undefined while the ISR is too small: then nothing is committed at all.
 */
export function highWatermarkCandidate(input: WatermarkInput, limits: LagLimits): number | undefined {
  if (input.isrSize < input.effectiveMinIsr) return undefined;
  let candidate = limits.leaderEndOffset;
  const { remotes, maximalIsr } = input;
  for (let i = 0; i < remotes.length; i++) {
    const replica = remotes[i]!;
    if (replica.logEndOffset >= candidate) continue;
    if (maximalIsr.includes(replica.brokerId) || (isCaughtUp(replica, limits) && input.eligible(replica.brokerId))) {
      candidate = replica.logEndOffset;
    }
  }
  return candidate;
}
