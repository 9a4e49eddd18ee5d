import { describe, expect, test } from 'vitest';
import { METADATA_TOPIC_ID } from '../../src/protocol/uuid.ts';
import type { LogHost } from '../../src/storage/api.ts';
import { openMetadataLog } from '../../src/storage/metadata-log.ts';
import { append, batch, CONFIG, Machine, TOPIC_ID } from './harness.ts';

describe('several directories', () => {
  test('the next log goes where the fewest are, and is found there again', () => {
    const machine = new Machine({ disks: 3 });
    for (let partition = 0; partition < 7; partition++) append(machine.log({}, 'orders', partition), ['v']);
    const places = () => Array.from({ length: 7 }, (_, partition) => machine.logs.diskOf(`orders-${partition}`));
    expect(places()).toEqual([0, 1, 2, 0, 1, 2, 0]);
    machine.logs.remove('orders-1');
    machine.log({}, 'payments', 0);
    expect(machine.logs.diskOf('payments-0')).toBe(1);
    append(machine.log({}, 'orders', 1), ['v']);
    expect(machine.logs.diskOf('orders-1')).toBe(1);
    machine.run(10);
    machine.restart('kill');
    expect(places()).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect(new Set(machine.logs.directoryIds).size).toBe(3);
  });

  test('the last end was orderly only if it was on all of them', () => {
    const machine = new Machine({ disks: 2 });
    machine.restart('clean', 9);
    expect([machine.logs.cleanShutdown, machine.logs.previousBrokerEpoch]).toEqual([true, 9]);
    machine.logs.shutdown(9, () => {}, null);
    machine.run(100);
    machine.node.kill();
    machine.node.wipe(1);
    machine.start();
    expect([machine.logs.cleanShutdown, machine.logs.previousBrokerEpoch]).toEqual([false, -1]);
  });

  test('a failed disk is reported by its number, and gets no mark', () => {
    const failed: string[] = [];
    const machine = new Machine({ disks: 2, diskFailed: (disk, error) => failed.push(`${disk} ${error.fault}`) });
    for (const partition of [0, 1]) append(machine.log({}, 'orders', partition), ['v']);
    machine.run(10);
    machine.node.disks[1]!.fail('EIO');
    for (const partition of [0, 1]) machine.log({}, 'orders', partition).updateHighWatermark(1);
    machine.logs.checkpointHighWatermarks();
    machine.logs.checkpointHighWatermarks();
    expect(failed).toEqual(['1 EIO']);
    let done = 0;
    machine.logs.shutdown(3, () => done++, null);
    machine.run(100);
    expect(done).toBe(1);
    machine.node.disks[1]!.fail(null);
    expect([0, 1].map((disk) => machine.node.disks[disk]!.disk.exists('.kafka_cleanshutdown'))).toEqual([true, false]);
  });
});

describe('deleting', () => {
  test.each(['kill', 'power-loss'] as const)('a log is gone with its files, also after: %s', (how) => {
    const machine = new Machine();
    for (const partition of [1, 10]) {
      const log = machine.log({ segmentBytes: 100 }, 'orders', partition);
      append(log, ['a']);
      append(log, ['b'], { epoch: 1 });
      log.flush(() => {}, null);
    }
    machine.run(6000);
    machine.log({}, 'orders', 1).epochs.assign(7, 2);
    machine.logs.remove('orders-1');
    machine.run(10);
    machine.restart(how);
    expect([...machine.logs.logs.keys()]).toEqual(['orders-10']);
    expect(machine.disk.list('orders-1')).toEqual([]);
    expect(machine.logs.get('orders-10')!.logEndOffset).toBe(2);
  });

  test('a topic of the same name with another id begins with an empty log', () => {
    const machine = new Machine();
    append(machine.log(), ['a']);
    machine.run(10);
    machine.restart('kill');
    const other = 'AAAAAAAAAAAAAAAAAAAABQ';
    const log = machine.logs.getOrCreate('orders', 0, other, CONFIG);
    expect([log.topicId, log.logEndOffset]).toEqual([other, 0]);
    expect(machine.transcript('log-created', 'log-recovered', 'log-deleted')).toEqual([
      `log-created topicId=${TOPIC_ID}`,
      'log-recovered from=0 to=1 truncatedBytes=0 logStartOffset=0 highWatermark=0 segments=1',
      `log-deleted topicId=${TOPIC_ID}`,
      `log-created topicId=${other}`,
    ]);
  });
});

