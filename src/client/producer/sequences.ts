import { advanceSequence } from '../../protocol/batch-header.ts';
import type { ProducerBatch } from './batch.ts';

/** What an idempotent producer remembers of one partition (TxnPartitionEntry). */
export class PartitionSequences {
  producerId = -1;
  producerEpoch = -1;
  /** Of the next record that is drained for the first time. */
  next = 0;
  lastAcked = -1;
  lastAckedOffset = -1;
  /** Drained and not decided, by sequence: in flight, or waiting to be tried again. */
  readonly inFlight: ProducerBatch[] = [];

  /** Gives a batch that is drained for the first time its sequence. */
  assign(batch: ProducerBatch): void {
    batch.setSequence(this.producerId, this.producerEpoch, this.next);
    this.next = advanceSequence(this.next, batch.records.length);
    this.inFlight.push(batch);
  }

  /** Whether this sequence follows what was last acknowledged. */
  isNext(sequence: number): boolean {
    return sequence === (this.lastAcked < 0 ? 0 : advanceSequence(this.lastAcked, 1));
  }

  acknowledged(batch: ProducerBatch, baseOffset: number): void {
    if (batch.lastSequence > this.lastAcked) this.lastAcked = batch.lastSequence;
    const lastOffset = baseOffset < 0 ? -1 : baseOffset + batch.records.length - 1;
    if (lastOffset > this.lastAckedOffset) this.lastAckedOffset = lastOffset;
    this.remove(batch);
  }

  remove(batch: ProducerBatch): void {
    const at = this.inFlight.indexOf(batch);
    if (at >= 0) this.inFlight.splice(at, 1);
  }

  /** Puts the parts of a batch in its place; together they have its sequences. */
  replace(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    let sequence = batch.baseSequence;
    for (const part of parts) {
      part.setSequence(batch.producerId, batch.producerEpoch, sequence);
      sequence = advanceSequence(sequence, part.records.length);
    }
    const at = this.inFlight.indexOf(batch);
    if (at >= 0) this.inFlight.splice(at, 1, ...parts);
  }

  /** Begins at 0 under a producer id and epoch; what is not decided is numbered anew. */
  restart(producerId: number, producerEpoch: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.next = 0;
    this.lastAcked = -1;
    for (const batch of this.inFlight) {
      batch.setSequence(producerId, producerEpoch, this.next);
      batch.sequenceReset = true;
      this.next = advanceSequence(this.next, batch.records.length);
    }
  }
}
