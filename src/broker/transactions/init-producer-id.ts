/**
 * InitProducerId for a transactional id, versions 0–5 (from 3 a producer may say who it is, KIP-360): it gets the next epoch, and
 * whoever had an epoch before is fenced; an open transaction is aborted first, for which the producer has to come again. Kafka's
 * `TransactionCoordinator.handleInitProducerId`.
 *
 * Not simulated: two-phase commit (KIP-939).
 */
import { InitProducerId, type InitProducerIdRequest } from '../../protocol/apis/22-init-producer-id.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Ticket } from '../groups/ticket.ts';
import { fenceAndAbort } from './end-transaction.ts';
import { fencedError } from './fenced-error.ts';
import type { TransactionShard } from './shard.ts';
import { isExhausted, NO_EPOCH, newTransaction, type Transaction } from './transaction.ts';

const FIRST_WITH_PRODUCER_FENCED = 4;

interface Producer {
  readonly id: number;
  readonly epoch: number;
  readonly lastEpoch: number;
}

/** What is wrong with the request itself. */
export function initRequestError(body: InitProducerIdRequest, maxTimeoutMs: number): number {
  const { transactionalId, producerId, producerEpoch, transactionTimeoutMs } = body;
  if ((producerId === -1) !== (producerEpoch === -1) || transactionalId === '') return ErrorCode.INVALID_REQUEST;
  const isTimeout = transactionTimeoutMs > 0 && transactionTimeoutMs <= maxTimeoutMs;
  return isTimeout ? ErrorCode.NONE : ErrorCode.INVALID_TRANSACTION_TIMEOUT;
}

export function initProducerId(
  shard: TransactionShard,
  body: InitProducerIdRequest & { readonly transactionalId: string },
  ticket: Ticket,
): void {
  const transaction = shard.transactions.get(body.transactionalId);
  if (transaction !== undefined) {
    decide(shard, transaction, body, ticket);
    return;
  }
  shard.allocate((error, producerId) => {
    if (error !== ErrorCode.NONE) {
      shard.answer(ticket, initAnswer(error, ticket.version));
      return;
    }
    // Another request may have made it meanwhile.
    const { transactionalId } = body;
    const made =
      shard.transactions.get(transactionalId) ?? newTransaction(transactionalId, producerId, shard.world.wallMs());
    shard.transactions.set(transactionalId, made);
    decide(shard, made, body, ticket);
  });
}

export function initAnswer(error: number, version: number, producer?: Pick<Producer, 'id' | 'epoch'>): unknown {
  return InitProducerId.response.make({
    errorCode: fencedError(error, version, FIRST_WITH_PRODUCER_FENCED),
    producerId: producer?.id ?? -1,
    producerEpoch: producer?.epoch ?? NO_EPOCH,
  });
}

function decide(shard: TransactionShard, transaction: Transaction, body: InitProducerIdRequest, ticket: Ticket): void {
  const refuse = (error: number): void => shard.answer(ticket, initAnswer(error, ticket.version));
  const { state } = transaction.value;
  if (transaction.pending !== null) refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
  else if (!isExpected(transaction, body)) refuseFenced(shard, transaction, body, refuse);
  else if (state === 'PrepareCommit' || state === 'PrepareAbort') refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
  else if (state === 'Ongoing') {
    fenceAndAbort(shard, transaction, 'another producer begins with its id', (error) =>
      refuse(error === ErrorCode.NONE ? ErrorCode.CONCURRENT_TRANSACTIONS : error),
    );
  } else if (transaction.epochExhausted && (body.producerId === -1 || body.producerEpoch === transaction.producerEpoch))
    rotate(shard, transaction, body, ticket);
  else {
    const producer = nextEpoch(transaction, body);
    if (producer === undefined) refuseFenced(shard, transaction, body, refuse);
    else if (isExhausted(transaction.producerEpoch)) refuse(ErrorCode.UNKNOWN_SERVER_ERROR);
    else store(shard, transaction, producer, body, ticket);
  }
}

function refuseFenced(
  shard: TransactionShard,
  transaction: Transaction,
  { producerEpoch }: InitProducerIdRequest,
  refuse: (error: number) => void,
): void {
  shard.tellFenced(transaction, producerEpoch, InitProducerId.name);
  refuse(ErrorCode.PRODUCER_FENCED);
}

/** Who says who it is must be the producer of this id, or one that was given a new id and did not hear of it. */
function isExpected(transaction: Transaction, { producerId, producerEpoch }: InitProducerIdRequest): boolean {
  if (producerId === -1 || transaction.producerEpoch === NO_EPOCH) return true;
  if (producerId === transaction.value.producerId) return true;
  return producerId === transaction.previousProducerId && isExhausted(producerEpoch);
}

/** Undefined: somebody else has taken over. */
function nextEpoch(transaction: Transaction, body: InitProducerIdRequest): Producer | undefined {
  const { producerEpoch, lastProducerEpoch } = transaction;
  const { producerId: id } = transaction.value;
  if (body.producerId === -1) return { id, epoch: producerEpoch + 1, lastEpoch: NO_EPOCH };
  if (producerEpoch === NO_EPOCH || body.producerEpoch === producerEpoch)
    return { id, epoch: producerEpoch + 1, lastEpoch: producerEpoch };
  // The same request again: its answer was lost.
  if (body.producerEpoch === lastProducerEpoch) return { id, epoch: producerEpoch, lastEpoch: lastProducerEpoch };
  return undefined;
}

/** The epochs of this producer id are used up. */
function rotate(shard: TransactionShard, transaction: Transaction, body: InitProducerIdRequest, ticket: Ticket): void {
  shard.allocate((error, id) => {
    if (error !== ErrorCode.NONE) shard.answer(ticket, initAnswer(error, ticket.version));
    else if (transaction.pending !== null)
      shard.answer(ticket, initAnswer(ErrorCode.CONCURRENT_TRANSACTIONS, ticket.version));
    else {
      const lastEpoch = body.producerId === -1 ? NO_EPOCH : transaction.producerEpoch;
      store(shard, transaction, { id, epoch: 0, lastEpoch }, body, ticket);
    }
  });
}

function store(
  shard: TransactionShard,
  transaction: Transaction,
  producer: Producer,
  { transactionTimeoutMs }: InitProducerIdRequest,
  ticket: Ticket,
): void {
  const transit = transaction.toInitialized(producer, transactionTimeoutMs, shard.world.wallMs());
  shard.write(transaction, transit, 'a producer begins', (error) => {
    shard.answer(ticket, initAnswer(error, ticket.version, error === ErrorCode.NONE ? producer : undefined));
  });
}
