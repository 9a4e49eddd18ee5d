import type { EpochEnd } from '../storage/api.ts';

/** What decides where a follower cuts. */
export interface TruncationInput {
  /** The leader's answer: the largest epoch that both may know, and where it ends there. */
  readonly leader: { readonly epoch: number; readonly endOffset: number };
  /** The same question asked of the follower's own log. */
  readonly local: EpochEnd;
  readonly logEndOffset: number;
  /** Where to cut if the leader knows nothing. */
  readonly highWatermark: number;
}

/**
 * Where two logs still agree, as far as one answer tells (Kafka's `AbstractFetcherThread.getOffsetTruncationState`). If the
 * follower does not know the leader's epoch itself, it cuts to the end of the one before and asks again.
 */
export function truncationOffset({ leader, local, logEndOffset, highWatermark }: TruncationInput): number {
  if (leader.endOffset < 0) return Math.min(highWatermark, logEndOffset);
  if (leader.epoch < 0 || local.endOffset < 0) return Math.min(leader.endOffset, logEndOffset);
  if (local.leaderEpoch !== leader.epoch) return Math.min(local.endOffset, logEndOffset);
  return Math.min(local.endOffset, leader.endOffset, logEndOffset);
}
