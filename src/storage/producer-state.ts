import {
  advanceSequence,
  baseOffset,
  baseSequence,
  isControl,
  isTransactional,
  lastOffset,
  lastOffsetDelta,
  lastSequence,
  maxTimestamp,
  producerEpoch,
  producerId,
} from '../protocol/batch-header.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { AppendOrigin, LogConfig, PartitionLog, TransactionalAppend } from './api.ts';
import { readMarker } from './marker.ts';
import { ProducerEntry, type RememberedBatch } from './producer-entry.ts';
import { decodeProducers, encodeProducers } from './producer-snapshot.ts';
import type { AbortedTransaction } from './transaction-index.ts';
import { Transactions } from './transactions.ts';
import { type VerificationGuard, Verifications, type VerifiedProducer } from './verification.ts';

/** From whom a batch comes, and what speaks for it. */
export interface Appending {
  readonly origin: AppendOrigin;
  readonly transaction: TransactionalAppend | undefined;
  readonly verifyTransactions: boolean;
}

type Expiration = Pick<LogConfig, 'producerIdExpirationMs' | 'producerIdCheckIntervalMs'>;

/** `transaction.version` from which a marker's epoch is that of the records plus one. */
const EPOCH_BUMPING_VERSION = 2;

/**
 * The producers of one log: what makes a repeated batch harmless, a lost one visible, and an old producer powerless
 * (KIP-98, KIP-360, KIP-890; Kafka's ProducerStateManager and ProducerAppendInfo). Only batches with a producer id come here.
 */
export class ProducerState {
  readonly #producers = new Map<number, ProducerEntry>();
  readonly transactions = new Transactions();
  readonly #verifications = new Verifications();
  #checkedMs: number | undefined;

  get isEmpty(): boolean {
    return this.#producers.size === 0;
  }

