import { describe, expect, test } from 'vitest';
import { encodeTransactionMarker } from '../../src/protocol/control-batch.ts';
import { ErrorCode, errorName } from '../../src/protocol/errors.ts';
import type { AppendOrigin, PartitionLog } from '../../src/storage/api.ts';
import { append, batch, Machine, WALL_MS } from './harness.ts';

/** `pid/epoch/sequence`, `t` before it: transactional, `xN`: N records. */
function send(log: PartitionLog, spec: string, origin: AppendOrigin = 'client'): string {
  const [, transactional, id, epoch, sequence, count] = /^(t?)(\d+)\/(\d+)\/(-?\d+)(?:x(\d+))?$/.exec(spec)!;
  const result = append(
    log,
    Array.from({ length: Number(count ?? 1) }, () => 'v'),
    {
      producerId: Number(id),
      producerEpoch: Number(epoch),
      baseSequence: Number(sequence),
      transactional: transactional === 't',
      origin,
    },
  );
  if (result.kind === 'rejected') return errorName(result.error);
  const offsets =
    result.baseOffset === result.lastOffset ? `${result.baseOffset}` : `${result.baseOffset}-${result.lastOffset}`;
  return `${result.kind} ${offsets}`;
}

function mark(log: PartitionLog, spec: string): string {
  const [type, id, epoch, coordinatorEpoch] = spec.split('/');
  const marker = {
    type: type as 'abort' | 'commit',
    producerId: Number(id),
    producerEpoch: Number(epoch),
    coordinatorEpoch: Number(coordinatorEpoch),
  };
  const result = log.appendAsLeader(encodeTransactionMarker(marker, WALL_MS), 0, 'coordinator');
  return result.kind === 'rejected' ? errorName(result.error) : `${result.kind} ${result.baseOffset}`;
}

