import { describe, expect, test } from 'vitest';
import { HEADER, setCrc } from '../../src/protocol/batch-header.ts';
import { int16At, putInt32, putInt64 } from '../../src/protocol/big-endian.ts';
import { errorName } from '../../src/protocol/errors.ts';
import { encodeBatch } from '../../src/protocol/record-batch.ts';
import { utf8Encode } from '../../src/protocol/utf8.ts';
import type { LogConfig } from '../../src/storage/api.ts';
import { append, batch, Machine, WALL_MS } from './harness.ts';

/** A batch, changed here and there; with a right checksum unless it is to be wrong. */
function spoilt(change: (bytes: Uint8Array) => unknown, seal = true): Uint8Array {
  const bytes = batch(['a', 'b']);
  change(bytes);
  if (seal) setCrc(bytes, 0);
  return bytes;
}

function flip(bytes: Uint8Array): void {
  bytes[70]! ^= 1;
}

const two = (bytes: Uint8Array) => Uint8Array.from([...bytes, ...bytes]);

describe('what a leader refuses of a client (replication.md §1.1, §1.3)', () => {
  test.each<[string, Uint8Array, string, Partial<LogConfig>?]>([
    ['nothing', new Uint8Array(0), 'INVALID_RECORD'],
    ['half a batch', batch(['a']).subarray(0, 40), 'INVALID_RECORD'],
    ['two batches', two(batch(['a'])), 'INVALID_RECORD'],
    ['a base offset other than 0', batch(['a'], { baseOffset: 5 }), 'INVALID_RECORD'],
    ['an old format', spoilt((b) => b.fill(1, HEADER.magic, HEADER.magic + 1)), 'INVALID_RECORD'],
    ['a wrong checksum', spoilt((b) => flip(b), false), 'CORRUPT_MESSAGE'],
    ['an impossible length', spoilt((b) => putInt32(b, HEADER.length, 3), false), 'CORRUPT_MESSAGE'],
    ['an offset past 2^53', spoilt((b) => putInt32(b, HEADER.baseOffset, 0x7fffff00), false), 'CORRUPT_MESSAGE'],
    ['too many bytes', batch(['a'.repeat(100)]), 'MESSAGE_TOO_LARGE', { maxMessageBytes: 100 }],
    ['more than a segment holds', batch(['a'.repeat(100)]), 'RECORD_LIST_TOO_LARGE', { segmentBytes: 100 }],
    ['a count that does not fit the offsets', spoilt((b) => putInt32(b, HEADER.recordCount, 3)), 'INVALID_RECORD'],
    [
      'no records',
      spoilt((b) => {
        putInt32(b, HEADER.recordCount, 0);
        putInt32(b, HEADER.lastOffsetDelta, -1);
      }),
      'INVALID_RECORD',
    ],
    ['a control batch', batch(['a'], { control: true }), 'INVALID_RECORD'],
    ['an idempotent batch without a sequence', batch(['a'], { producerId: 5, producerEpoch: 0 }), 'INVALID_RECORD'],
    ['a claim to log append time', batch(['a'], { logAppendTimeMs: WALL_MS }), 'INVALID_TIMESTAMP'],
    ['a timestamp of the future', batch(['a'], { timestampMs: WALL_MS + 3_600_001 }), 'INVALID_TIMESTAMP'],
    [
      'one of the past, where that is limited',
      batch(['a'], { timestampMs: WALL_MS - 11 }),
      'INVALID_TIMESTAMP',
      { timestampBeforeMaxMs: 10 },
    ],
    ['a missing key in a compacted topic', batch(['a']), 'INVALID_RECORD', { compact: true }],
    ['a timestamp past 2^53', spoilt((b) => putInt32(b, HEADER.maxTimestamp, 0x7fffff00)), 'CORRUPT_MESSAGE'],
  ])('%s', (_, bytes, error, config = {}) => {
    const machine = new Machine();
    const log = machine.log(config);
    const result = log.appendAsLeader(bytes, 0, 'client');
    expect(result.kind === 'rejected' ? errorName(result.error) : result.kind).toBe(error);
    expect([log.logEndOffset, log.sizeBytes]).toEqual([0, 0]);
    expect(machine.transcript('records-appended')).toEqual([]);
  });

  test('every record that is wrong is named', () => {
    const key = utf8Encode('k');
    const records = [key, null, key, null].map((k) => ({ key: k, value: null, timestampMs: WALL_MS }));
    const result = new Machine().log({ compact: true }).appendAsLeader(encodeBatch({ records }), 0, 'client');
    const message = 'Compacted topic cannot accept message without key in topic partition orders-0.';
    expect(result).toMatchObject({ recordErrors: [1, 3].map((index) => ({ index, message })) });
  });

  test('a wrong time is told rather than a missing key', () => {
    const bytes = batch(['a'], { timestampMs: WALL_MS + 4_000_000 });
    const result = new Machine().log({ compact: true }).appendAsLeader(bytes, 0, 'client');
    expect(result).toMatchObject({ error: 32, recordErrors: [{ index: 0 }] });
  });

  test.each<[string, Uint8Array, Partial<LogConfig>]>([
    ['a record without a timestamp', batch(['a'], { timestampMs: -1 }), { timestampBeforeMaxMs: 10 }],
    ['the limits themselves', batch(['a'], { timestampMs: WALL_MS - 10 }), { timestampBeforeMaxMs: 10 }],
    [
      'the future, where the log gives the time',
      batch(['a'], { timestampMs: WALL_MS * 2 }),
      { timestampType: 'LogAppendTime' },
    ],
    ['a batch of the largest size', batch(['a']), { maxMessageBytes: batch(['a']).length }],
  ])('but not %s', (_, bytes, config) => {
    expect(new Machine().log(config).appendAsLeader(bytes, 0, 'client').kind).toBe('appended');
  });
});

