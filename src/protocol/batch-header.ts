import { int16At, int32At, int64At, putInt16, putInt32, putInt64, uint32At } from './big-endian.ts';
import { crc32c } from './crc32c.ts';

/**
 * The 61 bytes before the records of a batch (magic 2), read and stamped in place. Base offset, length, leader epoch and
 * magic stand before what the checksum covers: a leader assigns offsets and its epoch without computing it anew.
 *
 * All functions take the bytes and the position at which the batch begins. They trust that the header is whole:
 * `completeBatchSize` says so.
 */
export const BATCH_HEADER_SIZE = 61;
/** Offset and length: what every format of batch begins with, and what the length does not count. */
export const LOG_OVERHEAD = 12;
/** The only format that is written; 0 and 1 are of brokers before 0.11. */
export const MAGIC = 2;

/** Where each field stands in the header. */
export const HEADER = {
  baseOffset: 0,
  length: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

/** Bits of the attributes. */
export const ATTRIBUTE = {
  compressionMask: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
} as const;

export function baseOffset(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at);
}

export function lastOffset(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at) + int32At(bytes, at + HEADER.lastOffsetDelta);
}

/** The offset after the batch. */
export function nextOffset(bytes: Uint8Array, at: number): number {
  return lastOffset(bytes, at) + 1;
}

/** The whole batch, with offset and length. */
export function sizeInBytes(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + HEADER.length) + LOG_OVERHEAD;
}

export function leaderEpoch(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + HEADER.partitionLeaderEpoch);
}

export function magic(bytes: Uint8Array, at: number): number {
  return (bytes[at + HEADER.magic]! << 24) >> 24;
}

export function storedCrc(bytes: Uint8Array, at: number): number {
  return uint32At(bytes, at + HEADER.crc);
}

export function computedCrc(bytes: Uint8Array, at: number): number {
  return crc32c(bytes, at + HEADER.attributes, at + sizeInBytes(bytes, at));
}

export function verifyCrc(bytes: Uint8Array, at: number): boolean {
  return storedCrc(bytes, at) === computedCrc(bytes, at);
}

export function attributes(bytes: Uint8Array, at: number): number {
  return int16At(bytes, at + HEADER.attributes);
}

/** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
export function compressionId(bytes: Uint8Array, at: number): number {
  return attributes(bytes, at) & ATTRIBUTE.compressionMask;
}

export function isLogAppendTime(bytes: Uint8Array, at: number): boolean {
  return (attributes(bytes, at) & ATTRIBUTE.logAppendTime) !== 0;
}

export function isTransactional(bytes: Uint8Array, at: number): boolean {
  return (attributes(bytes, at) & ATTRIBUTE.transactional) !== 0;
}

export function isControl(bytes: Uint8Array, at: number): boolean {
  return (attributes(bytes, at) & ATTRIBUTE.control) !== 0;
}

export function lastOffsetDelta(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + HEADER.lastOffsetDelta);
}

export function baseTimestamp(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at + HEADER.baseTimestamp);
}

/** Milliseconds since 1970; -1 where there is none. */
export function maxTimestamp(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at + HEADER.maxTimestamp);
}

/** When tombstones and markers of the batch may go (it stands in the place of the base timestamp), or undefined. */
export function deleteHorizonMs(bytes: Uint8Array, at: number): number | undefined {
  return (attributes(bytes, at) & ATTRIBUTE.deleteHorizon) === 0 ? undefined : baseTimestamp(bytes, at);
}

/** -1 for a batch of a producer that is not idempotent. */
export function producerId(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at + HEADER.producerId);
}

export function producerEpoch(bytes: Uint8Array, at: number): number {
  return int16At(bytes, at + HEADER.producerEpoch);
}

export function baseSequence(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + HEADER.baseSequence);
}

/** The sequence of the last record: after 2^31 - 1 comes 0. -1 where there are no sequences. */
export function lastSequence(bytes: Uint8Array, at: number): number {
  const base = baseSequence(bytes, at);
  return base === -1 ? -1 : advanceSequence(base, lastOffsetDelta(bytes, at));
}

/** The sequence `by` records after `sequence`. */
export function advanceSequence(sequence: number, by: number): number {
  return (sequence + by) % 0x80000000;
}

export function recordCount(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + HEADER.recordCount);
}

export function setBaseOffset(bytes: Uint8Array, at: number, offset: number): void {
  putInt64(bytes, at, offset);
}

export function setLeaderEpoch(bytes: Uint8Array, at: number, epoch: number): void {
  putInt32(bytes, at + HEADER.partitionLeaderEpoch, epoch);
}

/** Marks the batch as of log append time, all its records with this timestamp, and computes the checksum anew. */
export function setLogAppendTime(bytes: Uint8Array, at: number, timestampMs: number): void {
  putInt16(bytes, at + HEADER.attributes, attributes(bytes, at) | ATTRIBUTE.logAppendTime);
  putInt64(bytes, at + HEADER.maxTimestamp, timestampMs);
  setCrc(bytes, at);
}

/** Writes the checksum of what stands there now. */
export function setCrc(bytes: Uint8Array, at: number): void {
  putInt32(bytes, at + HEADER.crc, computedCrc(bytes, at));
}

/** What a batch's length may say at least, past the twelve bytes that it does not count (magic 0: LegacyRecord). */
const SMALLEST_LENGTH = 14;

/**
 * The size of the batch at `at` if it stands whole before `end`; 0 if it does not (the rest of a fetch that was cut, or
 * the torn end of a file); -1 if its length cannot be true.
 */
export function completeBatchSize(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < HEADER.magic + 1) return 0;
  const length = int32At(bytes, at + HEADER.length);
  if (length < SMALLEST_LENGTH) return -1;
  const size = length + LOG_OVERHEAD;
  if (end - at < size) return 0;
  return magic(bytes, at) === MAGIC && size < BATCH_HEADER_SIZE ? -1 : size;
}
