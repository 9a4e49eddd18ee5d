import { advanceSequence } from '../protocol/batch-header.ts';

/** How many of its latest batches a producer may send again without harm (KIP-98; the producer has at most five in flight). */
const REMEMBERED = 5;

export interface RememberedBatch {
  lastSequence: number;
  lastOffset: number;
  /** Last offset minus first; also last sequence minus first, modulo 2^31. */
  offsetDelta: number;
  timestampMs: number;
}

/** What a log knows of one producer (Kafka's ProducerStateEntry). */
export class ProducerEntry {
  readonly producerId: number;
  epoch: number;
  coordinatorEpoch = -1;
  /** First offset of the transaction that is open here; -1: none. */
  transactionStart = -1;
  lastTimestampMs = -1;
  /** Oldest first; at most five, all of the present epoch. */
  readonly #batches: RememberedBatch[] = [];

  constructor(producerId: number, epoch: number) {
    this.producerId = producerId;
    this.epoch = epoch;
  }

  get lastBatch(): RememberedBatch | undefined {
    return this.#batches[this.#batches.length - 1];
  }

  get lastSequence(): number {
    return this.lastBatch?.lastSequence ?? -1;
  }

  /** A new epoch begins a new count of sequences. */
  setEpoch(epoch: number): void {
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    this.#batches.length = 0;
  }

  remember(lastSequence: number, lastOffset: number, offsetDelta: number, timestampMs: number): void {
    const batches = this.#batches;
    this.lastTimestampMs = timestampMs;
    if (batches.length < REMEMBERED) {
      batches.push({ lastSequence, lastOffset, offsetDelta, timestampMs });
      return;
    }
    const oldest = batches[0]!;
    for (let i = 1; i < REMEMBERED; i++) batches[i - 1] = batches[i]!;
    batches[REMEMBERED - 1] = oldest;
    oldest.lastSequence = lastSequence;
    oldest.lastOffset = lastOffset;
    oldest.offsetDelta = offsetDelta;
    oldest.timestampMs = timestampMs;
  }

  /** The remembered batch with exactly these sequences. */
  find(firstSequence: number, lastSequence: number): RememberedBatch | undefined {
    for (const batch of this.#batches) {
      if (batch.lastSequence === lastSequence && firstSequenceOf(batch) === firstSequence) return batch;
    }
    return undefined;
  }
}

function firstSequenceOf({ lastSequence, offsetDelta }: RememberedBatch): number {
  const first = lastSequence - offsetDelta;
  return first >= 0 ? first : advanceSequence(first, 0x80000000);
}
