import { describe, expect, test } from 'vitest';
import { utf8Encode } from '../../src/protocol/utf8.ts';
import { decodeEpochs, decodeOffsets, encodeEpochs, encodeOffsets } from '../../src/storage/checkpoints.ts';
import { parseProperties } from '../../src/storage/meta-properties.ts';
import { append, Machine, text } from './harness.ts';

describe('checkpoints as text', () => {
  test('offsets have a version, a count and a line each', () => {
    const entries = [
      { topic: 'orders', partition: 0, offset: 120 },
      { topic: 'a-b.c', partition: 12, offset: 9007199254740991 },
    ];
    const bytes = encodeOffsets(entries);
    expect(text(bytes)).toBe('0\n2\norders 0 120\na-b.c 12 9007199254740991\n');
    expect([...decodeOffsets(bytes)!]).toEqual([
      ['orders-0', 120],
      ['a-b.c-12', 9007199254740991],
    ]);
  });

  test('epochs have two columns, in ascending order', () => {
    const bytes = encodeEpochs([
      { epoch: 0, startOffset: 0 },
      { epoch: 3, startOffset: 17 },
    ]);
    expect(text(bytes)).toBe('0\n2\n0 0\n3 17\n');
    expect(decodeEpochs(bytes)).toHaveLength(2);
  });

  test.each([
    ['', []],
    ['0\n0\n', []],
    ['0\n1\nt\t0   5\n', [['t-0', 5]]],
    ['0\n1\nt 0 5', [['t-0', 5]]],
    ['1\n0\n', undefined],
    ['0\n2\nt 0 5\n', undefined],
    ['0\n1\nt 0 5\nt 1 5\n', undefined],
    ['0\n1\nt 0\n', undefined],
    ['0\n1\nt 0 five\n', undefined],
    ['0\n1\nt 0 99999999999999999999\n', undefined],
    ['rubbish', undefined],
  ])('%j reads as %j', (bytes, entries) => {
    const offsets = decodeOffsets(utf8Encode(bytes));
    expect(offsets && [...offsets]).toEqual(entries);
  });
});

test('properties may have comments, blanks, colons and escapes', () => {
  const found = parseProperties('#\n#Mon Nov 24\n\ncluster.id=abc\nnode.id : 3\n! no\nversion = 1\npath=C\\:\\\\x\r\n');
  expect([...found]).toEqual([
    ['cluster.id', 'abc'],
    ['node.id', '3'],
    ['version', '1'],
    ['path', 'C:\\x'],
  ]);
});

describe('checkpoints on disk', () => {
  test('tell high watermarks, recovery points and log starts of all logs, and are only written when they changed', () => {
    const machine = new Machine();
    const orders = machine.log();
    const payments = machine.log({ segmentBytes: 200 }, 'payments', 3);
    for (let i = 0; i < 4; i++) append(orders, ['a']);
    for (let i = 0; i < 4; i++) append(payments, ['a']);
    orders.updateHighWatermark(3);
    payments.updateHighWatermark(4);
    payments.incrementLogStartOffset(1);
    machine.run(10);
    machine.logs.checkpointHighWatermarks();
    machine.logs.checkpointRecoveryPoints();
    machine.run(10);
    expect(text(machine.file('replication-offset-checkpoint'))).toBe('0\n2\norders 0 3\npayments 3 4\n');
    expect(text(machine.file('recovery-point-offset-checkpoint'))).toBe('0\n2\norders 0 0\npayments 3 2\n');
    expect(text(machine.file('log-start-offset-checkpoint'))).toBe('0\n1\npayments 3 1\n');
    expect(machine.disk.list('').filter((path) => path.endsWith('.tmp'))).toEqual([]);

    machine.disk.remove('replication-offset-checkpoint');
    machine.logs.checkpointHighWatermarks();
    machine.run(10);
    expect(machine.disk.exists('replication-offset-checkpoint')).toBe(false);
    orders.updateHighWatermark(4);
    machine.logs.checkpointHighWatermarks();
    machine.run(10);
    expect(text(machine.file('replication-offset-checkpoint'))).toBe('0\n2\norders 0 4\npayments 3 4\n');

    machine.restart('kill');
    const recovered = machine.logs.get('payments-3')!;
    expect([recovered.logStartOffset, recovered.highWatermark, recovered.logEndOffset]).toEqual([1, 4, 4]);
    expect(recovered.recoveryPoint).toBe(2);
    expect(machine.logs.get('orders-0')!.highWatermark).toBe(4);
  });

  test('a power loss between writing and renaming leaves the old one', () => {
    const machine = new Machine();
    const log = machine.log();
    append(log, ['a', 'b']);
    log.updateHighWatermark(1);
    machine.logs.checkpointHighWatermarks();
    machine.run(10);
    log.updateHighWatermark(2);
    machine.logs.checkpointHighWatermarks();
    machine.node.powerOff();
    expect(text(machine.file('replication-offset-checkpoint'))).toBe('0\n1\norders 0 1\n');
  });

  test('two writes of one file in a row end with the second', () => {
    const machine = new Machine();
    const log = machine.log();
    append(log, ['a', 'b', 'c']);
    for (const offset of [1, 2, 3]) {
      log.updateHighWatermark(offset);
      machine.logs.checkpointHighWatermarks();
    }
    machine.run(10);
    expect(text(machine.file('replication-offset-checkpoint'))).toBe('0\n1\norders 0 3\n');
  });

  test('an unreadable one counts as empty', () => {
    const machine = new Machine();
    append(machine.log(), ['a', 'b']);
    machine.log().updateHighWatermark(2);
    machine.logs.checkpointHighWatermarks();
    machine.run(10);
    machine.node.kill();
    machine.disk.open('replication-offset-checkpoint').truncate(3);
    machine.start();
    expect(machine.logs.get('orders-0')!.highWatermark).toBe(0);
  });
});