describe('idempotence (replication.md §1.4)', () => {
  test.each<[string, [string, string][]]>([
    [
      'sequences follow one another',
      [
        ['7/0/0', 'appended 0'],
        ['7/0/1x3', 'appended 1-3'],
        ['7/0/4', 'appended 4'],
      ],
    ],
    [
      'an unknown producer may begin anywhere',
      [
        ['7/0/41', 'appended 0'],
        ['7/0/42', 'appended 1'],
      ],
    ],
    [
      'a gap',
      [
        ['7/0/0', 'appended 0'],
        ['7/0/2', 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
      ],
    ],
    [
      'the last batch again',
      [
        ['7/0/0', 'appended 0'],
        ['7/0/1x2', 'appended 1-2'],
        ['7/0/1x2', 'duplicate 1-2'],
        ['7/0/3', 'appended 3'],
      ],
    ],
    [
      'the fifth last batch again is a duplicate, the sixth last is out of order',
      [
        ...[0, 1, 2, 3, 4, 5].map((i): [string, string] => [`7/0/${i}`, `appended ${i}`]),
        ['7/0/1', 'duplicate 1'],
        ['7/0/0', 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
        ['7/0/6', 'appended 6'],
      ],
    ],
    [
      'a retry in other batches is not a duplicate',
      [
        ['7/0/0x2', 'appended 0-1'],
        ['7/0/0', 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
        ['7/0/1', 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
      ],
    ],
    [
      'an old epoch is fenced',
      [
        ['7/1/0', 'appended 0'],
        ['7/0/1', 'INVALID_PRODUCER_EPOCH'],
      ],
    ],
    [
      'a new epoch begins at 0',
      [
        ['7/0/0', 'appended 0'],
        ['7/1/1', 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
        ['7/1/0', 'appended 1'],
        ['7/1/1', 'appended 2'],
      ],
    ],
    [
      'a new epoch forgets the batches of the old one',
      [
        ['7/0/0', 'appended 0'],
        ['7/1/0', 'appended 1'],
        ['7/1/0', 'duplicate 1'],
      ],
    ],
    [
      'after the largest sequence comes 0',
      [
        ['7/0/2147483646x2', 'appended 0-1'],
        ['7/0/0', 'appended 2'],
        ['7/0/2147483646x2', 'duplicate 0-1'],
      ],
    ],
    [
      'one batch over the edge',
      [
        ['7/0/2147483647x3', 'appended 0-2'],
        ['7/0/2147483647x3', 'duplicate 0-2'],
        ['7/0/2', 'appended 3'],
      ],
    ],
    [
      'producers do not disturb each other',
      [
        ['7/0/0', 'appended 0'],
        ['8/5/9', 'appended 1'],
        ['7/0/1', 'appended 2'],
        ['8/5/9', 'duplicate 1'],
      ],
    ],
    ['an idempotent batch needs a sequence', [['7/0/-1', 'INVALID_RECORD']]],
  ])('%s', (_, steps) => {
    const log = new Machine().log();
    for (const [spec, expected] of steps) expect(`${spec}: ${send(log, spec)}`).toBe(`${spec}: ${expected}`);
  });

  test('a duplicate is answered with the time of the batch, and writes nothing', () => {
    const machine = new Machine();
    const log = machine.log();
    send(log, '7/0/0');
    const size = log.sizeBytes;
    const again = append(log, ['v'], { producerId: 7, producerEpoch: 0, baseSequence: 0 });
    expect(again).toEqual({ kind: 'duplicate', baseOffset: 0, lastOffset: 0, logAppendTimeMs: WALL_MS });
    expect([log.sizeBytes, log.logEndOffset]).toEqual([size, 1]);
  });

  test('a producer that was silent for too long is new again after the next check', () => {
    const machine = new Machine();
    const log = machine.log({ producerIdExpirationMs: 1000, producerIdCheckIntervalMs: 1500 });
    send(log, '7/3/0');
    machine.run(1499);
    expect(send(log, '7/2/5')).toBe('INVALID_PRODUCER_EPOCH');
    machine.run(1);
    expect(log.activeProducers()).toEqual([]);
    expect(send(log, '7/2/5')).toBe('appended 1');
  });

  test('a producer of old records is known all the same', () => {
    const log = new Machine().log();
    const old = (baseSequence: number) =>
      append(log, ['a', 'b', 'c'], {
        producerId: 7,
        producerEpoch: 0,
        baseSequence,
        timestampMs: WALL_MS - 500 * 86_400_000,
      }).kind;
    expect([old(0), old(1), old(0), old(3)]).toEqual(['appended', 'rejected', 'duplicate', 'appended']);
  });

  test.each(['kill', 'clean', 'new leader', 'truncation'] as const)('a duplicate is still known after: %s', (how) => {
    const machine = new Machine();
    let log = machine.log({ segmentBytes: 400 });
    for (let i = 0; i < 8; i++) send(log, `7/0/${i}`);
    if (how === 'new leader') {
      const replica = machine.log({}, 'replica');
      while (replica.logEndOffset < 8) replica.appendAsFollower(log.read(replica.logEndOffset, 1e6, 8, true)!.records);
      log = replica;
    } else if (how === 'truncation') {
      log.truncateTo(6);
      expect(send(log, '7/0/7')).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
      for (const i of [6, 7]) expect(send(log, `7/0/${i}`)).toBe(`appended ${i}`);
    } else {
      machine.run(10);
      machine.restart(how);
      log = machine.log({ segmentBytes: 400 });
    }
    expect(send(log, '7/0/7')).toBe('duplicate 7');
    expect(send(log, '7/0/9')).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(send(log, '7/0/8')).toBe('appended 8');
  });

  test('a damaged snapshot is passed over', () => {
    const machine = new Machine();
    const log = machine.log({ segmentBytes: 400 });
    for (let i = 0; i < 12; i++) send(log, `7/0/${i}`);
    machine.run(10);
    machine.restart('clean');
    const snapshots = machine.disk.list('orders-0').filter((path) => path.endsWith('.snapshot'));
    expect(snapshots.length).toBeGreaterThan(1);
    machine.node.kill();
    for (const path of snapshots) machine.node.disks[0]!.flipBit(path, 20);
    machine.start();
    expect(send(machine.log(), '7/0/11')).toBe('duplicate 11');
  });
});

describe('transactions', () => {
  test('the last stable offset waits for the oldest open transaction, and for its marker to be committed', () => {
    const log = new Machine().log();
    send(log, 't7/0/0'); // 0
    send(log, 't8/0/0'); // 1
    append(log, ['plain']); // 2
    log.updateHighWatermark(3);
    expect(log.lastStableOffset).toBe(0);
    expect(mark(log, 'commit/7/0/1')).toBe('appended 3');
    expect(log.lastStableOffset).toBe(0);
    log.updateHighWatermark(4);
    expect(log.lastStableOffset).toBe(1);
    expect(mark(log, 'abort/8/0/1')).toBe('appended 4');
    log.updateHighWatermark(5);
    expect(log.lastStableOffset).toBe(5);
  });

  test('an open transaction that the log start has passed does not hold readers below it', () => {
    const log = new Machine().log();
    send(log, 't7/0/0');
    append(log, ['plain', 'plain']);
    log.updateHighWatermark(3);
    log.incrementLogStartOffset(2);
    expect(log.lastStableOffset).toBe(2);
  });

  test('aborted transactions are told to readers whose range they overlap', () => {
    const log = new Machine().log();
    send(log, 't7/0/0'); // 0
    send(log, 't8/0/0'); // 1
    mark(log, 'abort/7/0/1'); // 2
    send(log, 't7/0/1'); // 3
    mark(log, 'commit/8/0/1'); // 4
    mark(log, 'abort/7/0/1'); // 5
    expect(log.abortedTransactions(0, 6)).toEqual([
      { producerId: 7, firstOffset: 0 },
      { producerId: 7, firstOffset: 3 },
    ]);
    expect(log.abortedTransactions(3, 6)).toEqual([{ producerId: 7, firstOffset: 3 }]);
    expect(log.abortedTransactions(0, 1)).toEqual([{ producerId: 7, firstOffset: 0 }]);
    expect(log.abortedTransactions(6, 9)).toEqual([]);
  });

  test.each<[string, (log: PartitionLog) => string, string]>([
    ['a plain batch inside an open transaction', (log) => send(log, '7/0/1'), 'INVALID_TXN_STATE'],
    [
      'a marker of an old epoch',
      (log) => {
        send(log, 't7/1/0');
        return mark(log, 'commit/7/0/5');
      },
      'INVALID_PRODUCER_EPOCH',
    ],
    [
      'a marker of a replaced coordinator',
      (log) => {
        mark(log, 'commit/7/0/5');
        return mark(log, 'commit/7/0/4');
      },
      'TRANSACTION_COORDINATOR_FENCED',
    ],
    ['a marker that ends nothing', (log) => mark(log, 'commit/99/0/5'), 'appended 1'],
    [
      'the batch after a marker',
      (log) => {
        mark(log, 'commit/7/0/5');
        return send(log, 't7/0/1');
      },
      'appended 2',
    ],
    [
      'a batch of the epoch before a marker that raised it',
      (log) => {
        mark(log, 'abort/7/1/5');
        return send(log, 't7/0/1');
      },
      'INVALID_PRODUCER_EPOCH',
    ],
  ])('%s', (_, act, expected) => {
    const log = new Machine().log();
    send(log, 't7/0/0');
    expect(act(log)).toBe(expected);
  });

  test.each(['kill', 'clean'] as const)('survive: %s', (how) => {
    const machine = new Machine();
    let log = machine.log({ segmentBytes: 200 });
    send(log, 't7/0/0'); // 0
    mark(log, 'abort/7/0/1'); // 1
    send(log, 't8/0/0'); // 2
    send(log, 't7/0/1'); // 3
    append(log, ['plain']); // 4
    mark(log, 'abort/7/0/1'); // 5
    append(log, ['plain']); // 6
    expect(log.segmentCount).toBeGreaterThan(2);
    log.updateHighWatermark(7);
    machine.logs.checkpointHighWatermarks();
    machine.run(10);
    machine.restart(how);
    log = machine.log({ segmentBytes: 200 });
    expect(log.highWatermark).toBe(7);
    expect(log.lastStableOffset).toBe(2);
    expect(log.abortedTransactions(0, 7).map(({ firstOffset }) => firstOffset)).toEqual([0, 3]);
    log.truncateTo(5);
    expect(log.abortedTransactions(0, 5).map(({ firstOffset }) => firstOffset)).toEqual([0]);
    expect(log.activeProducers().map((p) => [p.producerId, p.currentTransactionStartOffset])).toEqual([
      [7, 3],
      [8, 2],
    ]);
    expect(log.lastStableOffset).toBe(2);
  });
});

test('a coordinator may write control batches; a client may not', () => {
  const log = new Machine().log();
  const marker = { type: 'commit', producerId: 7, producerEpoch: 0, coordinatorEpoch: 0 } as const;
  const refused = log.appendAsLeader(encodeTransactionMarker(marker, WALL_MS), 0, 'client');
  expect(refused).toMatchObject({ kind: 'rejected', error: ErrorCode.INVALID_RECORD });
  expect(log.appendAsLeader(batch(['a', 'b']), 0, 'coordinator').kind).toBe('appended');
});
