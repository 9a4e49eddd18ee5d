import { describe, expect, test } from 'vitest';
import type { LogConfig, PartitionLog } from '../../src/storage/api.ts';
import { offsetName } from '../../src/storage/segment.ts';
import { append, batch, Machine, WALL_MS } from './harness.ts';

const SIZE = batch(['0123456789']).length;

/** Ten segments of one batch each, offsets 0 to 9, a second apart; everything is committed. */
function filled(machine: Machine, config: Partial<LogConfig> = {}, count = 10): PartitionLog {
  const log = machine.log({ segmentBytes: SIZE, ...config });
  for (let i = 0; i < count; i++) append(log, ['0123456789'], { timestampMs: WALL_MS + i * 1000 });
  log.updateHighWatermark(log.logEndOffset);
  machine.transcript('records-appended');
  return log;
}

function state(log: PartitionLog): readonly number[] {
  return [log.logStartOffset, log.logEndOffset, log.segmentCount, log.sizeBytes / SIZE];
}

describe('retention by size', () => {
  test.each<[string, number, readonly number[]]>([
    ['keeps the limit and no segment more', 3 * SIZE, [7, 10, 3, 3]],
    ['never goes below the limit', 3 * SIZE - 1, [7, 10, 3, 3]],
    ['may leave an empty log', 0, [10, 10, 1, 0]],
    ['is off at -1', -1, [0, 10, 10, 10]],
    ['leaves a smaller log alone', 11 * SIZE, [0, 10, 10, 10]],
  ])('%s', (_, retentionBytes, expected) => {
    const machine = new Machine();
    const log = filled(machine, { retentionBytes });
    const deleted = log.deleteOldSegments();
    expect(state(log)).toEqual(expected);
    expect(deleted).toBe(expected[0]);
    expect(log.highWatermark).toBe(10);
    append(log, ['more']);
    expect(log.logEndOffset).toBe(11);
  });

  test('deletes nothing past the high watermark', () => {
    const machine = new Machine();
    const log = filled(machine, { retentionBytes: 0 });
    const behind = new Machine();
    const other = behind.log({ segmentBytes: SIZE, retentionBytes: 0 });
    for (let i = 0; i < 10; i++) append(other, ['0123456789']);
    other.updateHighWatermark(4);
    expect(other.deleteOldSegments()).toBe(4);
    expect(state(other)).toEqual([4, 10, 6, 6]);
    expect(log.deleteOldSegments()).toBe(10);
  });
});

describe('retention by time', () => {
  test('goes by the largest record timestamp of each segment, up to the active one', () => {
    const machine = new Machine();
    const log = filled(machine, { retentionMs: 60_000 });
    machine.run(60_000);
    expect(log.deleteOldSegments()).toBe(0);
    machine.run(1);
    expect(log.deleteOldSegments()).toBe(1);
    machine.run(3000);
    expect(log.deleteOldSegments()).toBe(3);
    expect(state(log)).toEqual([4, 10, 6, 6]);
    machine.run(60_000);
    expect(log.deleteOldSegments()).toBe(6);
    expect(state(log)).toEqual([10, 10, 1, 0]);
    expect(log.deleteOldSegments()).toBe(0);
  });

  test('a timestamp of the future holds its segment and all behind it', () => {
    const machine = new Machine();
    const log = machine.log({ segmentBytes: SIZE, retentionMs: 1000 });
    for (const ms of [0, 3_000_000, 0, 0]) append(log, ['0123456789'], { timestampMs: WALL_MS + ms });
    log.updateHighWatermark(4);
    machine.run(2000);
    expect(log.deleteOldSegments()).toBe(1);
    expect(log.logStartOffset).toBe(1);
  });

  test('without timestamps a segment is as old as its file', () => {
    const machine = new Machine();
    const log = machine.log({ segmentBytes: SIZE, retentionMs: 1000 });
    append(log, ['0123456789'], { timestampMs: -1 });
    log.updateHighWatermark(1);
    machine.run(1000);
    expect(log.deleteOldSegments()).toBe(0);
    machine.run(1);
    expect(log.deleteOldSegments()).toBe(1);
  });
});

test('a log that is only compacted loses what lies below its start, and no more', () => {
  const log = filled(new Machine(), { deletes: false, retentionMs: 0, retentionBytes: 0 });
  log.incrementLogStartOffset(5);
  expect(log.segmentCount).toBe(10);
  expect(log.deleteOldSegments()).toBe(5);
  expect(state(log)).toEqual([5, 10, 5, 5]);
});