test('every change of a log is told', () => {
  const machine = new Machine();
  const log = machine.log({ segmentBytes: 150 });
  append(log, ['a'], { epoch: 1 });
  append(log, ['b', 'c'], { epoch: 1, producerId: 5, producerEpoch: 0, baseSequence: 3 });
  append(log, ['d'], { epoch: 2 });
  log.updateHighWatermark(2);
  log.updateHighWatermark(2);
  log.incrementLogStartOffset(1);
  log.truncateTo(1);
  log.updateHighWatermark(0);
  log.appendAsFollower(batch(['x'], { baseOffset: 1, partitionLeaderEpoch: 3 }));
  log.truncateFullyAndStartAt(40);
  log.flush(() => {}, null);
  machine.run(10);
  const kinds = ['records-appended', 'high-watermark-advanced', 'high-watermark-lowered', 'log-start-advanced'];
  const told = machine.transcript(...kinds, 'log-truncated', 'segment-rolled', 'log-flushed');
  expect(told.map((line) => line.replace(/ crc=\d+/, ''))).toEqual([
    'records-appended baseOffset=0 lastOffset=0 leaderEpoch=1 origin=leader producerId=-1 baseSequence=-1',
    'records-appended baseOffset=1 lastOffset=2 leaderEpoch=1 origin=leader producerId=5 baseSequence=3',
    'segment-rolled baseOffset=3 segments=2',
    'records-appended baseOffset=3 lastOffset=3 leaderEpoch=2 origin=leader producerId=-1 baseSequence=-1',
    'high-watermark-advanced highWatermark=2',
    'log-start-advanced logStartOffset=1',
    'log-truncated from=4 to=1 leaderEpoch=-1',
    'high-watermark-lowered highWatermark=1',
    'records-appended baseOffset=1 lastOffset=1 leaderEpoch=3 origin=follower producerId=-1 baseSequence=-1',
    'log-truncated from=2 to=40 leaderEpoch=-1',
    'log-start-advanced logStartOffset=40',
    'high-watermark-advanced highWatermark=40',
    'log-flushed recoveryPoint=40',
  ]);
});

describe('the metadata log', () => {
  const hostOf = (machine: Machine): LogHost => {
    const { context } = machine;
    return {
      disk: context.disk(0),
      wallMs: () => context.wallMs(),
      emit: (kind, values) => context.emit(kind, values),
    };
  };

  test('acknowledges by flush, takes several batches with their epochs, and is no log of the broker', () => {
    const machine = new Machine();
    const log = openMetadataLog(hostOf(machine), CONFIG);
    expect([log.name, log.topicId]).toEqual(['__cluster_metadata-0', METADATA_TOPIC_ID]);
    const two = Uint8Array.from([...batch(['a', 'b']), ...batch(['c'], { control: true })]);
    expect(log.appendAsLeader(two, 4, 'raft')).toMatchObject({ kind: 'appended', baseOffset: 0, lastOffset: 2 });
    const flushed: string[] = [];
    log.flush((arg, failed) => flushed.push(`${arg} ${failed} ${log.recoveryPoint}`), 'first');
    expect(flushed).toEqual([]);
    append(log, ['lost'], { epoch: 4, origin: 'raft' });
    machine.run(10);
    expect(flushed).toEqual(['first false 3']);
    machine.restart('power-loss');
    expect(machine.logs.logs.size).toBe(0);
    const again = openMetadataLog(hostOf(machine), CONFIG);
    expect([again.logEndOffset, again.highWatermark, again.epochs.latestEpoch]).toEqual([3, 0, 4]);
  });

  test('epochs of batches that are gone are forgotten', () => {
    const machine = new Machine();
    append(openMetadataLog(hostOf(machine), CONFIG), ['a'], { epoch: 4, origin: 'raft' });
    machine.run(100);
    machine.node.kill();
    machine.disk.remove('__cluster_metadata-0/00000000000000000000.log');
    machine.start();
    expect(openMetadataLog(hostOf(machine), CONFIG).epochs.latestEpoch).toBeUndefined();
  });

  test('a flush that fails says so', () => {
    const machine = new Machine();
    const log = openMetadataLog(hostOf(machine), CONFIG);
    append(log, ['a'], { origin: 'raft' });
    const results: boolean[] = [];
    log.flush((_, failed) => results.push(failed), null);
    machine.node.disks[0]!.fail('EIO');
    machine.run(10);
    expect([results, log.recoveryPoint]).toEqual([[true], 0]);
  });
});
