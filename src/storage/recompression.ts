import {
  ATTRIBUTE,
  attributes,
  BATCH_HEADER_SIZE,
  baseSequence,
  compressionId,
  HEADER,
  LOG_OVERHEAD,
  maxTimestamp,
  producerId,
  setCrc,
  storedCrc,
} from '../protocol/batch-header.ts';
import { putInt16, putInt32, putInt64 } from '../protocol/big-endian.ts';
import type { LogHost } from './api.ts';
import { storageEvents } from './events.ts';
import type { CheckedRecords } from './record-checks.ts';
import type { Rules } from './rejection.ts';

/**
 * The batch as the log keeps it: as it came, unless the topic's `compression.type` asks for another codec than the producer
 * chose; then the records are compressed anew and the header says so (LogValidator.buildRecordsAndAssignOffsets). A maximum
 * timestamp that the records do not bear out is put right, because retention believes it.
 */
export function asKept(bytes: Uint8Array, { plain, maxTimestampMs }: CheckedRecords, rules: Rules): Uint8Array {
  const { config } = rules;
  if (plain === null) return bytes;
  const wanted = config.compression;
  if (wanted !== null && wanted.codec !== compressionId(bytes, 0)) {
    const codec = wanted.codec === 0 ? null : rules.compression?.codec(wanted.codec);
    if (codec !== undefined) {
      const block = codec === null ? plain : codec.compress(plain, wanted.level);
      return rebuilt(bytes, block, wanted.codec, maxTimestampMs);
    }
  }
  if (maxTimestamp(bytes, 0) !== maxTimestampMs && config.timestampType === 'CreateTime') {
    putInt64(bytes, HEADER.maxTimestamp, maxTimestampMs);
    setCrc(bytes, 0);
  }
  return bytes;
}

function rebuilt(bytes: Uint8Array, block: Uint8Array, codec: number, maxTimestampMs: number): Uint8Array {
  const made = new Uint8Array(BATCH_HEADER_SIZE + block.length);
  made.set(bytes.subarray(0, BATCH_HEADER_SIZE));
  made.set(block, BATCH_HEADER_SIZE);
  putInt32(made, HEADER.length, made.length - LOG_OVERHEAD);
  putInt16(made, HEADER.attributes, (attributes(bytes, 0) & ~ATTRIBUTE.compressionMask) | codec);
  putInt64(made, HEADER.maxTimestamp, maxTimestampMs);
  setCrc(made, 0);
  return made;
}

/** Tells the trace by which checksum a batch is known from here on, where it is not the sender's. */
export function noteRewriting(host: LogHost, name: string, bytes: Uint8Array, sentCrc: number): void {
  const crc = storedCrc(bytes, 0);
  if (crc === sentCrc) return;
  const values = [name, sentCrc, crc, producerId(bytes, 0), baseSequence(bytes, 0)];
  host.emit(storageEvents['batch-rewritten'], values);
}
