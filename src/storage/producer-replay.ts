import { baseOffset, nextOffset, producerId } from '../protocol/batch-header.ts';
import { scanBatches } from './batch-scan.ts';
import type { LogEnvironment } from './environment.ts';
import { ProducerState } from './producer-state.ts';
import type { SegmentList } from './segment-list.ts';
import { restoreNewest } from './snapshot-files.ts';

export interface Replay {
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly expiredBeforeMs: number;
  /** Segments from this base offset on lost their transaction indexes, which are written anew. */
  readonly indexFrom: number;
  /** Offsets of the snapshots that there are. */
  readonly snapshots: readonly number[];
}

/**
 * The producers of a log as its batches tell of them: the newest snapshot, then every batch after it. Null where no batch
 * has a producer.
 */
export function replayProducers(
  environment: LogEnvironment,
  directory: string,
  segments: SegmentList,
  { logStartOffset, logEndOffset, expiredBeforeMs, indexFrom, snapshots }: Replay,
): ProducerState | null {
  const { disk } = environment.host;
  const found = restoreNewest(disk, directory, {
    offsets: snapshots,
    above: logStartOffset,
    notAbove: Math.min(logEndOffset, indexFrom),
    expiredBeforeMs,
  });
  let state: ProducerState | null = found === undefined || found.state.isEmpty ? null : found.state;
  const from = Math.max(found?.offset ?? logStartOffset, segments.firstOffset);
  for (let i = segments.indexOf(from); i < segments.count; i++) {
    const segment = segments.at(i)!;
    scanBatches(segment.file, segment.positionOf(from), segment.size, (bytes, at) => {
      if (producerId(bytes, at) < 0 || nextOffset(bytes, at) <= from) return true;
      if (baseOffset(bytes, at) >= logEndOffset) return false;
      state ??= new ProducerState();
      const aborted = state.update(bytes, at);
      if (aborted !== undefined && segment.baseOffset >= indexFrom) segment.aborted.add(aborted);
      return true;
    });
  }
  return state;
}
