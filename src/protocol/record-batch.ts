import * as header from './batch-header.ts';
import { ATTRIBUTE, BATCH_HEADER_SIZE, completeBatchSize, HEADER, LOG_OVERHEAD, MAGIC } from './batch-header.ts';
import { putInt16, putInt32, putInt64 } from './big-endian.ts';
import type { ByteSlab } from './byte-slab.ts';
import { COMPRESSION_NAMES, type Compression, type CompressionCodec, noCompression } from './ports.ts';
import { Reader } from './reader.ts';
import { type LogRecord, type RecordBase, type RecordHeader, readRecord, writeRecord } from './record.ts';
import { MalformedMessage } from './wire-error.ts';
import { Writer } from './writer.ts';

/** A record for a new batch. Without an offset it follows the one before it. */
export interface NewRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly timestampMs: number;
  readonly headers?: readonly RecordHeader[];
  /** For a cleaner, which leaves gaps; must rise. */
  readonly offset?: number;
}

/** A batch to be written. What is left out is as in a producer's batch that is neither idempotent nor compressed. */
export interface NewBatch {
  readonly records: readonly NewRecord[];
  readonly baseOffset?: number;
  /** For a cleaner, which keeps the last offset of a batch whose last record went. */
  readonly lastOffset?: number;
  /** -1 in produce requests. */
  readonly partitionLeaderEpoch?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly transactional?: boolean;
  readonly control?: boolean;
  /** All records get this timestamp (LogAppendTime). */
  readonly logAppendTimeMs?: number;
  readonly deleteHorizonMs?: number;
  readonly compression?: CompressionCodec | undefined;
  /** On the codec's own scale; undefined: its default. */
  readonly compressionLevel?: number | undefined;
}

/** Batches are written here first, since their size is not known before; each encoding leaves it empty again. */
let scratch = new Writer(4096);
/** A scratch buffer that has grown past this is not kept. */
const LARGEST_SCRATCH = 1 << 20;

/**
 * One batch in Kafka's format 2, byte for byte as Kafka's MemoryRecordsBuilder writes it. With a slab its memory is from there: for
 * those who make many small ones that live about as long as each other.
 */
export function encodeBatch(batch: NewBatch, slab?: ByteSlab): Uint8Array {
  const { records } = batch;
  const first = records[0];
  const baseOffset = batch.baseOffset ?? first?.offset ?? 0;
  const baseTimestampMs = batch.deleteHorizonMs ?? first?.timestampMs ?? -1;
  const writer = scratch;
  writer.position = BATCH_HEADER_SIZE;
  let offset = baseOffset - 1;
  let maxTimestampMs = -1;
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    offset = record.offset ?? offset + 1;
    if (record.timestampMs > maxTimestampMs) maxTimestampMs = record.timestampMs;
    writeRecord(writer, record, record.timestampMs - baseTimestampMs, offset - baseOffset);
  }
  const bytes = compressed(writer.written(), batch, slab);
  if (writer.bytes.length > LARGEST_SCRATCH) scratch = new Writer(4096);
  const lastOffset = batch.lastOffset ?? (offset < baseOffset ? baseOffset : offset);
  if (batch.logAppendTimeMs !== undefined) maxTimestampMs = batch.logAppendTimeMs;
  writeHeader(bytes, batch, { baseOffset, baseTimestampMs, lastOffset, maxTimestampMs });
  return bytes;
}

/** A batch without records is never compressed: there is nothing that a reader could decompress. */
function codecOf({ records, compression }: NewBatch): CompressionCodec | null {
  return compression === undefined || compression.id === 0 || records.length === 0 ? null : compression;
}

/** The batch in memory of its own, its records compressed as it asks. */
function compressed(plain: Uint8Array, batch: NewBatch, slab: ByteSlab | undefined): Uint8Array {
  const codec = codecOf(batch);
  if (codec === null) return slab === undefined ? plain.slice() : slab.copy(plain);
  const block = codec.compress(plain.subarray(BATCH_HEADER_SIZE), batch.compressionLevel);
  const bytes = new Uint8Array(BATCH_HEADER_SIZE + block.length);
  bytes.set(block, BATCH_HEADER_SIZE);
  return bytes;
}

interface Computed {
  readonly baseOffset: number;
  readonly baseTimestampMs: number;
  readonly lastOffset: number;
  readonly maxTimestampMs: number;
}

function writeHeader(bytes: Uint8Array, batch: NewBatch, computed: Computed): void {
  putInt64(bytes, HEADER.baseOffset, computed.baseOffset);
  putInt32(bytes, HEADER.length, bytes.length - LOG_OVERHEAD);
  putInt32(bytes, HEADER.partitionLeaderEpoch, batch.partitionLeaderEpoch ?? -1);
  bytes[HEADER.magic] = MAGIC;
  putInt16(bytes, HEADER.attributes, attributesOf(batch));
  putInt32(bytes, HEADER.lastOffsetDelta, computed.lastOffset - computed.baseOffset);
  putInt64(bytes, HEADER.baseTimestamp, computed.baseTimestampMs);
  putInt64(bytes, HEADER.maxTimestamp, computed.maxTimestampMs);
  putInt64(bytes, HEADER.producerId, batch.producerId ?? -1);
  putInt16(bytes, HEADER.producerEpoch, batch.producerEpoch ?? -1);
  putInt32(bytes, HEADER.baseSequence, batch.baseSequence ?? -1);
  putInt32(bytes, HEADER.recordCount, batch.records.length);
  header.setCrc(bytes, 0);
}

