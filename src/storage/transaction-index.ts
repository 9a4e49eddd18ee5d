import type { Disk, DiskFile } from '../kernel/api.ts';
import { int64At, putInt16, putInt64 } from '../protocol/big-endian.ts';
import { readWhole } from './checkpoints.ts';

/** A transaction that was aborted: readers of committed data leave out its records. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
  /** First offset that was still undecided after this one was aborted: a reader below it need look no further. */
  readonly lastStableOffset: number;
}

const ENTRY_SIZE = 34;
/** Whole entries of an index's bytes. */
export function decodeAborted(bytes: Uint8Array): readonly AbortedTransaction[] {
  const entries: AbortedTransaction[] = [];
  for (let at = 0; at + ENTRY_SIZE <= bytes.length; at += ENTRY_SIZE) entries.push(decode(bytes, at));
  return entries;
}

const NONE: readonly AbortedTransaction[] = [];

/** The `.txnindex` of a segment: the transactions whose abort markers it holds. There is no file before the first. */
export class TransactionIndex {
  readonly #disk: Disk;
  readonly #path: string;
  #entries: AbortedTransaction[] | null = null;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** In order of their markers. */
  get entries(): readonly AbortedTransaction[] {
    return this.#entries ?? NONE;
  }

  add(transaction: AbortedTransaction): void {
    this.#entries ??= [];
    this.#entries.push(transaction);
    this.#file().append(encode(transaction));
  }

  /** Takes over what the file holds; false where it cannot be that of a segment with this base offset. */
  load(baseOffset: number): boolean {
    const bytes = readWhole(this.#disk, this.#path);
    if (bytes === undefined) return true;
    const entries = [...decodeAborted(bytes)];
    if (entries.some(({ lastOffset }) => lastOffset < baseOffset)) return false;
    this.#entries = entries;
    return true;
  }

  /** Forgets transactions whose marker stands at or after `offset`. */
  truncateTo(offset: number): void {
    if (this.#entries === null) return;
    const kept = this.#entries.filter((entry) => entry.lastOffset < offset);
    if (kept.length === this.#entries.length) return;
    this.#entries = kept;
    this.#file().truncate(kept.length * ENTRY_SIZE);
  }

  /** Empties it, file and all. */
  remove(): void {
    this.#entries = null;
    if (this.#disk.exists(this.#path)) this.#disk.remove(this.#path);
  }

  /** Makes it durable without waiting: what a power loss takes is rebuilt from the batches. */
  sync(): void {
    if (this.#entries !== null) this.#file().sync(ignore, null);
  }

  #file(): DiskFile {
    return this.#disk.open(this.#path, true);
  }
}

function encode({ producerId, firstOffset, lastOffset, lastStableOffset }: AbortedTransaction): Uint8Array {
  const bytes = new Uint8Array(ENTRY_SIZE);
  putInt16(bytes, 0, 0);
  putInt64(bytes, 2, producerId);
  putInt64(bytes, 10, firstOffset);
  putInt64(bytes, 18, lastOffset);
  putInt64(bytes, 26, lastStableOffset);
  return bytes;
}

function decode(bytes: Uint8Array, at: number): AbortedTransaction {
  return {
    producerId: int64At(bytes, at + 2),
    firstOffset: int64At(bytes, at + 10),
    lastOffset: int64At(bytes, at + 18),
    lastStableOffset: int64At(bytes, at + 26),
  };
}

function ignore(): void {}
