import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  completeBatchSize,
  setBaseOffset,
  setLeaderEpoch,
  setLogAppendTime,
  verifyCrc,
} from '../../src/protocol/batch-header.ts';
import { coordinatorEpochOf, decodeControlKey, encodeTransactionMarker } from '../../src/protocol/control-batch.ts';
import { crc32c } from '../../src/protocol/crc32c.ts';
import type { CompressionCodec } from '../../src/protocol/ports.ts';
import { batchAt, batches, decodeRecords, encodeBatch, type NewBatch } from '../../src/protocol/record-batch.ts';
import { fromHex, toHex } from './hex.ts';

/** The checksum bit by bit, as RFC 3720 defines it. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('CRC-32C', () => {
  test('the vectors of RFC 3720', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  test('sixteen bytes a step give what one bit a step gives, at any place of an array', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.nat(20), (bytes, from) => {
        const start = Math.min(from, bytes.length);
        expect(crc32c(bytes, start)).toBe(slowCrc32c(bytes.subarray(start)));
      }),
    );
  });
});

// A batch of two records, field by field. Varints are zig-zag: 10 is 5, 01 is -1.
const BODY = [
  '0000', // attributes
  '00000001', // last offset delta
  '00000000000003e8', // base timestamp 1000
  '00000000000003ed', // max timestamp 1005
  '0000000000000007', // producer id
  '0002', // producer epoch
  '00000009', // base sequence
  '00000002', // records
  '10 00 00 00 01 04 6869 00', // length 8: attributes, time +0, offset +0, no key, value "hi", no headers
  '16 00 0a 02 02 6b 01 02 02 68 02 76', // length 11: time +5, offset +1, key "k", null value, header h=v
].join('');
const RECORDS: NewBatch = {
  baseOffset: 42,
  partitionLeaderEpoch: 3,
  producerId: 7,
  producerEpoch: 2,
  baseSequence: 9,
  records: [
    { key: null, value: fromHex('6869'), timestampMs: 1000 },
    { key: fromHex('6b'), value: null, timestampMs: 1005, headers: [{ key: 'h', value: fromHex('76') }] },
  ],
};

describe('record batches', () => {
  test('the bytes are those that the format asks for', () => {
    const body = fromHex(BODY);
    const head = '000000000000002a' + (body.length + 9).toString(16).padStart(8, '0') + '00000003' + '02';
    const crc = slowCrc32c(body).toString(16).padStart(8, '0');
    expect(toHex(encodeBatch(RECORDS))).toBe(head + crc + toHex(body));
  });

  test('a view reads the header in place', () => {
    const bytes = new Uint8Array(200);
    const batch = encodeBatch(RECORDS);
    bytes.set(batch, 50);
    const view = batchAt(bytes, 50);
    expect(view).toMatchObject({
      baseOffset: 42,
      lastOffset: 43,
      nextOffset: 44,
      sizeInBytes: batch.length,
      leaderEpoch: 3,
      magic: 2,
      maxTimestampMs: 1005,
      producerId: 7,
      producerEpoch: 2,
      baseSequence: 9,
      lastSequence: 10,
      recordCount: 2,
      isControl: false,
      isTransactional: false,
    });
    expect(view.verifyCrc()).toBe(true);
    expect(view.slice()).toEqual(batch);
  });

  test('a leader stamps offset and epoch without touching what the checksum covers', () => {
    const bytes = encodeBatch(RECORDS);
    setBaseOffset(bytes, 0, 5_000_000_000);
    setLeaderEpoch(bytes, 0, 8);
    expect(batchAt(bytes, 0)).toMatchObject({ baseOffset: 5_000_000_000, leaderEpoch: 8 });
    expect(verifyCrc(bytes, 0)).toBe(true);
    setLogAppendTime(bytes, 0, 77);
    expect(verifyCrc(bytes, 0)).toBe(true);
    const result = decodeRecords(batchAt(bytes, 0));
    expect(result.kind === 'records' && result.records.map(({ timestampMs }) => timestampMs)).toEqual([77, 77]);
  });

  test('a flipped bit after the magic fails the checksum', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), (place, bit) => {
        const bytes = encodeBatch(RECORDS);
        const at = 17 + (place % (bytes.length - 17));
        bytes[at] = bytes[at]! ^ (1 << bit);
        expect(verifyCrc(bytes, 0)).toBe(false);
      }),
    );
  });

  test('records come back as they went in', () => {
    const blob = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null });
    const header = fc.record({ key: fc.string({ unit: 'grapheme' }), value: blob });
    const record = fc.record({
      key: blob,
      value: blob,
      timestampMs: fc.integer({ min: -1, max: 4_000_000_000_000 }),
      headers: fc.array(header, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), fc.nat(2 ** 40), (records, baseOffset) => {
        const bytes = encodeBatch({ records, baseOffset });
        const result = decodeRecords(batchAt(bytes, 0));
        expect(result).toEqual({
          kind: 'records',
          records: records.map((one, i) => ({ ...one, offset: baseOffset + i })),
        });
        const largest = records.reduce((max, { timestampMs }) => Math.max(max, timestampMs), -1);
        expect(batchAt(bytes, 0).maxTimestampMs).toBe(largest);
      }),
    );
  });

  test('a cleaner keeps gaps between offsets and the last offset of what it took', () => {
    const kept = { key: null, value: null, timestampMs: 1, offset: 12 };
    const bytes = encodeBatch({ records: [kept], baseOffset: 10, lastOffset: 15 });
    expect(batchAt(bytes, 0)).toMatchObject({ baseOffset: 10, lastOffset: 15, recordCount: 1 });
    const result = decodeRecords(batchAt(bytes, 0));
    expect(result.kind === 'records' && result.records[0]!.offset).toBe(12);
    const empty = batchAt(encodeBatch({ records: [], baseOffset: 10, lastOffset: 15 }), 0);
    expect(empty).toMatchObject({ lastOffset: 15, recordCount: 0, maxTimestampMs: -1 });
    expect(decodeRecords(empty)).toEqual({ kind: 'records', records: [] });
  });

  test('iteration stops at a batch that was cut off, and refuses an impossible length', () => {
    const one = encodeBatch(RECORDS);
    const bytes = new Uint8Array(one.length * 2 + 30);
    bytes.set(one);
    bytes.set(one, one.length);
    bytes.set(one.subarray(0, 30), one.length * 2);
    expect([...batches(bytes)].map(({ position }) => position)).toEqual([0, one.length]);
    expect([...batches(one.subarray(0, 16))]).toEqual([]);
    const broken = one.slice();
    broken[11] = 3;
    broken[10] = 0;
    expect(completeBatchSize(broken, 0, broken.length)).toBe(-1);
    expect(() => [...batches(broken)]).toThrow(/impossible length/);
  });

  test('the sequence wraps after 2^31 - 1', () => {
    const bytes = encodeBatch({ ...RECORDS, baseSequence: 0x7fffffff });
    expect(batchAt(bytes, 0).lastSequence).toBe(0);
    expect(batchAt(encodeBatch({ records: RECORDS.records }), 0).lastSequence).toBe(-1);
  });

  test('a codec compresses the records alone; one that is not there is named', () => {
    const gzip: CompressionCodec = {
      id: 1,
      name: 'gzip',
      compress: (bytes) => bytes.map((byte) => byte ^ 0x55),
      decompress: (bytes) => bytes.map((byte) => byte ^ 0x55),
    };
    const bytes = encodeBatch({ ...RECORDS, compression: gzip });
    expect(batchAt(bytes, 0)).toMatchObject({ compressionId: 1, recordCount: 2 });
    expect(decodeRecords(batchAt(bytes, 0))).toEqual({ kind: 'unsupported-compression', codec: 'gzip' });
    expect(decodeRecords(batchAt(bytes, 0), { codec: () => gzip })).toEqual(
      decodeRecords(batchAt(encodeBatch(RECORDS), 0)),
    );
    expect(batchAt(encodeBatch({ records: [], compression: gzip }), 0).compressionId).toBe(0);
  });

  test('a count that does not fit the records is corruption, as a value', () => {
    const bytes = encodeBatch(RECORDS);
    bytes[60] = 1;
    expect(decodeRecords(batchAt(bytes, 0))).toMatchObject({ kind: 'corrupt' });
    bytes[60] = 3;
    expect(decodeRecords(batchAt(bytes, 0))).toMatchObject({ kind: 'corrupt' });
  });

  test('a transaction marker is a control record in a batch of its own', () => {
    const bytes = encodeTransactionMarker({ type: 'commit', producerId: 9, producerEpoch: 1, coordinatorEpoch: 4 }, 50);
    const batch = batchAt(bytes, 0);
    expect(batch).toMatchObject({
      isControl: true,
      isTransactional: true,
      producerId: 9,
      baseSequence: -1,
      recordCount: 1,
    });
    const result = decodeRecords(batch);
    if (result.kind !== 'records') throw new Error(result.kind);
    const [{ key, value }] = result.records as [(typeof result.records)[number]];
    expect([toHex(key!), toHex(value!)]).toEqual(['00000001', '000000000004']);
    expect([decodeControlKey(key), coordinatorEpochOf(value!)]).toEqual(['commit', 4]);
    expect(decodeControlKey(fromHex('00000063'))).toBeUndefined();
  });
});
