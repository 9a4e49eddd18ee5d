import {
  completeBatchSize,
  lastOffsetDelta,
  setBaseOffset,
  setLeaderEpoch,
  setLogAppendTime,
} from '../protocol/batch-header.ts';

/**
 * Writes what a leader gives to batches into them: offsets from `baseOffset` on, its epoch, and the time of appending unless
 * that is -1. Returns where the last whole batch ends.
 */
export function stamp(bytes: Uint8Array, baseOffset: number, leaderEpoch: number, logAppendTimeMs: number): number {
  let offset = baseOffset;
  let at = 0;
  for (;;) {
    const size = completeBatchSize(bytes, at, bytes.length);
    if (size === 0) return at;
    setBaseOffset(bytes, at, offset);
    setLeaderEpoch(bytes, at, leaderEpoch);
    if (logAppendTimeMs >= 0) setLogAppendTime(bytes, at, logAppendTimeMs);
    offset += lastOffsetDelta(bytes, at) + 1;
    at += size;
  }
}
