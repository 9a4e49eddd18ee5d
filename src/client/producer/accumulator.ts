import { BATCH_HEADER_SIZE } from '../../protocol/batch-header.ts';
import { ByteSlab } from '../../protocol/byte-slab.ts';
import type { Compression } from '../../protocol/ports.ts';
import type { PartitionInfo } from '../metadata.ts';
import { type BatchKind, type OutgoingRecord, ProducerBatch, recordSize } from './batch.ts';
import { PartitionQueue } from './queue.ts';
import type { ProducerSettings } from './settings.ts';

export type Appended =
  /** Into a batch that had been begun before. */
  | 'joined'
  /** Into a new batch: the sender has to look at it in time. */
  | 'began'
  /** The batch is full now, or the one before it is: it can go at once. */
  | 'full'
  /** There is no memory for another batch. */
  | 'exhausted';

/** Records that wait to be sent, in batches by partition (RecordAccumulator). */
export class Accumulator {
  /** Queues that hold batches, or did a moment ago; the sender tidies it up. */
  active: PartitionQueue[] = [];
  /** Batches whose outcome is not decided. */
  incomplete = 0;
  private readonly queues = new Map<PartitionInfo, PartitionQueue>();
  private readonly settings: ProducerSettings;
  private readonly whole: BatchKind;
  private readonly piece: BatchKind;
  private usedBytes = 0;
  private readonly slab = new ByteSlab();

  constructor(settings: ProducerSettings, compression: Compression) {
    this.settings = settings;
    const { codec, level } = settings.compression;
    const transactional = settings.transactionalId !== null;
    this.whole = { isPart: false, transactional, compression: compression.codec(codec), compressionLevel: level };
    this.piece = { ...this.whole, isPart: true };
  }

  append(partition: PartitionInfo, record: OutgoingRecord, nowUs: number): Appended {
    const { batchSize, deliveryTimeoutUs } = this.settings;
    const queue = this.queueOf(partition);
    const last = queue.last;
    if (last?.hasRoomFor(record, batchSize)) {
      last.append(record);
      return last.isFull(batchSize) ? 'full' : 'joined';
    }
    const reserved = Math.max(batchSize, sizeOfOwnBatch(record));
    if (this.usedBytes + reserved > this.settings.bufferMemory) return 'exhausted';
    this.usedBytes += reserved;
    if (last !== undefined) last.closed = true;
    const times = { createdUs: nowUs, deadlineUs: nowUs + deliveryTimeoutUs };
    const batch = new ProducerBatch(queue, times, reserved, this.whole);
    batch.append(record);
    queue.batches.push(batch);
    this.incomplete += 1;
    this.activate(queue);
    return last !== undefined || batch.isFull(batchSize) ? 'full' : 'began';
  }

  /** A batch that was sent is to be sent again. */
  reenqueue(batch: ProducerBatch): void {
    batch.queue.reenqueue(batch);
    this.activate(batch.queue);
  }

  /** The outcome of a batch is decided: its memory is free. */
  release(batch: ProducerBatch): void {
    this.usedBytes -= batch.reservedBytes;
    this.incomplete -= 1;
  }

  /** Halves of a batch that was too large for the broker, or pieces of the size of a batch; they keep its deadline. */
  split(batch: ProducerBatch): readonly ProducerBatch[] {
    const limit = batch.isPart ? Math.max(1, batch.sizeBytes >> 1) : this.settings.batchSize;
    const parts: ProducerBatch[] = [];
    let part: ProducerBatch | undefined;
    for (const record of batch.records) {
      if (!part?.hasRoomFor(record, limit)) {
        part = new ProducerBatch(batch.queue, batch, 0, this.piece);
        parts.push(part);
        this.incomplete += 1;
      }
      part.append(record);
    }
    for (const made of parts) made.closed = true;
    return parts;
  }

  allQueues(): Iterable<PartitionQueue> {
    return this.queues.values();
  }

  queueOf(partition: PartitionInfo): PartitionQueue {
    let queue = this.queues.get(partition);
    if (queue === undefined) {
      queue = new PartitionQueue(partition, this.slab);
      this.queues.set(partition, queue);
    }
    return queue;
  }

  private activate(queue: PartitionQueue): void {
    if (queue.active) return;
    queue.active = true;
    this.active.push(queue);
  }
}

/** What a record takes in a batch of its own. */
export function sizeOfOwnBatch(record: OutgoingRecord): number {
  return BATCH_HEADER_SIZE + recordSize(record, 0, 0);
}
