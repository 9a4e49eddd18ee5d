import { ErrorCode, isRetriable } from '../../protocol/errors.ts';
import type { ProducerBatch } from './batch.ts';
import type { PartitionQueue } from './queue.ts';

const LAST_EPOCH = 0x7fff;

/** The identity of an idempotent producer, and the bookkeeping of its sequences (TransactionManager without transactions). */
export class Idempotence {
  /** Within transactions a gap is the transaction's end: nobody raises the epoch but the coordinator. */
  private readonly transactional: boolean;
  producerId = -1;
  producerEpoch = -1;
  /** Partitions in which a gap would follow; the epoch is bumped for them at the next turn. */
  private readonly toRestart = new Set<PartitionQueue>();
  /** Partitions of which a batch expired that may be stored; nothing new is drained until the others are decided. */
  private readonly unresolved = new Set<PartitionQueue>();

  constructor(transactional: boolean) {
    this.transactional = transactional;
  }

  get hasProducerId(): boolean {
    return this.producerId >= 0;
  }

  received(producerId: number, producerEpoch: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
  }

  /** Whether this batch must wait now (RecordAccumulator.shouldStopDrainBatchesForPartition). */
  mustWait(batch: ProducerBatch): boolean {
    if (!this.hasProducerId) return true;
    const { queue } = batch;
    const { sequences } = queue;
    if (batch.baseSequence < 0) {
      if (sequences.inFlight.length > 0 && this.isStale(queue)) return true;
      return this.unresolved.has(queue);
    }
    const lowest = sequences.inFlight[0];
    return lowest !== undefined && lowest !== batch;
  }

  /** Numbers a batch that is drained for the first time. */
  assign(batch: ProducerBatch): void {
    const { sequences } = batch.queue;
    if (this.isStale(batch.queue)) sequences.restart(this.producerId, this.producerEpoch);
    sequences.assign(batch);
  }

  /** Whether another attempt may come out better, by what the error says of the sequences. May ask for an epoch bump. */
  canRetry(batch: ProducerBatch, error: number, logStartOffset: number): boolean {
    const { queue } = batch;
    if (error === ErrorCode.UNKNOWN_PRODUCER_ID) {
      if (logStartOffset === -1 || batch.sequenceReset) return true;
      return this.restart(queue);
    }
    if (error === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      const earlierIsMissing = batch.sequenceReset || !queue.sequences.isNext(batch.baseSequence);
      return (!this.unresolved.has(queue) && earlierIsMissing) || this.restart(queue);
    }
    return isRetriable(error);
  }

  acknowledged(batch: ProducerBatch, baseOffset: number): void {
    batch.queue.sequences.acknowledged(batch, baseOffset);
  }

  /** A batch failed for good though it could have been tried again: its sequence leaves a gap. */
  failed(batch: ProducerBatch, leavesGap: boolean): void {
    batch.queue.sequences.remove(batch);
    if (leavesGap && batch.baseSequence >= 0) this.restart(batch.queue);
  }

  /** A batch expired. If it was tried before, nobody knows whether its sequence is used up. */
  expired(batch: ProducerBatch): void {
    batch.queue.sequences.remove(batch);
    if (batch.attempts > 0 && !this.transactional) this.unresolved.add(batch.queue);
  }

  /** Decides about unresolved partitions of which nothing is in flight any more. */
  resolve(): void {
    for (const queue of this.unresolved) {
      const { sequences } = queue;
      if (sequences.inFlight.length > 0) continue;
      this.unresolved.delete(queue);
      if (!sequences.isNext(sequences.next)) this.toRestart.add(queue);
    }
  }

  /** Goes to the next epoch if a partition needs it. Returns those partitions; none: nothing was to be done. */
  bump(): readonly PartitionQueue[] {
    if (this.toRestart.size === 0) return [];
    if (!this.hasProducerId) return [];
    if (this.producerEpoch >= LAST_EPOCH) {
      // The last epoch: a new id is asked for, and then bumped for these partitions.
      this.received(-1, -1);
      return [];
    }
    const restarted = [...this.toRestart];
    this.toRestart.clear();
    this.producerEpoch += 1;
    for (const queue of restarted) {
      queue.sequences.restart(this.producerId, this.producerEpoch);
      this.unresolved.delete(queue);
    }
    return restarted;
  }

  /** False if that is not for the producer to do. */
  private restart(queue: PartitionQueue): boolean {
    if (!this.transactional) this.toRestart.add(queue);
    return !this.transactional;
  }

  private isStale({ sequences }: PartitionQueue): boolean {
    return sequences.producerId !== this.producerId || sequences.producerEpoch !== this.producerEpoch;
  }
}
