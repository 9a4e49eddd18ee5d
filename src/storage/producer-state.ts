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
import type { AppendOrigin } from './api.ts';
import { readMarker } from './marker.ts';
import { ProducerEntry, type RememberedBatch } from './producer-entry.ts';
import { decodeProducers, encodeProducers } from './producer-snapshot.ts';
import type { AbortedTransaction } from './transaction-index.ts';
import { Transactions } from './transactions.ts';

/**
 * The producers of one log: what makes a repeated batch harmless, a lost one visible, and an old producer powerless
 * (KIP-98, KIP-360; Kafka's ProducerStateManager and ProducerAppendInfo). Only batches with a producer id come here.
 * Not simulated: the guards of transaction verification (KIP-890).
 */
export class ProducerState {
  readonly #producers = new Map<number, ProducerEntry>();
  readonly transactions = new Transactions();

  get isEmpty(): boolean {
    return this.#producers.size === 0;
  }

  /** A batch that was appended before, if this one repeats it. */
  repeated(bytes: Uint8Array, at: number, expiredBeforeMs: number): RememberedBatch | undefined {
    const entry = this.#unexpired(producerId(bytes, at), expiredBeforeMs);
    if (entry === undefined || entry.epoch !== producerEpoch(bytes, at)) return undefined;
    return entry.find(baseSequence(bytes, at), lastSequence(bytes, at));
  }

  /** The error that keeps a batch out of the leader's log, or NONE (§1.4 of the replication page; first failure wins). */
  check(bytes: Uint8Array, at: number, origin: AppendOrigin, expiredBeforeMs: number): number {
    const entry = this.#unexpired(producerId(bytes, at), expiredBeforeMs);
    if (entry === undefined) return ErrorCode.NONE;
    const epoch = producerEpoch(bytes, at);
    if (epoch < entry.epoch) return ErrorCode.INVALID_PRODUCER_EPOCH;
    if (isControl(bytes, at)) {
      const marker = readMarker(bytes, at);
      const fenced = marker !== undefined && marker.coordinatorEpoch < entry.coordinatorEpoch;
      return fenced ? ErrorCode.TRANSACTION_COORDINATOR_FENCED : ErrorCode.NONE;
    }
    if (origin === 'client' && !inSequence(entry, epoch, baseSequence(bytes, at))) {
      return ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
    }
    const foreign = entry.transactionStart >= 0 && !isTransactional(bytes, at);
    return foreign ? ErrorCode.INVALID_TXN_STATE : ErrorCode.NONE;
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
    if (isControl(bytes, at)) return this.#endTransaction(entry, bytes, at);
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
  entries(expiredBeforeMs: number): ProducerEntry[] {
    return [...this.#producers.values()].filter((entry) => !isExpired(entry, expiredBeforeMs));
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

  #unexpired(id: number, expiredBeforeMs: number): ProducerEntry | undefined {
    const entry = this.#producers.get(id);
    if (entry === undefined || !isExpired(entry, expiredBeforeMs)) return entry;
    this.#producers.delete(id);
    return undefined;
  }
}

function isExpired(entry: ProducerEntry, expiredBeforeMs: number): boolean {
  return entry.transactionStart < 0 && entry.lastTimestampMs <= expiredBeforeMs;
}

function inSequence(entry: ProducerEntry, epoch: number, first: number): boolean {
  if (epoch !== entry.epoch) return first === 0;
  return first === (entry.lastSequence === -1 ? 0 : advanceSequence(entry.lastSequence, 1));
}
