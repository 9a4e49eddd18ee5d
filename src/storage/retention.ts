import type { LogConfig } from './api.ts';
import type { LogEnvironment } from './environment.ts';
import { storageEvents } from './events.ts';
import type { Segment } from './segment.ts';
import type { SegmentList } from './segment-list.ts';
import { snapshotPath } from './snapshot-files.ts';

/** Why segments go: they lie below the log start, the log is too large or too old, or kzsim is to hold no more of it. */
export type Reason = 'log-start' | 'size' | 'time' | 'memory';

/** What decides about the segments of a log. */
export interface Bounds {
  readonly name: string;
  readonly config: LogConfig;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
}

const ALL: readonly Reason[] = ['log-start', 'size', 'time'];
const COMPACTED: readonly Reason[] = ['log-start'];

/** What a round of retention looks for, in Kafka's order (UnifiedLog.deleteOldSegments). */
export function reasonsFor({ deletes }: LogConfig): readonly Reason[] {
  return deletes ? ALL : COMPACTED;
}

/** At which size a segment is closed: so that a log whose memory is bounded can let go of an eighth of it at a time. */
export function rollBytes({ segmentBytes, memoryBytes, maxMessageBytes }: LogConfig): number {
  return memoryBytes === null ? segmentBytes : Math.min(segmentBytes, Math.max(memoryBytes >> 3, maxMessageBytes));
}

/**
 * How many of the oldest segments go for this reason (§6 of the storage page; UnifiedLog.deletableSegments). The first that
 * does not qualify, or that holds anything past the high watermark, ends the search; so does an empty active one.
 */
export function countDeletable(segments: SegmentList, bounds: Bounds, reason: Reason, nowMs: number): number {
  const size = segments.sizeBytes();
  // Of a log that was never written there is nothing to look at, and looking would make it.
  if (size === 0 && segments.count === 1) return 0;
  const qualifies = rule(reason, bounds, size, nowMs);
  const all = segments.all();
  let count = 0;
  for (; count < all.length; count++) {
    const segment = all[count]!;
    const next = all[count + 1];
    if (next === undefined && segment.size === 0) break;
    if (bounds.highWatermark < (next?.baseOffset ?? bounds.logEndOffset) || !qualifies(segment, next)) break;
  }
  return count;
}

type Rule = (segment: Segment, next: Segment | undefined) => boolean;

function rule(reason: Reason, { config, logStartOffset }: Bounds, size: number, nowMs: number): Rule {
  switch (reason) {
    case 'log-start':
      return (_, next) => next !== undefined && next.baseOffset <= logStartOffset;
    case 'size':
      return neverBelow(config.retentionBytes, size);
    case 'time':
      return ({ maxTimestampMs, createdMs }) =>
        config.retentionMs >= 0 && nowMs - (maxTimestampMs >= 0 ? maxTimestampMs : createdMs) > config.retentionMs;
    case 'memory': {
      // Room for the segment that is being filled.
      const limit = (config.memoryBytes ?? Number.POSITIVE_INFINITY) - rollBytes(config);
      let kept = size;
      return (segment, next) => {
        if (kept <= Math.max(0, limit) || next === undefined) return false;
        kept -= segment.size;
        return true;
      };
    }
  }
}

/** What is left is never smaller than the limit. */
function neverBelow(limit: number, size: number): Rule {
  let excess = size - limit;
  return (segment) => {
    if (limit < 0 || excess < segment.size) return false;
    excess -= segment.size;
    return true;
  };
}

/** Takes the files of segments that a log has let go of away: at once for memory's sake, else after `file.delete.delay.ms`. */
export function discard(
  environment: LogEnvironment,
  { name, config, logStartOffset }: Bounds,
  segments: readonly Segment[],
  reason: Reason,
): void {
  const { host } = environment;
  let bytes = 0;
  const paths: string[] = [];
  for (const segment of segments) {
    bytes += segment.size;
    if (reason === 'memory' || host.after === undefined) segment.remove();
    else paths.push(...segment.paths());
    const snapshot = snapshotPath(name, segment.baseOffset);
    if (host.disk.exists(snapshot)) paths.push(snapshot);
  }
  const doomed = paths.map((path) => `${path}.deleted`);
  for (let i = 0; i < paths.length; i++) host.disk.rename(paths[i]!, doomed[i]!);
  const delayMs = reason === 'memory' ? 0 : config.fileDeleteDelayMs;
  if (host.after === undefined) environment.files.remove(doomed);
  else host.after(delayMs * 1000, (gone) => environment.files.remove(gone), doomed);
  host.emit(storageEvents['segments-deleted'], [name, segments.length, bytes, reason]);
  // The first time is worth a person's attention; after that it goes on with every segment.
  if (reason !== 'memory' || environment.bounded.has(name)) return;
  environment.bounded.add(name);
  const values = [name, config.memoryBytes, segments.at(-1)!.nextOffset, logStartOffset];
  host.emit(storageEvents['partition-memory-full'], values);
}
