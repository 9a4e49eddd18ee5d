/**
 * ListTransactions, versions 0–2 (duration from 1, pattern from 2), and DescribeTransactions, version 0 (KIP-664, KIP-994,
 * KIP-1152): the transactional ids that this broker coordinates.
 *
 * Not simulated: patterns are JavaScript's regular expressions, which have what RE2 has.
 */
import { DescribeTransactions } from '../../protocol/apis/65-describe-transactions.ts';
import { ListTransactions, type ListTransactionsRequest } from '../../protocol/apis/66-list-transactions.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { TransactionShard } from './shard.ts';
import type { Transaction } from './transaction.ts';
import { byTopic, TRANSACTION_STATES } from './transaction-log.ts';

export function listTransactions(shards: readonly TransactionShard[], body: ListTransactionsRequest): unknown {
  const { stateFilters, producerIdFilters, durationFilter } = body;
  const known: readonly string[] = TRANSACTION_STATES;
  const pattern = patternOf(body.transactionalIdPattern);
  if (pattern === 'invalid') return ListTransactions.response.make({ errorCode: ErrorCode.INVALID_REGULAR_EXPRESSION });
  const states = stateFilters.filter((state) => known.includes(state));
  const isAsked = ({ id, value }: Transaction, nowMs: number): boolean => {
    if (value.state === 'Dead') return false;
    if (producerIdFilters.length > 0 && !producerIdFilters.includes(value.producerId)) return false;
    if (states.length > 0 && !states.includes(value.state)) return false;
    if (durationFilter >= 0 && nowMs - value.startMs <= durationFilter) return false;
    return pattern === null || pattern.test(id);
  };
  const unknownStateFilters = stateFilters.filter((state) => !known.includes(state));
  // Only states that nobody has ever been in were asked for.
  const nothing = stateFilters.length > 0 && states.length === 0;
  const found = nothing
    ? []
    : shards.flatMap((shard) =>
        [...shard.transactions.values()].filter((transaction) => isAsked(transaction, shard.world.wallMs())),
      );
  return ListTransactions.response.make({
    unknownStateFilters,
    transactionStates: found.map(({ id, value }) => ({
      transactionalId: id,
      producerId: value.producerId,
      transactionState: value.state,
    })),
  });
}

function patternOf(text: string | null): RegExp | null | 'invalid' {
  if (text === null || text === '') return null;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return 'invalid';
  }
}

type Description = ReturnType<typeof DescribeTransactions.response.make>['transactionStates'][number];

export function describeTransaction(transactionalId: string, transaction: Transaction | undefined): Description {
  if (transaction === undefined || transaction.value.state === 'Dead')
    return description(transactionalId, ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
  const { value, producerEpoch } = transaction;
  return {
    errorCode: ErrorCode.NONE,
    transactionalId,
    transactionState: value.state,
    transactionTimeoutMs: value.timeoutMs,
    transactionStartTimeMs: value.startMs,
    producerId: value.producerId,
    producerEpoch,
    topics: byTopic(value.partitions.values()).map(({ topic, partitionIds }) => ({ topic, partitions: partitionIds })),
  };
}

/** Of an id that cannot be described. */
export function description(transactionalId: string, errorCode: number): Description {
  const { transactionStates } = DescribeTransactions.response.make({
    transactionStates: [{ transactionalId, errorCode }],
  });
  return transactionStates[0]!;
}
