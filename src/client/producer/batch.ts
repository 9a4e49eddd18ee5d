import * as header from '../../protocol/batch-header.ts';
import type { CompressionCodec } from '../../protocol/ports.ts';
import { encodeBatch, type NewRecord } from '../../protocol/record-batch.ts';
import { varintSize, varlongSize } from '../../protocol/varint.ts';
import type { PartitionQueue } from './queue.ts';

/** What became of a record, as its sender sees it. */
export type SendOutcome =
  /** `offset` is -1 where the answer does not say (acks=0, a recognised duplicate). */
  | { readonly kind: 'acknowledged'; readonly partition: string; readonly offset: number }
  /** `definite`: certainly not stored; otherwise it may be, even later. */
  | { readonly kind: 'failed'; readonly error: number; readonly definite: boolean };

export type SendCallback = (outcome: SendOutcome) => void;

/** A record on its way into a batch. */
export interface OutgoingRecord extends NewRecord {
  readonly topic: string;
  /** Null: the partitioner chooses. */
  readonly partition: number | null;
  readonly serial: number;
  /** The key as a person reads it, for the trace. */
  readonly keyText: string | null;
  readonly done: SendCallback | null;
}

/** What all batches of a producer have in common, and whether this one is a piece of another. */
export interface BatchKind {
  readonly isPart: boolean;
  /** Of a transactional producer. */
  readonly transactional: boolean;
  readonly compression: CompressionCodec | undefined;
  readonly compressionLevel: number;
}

const NO_RECORDS: OutgoingRecord[] = [];
const NO_SERIALS: number[] = [];

/** Records of one partition that travel together, from the first append to the last answer. */
export class ProducerBatch {
  readonly queue: PartitionQueue;
  records: OutgoingRecord[] = NO_RECORDS;
  /** In the order of the records; shared with the trace, so never changed once the batch was sent. */
  serials: number[] = NO_SERIALS;
  readonly createdUs: number;
  readonly deadlineUs: number;
  sizeBytes = header.BATCH_HEADER_SIZE;
  /** What it takes of the buffer. */
  readonly reservedBytes: number;
  /** Takes no more records. */
  closed = false;
  /** Failed attempts that were followed by another place in the queue. */
  attempts = 0;
  /** Not before this, unless the partition has a newer leader than at the failed attempt. */
  retryAtUs = 0;
  attemptEpoch = -1;
  /** An attempt ended so that the records may be in a log. */
  maybeStored = false;
  /** Its outcome is decided; an answer that still comes changes nothing. */
  done = false;
  /** It is part of a batch that was too large. */
  readonly isPart: boolean;
  readonly transactional: boolean;
  producerId = -1;
  producerEpoch = -1;
  baseSequence = -1;
  /** Its sequence was given anew after an epoch bump. */
  sequenceReset = false;
  /** How the records go over the wire; how many of them fit is judged by their size before. */
  readonly compression: CompressionCodec | undefined;
  readonly compressionLevel: number;
  private bytes: Uint8Array | null = null;

  constructor(
    queue: PartitionQueue,
    times: { readonly createdUs: number; readonly deadlineUs: number },
    reservedBytes: number,
    { isPart, transactional, compression, compressionLevel }: BatchKind,
  ) {
    this.queue = queue;
    this.compression = compression;
    this.compressionLevel = compressionLevel;
    this.createdUs = times.createdUs;
    this.deadlineUs = times.deadlineUs;
    this.reservedBytes = reservedBytes;
    this.isPart = isPart;
    this.transactional = transactional;
  }

  get lastSequence(): number {
    return this.baseSequence < 0 ? -1 : header.advanceSequence(this.baseSequence, this.records.length - 1);
  }

  /** Whether one more record keeps it within the size of a batch. A single record may be of any size. */
  hasRoomFor(record: NewRecord, batchSize: number): boolean {
    if (this.closed) return false;
    return this.records.length === 0 || this.sizeBytes + this.sizeOf(record) <= batchSize;
  }

  isFull(batchSize: number): boolean {
    return this.closed || this.sizeBytes >= batchSize;
  }

  append(record: OutgoingRecord): void {
    this.sizeBytes += this.sizeOf(record);
    if (this.records.length === 0) {
      // Many a batch has one record only: a list that grows would have room for sixteen more.
      this.records = [record];
      this.serials = [record.serial];
      return;
    }
    this.records.push(record);
    this.serials.push(record.serial);
  }

  setSequence(producerId: number, producerEpoch: number, baseSequence: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.baseSequence = baseSequence;
    this.bytes = null;
  }

  /** The batch as it goes over the wire; the same array for every attempt with the same sequence. */
  encoded(): Uint8Array {
    this.bytes ??= encodeBatch(this, this.queue.slab);
    return this.bytes;
  }

  get crc(): number {
    return header.storedCrc(this.encoded(), 0);
  }

  private sizeOf(record: NewRecord): number {
    const delta = this.records.length === 0 ? 0 : record.timestampMs - this.records[0]!.timestampMs;
    return recordSize(record, delta, this.records.length);
  }
}

/** Bytes of a record in a batch (DefaultRecord.sizeInBytes). */
export function recordSize({ key, value }: NewRecord, timestampDelta: number, offsetDelta: number): number {
  const keySize = key === null ? 1 : varintSize(key.length) + key.length;
  const valueSize = value === null ? 1 : varintSize(value.length) + value.length;
  const body = 2 + varlongSize(timestampDelta) + varintSize(offsetDelta) + keySize + valueSize;
  return varintSize(body) + body;
}
