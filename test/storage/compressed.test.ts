import { describe, expect, test } from 'vitest';
import { compression } from '../../src/gateway/compression/index.ts';
import {
  ATTRIBUTE,
  BATCH_HEADER_SIZE,
  compressionId,
  HEADER,
  LOG_OVERHEAD,
  setCrc,
} from '../../src/protocol/batch-header.ts';
import { putInt16, putInt32, putInt64 } from '../../src/protocol/big-endian.ts';
import { errorName } from '../../src/protocol/errors.ts';
import { COMPRESSION_NAMES } from '../../src/protocol/ports.ts';
import { batchAt, decodeRecords, encodeBatch, type NewRecord } from '../../src/protocol/record-batch.ts';
import { utf8Decode, utf8Encode } from '../../src/protocol/utf8.ts';
import type { LogConfig } from '../../src/storage/api.ts';
import { batch, Machine, WALL_MS } from './harness.ts';

const VALUES = Array.from({ length: 50 }, (_, i) => `value ${i}, much like the others`);
const CODECS = [1, 2, 3, 4].map((id) => compression.codec(id)!);

function compressed(
  id: number,
  values: readonly string[] = VALUES,
  rest: Parameters<typeof batch>[1] = {},
): Uint8Array {
  return batch(values, { compression: compression.codec(id), ...rest });
}

/** A batch whose compressed part is this, with a right checksum. */
function withBlock(id: number, block: Uint8Array, count: number): Uint8Array {
  const bytes = new Uint8Array(BATCH_HEADER_SIZE + block.length);
  bytes.set(batch(['x']).subarray(0, BATCH_HEADER_SIZE));
  bytes.set(block, BATCH_HEADER_SIZE);
  putInt32(bytes, HEADER.length, bytes.length - LOG_OVERHEAD);
  putInt16(bytes, HEADER.attributes, id);
  putInt32(bytes, HEADER.recordCount, count);
  putInt32(bytes, HEADER.lastOffsetDelta, count - 1);
  setCrc(bytes, 0);
  return bytes;
}

/** The records of a batch alone, not compressed. */
function plain(values: readonly string[]): Uint8Array {
  return batch(values).subarray(BATCH_HEADER_SIZE);
}

function valuesIn(bytes: Uint8Array): string[] {
  const result = decodeRecords(batchAt(bytes, 0), compression);
  if (result.kind !== 'records') throw new Error(JSON.stringify(result));
  return result.records.map(({ value }) => utf8Decode(value!));
}

