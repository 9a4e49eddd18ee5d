import type { PartitionProduceResponse } from '../../protocol/apis/00-produce.ts';
import { Produce } from '../../protocol/apis/00-produce.ts';
import { ErrorCode, errorName, isInvalidMetadata, isRetriable } from '../../protocol/errors.ts';
import { clientEvents } from '../events.ts';
import type { ClientNetwork } from '../network.ts';
import type { Accumulator } from './accumulator.ts';
import type { ProducerBatch, SendOutcome } from './batch.ts';
import { mayBeStored } from './errors.ts';
import type { Idempotence } from './idempotence.ts';
import type { ProducerSettings } from './settings.ts';
import type { Transactions } from './transactions.ts';

export interface ProducerParts {
  readonly network: ClientNetwork;
  readonly settings: ProducerSettings;
  readonly accumulator: Accumulator;
  /** Null without idempotence. */
  readonly idempotence: Idempotence | null;
  /** Null without a transactional id. */
  readonly transactions: Transactions | null;
}

/** Decides what becomes of a batch after an attempt: done, again, in pieces, or failed (Sender.completeBatch). */
export class Outcomes {
  private readonly parts: ProducerParts;

  constructor(parts: ProducerParts) {
    this.parts = parts;
  }

  /** The broker's answer about a batch. */
  answered(batch: ProducerBatch, answer: PartitionProduceResponse, nodeId: number): void {
    const { errorCode, baseOffset, logStartOffset, currentLeader } = answer;
    if (errorCode === ErrorCode.NONE) this.succeeded(batch, baseOffset);
    else {
      const { partition } = batch.queue;
      const hinted = this.parts.network.metadata.hintLeader(
        partition,
        currentLeader.leaderId,
        currentLeader.leaderEpoch,
      );
      this.attemptFailed(batch, errorCode, nodeId, logStartOffset);
      if (hinted && !batch.done) batch.retryAtUs = 0;
    }
  }

  /** An attempt was answered with an error, or not at all. */
  attemptFailed(batch: ProducerBatch, error: number, nodeId: number, logStartOffset: number): void {
    const { network, settings } = this.parts;
    network.sawError(Produce.name, error, batch.queue.name, nodeId);
    if (isInvalidMetadata(error)) network.refresher.request();
    if (mayBeStored(error, settings.acks)) batch.maybeStored = true;
    if (batch.done) return;
    if (error === ErrorCode.DUPLICATE_SEQUENCE_NUMBER) this.succeeded(batch, -1);
    else if (error === ErrorCode.MESSAGE_TOO_LARGE && batch.records.length > 1) this.split(batch);
    else if (this.mayRetry(batch, error, logStartOffset)) this.retry(batch, error);
    else {
      this.parts.idempotence?.failed(batch, batch.attempts < settings.retries);
      this.fail(batch, error);
      this.parts.transactions?.batchFailed(error);
    }
  }

  /** Whether it was acknowledged; with acks=0 that it was written to the connection. */
  succeeded(batch: ProducerBatch, baseOffset: number): void {
    const { network, idempotence, settings } = this.parts;
    idempotence?.acknowledged(batch, baseOffset);
    if (batch.done) return;
    const { context } = network;
    const latencyUs = context.nowUs() - batch.createdUs;
    context.emit(clientEvents['batch-acknowledged'], [
      batch.queue.name,
      batch.serials,
      baseOffset,
      settings.acks,
      latencyUs,
    ]);
    this.finish(batch);
    for (let i = 0; i < batch.records.length; i++) {
      const offset = baseOffset < 0 ? -1 : baseOffset + i;
      batch.records[i]!.done?.({ kind: 'acknowledged', partition: batch.queue.name, offset });
    }
  }

  /** The delivery time-out of a batch has passed. */
  expired(batch: ProducerBatch, inFlight: boolean): void {
    const { network, idempotence } = this.parts;
    if (inFlight) batch.maybeStored = true;
    idempotence?.expired(batch);
    network.sawError(Produce.name, ErrorCode.REQUEST_TIMED_OUT, batch.queue.name, null);
    this.fail(batch, ErrorCode.REQUEST_TIMED_OUT);
    this.parts.transactions?.batchFailed(ErrorCode.REQUEST_TIMED_OUT);
  }

  /** For good, for the caller. */
  fail(batch: ProducerBatch, error: number): void {
    const definite = !batch.maybeStored;
    this.parts.network.context.emit(clientEvents['batch-failed'], [
      batch.queue.name,
      batch.serials,
      errorName(error),
      definite,
      batch.attempts,
    ]);
    this.finish(batch);
    const outcome: SendOutcome = { kind: 'failed', error, definite };
    for (const record of batch.records) record.done?.(outcome);
  }

  private finish(batch: ProducerBatch): void {
    batch.done = true;
    this.parts.accumulator.release(batch);
  }

  private mayRetry(batch: ProducerBatch, error: number, logStartOffset: number): boolean {
    const { network, settings, idempotence } = this.parts;
    if (network.context.nowUs() >= batch.deadlineUs || batch.attempts >= settings.retries) return false;
    return idempotence === null ? isRetriable(error) : idempotence.canRetry(batch, error, logStartOffset);
  }

  private retry(batch: ProducerBatch, error: number): void {
    const { network, accumulator } = this.parts;
    const { context } = network;
    batch.retryAtUs = context.nowUs() + network.retryBackoffUs(batch.attempts);
    batch.attempts += 1;
    context.emit(clientEvents['batch-retried'], [batch.queue.name, batch.serials, batch.attempts, errorName(error)]);
    accumulator.reenqueue(batch);
  }

  /** Costs no attempt. */
  private split(batch: ProducerBatch): void {
    const { network, accumulator, idempotence } = this.parts;
    const parts = accumulator.split(batch);
    network.context.emit(clientEvents['batch-split'], [batch.queue.name, batch.serials, parts.length]);
    batch.done = true;
    accumulator.release(batch);
    const { sequences } = batch.queue;
    if (idempotence !== null && batch.baseSequence >= 0) sequences.replace(batch, parts);
    for (let i = parts.length - 1; i >= 0; i--) accumulator.reenqueue(parts[i]!);
  }
}
