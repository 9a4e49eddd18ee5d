import type { EpochCache, EpochEnd } from './api.ts';
import { decodeEpochs, type EpochEntry, encodeEpochs, readWhole } from './checkpoints.ts';
import type { FileReplacer } from './file-replacer.ts';

const FILE = 'leader-epoch-checkpoint';
const NO_ENTRIES: readonly EpochEntry[] = [];
const UNKNOWN: EpochEnd = { leaderEpoch: -1, endOffset: -1 };

/**
 * Which leader epoch began at which offset of this log: the history by which two replicas find where they still agree
 * (KIP-101, KIP-279; Kafka's LeaderEpochFileCache). Kept in `leader-epoch-checkpoint`.
 *
 * 1. Epochs and start offsets both rise strictly from entry to entry.
 */
export class LeaderEpochCache implements EpochCache {
  readonly #directory: string;
  readonly #files: FileReplacer;
  #entries: readonly EpochEntry[];
  /** The last of them. */
  #latest: EpochEntry | undefined;
  #saved = true;

  constructor(directory: string, files: FileReplacer) {
    this.#directory = directory;
    this.#files = files;
    this.#entries = load(directory, files);
    this.#latest = this.#entries.at(-1);
  }

  get latestEpoch(): number | undefined {
    return this.#latest?.epoch;
  }

  entries(): readonly EpochEntry[] {
    return this.#entries;
  }

  assign(epoch: number, startOffset: number): void {
    const latest = this.#latest;
    if (latest !== undefined && latest.epoch === epoch && latest.startOffset <= startOffset) return;
    const entries = this.#entries;
    let kept = entries.length;
    while (kept > 0 && follows(entries[kept - 1]!, epoch, startOffset)) kept--;
    this.#latest = { epoch, startOffset };
    this.#entries = entries.slice(0, kept).concat(this.#latest);
    this.#saved = false;
    // A leader of an empty log has no history yet that anybody could be asked about: its file waits for the first batch.
    if (startOffset > 0) this.save();
  }

  endOffsetFor(epoch: number, logEndOffset: number): EpochEnd {
    const latest = this.#latest;
    if (epoch < 0 || latest === undefined || epoch > latest.epoch) return UNKNOWN;
    if (epoch === latest.epoch) return { leaderEpoch: epoch, endOffset: logEndOffset };
    const entries = this.#entries;
    let higher = entries.length - 1;
    while (higher > 0 && entries[higher - 1]!.epoch > epoch) higher--;
    const endOffset = entries[higher]!.startOffset;
    return { leaderEpoch: higher === 0 ? epoch : entries[higher - 1]!.epoch, endOffset };
  }

  epochForOffset(offset: number): number {
    const entries = this.#entries;
    for (let i = entries.length - 1; i >= 0; i--) {
      if (entries[i]!.startOffset <= offset) return entries[i]!.epoch;
    }
    return -1;
  }

  /** Forgets epochs that began at or after the new log end. */
  truncateFromEnd(endOffset: number): void {
    const kept = this.#entries.filter((entry) => entry.startOffset < endOffset);
    if (kept.length < this.#entries.length) this.#set(kept);
  }

  /** Forgets epochs that ended before the new log start; the one that is running there begins there now. */
  truncateFromStart(startOffset: number): void {
    const entries = this.#entries;
    let first = 0;
    while (first + 1 < entries.length && entries[first + 1]!.startOffset <= startOffset) first++;
    const running = entries[first];
    if (running === undefined || running.startOffset > startOffset) return;
    if (first === 0 && running.startOffset === startOffset) return;
    this.#set([{ epoch: running.epoch, startOffset }, ...entries.slice(first + 1)]);
  }

  clear(): void {
    if (this.#entries.length > 0) this.#set(NO_ENTRIES);
  }

  #set(entries: readonly EpochEntry[]): void {
    this.#entries = entries;
    this.#latest = entries.at(-1);
    this.#saved = false;
    this.save();
  }

  /** Writes what was not written yet. */
  save(): void {
    if (this.#saved) return;
    this.#saved = true;
    this.#files.replace(`${this.#directory}/${FILE}`, encodeEpochs(this.#entries));
  }
}

function follows(entry: EpochEntry, epoch: number, startOffset: number): boolean {
  return entry.epoch >= epoch || entry.startOffset >= startOffset;
}

/** An unreadable file counts as empty: recovery then fills the cache from the batches, as Kafka's upgrade from 0.10 did. */
function load(directory: string, files: FileReplacer): readonly EpochEntry[] {
  const bytes = readWhole(files.disk, `${directory}/${FILE}`);
  return (bytes && decodeEpochs(bytes)) ?? NO_ENTRIES;
}
