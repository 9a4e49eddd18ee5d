import { ErrorCode } from '../../protocol/errors.ts';
import type { TransactionShard } from './shard.ts';
import type { Completion, Transaction } from './transaction.ts';

/**
 * The outcome of a transaction is stored, and cannot change any more: its partitions are told by markers, and when all have
 * theirs, the transaction is complete. Nothing else happens to the transactional id meanwhile (KIP-98).
 */
export function beginCompletion(shard: TransactionShard, transaction: Transaction): Completion {
  transaction.failedFence = false;
  const transit = transaction.toCompleted(shard.world.wallMs());
  const completion = { transit, left: new Set(transaction.value.partitions.keys()) };
  transaction.pending = transit.value.state;
  transaction.completion = completion;
  if (completion.left.size === 0) complete(shard, transaction, completion);
  else shard.sendMarkers(transaction, completion);
  return completion;
}

/** Markers stand in these partitions, or are not needed there. */
export function markersWritten(
  shard: TransactionShard,
  transaction: Transaction,
  completion: Completion,
  partitions: Iterable<string>,
): void {
  if (transaction.completion !== completion || completion.left.size === 0) return;
  for (const name of partitions) completion.left.delete(name);
  if (completion.left.size === 0) complete(shard, transaction, completion);
}

function complete(shard: TransactionShard, transaction: Transaction, completion: Completion): void {
  shard.write(transaction, completion.transit, 'every partition has its marker', (error) => {
    if (error === ErrorCode.NONE) {
      transaction.completion = null;
      return;
    }
    // Still nothing else may happen: the markers are out.
    transaction.pending = completion.transit.value.state;
    if (error !== ErrorCode.NOT_COORDINATOR) shard.retry(() => complete(shard, transaction, completion));
  });
}
