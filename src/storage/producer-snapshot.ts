import { int16At, int32At, int64At, putInt16, putInt32, putInt64, uint32At } from '../protocol/big-endian.ts';
import { crc32c } from '../protocol/crc32c.ts';
import { MalformedMessage } from '../protocol/wire-error.ts';
import { ProducerEntry } from './producer-entry.ts';

/**
 * `<offset>.snapshot`: the producers of a log as they were just before that offset, so that a start need not read the whole
 * log (ProducerSnapshot of Kafka's message definitions, version 1). Of each producer only the last batch is kept.
 */
const HEADER_SIZE = 10;
const ENTRY_SIZE = 46;
const VERSION = 1;

export function encodeProducers(producers: Iterable<ProducerEntry>): Uint8Array {
  const entries = [...producers];
  const bytes = new Uint8Array(HEADER_SIZE + ENTRY_SIZE * entries.length);
  putInt16(bytes, 0, VERSION);
  putInt32(bytes, 6, entries.length);
  let at = HEADER_SIZE;
  for (const entry of entries) {
    const last = entry.lastBatch;
    putInt64(bytes, at, entry.producerId);
    putInt16(bytes, at + 8, entry.epoch);
    putInt32(bytes, at + 10, last?.lastSequence ?? -1);
    putInt64(bytes, at + 14, last?.lastOffset ?? -1);
    putInt32(bytes, at + 22, last?.offsetDelta ?? 0);
    putInt64(bytes, at + 26, entry.lastTimestampMs);
    putInt32(bytes, at + 34, entry.coordinatorEpoch);
    putInt64(bytes, at + 38, entry.transactionStart);
    at += ENTRY_SIZE;
  }
  putInt32(bytes, 2, crc32c(bytes, 6, bytes.length));
  return bytes;
}

/** Undefined where the bytes are no whole, undamaged snapshot. */
export function decodeProducers(bytes: Uint8Array): ProducerEntry[] | undefined {
  if (bytes.length < HEADER_SIZE || int16At(bytes, 0) !== VERSION) return undefined;
  if (bytes.length !== HEADER_SIZE + ENTRY_SIZE * int32At(bytes, 6)) return undefined;
  if (uint32At(bytes, 2) !== crc32c(bytes, 6, bytes.length)) return undefined;
  try {
    const entries: ProducerEntry[] = [];
    for (let at = HEADER_SIZE; at < bytes.length; at += ENTRY_SIZE) entries.push(entryAt(bytes, at));
    return entries;
  } catch (thrown) {
    if (thrown instanceof MalformedMessage) return undefined;
    throw thrown;
  }
}

function entryAt(bytes: Uint8Array, at: number): ProducerEntry {
  const entry = new ProducerEntry(int64At(bytes, at), int16At(bytes, at + 8));
  const lastOffset = int64At(bytes, at + 14);
  const timestampMs = int64At(bytes, at + 26);
  if (lastOffset >= 0) entry.remember(int32At(bytes, at + 10), lastOffset, int32At(bytes, at + 22), timestampMs);
  entry.lastTimestampMs = timestampMs;
  entry.coordinatorEpoch = int32At(bytes, at + 34);
  entry.transactionStart = int64At(bytes, at + 38);
  return entry;
}
