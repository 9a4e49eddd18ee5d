import type { AbortedTransaction } from './transaction-index.ts';

/** A transaction whose marker stands in the log. */
export interface EndedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
  readonly aborted: boolean;
}

const NOTHING_UNSTABLE = Number.POSITIVE_INFINITY;

/**
 * The transactions of a log that readers of committed data must still wait for: the open ones, and those that ended with a
 * marker that is not committed itself (the "unreplicated" of Kafka's ProducerStateManager).
 */
export class Transactions {
  /** First offset by producer id, in order of first offsets. */
  readonly #open = new Map<number, number>();
  #uncommitted: EndedTransaction[] = [];
  #firstUnstable = NOTHING_UNSTABLE;

  /** The earliest offset that is not decided; infinite if everything is. */
  get firstUnstableOffset(): number {
    return this.#firstUnstable;
  }

  begin(producerId: number, firstOffset: number): void {
    this.#open.set(producerId, firstOffset);
    if (firstOffset < this.#firstUnstable) this.#firstUnstable = firstOffset;
  }

  /** Returns what an abort must write into the transaction index. */
  end(transaction: EndedTransaction): AbortedTransaction {
    this.#open.delete(transaction.producerId);
    const lastStableOffset = this.#firstOpen() ?? transaction.lastOffset + 1;
    this.#uncommitted.push(transaction);
    this.#recompute();
    const { producerId, firstOffset, lastOffset } = transaction;
    return { producerId, firstOffset, lastOffset, lastStableOffset };
  }

  onHighWatermark(highWatermark: number): void {
    if (this.#firstUnstable === NOTHING_UNSTABLE) return;
    this.#uncommitted = this.#uncommitted.filter((transaction) => transaction.lastOffset >= highWatermark);
    this.#recompute();
  }

  #firstOpen(): number | undefined {
    for (const firstOffset of this.#open.values()) return firstOffset;
    return undefined;
  }

  #recompute(): void {
    let first = this.#firstOpen() ?? NOTHING_UNSTABLE;
    for (const { firstOffset } of this.#uncommitted) if (firstOffset < first) first = firstOffset;
    this.#firstUnstable = first;
  }
}
