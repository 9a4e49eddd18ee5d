/**
 * Where two logs part. A follower asks with the epoch of its last record; if the leader's history of that epoch ends
 * earlier, or does not exist, the two logs are like two copies of a diary after a torn page: the follower cuts back to
 * where they may still agree, and asks again (KIP-595, ValidOffsetAndEpoch).
 */
import type { EpochEnd } from './messages.ts';
import type { RaftLogView } from './types.ts';

/** Null if a log that ends at (offset, epoch) is a prefix of ours; else how our log ends in the nearest epoch below. */
export function divergence(log: RaftLogView, offset: number, epoch: number): EpochEnd | null {
  if (offset === 0 && log.startOffset === 0) return null;
  const end = log.endOffsetForEpoch(epoch);
  return end.epoch === epoch && end.endOffset >= offset ? null : end;
}

/** How far a follower cuts back when the leader's nearest epoch ends so. */
export function truncationOffset(log: RaftLogView, leader: EpochEnd): number {
  if (leader.epoch === 0) return Math.min(leader.endOffset, log.endOffset);
  const own = log.endOffsetForEpoch(leader.epoch);
  return own.epoch === leader.epoch ? Math.min(own.endOffset, leader.endOffset) : own.endOffset;
}
