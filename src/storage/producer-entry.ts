import { advanceSequence } from '../protocol/batch-header.ts';

/** How many of its latest batches a producer may send again without harm (KIP-98; the producer has at most five in flight). */
const REMEMBERED = 5;

/** Numbers of one remembered batch: last sequence, last offset, offset delta, timestamp. */
const WIDTH = 4;

export interface RememberedBatch {
  readonly lastSequence: number;
  readonly lastOffset: number;
  /** Last offset minus first; also last sequence minus first, modulo 2^31. */
  readonly offsetDelta: number;
  readonly timestampMs: number;
}

/** What a log knows of one producer (Kafka's ProducerStateEntry). */
export class ProducerEntry {
  readonly producerId: number;
  epoch: number;
  coordinatorEpoch = -1;
  /** First offset of the transaction that is open here; -1: none. */
  transactionStart = -1;
  lastTimestampMs = -1;
  /** Of the latest batch of this epoch; -1: none. */
  lastSequence = -1;
  /** The latest batches, at most five, all of the present epoch: a ring of numbers side by side, as every append looks at it. */
  readonly #batches: number[] = [];
  /** How many there ever were in this epoch. */
  #count = 0;

  constructor(producerId: number, epoch: number) {
    this.producerId = producerId;
    this.epoch = epoch;
  }

  get hasBatches(): boolean {
    return this.#count > 0;
  }

  get lastBatch(): RememberedBatch | undefined {
    return this.#count === 0 ? undefined : this.#batchAt(WIDTH * ((this.#count - 1) % REMEMBERED));
  }

  /** A new epoch begins a new count of sequences. */
  setEpoch(epoch: number): void {
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    this.lastSequence = -1;
    this.#batches.length = 0;
    this.#count = 0;
  }

  remember(lastSequence: number, lastOffset: number, offsetDelta: number, timestampMs: number): void {
    this.lastTimestampMs = timestampMs;
    this.lastSequence = lastSequence;
    const at = WIDTH * (this.#count % REMEMBERED);
    this.#batches[at] = lastSequence;
    this.#batches[at + 1] = lastOffset;
    this.#batches[at + 2] = offsetDelta;
    this.#batches[at + 3] = timestampMs;
    this.#count += 1;
  }

  /** The remembered batch with exactly these sequences; the oldest, if there are several. */
  find(firstSequence: number, lastSequence: number): RememberedBatch | undefined {
    const count = this.#count;
    for (let i = Math.max(0, count - REMEMBERED); i < count; i++) {
      const at = WIDTH * (i % REMEMBERED);
      if (this.#batches[at] !== lastSequence) continue;
      if (firstSequenceOf(lastSequence, this.#batches[at + 2]!) === firstSequence) return this.#batchAt(at);
    }
    return undefined;
  }

  #batchAt(at: number): RememberedBatch {
    const batches = this.#batches;
    const [lastSequence, lastOffset] = [batches[at]!, batches[at + 1]!];
    return { lastSequence, lastOffset, offsetDelta: batches[at + 2]!, timestampMs: batches[at + 3]! };
  }
}

function firstSequenceOf(lastSequence: number, offsetDelta: number): number {
  const first = lastSequence - offsetDelta;
  return first >= 0 ? first : advanceSequence(first, 0x80000000);
}
