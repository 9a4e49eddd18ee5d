import { baseOffset, lastOffsetDelta, leaderEpoch, MAGIC, magic, verifyCrc } from '../protocol/batch-header.ts';
import { MalformedMessage } from '../protocol/wire-error.ts';
import { scanBatches } from './batch-scan.ts';
import type { LeaderEpochCache } from './leader-epoch-cache.ts';
import type { Segment } from './segment.ts';

/** How the batches of a segment are read in at a start. */
export interface Reading {
  readonly indexIntervalBytes: number;
  /** Check each batch (after an unclean end), or trust the file. */
  readonly verify: boolean;
  /** Of batches that end below it nobody remembers the epoch. */
  readonly logStartOffset: number;
}

/**
 * Reads a segment in from its file: indexes its batches, and cuts the file at the first that is torn, damaged or out of
 * order. Verified batches also correct the leader epochs, whose file may be older or younger than they are. Returns how many
 * bytes were cut (Kafka's LogSegment.recover).
 */
export function readSegment(
  segment: Segment,
  epochs: LeaderEpochCache,
  { indexIntervalBytes, verify, logStartOffset }: Reading,
): number {
  let epoch = -1;
  const end = scanBatches(segment.file, 0, segment.file.size, (bytes, at, _position, size) => {
    try {
      const base = baseOffset(bytes, at);
      if (base < segment.nextOffset || (verify && !isSound(bytes, at))) return false;
      segment.add(bytes, at, size, indexIntervalBytes);
      if (verify && leaderEpoch(bytes, at) !== epoch && segment.nextOffset > logStartOffset) {
        epoch = leaderEpoch(bytes, at);
        correctEpoch(epochs, epoch, Math.max(base, logStartOffset));
      }
      return true;
    } catch (thrown) {
      if (thrown instanceof MalformedMessage) return false;
      throw thrown;
    }
  });
  const cut = segment.cutAt(end);
  if (cut > 0) segment.file.sync(ignore, null);
  return cut;
}

function ignore(): void {}

function isSound(bytes: Uint8Array, at: number): boolean {
  return magic(bytes, at) === MAGIC && lastOffsetDelta(bytes, at) >= 0 && verifyCrc(bytes, at);
}

/** What a batch says of its epoch is true, whatever the cache's file says. */
function correctEpoch(epochs: LeaderEpochCache, epoch: number, offset: number): void {
  if (epoch < 0 || epochs.epochForOffset(offset) === epoch) return;
  epochs.truncateFromEnd(offset);
  if (epochs.latestEpoch !== epoch) epochs.assign(epoch, offset);
}
