import type { Disk, DiskFile } from '../kernel/api.ts';
import {
  BATCH_HEADER_SIZE,
  baseOffset,
  completeBatchSize,
  maxTimestamp,
  nextOffset,
} from '../protocol/batch-header.ts';
import { scanBatches, sizeOfFirst } from './batch-scan.ts';
import { SegmentIndex } from './segment-index.ts';
import { TransactionIndex } from './transaction-index.ts';

export const NO_BYTES = new Uint8Array(0);

/** How far a look-up reads ahead: an index entry stands for about as much. */
const LOOKUP_CHUNK = 8 * 1024;

/** `00000000000000000042`: base offsets in file names, so that names sort as offsets do. */
export function offsetName(offset: number): string {
  return String(offset).padStart(20, '0');
}

/** One `.log` file and what is known of it (Kafka's LogSegment). It does not know what batches mean. */
export class Segment {
  readonly baseOffset: number;
  /** Wall clock at its making or loading; decides when a segment without timestamps is old. */
  readonly createdMs: number;
  /** Bytes of whole batches; also the size of the file. */
  size = 0;
  /** The offset after the last batch; the base offset while there is none. */
  nextOffset: number;
  /** Largest timestamp of the first batch, and of all; -1: none. */
  firstTimestampMs = -1;
  maxTimestampMs = -1;
  readonly #disk: Disk;
  readonly #directory: string;
  #file: DiskFile | null = null;
  #aborted: TransactionIndex | null = null;
  #index: SegmentIndex | null = null;
  #bytesSinceEntry = 0;

  constructor(disk: Disk, directory: string, base: number, createdMs: number) {
    this.#disk = disk;
    this.#directory = directory;
    this.baseOffset = base;
    this.createdMs = createdMs;
    this.nextOffset = base;
    // The first segment of a new log has no file before its first batch: most partitions of a large cluster are idle.
    if (base > 0) this.file;
  }

  get file(): DiskFile {
    this.#file ??= this.#disk.open(this.#path('log'), true);
    return this.#file;
  }

  /** Transactions whose abort markers stand here. */
  get aborted(): TransactionIndex {
    this.#aborted ??= new TransactionIndex(this.#disk, this.#path('txnindex'));
    return this.#aborted;
  }

  #path(extension: string): string {
    return `${this.#directory}/${offsetName(this.baseOffset)}.${extension}`;
  }

  /** Takes note of a batch that stands in the file behind all others known so far. */
  add(bytes: Uint8Array, at: number, size: number, indexIntervalBytes: number): void {
    const timestampMs = maxTimestamp(bytes, at);
    const position = this.size;
    this.#index ??= new SegmentIndex();
    if (this.#bytesSinceEntry > indexIntervalBytes) {
      this.#index.addEntry(baseOffset(bytes, at), position, this.maxTimestampMs);
      this.#bytesSinceEntry = 0;
    }
    this.#bytesSinceEntry += size;
    this.nextOffset = nextOffset(bytes, at);
    this.#index.addRecent(this.nextOffset, position);
    if (position === 0) this.firstTimestampMs = timestampMs;
    if (timestampMs > this.maxTimestampMs) this.maxTimestampMs = timestampMs;
    this.size = position + size;
  }

  /** Position of the first batch that ends after `offset`; the size of the file if there is none. */
  positionOf(offset: number): number {
    if (offset >= this.nextOffset) return this.size;
    if (offset <= this.baseOffset || this.#index === null) return 0;
    const recent = this.#index.recentPosition(offset);
    if (recent >= 0) return recent;
    const before = this.#index.positionBefore(offset);
    return this.#scan(before, (bytes, at) => nextOffset(bytes, at) <= offset);
  }

  /** Position of the first batch with a timestamp at or after this one; the size of the file if there is none. */
  positionOfTimestamp(timestampMs: number): number {
    if (this.#index === null || this.maxTimestampMs < timestampMs) return this.size;
    const before = this.#index.positionBeforeTimestamp(timestampMs);
    return this.#scan(before, (bytes, at) => maxTimestamp(bytes, at) < timestampMs);
  }

  /** Whole batches of [from, to), at most `maxBytes` of them, or the first one however large if `minOne`. */
  read(from: number, to: number, maxBytes: number, minOne: boolean): Uint8Array {
    const available = to - from;
    if (available <= 0) return NO_BYTES;
    if (available <= maxBytes) return this.file.read(from, available);
    const bytes = this.file.read(from, maxBytes);
    let end = 0;
    for (;;) {
      const size = completeBatchSize(bytes, end, bytes.length);
      // A length that cannot be true is handed on as it stands: whoever reads a batch checks it.
      if (size < 0) return bytes;
      if (size === 0) break;
      end += size;
    }
    if (end > 0) return bytes.subarray(0, end);
    return minOne ? this.batchAt(from) : NO_BYTES;
  }

  /** The batch at a position. */
  batchAt(position: number): Uint8Array {
    const head = this.file.read(position, BATCH_HEADER_SIZE);
    return this.file.read(position, sizeOfFirst(head) ?? head.length);
  }

  /**
   * Cuts the batch that holds `offset`, and everything after it. The cut is made durable at once (though nobody waits), so
   * that no power loss brings batches back which the leader epochs written after this know nothing of.
   */
  truncateTo(offset: number): void {
    this.#aborted?.truncateTo(offset);
    if (this.cutAt(this.positionOf(offset)) > 0) this.file.sync(ignore, null);
  }

  /** Cuts the file at the beginning of a batch. Returns how many bytes went. */
  cutAt(position: number): number {
    if (this.#file === null) return 0;
    const cut = this.file.size - position;
    if (cut > 0) this.file.truncate(position);
    if (position >= this.size) return cut;
    this.size = position;
    this.nextOffset = this.baseOffset;
    this.maxTimestampMs = -1;
    this.#bytesSinceEntry = 0;
    if (position === 0) this.firstTimestampMs = -1;
    if (this.#index === null) return cut;
    this.#index.truncateTo(position);
    const last = this.#index.lastEntry();
    this.maxTimestampMs = last.maxTimestampBeforeMs;
    this.#scan(last.position, (bytes, at) => {
      this.nextOffset = nextOffset(bytes, at);
      this.maxTimestampMs = Math.max(this.maxTimestampMs, maxTimestamp(bytes, at));
      return true;
    });
    return cut;
  }

  /** Of the files that there are. */
  paths(): string[] {
    const paths = [this.#path('txnindex')].filter((path) => this.#disk.exists(path));
    if (this.#file !== null) paths.push(this.#file.path);
    return paths;
  }

  /** Removes the files, also from what a power loss leaves. */
  remove(): void {
    const file = this.#file;
    if (file === null) return;
    this.aborted.remove();
    this.#disk.remove(file.path);
    file.sync(ignore, null);
  }

  #scan(from: number, whether: (bytes: Uint8Array, at: number) => boolean): number {
    return scanBatches(this.file, from, this.size, whether, LOOKUP_CHUNK);
  }
}

function ignore(): void {}
