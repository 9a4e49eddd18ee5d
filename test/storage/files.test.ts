import { expect, test } from 'vitest';
import { crc32c } from '../../src/protocol/crc32c.ts';
import { append, Machine, TOPIC_ID, text, WALL_MS } from './harness.ts';

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

test('a small log, byte for byte', () => {
  const machine = new Machine();
  const log = machine.log();
  append(log, ['hello', 'x'], { epoch: 3, timestampMs: WALL_MS + 5 });
  append(log, ['y'], { epoch: 4, producerId: 7, producerEpoch: 1, baseSequence: 0 });
  machine.run(10);
  const timestamp = (ms: number) => BigInt(ms).toString(16).padStart(16, '0');
  const header = (of: {
    base: number;
    length: number;
    epoch: number;
    delta: number;
    ms: number;
    producer: string;
    count: number;
  }) => {
    const body = `0000${hex32(of.delta)}${timestamp(of.ms)}${timestamp(of.ms)}${of.producer}${hex32(of.count)}`;
    return { before: `${hex32(0)}${hex32(of.base)}${hex32(of.length)}${hex32(of.epoch)}02`, body };
  };
  const first = header({
    base: 0,
    length: 49 + 12 + 8,
    epoch: 3,
    delta: 1,
    ms: WALL_MS + 5,
    producer: `${'ff'.repeat(14)}`,
    count: 2,
  });
  const second = header({
    base: 2,
    length: 49 + 8,
    epoch: 4,
    delta: 0,
    ms: WALL_MS,
    producer: `${hex32(0)}${hex32(7)}0001${hex32(0)}`,
    count: 1,
  });
  const bodies = [
    `${first.body}16000000010a${hex(new TextEncoder().encode('hello'))}00${'0e00000201027800'}`,
    `${second.body}${'0e00000001027900'}`,
  ];
  const crcs = bodies.map((body) =>
    hex32(crc32c(Uint8Array.from(body.match(/../g)!, (pair) => Number.parseInt(pair, 16)))),
  );
  expect(hex(machine.file('orders-0/00000000000000000000.log'))).toBe(
    `${first.before}${crcs[0]}${bodies[0]}${second.before}${crcs[1]}${bodies[1]}`,
  );
  expect(text(machine.file('orders-0/partition.metadata'))).toBe(`version: 0\ntopic_id: ${TOPIC_ID}`);
  expect(text(machine.file('orders-0/leader-epoch-checkpoint'))).toBe('0\n2\n3 0\n4 2\n');
  expect(machine.disk.list('')).toEqual([
    'meta.properties',
    'orders-0/00000000000000000000.log',
    'orders-0/leader-epoch-checkpoint',
    'orders-0/partition.metadata',
  ]);
});

test('a log that was never written to has no files', () => {
  const machine = new Machine();
  machine.log();
  machine.run(10);
  expect(machine.disk.list('')).toEqual(['meta.properties']);
});

test('a full segment is followed by another, named by its base offset, with a producer snapshot beside it', () => {
  const machine = new Machine();
  const log = machine.log({ segmentBytes: 200 });
  for (let i = 0; i < 4; i++) append(log, ['v'], { producerId: 9, producerEpoch: 2, baseSequence: i });
  machine.run(10);
  expect(machine.disk.list('orders-0').filter((path) => /log$|snapshot$/.test(path))).toEqual([
    'orders-0/00000000000000000000.log',
    'orders-0/00000000000000000002.log',
    'orders-0/00000000000000000002.snapshot',
  ]);
  expect([log.segmentCount, log.recoveryPoint]).toEqual([2, 2]);
  // version, checksum, count; producer 9, epoch 2, last sequence 1 at offset 1, one record, its time, no coordinator, no transaction.
  const snapshot = hex(machine.file('orders-0/00000000000000000002.snapshot'));
  const entries = `${hex32(1)}${hex32(0)}${hex32(9)}0002${hex32(1)}${hex32(0)}${hex32(1)}${hex32(0)}${BigInt(WALL_MS).toString(16).padStart(16, '0')}${'ff'.repeat(12)}`;
  const checksum = crc32c(Uint8Array.from(entries.match(/../g)!, (pair) => Number.parseInt(pair, 16)));
  expect(snapshot).toBe(`0001${hex32(checksum)}${entries}`);
});

test('segments roll by the time between records, and never while idle', () => {
  const machine = new Machine();
  const log = machine.log({ segmentMs: 1000 });
  append(log, ['a'], { timestampMs: WALL_MS });
  append(log, ['b'], { timestampMs: WALL_MS + 1000 });
  machine.run(60_000);
  expect(log.segmentCount).toBe(1);
  append(log, ['c'], { timestampMs: WALL_MS + 1001 });
  expect(log.segmentCount).toBe(2);
});

test('meta.properties says whose disk it is, and refuses another node', () => {
  const machine = new Machine();
  const id = machine.logs.directoryIds[0]!;
  expect(text(machine.file('meta.properties'))).toBe(
    `#\ndirectory.id=${id}\nnode.id=1\nversion=1\ncluster.id=a-cluster\n`,
  );
  machine.restart('kill');
  expect(machine.logs.directoryIds).toEqual([id]);
  machine.node.kill();
  const file = machine.disk.open('meta.properties');
  file.truncate(0);
  file.append(new TextEncoder().encode('cluster.id=another\nnode.id=1\n'));
  expect(() => machine.start()).toThrow('Expected a-cluster, but read another');
});

test('ZooKeeper mode names the broker, and has no directory id', () => {
  const machine = new Machine({ mode: 'zookeeper' });
  expect(text(machine.file('meta.properties'))).toBe('#\nbroker.id=1\nversion=0\ncluster.id=a-cluster\n');
});

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
