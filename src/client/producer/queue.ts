import type { ByteSlab } from '../../protocol/byte-slab.ts';
import type { PartitionInfo } from '../metadata.ts';
import type { ProducerBatch } from './batch.ts';
import { PartitionSequences } from './sequences.ts';

/** What waits for one partition, oldest first. */
export class PartitionQueue {
  readonly partition: PartitionInfo;
  readonly name: string;
  /** Where its batches are encoded; one for all queues of a producer. */
  readonly slab: ByteSlab;
  readonly batches: ProducerBatch[] = [];
  /** With max.in.flight=1: a batch of it is in flight, and no other may overtake it. */
  muted = false;
  /** It is in the sender's list of queues that hold batches. */
  active = false;
  readonly sequences = new PartitionSequences();

  constructor(partition: PartitionInfo, slab: ByteSlab) {
    this.partition = partition;
    this.slab = slab;
    this.name = partition.name;
  }

  get last(): ProducerBatch | undefined {
    return this.batches[this.batches.length - 1];
  }

  /** Takes a batch back that is to be tried again: before everything, or by its sequence if it has one. */
  reenqueue(batch: ProducerBatch): void {
    const { batches } = this;
    let at = 0;
    if (batch.baseSequence >= 0) {
      while (at < batches.length && precedes(batches[at]!, batch)) at += 1;
    }
    batches.splice(at, 0, batch);
  }
}

function precedes(a: ProducerBatch, b: ProducerBatch): boolean {
  return a.baseSequence >= 0 && a.baseSequence < b.baseSequence;
}
