import { describe, expect, test } from 'vitest';
import { sizeInBytes } from '../../src/protocol/batch-header.ts';
import { append, batch, Machine } from './harness.ts';

const FIRST = 'orders-0/00000000000000000000.log';

/** A log of ten batches, of which the first `durable` are on the platter. */
function machineWith({ durable, segmentBytes = 1 << 30 }: { durable: number; segmentBytes?: number }): Machine {
  const machine = new Machine({ defaultConfig: { ...machineConfig, segmentBytes } });
  const log = machine.log({ segmentBytes });
  for (let i = 0; i < durable; i++) append(log, [`v${i}`], { epoch: 1 });
  log.flush(() => {}, null);
  machine.run(100);
  for (let i = durable; i < 10; i++) append(log, [`v${i}`], { epoch: 2 });
  return machine;
}

const machineConfig = new Machine().log().config;

function endOf(machine: Machine): number {
  return machine.logs.get('orders-0')!.logEndOffset;
}

describe('after a kill', () => {
  test('every batch that was appended is there', () => {
    const machine = machineWith({ durable: 4 });
    machine.restart('kill');
    expect(endOf(machine)).toBe(10);
    expect(machine.logs.cleanShutdown).toBe(false);
    expect(machine.transcript('log-recovered')).toEqual([
      'log-recovered from=0 to=10 truncatedBytes=0 logStartOffset=0 highWatermark=0 segments=1',
    ]);
    expect(machine.logs.get('orders-0')!.topicId).toBe(machine.log().topicId);
  });

  test('a batch that was torn in the middle is cut off, and the log goes on from there', () => {
    const machine = machineWith({ durable: 4 });
    machine.node.kill();
    const file = machine.disk.open(FIRST);
    file.truncate(file.size - 5);
    machine.start();
    expect(endOf(machine)).toBe(9);
    const log = machine.log();
    expect(append(log, ['again'], { epoch: 3 })).toMatchObject({ baseOffset: 9 });
    expect(log.read(8, 1e6, 10, true)!.records.length).toBe(2 * batch(['v0']).length + 3);
    expect(machine.disk.open(FIRST).size).toBe(log.sizeBytes);
  });

  test.each([
    ['in the records', 64],
    ['in the checksum', 18],
    ['in the length', 10],
    ['in the format', 16],
    ['in the base offset, beyond what is possible', 0],
  ])('a damaged bit %s ends the log before that batch', (_, position) => {
    const machine = machineWith({ durable: 4 });
    machine.node.kill();
    const size = sizeInBytes(machine.file(FIRST), 0);
    const { disk } = machine;
    const byte = disk.open(FIRST).read(6 * size + position, 1)[0]!;
    disk.open(FIRST).write(6 * size + position, Uint8Array.of(byte ^ 0x40));
    machine.start();
    expect(endOf(machine)).toBe(6);
    expect(machine.transcript('log-recovered')).toEqual([
      `log-recovered from=0 to=6 truncatedBytes=${4 * size} logStartOffset=0 highWatermark=0 segments=1`,
    ]);
  });

  test('segments after a damaged one go; those below the recovery point are trusted', () => {
    const machine = machineWith({ durable: 0, segmentBytes: 150 });
    machine.run(100);
    const log = machine.logs.get('orders-0')!;
    expect([log.segmentCount, log.recoveryPoint]).toEqual([5, 8]);
    machine.logs.checkpointRecoveryPoints();
    machine.run(100);
    append(log, ['v10'], { epoch: 2 });
    machine.node.kill();
    machine.node.disks[0]!.flipBit(FIRST, 65);
    machine.node.disks[0]!.flipBit('orders-0/00000000000000000008.log', 65);
    machine.start();
    expect(machine.transcript('log-recovered')[0]).toMatch(/^log-recovered from=8 to=8 .* segments=5$/);
    expect(endOf(machine)).toBe(8);
    machine.restart('clean');
    machine.node.kill();
    machine.disk.remove('recovery-point-offset-checkpoint');
    machine.start();
    expect(endOf(machine)).toBe(0);
    expect(machine.disk.list('orders-0').filter((path) => path.endsWith('.log'))).toEqual([FIRST]);
  });
});