describe.each(CODECS)('a log and batches compressed with $name', ({ id, name }) => {
  test('keeps them as they came, if its compression type is the producer’s', () => {
    const log = new Machine({ compression }).log();
    const sent = compressed(id);
    expect(log.appendAsLeader(sent.slice(), 3, 'client')).toMatchObject({ kind: 'appended', lastOffset: 49 });
    const { records } = log.read(0, 1e6, 50, true)!;
    expect(Buffer.from(records.subarray(21)).equals(Buffer.from(sent.subarray(21)))).toBe(true);
    expect(log.offsetForTimestamp(WALL_MS)).toEqual({ offset: 0, timestampMs: WALL_MS, leaderEpoch: 3 });
  });

  test.each([0, 1, 2, 3, 4])('compresses them anew for codec %i', (codec) => {
    const machine = new Machine({ compression });
    const log = machine.log({ compression: { codec, level: -1 } });
    const sent = compressed(id, VALUES, { producerId: 7, producerEpoch: 1, baseSequence: 0 });
    const sentCrc = batchAt(sent, 0).crc;
    expect(log.appendAsLeader(sent, 3, 'client')).toMatchObject({ kind: 'appended', baseOffset: 0, lastOffset: 49 });
    const { records } = log.read(0, 1e6, 50, true)!;
    const kept = batchAt(records, 0);
    expect(kept.verifyCrc()).toBe(true);
    expect(kept).toMatchObject({
      compressionId: codec,
      recordCount: 50,
      lastOffset: 49,
      producerId: 7,
      leaderEpoch: 3,
    });
    expect(valuesIn(records)).toEqual(VALUES);
    const lines = machine.transcript('batch-rewritten');
    expect(lines).toEqual(
      codec === id ? [] : [`batch-rewritten sentCrc=${sentCrc} crc=${kept.crc} producerId=7 baseSequence=0`],
    );
    // The same batch again is known by its sequence, whatever it was made into.
    const again = compressed(id, VALUES, { producerId: 7, producerEpoch: 1, baseSequence: 0 });
    expect(log.appendAsLeader(again, 3, 'client').kind).toBe('duplicate');
  });

  const key = utf8Encode('k');
  const keys: NewRecord[] = [key, null, key].map((k) => ({ key: k, value: null, timestampMs: WALL_MS }));
  const gappy: NewRecord[] = [0, 2].map((offset) => ({ key, value: null, timestampMs: WALL_MS, offset }));
  const skewed = encodeBatch({ records: gappy, compression: compression.codec(id) });
  putInt32(skewed, HEADER.lastOffsetDelta, 1);
  setCrc(skewed, 0);
  const codec = CODECS[id - 1]!;
  test.each<[string, Uint8Array, string, Partial<LogConfig>?]>([
    ['bytes that it did not write', withBlock(id, utf8Encode('nonsense, nonsense'), 1), 'CORRUPT_MESSAGE'],
    ['fewer records than are counted', withBlock(id, codec.compress(plain(['a', 'b'])), 3), 'INVALID_RECORD'],
    ['more records than are counted', withBlock(id, codec.compress(plain(['a', 'b'])), 1), 'INVALID_RECORD'],
    [
      'records that end in the middle',
      withBlock(id, codec.compress(plain(['abcdef']).slice(0, -3)), 1),
      'INVALID_RECORD',
    ],
    ['offsets with a gap', skewed, 'INVALID_RECORD'],
    ['a time of the future', compressed(id, ['a'], { timestampMs: WALL_MS + 3_600_001 }), 'INVALID_TIMESTAMP'],
    [
      'a missing key in a compacted topic',
      encodeBatch({ records: keys, compression: codec }),
      'INVALID_RECORD',
      { compact: true },
    ],
    ['more than a log takes, compressed', compressed(id), 'MESSAGE_TOO_LARGE', { maxMessageBytes: 100 }],
    [
      'more than a log takes once it is decompressed',
      compressed(id),
      'MESSAGE_TOO_LARGE',
      { maxMessageBytes: 1000, compression: { codec: 0, level: -1 } },
    ],
    [
      'more than a segment holds once it is decompressed',
      compressed(id),
      'RECORD_LIST_TOO_LARGE',
      { segmentBytes: 1000, compression: { codec: 0, level: -1 } },
    ],
  ])(`refuses ${name} of %s`, (_, bytes, error, config = {}) => {
    const log = new Machine({ compression }).log(config);
    const result = log.appendAsLeader(bytes, 0, 'client');
    expect(result.kind === 'rejected' ? errorName(result.error) : result.kind).toBe(error);
    expect(log.logEndOffset).toBe(0);
    if (config.compact) expect(result).toMatchObject({ recordErrors: [{ index: 1 }] });
  });

  test('stamps them, where the log gives the time', () => {
    const log = new Machine({ compression }).log({ timestampType: 'LogAppendTime' });
    log.appendAsLeader(compressed(id, ['a', 'b'], { timestampMs: 5 }), 0, 'client');
    const kept = batchAt(log.read(0, 1e6, 2, true)!.records, 0);
    expect(kept).toMatchObject({ isLogAppendTime: true, maxTimestampMs: WALL_MS, compressionId: id });
    expect(kept.verifyCrc()).toBe(true);
    const result = decodeRecords(kept, compression);
    expect(result).toMatchObject({ records: [{ timestampMs: WALL_MS }, { timestampMs: WALL_MS }] });
  });
});

test('a codec that there is none of is refused', () => {
  const bytes = batch(['a']);
  putInt16(bytes, HEADER.attributes, 5);
  setCrc(bytes, 0);
  const result = new Machine({ compression }).log().appendAsLeader(bytes, 0, 'client');
  expect(result.kind === 'rejected' ? errorName(result.error) : result.kind).toBe('UNSUPPORTED_COMPRESSION_TYPE');
  expect(COMPRESSION_NAMES[5]).toBeUndefined();
  expect(compressionId(bytes, 0) & ATTRIBUTE.compressionMask).toBe(5);
});

test('a maximum timestamp that no record bears out is put right, for retention believes it', () => {
  const log = new Machine().log();
  const bytes = batch(['a', 'b']);
  putInt64(bytes, HEADER.maxTimestamp, WALL_MS + 1000);
  setCrc(bytes, 0);
  expect(log.appendAsLeader(bytes, 0, 'client').kind).toBe('appended');
  const kept = batchAt(log.read(0, 1e6, 2, true)!.records, 0);
  expect([kept.maxTimestampMs, kept.verifyCrc()]).toEqual([WALL_MS, true]);
});
