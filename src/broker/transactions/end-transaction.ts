/**
 * EndTxn, versions 0–5 (from 5 every transaction has an epoch of its own, KIP-890, and the answer brings the next one). The answer
 * goes out when the outcome is stored; markers follow. Kafka's `TransactionCoordinator.endTransaction`.
 */
import { EndTxn, type EndTxnRequest } from '../../protocol/apis/26-end-txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Ticket } from '../groups/ticket.ts';
import { beginCompletion } from './completion.ts';
import { fencedError } from './fenced-error.ts';
import type { TransactionShard } from './shard.ts';
import { EPOCH_BUMPING_VERSION, LAST_EPOCH, NO_EPOCH, NO_PRODUCER_ID, type Transaction } from './transaction.ts';

/** First version that bumps the epoch. */
const FIRST_BUMPING = 5;
const FIRST_WITH_PRODUCER_FENCED = 2;

/** What a state makes of a wish to end the transaction: an error (NONE: it is done already), or the way there. */
type Ruling = number | 'prepare';

export function endTransaction(shard: TransactionShard, body: EndTxnRequest, ticket: Ticket): void {
  const { transactionalId, producerEpoch, committed } = body;
  const transaction = shard.transactions.get(transactionalId);
  const bumps = ticket.version >= FIRST_BUMPING;
  const ruling =
    transaction === undefined
      ? ErrorCode.INVALID_PRODUCER_ID_MAPPING
      : bumps
        ? rulingWithBump(transaction, body)
        : rulingWithoutBump(transaction, body);
  if (transaction === undefined || ruling !== 'prepare') {
    if (transaction !== undefined && ruling === ErrorCode.PRODUCER_FENCED)
      shard.tellFenced(transaction, producerEpoch, EndTxn.name);
    const isDone = ruling === ErrorCode.NONE && transaction !== undefined;
    shard.answer(ticket, endAnswer(ticket, ruling as number, isDone ? transaction : undefined));
    return;
  }
  const prepare = (nextProducerId: number): void => {
    const clientVersion = bumps ? EPOCH_BUMPING_VERSION : 0;
    const state = committed ? 'PrepareCommit' : 'PrepareAbort';
    const transit = transaction.toPrepared(state, { clientVersion, nextProducerId }, shard.world.wallMs());
    const reason = committed ? 'its producer commits' : 'its producer aborts';
    shard.write(transaction, transit, reason, (error) => {
      const next = error === ErrorCode.NONE ? beginCompletion(shard, transaction).transit.value : undefined;
      shard.answer(ticket, endAnswer(ticket, error, next));
    });
  };
  if (!bumps || !transaction.epochExhausted) {
    prepare(NO_PRODUCER_ID);
    return;
  }
  shard.allocate((error, producerId) => {
    if (error !== ErrorCode.NONE) shard.answer(ticket, endAnswer(ticket, error, undefined));
    else if (transaction.pending !== null)
      shard.answer(ticket, endAnswer(ticket, ErrorCode.CONCURRENT_TRANSACTIONS, undefined));
    else prepare(producerId);
  });
}

export function endAnswer(
  { version }: Ticket,
  error: number,
  next: { readonly producerId: number; readonly producerEpoch: number } | Transaction | undefined,
): unknown {
  const producer = next === undefined ? undefined : 'value' in next ? next.value : next;
  return EndTxn.response.make({
    errorCode: fencedError(error, version, FIRST_WITH_PRODUCER_FENCED),
    producerId: producer?.producerId ?? NO_PRODUCER_ID,
    producerEpoch: producer?.producerEpoch ?? NO_EPOCH,
  });
}

/** The first protocol: the epoch stays, so a repeated request is known by the state alone. */
function rulingWithoutBump(transaction: Transaction, body: EndTxnRequest): Ruling {
  const { value, pending } = transaction;
  if (body.producerId !== value.producerId) return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
  if (body.producerEpoch !== transaction.producerEpoch) return ErrorCode.PRODUCER_FENCED;
  if (pending !== null) return ErrorCode.CONCURRENT_TRANSACTIONS;
  const wanted = body.committed;
  switch (value.state) {
    case 'Ongoing':
      return 'prepare';
    case 'CompleteCommit':
      return wanted ? ErrorCode.NONE : ErrorCode.INVALID_TXN_STATE;
    case 'CompleteAbort':
      return wanted ? ErrorCode.INVALID_TXN_STATE : ErrorCode.NONE;
    case 'PrepareCommit':
      return wanted ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.INVALID_TXN_STATE;
    case 'PrepareAbort':
      return wanted ? ErrorCode.INVALID_TXN_STATE : ErrorCode.CONCURRENT_TRANSACTIONS;
    default:
      return ErrorCode.INVALID_TXN_STATE;
  }
}

/** With an epoch for each transaction the epoch tells a repeated request (of the epoch before) from a new one. */
function rulingWithBump(transaction: Transaction, body: EndTxnRequest): Ruling {
  const { value, pending, producerEpoch } = transaction;
  if (pending !== null) return ErrorCode.CONCURRENT_TRANSACTIONS;
  const overflowed =
    transaction.previousProducerId === body.producerId && body.producerEpoch === LAST_EPOCH - 1 && producerEpoch === 0;
  if (body.producerId !== value.producerId && !overflowed) return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
  const isCurrent = body.producerEpoch === producerEpoch;
  const isRepeated = overflowed || body.producerEpoch === producerEpoch - 1;
  const { committed } = body;
  switch (value.state) {
    case 'Ongoing':
      return isCurrent ? 'prepare' : ErrorCode.PRODUCER_FENCED;
    case 'PrepareCommit':
    case 'PrepareAbort': {
      if (!isRepeated || overflowed) return ErrorCode.PRODUCER_FENCED;
      const same = committed === (value.state === 'PrepareCommit');
      return same ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.INVALID_TXN_STATE;
    }
    case 'CompleteCommit':
    case 'CompleteAbort':
      if (isRepeated) return committed === (value.state === 'CompleteCommit') ? 0 : ErrorCode.INVALID_TXN_STATE;
      if (!isCurrent) return ErrorCode.PRODUCER_FENCED;
      break;
    default:
      if (!isCurrent) return ErrorCode.PRODUCER_FENCED;
  }
  // Nothing was written in this epoch, as far as is known here: an abort makes sure of it.
  return committed ? ErrorCode.INVALID_TXN_STATE : 'prepare';
}

/** Takes the power from whoever has the present epoch, and aborts what is open. Then there is an epoch that nobody was told. */
export function fenceAndAbort(
  shard: TransactionShard,
  transaction: Transaction,
  reason: string,
  done: (error: number) => void,
): void {
  transaction.fence();
  const { world } = shard;
  const options = { clientVersion: world.transactionVersion(), nextProducerId: NO_PRODUCER_ID };
  const transit = transaction.toPrepared('PrepareAbort', options, world.wallMs());
  shard.write(transaction, transit, reason, (error) => {
    if (error === ErrorCode.NONE) beginCompletion(shard, transaction);
    else transaction.failedFence = true;
    done(error);
  });
}