describe('after a power loss', () => {
  test('what was not flushed is gone', () => {
    const machine = machineWith({ durable: 4 });
    machine.restart('power-loss');
    expect(endOf(machine)).toBe(4);
    const log = machine.log();
    expect(log.epochs.entries()).toEqual([{ epoch: 1, startOffset: 0 }]);
    expect(append(log, ['again'], { epoch: 3 })).toMatchObject({ baseOffset: 4 });
  });

  test('a torn write is cut off', () => {
    const machine = machineWith({ durable: 4 });
    machine.node.disks[0]!.tear(true);
    append(machine.log(), ['a record that will be torn in two'], { epoch: 2 });
    machine.restart('power-loss');
    const [torn, recovered] = machine.transcript('disk-torn', 'log-recovered');
    expect(torn).toContain(FIRST);
    expect(recovered).toMatch(/ to=10 truncatedBytes=[1-9]/);
    expect(endOf(machine)).toBe(10);
    expect(machine.disk.open(FIRST).size).toBe(machine.log().sizeBytes);
  });

  test('a roll flushes what came before it', () => {
    const machine = machineWith({ durable: 0, segmentBytes: 400 });
    machine.run(100);
    machine.restart('power-loss');
    expect(endOf(machine)).toBe(5);
  });

  test('flush.messages bounds the loss', () => {
    const machine = new Machine();
    const log = machine.log({ flushMessages: 3 });
    for (let i = 0; i < 8; i++) append(log, ['v']);
    machine.run(100);
    expect(log.recoveryPoint).toBe(6);
    machine.restart('power-loss');
    expect(endOf(machine)).toBe(6);
  });

  test('a truncation does not come undone, nor the epochs that followed it', () => {
    const machine = machineWith({ durable: 10 });
    machine.run(100);
    const log = machine.log();
    log.truncateTo(6);
    log.epochs.assign(5, 6);
    machine.run(100);
    machine.restart('power-loss');
    expect(endOf(machine)).toBe(6);
    expect(machine.log().epochs.latestEpoch).toBe(1);
  });

  test('a flush that was under way when the log was cut does not vouch for what came after', () => {
    const machine = machineWith({ durable: 4 });
    const log = machine.log();
    log.flush(() => {}, null);
    log.truncateTo(5);
    for (let i = 5; i < 10; i++) append(log, ['other'], { epoch: 3 });
    machine.run(100);
    expect(log.recoveryPoint).toBe(4);
  });
});

describe('after an orderly end', () => {
  test('nothing is checked, and the broker epoch is known once', () => {
    const machine = machineWith({ durable: 4 });
    machine.log().updateHighWatermark(9);
    machine.restart('clean', 77);
    expect([machine.logs.cleanShutdown, machine.logs.previousBrokerEpoch, machine.logs.verifiedBytes]).toEqual([
      true,
      77,
      0,
    ]);
    const log = machine.logs.get('orders-0')!;
    expect([log.logEndOffset, log.highWatermark, log.recoveryPoint]).toEqual([10, 9, 10]);
    machine.restart('kill');
    expect([machine.logs.cleanShutdown, machine.logs.previousBrokerEpoch]).toEqual([false, -1]);
    expect(machine.logs.verifiedBytes).toBeGreaterThan(0);
  });

  test('a power loss right after the start does not bring the mark back', () => {
    const machine = machineWith({ durable: 4 });
    machine.restart('clean');
    machine.run(10);
    append(machine.log(), ['v'], { epoch: 2 });
    machine.restart('power-loss');
    expect(machine.logs.cleanShutdown).toBe(false);
    expect(endOf(machine)).toBe(10);
  });

  test('there is no mark when a disk failed', () => {
    const machine = machineWith({ durable: 4 });
    machine.node.disks[0]!.fail('EIO');
    const done: string[] = [];
    machine.logs.shutdown(5, (arg) => done.push(arg), 'done');
    machine.run(100);
    expect(done).toEqual(['done']);
    machine.node.disks[0]!.fail(null);
    machine.restart('kill');
    expect(machine.logs.cleanShutdown).toBe(false);
  });
});

test('a log start beyond the recovered end empties the log there', () => {
  const machine = machineWith({ durable: 2 });
  const log = machine.log();
  log.updateHighWatermark(8);
  log.incrementLogStartOffset(8);
  machine.logs.checkpointRecoveryPoints();
  machine.run(100);
  machine.node.kill();
  machine.disk.open(FIRST).truncate(10);
  machine.start();
  const recovered = machine.logs.get('orders-0')!;
  expect([recovered.logStartOffset, recovered.highWatermark, recovered.logEndOffset]).toEqual([8, 8, 8]);
  expect(append(recovered, ['v'])).toMatchObject({ baseOffset: 8 });
  machine.restart('kill');
  expect(endOf(machine)).toBe(9);
});