function attributesOf(batch: NewBatch): number {
  let attributes = codecOf(batch)?.id ?? 0;
  if (batch.logAppendTimeMs !== undefined) attributes |= ATTRIBUTE.logAppendTime;
  if (batch.transactional === true) attributes |= ATTRIBUTE.transactional;
  if (batch.control === true) attributes |= ATTRIBUTE.control;
  if (batch.deleteHorizonMs !== undefined) attributes |= ATTRIBUTE.deleteHorizon;
  return attributes;
}

/** A batch inside a larger array of bytes; nothing is copied. For a scan, `batch-header.ts` works without an object. */
export class BatchView {
  readonly bytes: Uint8Array;
  readonly position: number;

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes;
    this.position = position;
  }

  get baseOffset(): number {
    return header.baseOffset(this.bytes, this.position);
  }
  get lastOffset(): number {
    return header.lastOffset(this.bytes, this.position);
  }
  get nextOffset(): number {
    return header.nextOffset(this.bytes, this.position);
  }
  get sizeInBytes(): number {
    return header.sizeInBytes(this.bytes, this.position);
  }
  get leaderEpoch(): number {
    return header.leaderEpoch(this.bytes, this.position);
  }
  get magic(): number {
    return header.magic(this.bytes, this.position);
  }
  get crc(): number {
    return header.storedCrc(this.bytes, this.position);
  }
  get compressionId(): number {
    return header.compressionId(this.bytes, this.position);
  }
  get isLogAppendTime(): boolean {
    return header.isLogAppendTime(this.bytes, this.position);
  }
  get isTransactional(): boolean {
    return header.isTransactional(this.bytes, this.position);
  }
  get isControl(): boolean {
    return header.isControl(this.bytes, this.position);
  }
  get baseTimestampMs(): number {
    return header.baseTimestamp(this.bytes, this.position);
  }
  get maxTimestampMs(): number {
    return header.maxTimestamp(this.bytes, this.position);
  }
  get deleteHorizonMs(): number | undefined {
    return header.deleteHorizonMs(this.bytes, this.position);
  }
  get producerId(): number {
    return header.producerId(this.bytes, this.position);
  }
  get producerEpoch(): number {
    return header.producerEpoch(this.bytes, this.position);
  }
  get baseSequence(): number {
    return header.baseSequence(this.bytes, this.position);
  }
  get lastSequence(): number {
    return header.lastSequence(this.bytes, this.position);
  }
  get recordCount(): number {
    return header.recordCount(this.bytes, this.position);
  }
  verifyCrc(): boolean {
    return header.verifyCrc(this.bytes, this.position);
  }
  /** Its bytes alone, sharing memory. */
  slice(): Uint8Array {
    return this.bytes.subarray(this.position, this.position + this.sizeInBytes);
  }
}

export function batchAt(bytes: Uint8Array, position: number): BatchView {
  return new BatchView(bytes, position);
}

/** The whole batches of `bytes[from, to)` in order; what is left of one that was cut off is passed over. */
export function* batches(bytes: Uint8Array, from = 0, to = bytes.length): Generator<BatchView, void> {
  let at = from;
  for (;;) {
    const size = completeBatchSize(bytes, at, to);
    if (size === 0) return;
    if (size < 0) throw new MalformedMessage(`a batch at ${at} has an impossible length`);
    yield new BatchView(bytes, at);
    at += size;
  }
}

/** The records of a batch, or why they cannot be read. */
export type RecordsResult =
  | { readonly kind: 'records'; readonly records: readonly LogRecord[] }
  /** The batch is compressed with a codec that this process does not have. */
  | { readonly kind: 'unsupported-compression'; readonly codec: string }
  | { readonly kind: 'corrupt'; readonly message: string };

export function decodeRecords(batch: BatchView, compression: Compression = noCompression): RecordsResult {
  if (batch.magic !== MAGIC) return { kind: 'corrupt', message: `a batch of format ${batch.magic}; only 2 is read` };
  const id = batch.compressionId;
  const codec = id === 0 ? null : compression.codec(id);
  if (codec === undefined) return { kind: 'unsupported-compression', codec: COMPRESSION_NAMES[id] ?? `codec ${id}` };
  try {
    return { kind: 'records', records: readRecords(batch, codec) };
  } catch (error) {
    if (error instanceof MalformedMessage) return { kind: 'corrupt', message: error.message };
    throw error;
  }
}

function readRecords(batch: BatchView, codec: CompressionCodec | null): readonly LogRecord[] {
  const from = batch.position + BATCH_HEADER_SIZE;
  const to = batch.position + batch.sizeInBytes;
  const reader =
    codec === null ? new Reader(batch.bytes, from, to) : new Reader(codec.decompress(batch.bytes.subarray(from, to)));
  const base: RecordBase = {
    baseOffset: batch.baseOffset,
    baseTimestampMs: batch.baseTimestampMs,
    logAppendTimeMs: batch.isLogAppendTime ? batch.maxTimestampMs : null,
  };
  const records: LogRecord[] = [];
  for (let left = batch.recordCount; left > 0; left--) records.push(readRecord(reader, base));
  if (reader.remaining > 0) throw new MalformedMessage('a batch holds more than the records that it counts');
  return records;
}
