import { HEADER, lastOffset, maxTimestamp, sizeInBytes } from '../protocol/batch-header.ts';
import type { LogConfig } from './api.ts';
import { rollBytes } from './retention.ts';
import type { Segment } from './segment.ts';

const MAX_RELATIVE_OFFSET = 0x7fffffff;

/**
 * Whether these batches must go into a new segment (Kafka's LogSegment.shouldRoll): the active one is full, too old by the
 * records' own time, or its indexes could not hold the offsets. An idle log never rolls.
 */
export function mustRoll(active: Segment, bytes: Uint8Array, config: LogConfig, nowMs: number): boolean {
  if (active.size === 0) return false;
  if (active.size > rollBytes(config) - bytes.length) return true;
  let latestMs = -1;
  let last = -1;
  for (let at = 0; at + HEADER.magic < bytes.length; at += sizeInBytes(bytes, at)) {
    latestMs = Math.max(latestMs, maxTimestamp(bytes, at));
    last = lastOffset(bytes, at);
  }
  const waitedMs = active.firstTimestampMs >= 0 ? latestMs - active.firstTimestampMs : nowMs - active.createdMs;
  return waitedMs > config.segmentMs || last - active.baseOffset > MAX_RELATIVE_OFFSET;
}