test('a log of append time stamps its own, and seals the batch again', () => {
  const machine = new Machine();
  const log = machine.log({ timestampType: 'LogAppendTime' });
  machine.run(1500);
  expect(append(log, ['a'], { timestampMs: 5 })).toEqual({
    kind: 'appended',
    baseOffset: 0,
    lastOffset: 0,
    logAppendTimeMs: WALL_MS + 1500,
  });
  const { records } = log.read(0, 1e6, 1, true)!;
  expect(int16At(records, HEADER.attributes)).toBe(8);
  expect(log.maxTimestamp()).toEqual({ offset: 0, timestampMs: WALL_MS + 1500, leaderEpoch: 0 });
  machine.restart('kill');
  expect(machine.logs.get('orders-0')!.logEndOffset).toBe(1);
});

describe('what a follower makes of its leader’s batches', () => {
  const sent = (baseOffset: number, count = 1, partitionLeaderEpoch = 0) =>
    batch(
      Array.from({ length: count }, () => 'v'),
      { baseOffset, partitionLeaderEpoch },
    );
  const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

  test.each<[string, Uint8Array, number]>([
    ['batches that follow', joined(sent(2), sent(3, 2)), 4],
    ['batches after a gap', joined(sent(7), sent(9)), 9],
    ['what it has already, then something new', joined(sent(0, 2), sent(2)), 2],
    ['what it has already', sent(0, 2), 1],
    ['a batch that was cut off at the end', joined(sent(2), sent(3).subarray(0, 30)), 2],
    [
      'a damaged one among others',
      joined(
        sent(2),
        spoilt((b) => {
          putInt64(b, 0, 3);
          flip(b);
        }, false),
      ),
      1,
    ],
    ['offsets that do not rise', joined(sent(4), sent(3)), 1],
    ['a batch that begins before its log end', sent(1, 3), 1],
    ['nothing', new Uint8Array(0), 1],
  ])('%s', (_, bytes, lastOffset) => {
    const log = new Machine().log();
    append(log, ['a', 'b']);
    expect(log.appendAsFollower(bytes)).toBe(lastOffset);
    expect(log.logEndOffset).toBe(lastOffset + 1);
  });

  test('an empty log that begins inside a batch begins anew with the whole batch', () => {
    const log = new Machine().log();
    log.truncateFullyAndStartAt(11);
    expect(log.appendAsFollower(sent(10, 4))).toBe(13);
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([10, 10, 14]);
  });

  test('a batch that was cut in the middle comes again whole', () => {
    const log = new Machine().log();
    append(log, ['a', 'b']);
    append(log, ['c', 'd', 'e']);
    log.truncateTo(3);
    expect(log.logEndOffset).toBe(3);
    expect(log.appendAsFollower(sent(2, 3))).toBe(4);
    expect(log.read(3, 1e6, 5, true)!.firstOffset).toBe(2);
  });
});
