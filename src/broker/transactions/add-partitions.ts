import { ErrorCode } from '../../protocol/errors.ts';
import type { TransactionShard } from './shard.ts';
import type { Partitions } from './transaction-log.ts';

/** Partitions that a producer wants in its transaction, or of which a broker asks whether they are. */
export interface PartitionsQuestion {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly partitions: Partitions;
  /** Name of the request, for who reads the trace. */
  readonly request: string;
}

/** Adds what is not in the transaction yet, and begins one if none is open. `done` has the error for all of them. */
export function addPartitions(
  shard: TransactionShard,
  question: PartitionsQuestion,
  clientVersion: number,
  done: (error: number) => void,
): void {
  const transaction = shard.transactions.get(question.transactionalId);
  const error = addError(shard, question);
  if (transaction === undefined || error !== ErrorCode.NONE) {
    if (transaction !== undefined && error === ErrorCode.PRODUCER_FENCED)
      shard.tellFenced(transaction, question.producerEpoch, question.request);
    done(error);
    return;
  }
  const { partitions } = question;
  const { value } = transaction;
  if (value.state === 'Ongoing' && [...partitions.keys()].every((name) => value.partitions.has(name))) {
    done(ErrorCode.NONE);
    return;
  }
  const transit = transaction.toOngoing(partitions, clientVersion, shard.world.wallMs());
  shard.write(transaction, transit, `${[...partitions.keys()].join(', ')} take part`, done);
}

function addError(shard: TransactionShard, { transactionalId, producerId, producerEpoch }: PartitionsQuestion): number {
  const transaction = shard.transactions.get(transactionalId);
  if (transaction === undefined) return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
  const { value, pending } = transaction;
  // Since 4.0 what is on its way comes first: it may be about to change the producer id.
  if (pending !== null && shard.settings.release !== '3.9') return ErrorCode.CONCURRENT_TRANSACTIONS;
  if (value.producerId !== producerId) return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
  if (transaction.producerEpoch !== producerEpoch) return ErrorCode.PRODUCER_FENCED;
  const isEnding = value.state === 'PrepareCommit' || value.state === 'PrepareAbort';
  return pending !== null || isEnding ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.NONE;
}

/** The error of each partition by its name: NONE if it is in the transaction of this producer. Changes nothing. */
export function verifyPartitions(shard: TransactionShard, question: PartitionsQuestion): Map<string, number> {
  const { partitions } = question;
  const error = verifyError(shard, question);
  const inside = shard.transactions.get(question.transactionalId)?.value.partitions;
  const errors = new Map<string, number>();
  for (const name of partitions.keys()) {
    const own = inside?.has(name) === true ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE;
    errors.set(name, error === ErrorCode.NONE ? own : error);
  }
  return errors;
}

function verifyError(
  shard: TransactionShard,
  { transactionalId, producerId, producerEpoch }: PartitionsQuestion,
): number {
  const transaction = shard.transactions.get(transactionalId);
  if (transaction === undefined) return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
  const { state } = transaction.value;
  if (transaction.value.producerId !== producerId) return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
  if (transaction.producerEpoch !== producerEpoch) return ErrorCode.PRODUCER_FENCED;
  const isEnding = state === 'PrepareCommit' || state === 'PrepareAbort';
  return isEnding ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.NONE;
}