  /**
   * Forgets producers whose latest timestamp is too old: now and then, as Kafka's `removeExpiredProducers`, and not whenever one looks.
   * Whoever writes records of last year is known until the next check, and his repeated batches are harmless until then.
   */
  expire(nowMs: number, { producerIdExpirationMs, producerIdCheckIntervalMs }: Expiration): void {
    this.#checkedMs ??= nowMs;
    if (nowMs - this.#checkedMs < producerIdCheckIntervalMs) return;
    this.#checkedMs = nowMs;
    for (const [id, entry] of this.#producers)
      if (isExpired(entry, nowMs - producerIdExpirationMs)) this.#producers.delete(id);
  }

  /** A batch that was appended before, if this one repeats it. */
  repeated(bytes: Uint8Array, at: number): RememberedBatch | undefined {
    const entry = this.#producers.get(producerId(bytes, at));
    if (entry === undefined || entry.epoch !== producerEpoch(bytes, at)) return undefined;
    return entry.find(baseSequence(bytes, at), lastSequence(bytes, at));
  }

  /** Undefined if a transaction of the producer is open in this epoch. */
  startVerification(producer: VerifiedProducer): VerificationGuard | undefined {
    const entry = this.#producers.get(producer.producerId);
    return isWithinTransaction(entry, producer.producerEpoch) ? undefined : this.#verifications.start(producer);
  }

  /** The error that keeps a batch out of the leader's log, or NONE (§1.4 of the replication page; first failure wins). */
  check(bytes: Uint8Array, at: number, appending: Appending): number {
    const entry = this.#producers.get(producerId(bytes, at));
    if (isControl(bytes, at)) return checkMarker(entry, bytes, at, appending.transaction?.transactionVersion ?? 0);
    const epoch = producerEpoch(bytes, at);
    if (entry !== undefined && epoch < entry.epoch) return ErrorCode.INVALID_PRODUCER_EPOCH;
    const transactional = isTransactional(bytes, at);
    const begins = transactional && !isWithinTransaction(entry, epoch);
    const { origin, transaction, verifyTransactions } = appending;
    if (begins && verifyTransactions && !this.#verifications.holds(producerId(bytes, at), transaction?.guard))
      return ErrorCode.INVALID_TXN_STATE;
    if (origin === 'client' && !this.#isInSequence(entry, bytes, at)) return ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
    const foreign = entry !== undefined && entry.transactionStart >= 0 && !transactional;
    return foreign ? ErrorCode.INVALID_TXN_STATE : ErrorCode.NONE;
  }

  #isInSequence(entry: ProducerEntry | undefined, bytes: Uint8Array, at: number): boolean {
    const first = baseSequence(bytes, at);
    const isKnown = entry?.hasBatches === true;
    if (!this.#verifications.allows(producerId(bytes, at), first, isKnown)) return false;
    return entry === undefined || inSequence(entry, producerEpoch(bytes, at), first);
  }

  /** Takes note of a batch that is in the log. Returns the transaction that it aborted, if it did. */
  update(bytes: Uint8Array, at: number): AbortedTransaction | undefined {
    const id = producerId(bytes, at);
    const epoch = producerEpoch(bytes, at);
    let entry = this.#producers.get(id);
    if (entry === undefined) {
      entry = new ProducerEntry(id, epoch);
      this.#producers.set(id, entry);
    } else {
      entry.setEpoch(epoch);
    }
    if (isControl(bytes, at)) {
      this.#verifications.marked(id, epoch);
      return this.#endTransaction(entry, bytes, at);
    }
    this.#verifications.wrote(id);
    const sequence = lastSequence(bytes, at);
    entry.remember(sequence, lastOffset(bytes, at), lastOffsetDelta(bytes, at), maxTimestamp(bytes, at));
    if (entry.transactionStart < 0 && isTransactional(bytes, at)) {
      entry.transactionStart = baseOffset(bytes, at);
      this.transactions.begin(id, entry.transactionStart);
    }
    return undefined;
  }

  #endTransaction(entry: ProducerEntry, bytes: Uint8Array, at: number): AbortedTransaction | undefined {
    const marker = readMarker(bytes, at);
    if (marker === undefined) return undefined;
    entry.coordinatorEpoch = marker.coordinatorEpoch;
    entry.lastTimestampMs = maxTimestamp(bytes, at);
    const firstOffset = entry.transactionStart;
    if (firstOffset < 0) return undefined;
    entry.transactionStart = -1;
    const { producerId: id } = entry;
    const { aborted } = marker;
    const ended = this.transactions.end({ producerId: id, firstOffset, lastOffset: lastOffset(bytes, at), aborted });
    return aborted ? ended : undefined;
  }

  get(id: number): ProducerEntry | undefined {
    return this.#producers.get(id);
  }

  /** All that are not forgotten, in the order in which they came. */
  describe(): ReturnType<PartitionLog['activeProducers']> {
    return [...this.#producers.values()].map((entry) => ({
      producerId: entry.producerId,
      epoch: entry.epoch,
      lastSequence: entry.lastSequence,
      lastTimestampMs: entry.lastTimestampMs,
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTransactionStartOffset: entry.transactionStart,
    }));
  }

  encode(): Uint8Array {
    return encodeProducers(this.#producers.values());
  }

  /** Takes over a snapshot, into a state that is still empty. False where the bytes are not one. */
  restore(bytes: Uint8Array, expiredBeforeMs: number): boolean {
    const entries = decodeProducers(bytes);
    if (entries === undefined) return false;
    const open: ProducerEntry[] = [];
    for (const entry of entries) {
      if (isExpired(entry, expiredBeforeMs)) continue;
      this.#producers.set(entry.producerId, entry);
      if (entry.transactionStart >= 0) open.push(entry);
    }
    open.sort((a, b) => a.transactionStart - b.transactionStart);
    for (const entry of open) this.transactions.begin(entry.producerId, entry.transactionStart);
    return true;
  }
}

function isExpired(entry: ProducerEntry, expiredBeforeMs: number): boolean {
  return entry.transactionStart < 0 && entry.lastTimestampMs <= expiredBeforeMs;
}

function isWithinTransaction(entry: ProducerEntry | undefined, epoch: number): boolean {
  return entry !== undefined && entry.transactionStart >= 0 && entry.epoch === epoch;
}

/**
 * A marker must be at least as young as what it ends; where every transaction has an epoch of its own, younger. The same marker
 * may come twice: a coordinator that was not answered sends it again, and it ends nothing the second time (KAFKA-19999).
 */
function checkMarker(entry: ProducerEntry | undefined, bytes: Uint8Array, at: number, version: number): number {
  if (entry === undefined) return ErrorCode.NONE;
  const epoch = producerEpoch(bytes, at);
  const isOld = epoch < entry.epoch;
  const endsNext = version >= EPOCH_BUMPING_VERSION && epoch === entry.epoch && entry.transactionStart >= 0;
  if (isOld || endsNext) return ErrorCode.INVALID_PRODUCER_EPOCH;
  const marker = readMarker(bytes, at);
  const fenced = marker !== undefined && marker.coordinatorEpoch < entry.coordinatorEpoch;
  return fenced ? ErrorCode.TRANSACTION_COORDINATOR_FENCED : ErrorCode.NONE;
}

function inSequence(entry: ProducerEntry, epoch: number, first: number): boolean {
  if (epoch !== entry.epoch) return first === 0;
  return first === (entry.lastSequence === -1 ? 0 : advanceSequence(entry.lastSequence, 1));
}
