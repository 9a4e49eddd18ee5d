import { lastOffset, leaderEpoch, maxTimestamp } from '../protocol/batch-header.ts';
import { type Compression, noCompression } from '../protocol/ports.ts';
import { batchAt, decodeRecords } from '../protocol/record-batch.ts';
import type { Segment } from './segment.ts';

export interface FoundTimestamp {
  readonly offset: number;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

/** The first record at or after a moment, of those from the log start on (ListOffsets by timestamp). */
export function lookUpTimestamp(
  segments: readonly Segment[],
  timestampMs: number,
  logStartOffset: number,
  compression: Compression = noCompression,
): FoundTimestamp | undefined {
  for (const segment of segments) {
    if (segment.maxTimestampMs < timestampMs || segment.nextOffset <= logStartOffset) continue;
    let position = segment.positionOfTimestamp(timestampMs);
    while (position < segment.size) {
      const bytes = segment.batchAt(position);
      const found = firstRecord(bytes, timestampMs, logStartOffset, compression);
      if (found !== undefined) return found;
      position += bytes.length;
    }
  }
  return undefined;
}

/** The first record with the largest timestamp of all. */
export function lookUpMaxTimestamp(
  segments: readonly Segment[],
  logStartOffset: number,
  compression: Compression = noCompression,
): FoundTimestamp | undefined {
  let latestMs = -1;
  for (const { maxTimestampMs } of segments) if (maxTimestampMs > latestMs) latestMs = maxTimestampMs;
  return latestMs < 0 ? undefined : lookUpTimestamp(segments, latestMs, logStartOffset, compression);
}

function firstRecord(
  bytes: Uint8Array,
  timestampMs: number,
  logStartOffset: number,
  compression: Compression,
): FoundTimestamp | undefined {
  if (maxTimestamp(bytes, 0) < timestampMs || lastOffset(bytes, 0) < logStartOffset) return undefined;
  const batch = batchAt(bytes, 0);
  const decoded = decodeRecords(batch, compression);
  const epoch = leaderEpoch(bytes, 0);
  if (decoded.kind !== 'records') {
    // It cannot be opened: its beginning is the offset from which a reader misses nothing.
    const offset = Math.max(batch.baseOffset, logStartOffset);
    return { offset, timestampMs: batch.maxTimestampMs, leaderEpoch: epoch };
  }
  const record = decoded.records.find((r) => r.timestampMs >= timestampMs && r.offset >= logStartOffset);
  return record && { offset: record.offset, timestampMs: record.timestampMs, leaderEpoch: epoch };
}
