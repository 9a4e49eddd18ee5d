import { decodeRecord, encodeKey, encodeValue } from '../../protocol/records/coordinator-record.ts';
import {
  TransactionLog,
  type TransactionLogKey,
  type TransactionLogValue,
} from '../../protocol/records/transaction/00-transaction-log.ts';
import type { InternalRecord } from '../api.ts';

/** In the order of their numbers in the log. */
export const TRANSACTION_STATES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;

export type TransactionStateName = (typeof TRANSACTION_STATES)[number];

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** By name (`orders-0`), in the order in which they were added. */
export type Partitions = ReadonlyMap<string, TopicPartition>;

/** A transactional id as the log has it. */
export interface StoredTransaction {
  readonly transactionalId: string;
  readonly producerId: number;
  /** -1: nobody was given one yet. */
  readonly producerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionStateName;
  readonly partitions: Partitions;
  /** Wall clock when the transaction began; -1: none. */
  readonly startMs: number;
  readonly lastUpdateMs: number;
  /** `transaction.version` by which the producer works in this transaction. */
  readonly clientVersion: number;
}

/** What a transaction coordinator writes to `__transaction_state`; null: the id is forgotten. */
export interface TransactionRecord {
  readonly transactionalId: string;
  readonly value: StoredTransaction | null;
}

export const NO_PARTITIONS: Partitions = new Map();

/** `version` 1 of the value is written from `transaction.version` 1 on. */
export function encodeTransaction(record: TransactionRecord, version: 0 | 1, timestampMs: number): InternalRecord {
  const { transactionalId, value } = record;
  return {
    key: encodeKey(TransactionLog, { transactionalId }),
    value: value === null ? null : encodeValue(TransactionLog, version, logValue(value, version)),
    timestampMs,
  };
}

function logValue(value: StoredTransaction, version: 0 | 1): TransactionLogValue {
  return TransactionLog.value.make({
    producerId: value.producerId,
    producerEpoch: value.producerEpoch,
    transactionTimeoutMs: value.timeoutMs,
    transactionStatus: TRANSACTION_STATES.indexOf(value.state),
    transactionPartitions: value.state === 'Empty' ? null : byTopic(value.partitions.values()),
    transactionLastUpdateTimestampMs: value.lastUpdateMs,
    transactionStartTimestampMs: value.startMs,
    clientTransactionVersion: version === 0 ? 0 : value.clientVersion,
  });
}

/** Undefined for records of the future, which are passed over. */
export function decodeTransaction({
  key,
  value,
}: Pick<InternalRecord, 'key' | 'value'>): TransactionRecord | undefined {
  const decoded = decodeRecord([TransactionLog], key, value);
  if (decoded === undefined) return undefined;
  const { transactionalId } = decoded.key as TransactionLogKey;
  const stored = decoded.value as TransactionLogValue | null;
  return { transactionalId, value: stored === null ? null : storedOf(transactionalId, stored) };
}

function storedOf(transactionalId: string, value: TransactionLogValue): StoredTransaction {
  const partitions = (value.transactionPartitions ?? []).flatMap(({ topic, partitionIds }) =>
    partitionIds.map((partition) => ({ topic, partition })),
  );
  return {
    transactionalId,
    producerId: value.producerId,
    producerEpoch: value.producerEpoch,
    timeoutMs: value.transactionTimeoutMs,
    state: TRANSACTION_STATES[value.transactionStatus] ?? 'Dead',
    partitions: named(partitions),
    startMs: value.transactionStartTimestampMs,
    lastUpdateMs: value.transactionLastUpdateTimestampMs,
    clientVersion: value.clientTransactionVersion,
  };
}

export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

export function named(partitions: Iterable<TopicPartition>): Map<string, TopicPartition> {
  const map = new Map<string, TopicPartition>();
  for (const one of partitions) map.set(partitionName(one), one);
  return map;
}

/** As requests and records have them: the partitions of a topic together. */
export function byTopic(partitions: Iterable<TopicPartition>): { topic: string; partitionIds: number[] }[] {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) {
    const known = topics.get(topic);
    if (known === undefined) topics.set(topic, [partition]);
    else known.push(partition);
  }
  return [...topics].map(([topic, partitionIds]) => ({ topic, partitionIds }));
}