test('an idle log is not looked at', () => {
  const log = new Machine().log({ retentionMs: 0, retentionBytes: 0 });
  expect(log.deleteOldSegments()).toBe(0);
  expect(log.sizeBytes).toBe(0);
});

test('files are renamed first, and go after file.delete.delay.ms', () => {
  const machine = new Machine();
  const log = filled(machine, { retentionBytes: 8 * SIZE, fileDeleteDelayMs: 5000 });
  machine.run(1);
  machine.transcript();
  expect(log.deleteOldSegments()).toBe(2);
  const deleted = () => machine.disk.list('orders-0/').filter((path) => path.endsWith('.deleted'));
  expect(deleted().filter((path) => path.endsWith('.log.deleted'))).toEqual(
    [0, 1].map((offset) => `orders-0/${offsetName(offset)}.log.deleted`),
  );
  expect(machine.disk.exists(`orders-0/${offsetName(0)}.log`)).toBe(false);
  machine.run(4999);
  expect(deleted().length).toBeGreaterThan(0);
  machine.run(1);
  expect(deleted()).toEqual([]);
  expect(machine.transcript('segments-deleted', 'log-start-advanced')).toEqual([
    `segments-deleted segments=2 bytes=${2 * SIZE} reason=size`,
    'log-start-advanced logStartOffset=2',
  ]);
});

test.each([
  ['clean', 10],
  ['kill', 10],
  // The last segment was never flushed.
  ['power-loss', 9],
] as const)('the log start is there again after a restart (%s)', (how, end) => {
  const machine = new Machine();
  const log = filled(machine, { retentionBytes: 3 * SIZE });
  log.deleteOldSegments();
  machine.run(100_000);
  machine.logs.checkpointRecoveryPoints();
  machine.run(1000);
  machine.restart(how);
  const found = machine.logs.get('orders-0')!;
  expect([found.logStartOffset, found.logEndOffset]).toEqual([7, end]);
  expect(machine.disk.list('orders-0/').filter((path) => path.endsWith('.deleted'))).toEqual([]);
});

describe('a bound on memory', () => {
  const bounded = { segmentBytes: 1 << 30, memoryBytes: 16 * SIZE, maxMessageBytes: 2 * SIZE };

  test('is kept while the log grows, by segments of an eighth; it is told once', () => {
    const machine = new Machine();
    const log = machine.log(bounded);
    let most = 0;
    for (let i = 0; i < 200; i++) {
      append(log, ['0123456789']);
      log.updateHighWatermark(log.logEndOffset);
      most = Math.max(most, log.sizeBytes);
    }
    expect(most).toBe(16 * SIZE);
    expect(log.logStartOffset).toBeGreaterThanOrEqual(184);
    expect(log.sizeBytes).toBeGreaterThan(13 * SIZE);
    const lines = machine.transcript('partition-memory-full', 'segments-deleted');
    expect(lines.filter((line) => line.startsWith('partition-memory-full'))).toEqual([
      `partition-memory-full memoryBytes=${16 * SIZE} upTo=2 logStartOffset=0`,
    ]);
    expect(lines.filter((line) => line.endsWith('reason=memory')).length).toBeGreaterThan(80);
    // The memory is given back at once.
    const files = machine.disk.list('orders-0/').filter((path) => /\.log(\.deleted)?$/.test(path));
    expect(files).toHaveLength(log.segmentCount);
  });

  test('waits for the high watermark', () => {
    const log = new Machine().log(bounded);
    for (let i = 0; i < 40; i++) append(log, ['0123456789']);
    expect([log.logStartOffset, log.sizeBytes]).toEqual([0, 40 * SIZE]);
    log.updateHighWatermark(40);
    append(log, ['0123456789']);
    append(log, ['0123456789']);
    append(log, ['0123456789']);
    expect(log.sizeBytes).toBeLessThanOrEqual(16 * SIZE);
  });

  test('a batch that is allowed always has a segment to go into', () => {
    const log = new Machine().log({ ...bounded, memoryBytes: 1 });
    for (let i = 0; i < 5; i++) {
      expect(append(log, ['0123456789', '0123456789']).kind).toBe('appended');
      log.updateHighWatermark(log.logEndOffset);
    }
    expect(log.logEndOffset).toBe(10);
    // Of all but the last segment nothing is left.
    expect([log.logStartOffset, log.segmentCount]).toEqual([8, 1]);
  });
});
