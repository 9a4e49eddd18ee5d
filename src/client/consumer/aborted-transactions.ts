import type { AbortedTransaction } from '../../protocol/apis/01-fetch.ts';
import { type BatchView, decodeRecords } from '../../protocol/record-batch.ts';

/**
 * Which batches a reader of committed records must not see, found by walking the batches in order: a producer's batches are
 * hidden from the first offset of its aborted transaction to its abort marker (CompletedFetch.consumeAbortedTransactionsUpTo).
 */
export class AbortedTransactions {
  /** By rising first offset, from here on not begun yet. */
  private readonly pending: AbortedTransaction[];
  private readonly open = new Set<number>();

  constructor(transactions: readonly AbortedTransaction[]) {
    this.pending = [...transactions].sort((a, b) => a.firstOffset - b.firstOffset || a.producerId - b.producerId);
  }

  /** Must be asked of every batch in turn. */
  hides(batch: BatchView): boolean {
    while (this.pending.length > 0 && this.pending[0]!.firstOffset <= batch.lastOffset) {
      this.open.add(this.pending.shift()!.producerId);
    }
    if (batch.isControl) {
      if (isAbort(batch)) this.open.delete(batch.producerId);
      return true;
    }
    return batch.isTransactional && this.open.has(batch.producerId);
  }
}

/** A control record's key is version and type, 16 bits each; type 0 is an abort marker. */
function isAbort(batch: BatchView): boolean {
  const result = decodeRecords(batch);
  const key = result.kind === 'records' ? result.records[0]?.key : undefined;
  return key !== null && key !== undefined && key.length >= 4 && key[2] === 0 && key[3] === 0;
}
