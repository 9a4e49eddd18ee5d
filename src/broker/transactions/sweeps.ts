import { ErrorCode } from '../../protocol/errors.ts';
import { fenceAndAbort } from './end-transaction.ts';
import { transactionEvents } from './events.ts';
import type { TransactionShard } from './shard.ts';
import type { TransactionStateName } from './transaction-log.ts';

const EXPIRABLE: readonly TransactionStateName[] = ['Empty', 'CompleteCommit', 'CompleteAbort'];

/** The sweep of `transaction.abort.timed.out.transaction.cleanup.interval.ms`: who has not ended in time is fenced, and aborted. */
export function abortTimedOut(shard: TransactionShard): void {
  const nowMs = shard.world.wallMs();
  for (const transaction of shard.transactions.values()) {
    const { id, pending, value } = transaction;
    if (value.state !== 'Ongoing' || pending !== null || value.startMs + value.timeoutMs >= nowMs) continue;
    const { producerId, producerEpoch, timeoutMs } = value;
    shard.tell(transactionEvents['transaction-timed-out'], [id, producerId, producerEpoch, timeoutMs]);
    fenceAndAbort(shard, transaction, 'its time-out is over', () => {});
  }
}

/** The sweep of `transaction.remove.expired.transaction.cleanup.interval.ms`: ids that nobody uses are forgotten. */
export function expireIds(shard: TransactionShard): void {
  const before = shard.world.wallMs() - shard.settings.idExpirationMs;
  const expired = [...shard.transactions.values()].filter(
    ({ pending, value }) => pending === null && EXPIRABLE.includes(value.state) && value.lastUpdateMs <= before,
  );
  if (expired.length > 0) shard.forget(expired);
}

/** The tombstones of these ids are stored, or could not be. */
export function forgotten(shard: TransactionShard, transactionalIds: readonly string[], error: number): void {
  for (const id of transactionalIds) {
    const transaction = shard.transactions.get(id);
    if (transaction === undefined) continue;
    transaction.pending = null;
    if (error !== ErrorCode.NONE) continue;
    shard.transactions.delete(id);
    shard.tell(transactionEvents['transaction-id-expired'], [id]);
  }
}
