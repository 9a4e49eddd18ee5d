import { describe, expect, test } from 'vitest';
import { AbortedTransactions } from '../../src/client/consumer/aborted-transactions.ts';
import { Metadata } from '../../src/client/metadata.ts';
import { mayBeStored } from '../../src/client/producer/errors.ts';
import { murmur2, partitionOfKey } from '../../src/client/producer/murmur2.ts';
import { producerSettings } from '../../src/client/producer/settings.ts';
import { Payload } from '../../src/client/programs/payload.ts';
import { dueUs } from '../../src/client/programs/rate.ts';
import { producerConfig } from '../../src/config/resources.ts';
import { Metadata as MetadataApi } from '../../src/protocol/apis/03-metadata.ts';
import { ErrorCode, type ErrorName } from '../../src/protocol/errors.ts';
import { batchAt, encodeBatch } from '../../src/protocol/record-batch.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('murmur2', () => {
  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('%s hashes as in Java', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash);
    expect(partitionOfKey(bytes(text), 7)).toBe((hash & 0x7fffffff) % 7);
  });
});

test('which errors leave it open whether a batch is stored', () => {
  const open = (name: ErrorName, acks: number) => mayBeStored(ErrorCode[name], acks);
  for (const name of ['NETWORK_EXCEPTION', 'REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'] as const)
    expect(open(name, -1), name).toBe(true);
  for (const name of [
    'NOT_ENOUGH_REPLICAS',
    'MESSAGE_TOO_LARGE',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'CORRUPT_MESSAGE',
  ] as const)
    expect(open(name, -1), name).toBe(false);
  expect(open('NOT_LEADER_OR_FOLLOWER', -1)).toBe(true);
  expect(open('NOT_LEADER_OR_FOLLOWER', 1)).toBe(false);
});

describe('producer settings', () => {
  const settings = (config: Record<string, string | number>, version: '3.9' | '4.2' = '4.2') =>
    producerSettings(producerConfig(config, { version }));
  test('idempotence needs acks=all, retries and at most five requests in flight', () => {
    expect(settings({}).idempotent).toBe(true);
    expect(settings({ acks: '1' }).idempotent).toBe(false);
    expect(settings({ retries: 0 }).idempotent).toBe(false);
    expect(settings({ 'max.in.flight.requests.per.connection': 6 }).idempotent).toBe(false);
    expect(settings({ 'enable.idempotence': 'false' }).idempotent).toBe(false);
  });
  test('linger is 5 ms since 4.0', () => {
    expect(settings({}).lingerUs).toBe(5000);
    expect(settings({}, '3.9').lingerUs).toBe(0);
  });
  test('a default delivery time-out is raised to linger and one request', () => {
    expect(settings({ 'linger.ms': 200_000 }).deliveryTimeoutUs).toBe(230_000_000);
    expect(settings({ 'delivery.timeout.ms': 60_000 }).deliveryTimeoutUs).toBe(60_000_000);
  });
});

describe('metadata', () => {
  const answer = (leaderEpoch: number, leaderId: number, errorCode = 0, topicId = 'AAAAAAAAAAAAAAAAAAAAAQ') =>
    MetadataApi.response.make({
      brokers: [1, 2].map((nodeId) => ({ nodeId, host: `h${nodeId}`, port: 9092 })),
      topics: [
        { name: 't', topicId, errorCode: 0, partitions: [{ partitionIndex: 0, leaderId, leaderEpoch, errorCode }] },
      ],
    });
  test('leader epochs never go back', () => {
    const metadata = new Metadata([{ host: 'h1', port: 9092 }]);
    expect(metadata.update(answer(3, 1))).toEqual({ newer: true, incomplete: false });
    expect(metadata.update(answer(2, 2))).toEqual({ newer: false, incomplete: false });
    expect(metadata.topic('t')!.partitions[0]).toMatchObject({ leader: 1, leaderEpoch: 3 });
    expect(metadata.update(answer(3, -1, ErrorCode.LEADER_NOT_AVAILABLE))).toEqual({ newer: false, incomplete: true });
    expect(metadata.topic('t')!.partitions[0]!.leader).toBe(-1);
  });
  test('a topic that was made anew counts from the beginning', () => {
    const metadata = new Metadata([]);
    metadata.update(answer(7, 1));
    metadata.update(answer(0, 2, 0, 'AAAAAAAAAAAAAAAAAAAAAg'));
    expect(metadata.topic('t')!.partitions[0]).toMatchObject({ leader: 2, leaderEpoch: 0 });
  });
  test('a hint is taken if it is newer and its node is known; a rebootstrap forgets leaders, not epochs', () => {
    const metadata = new Metadata([{ host: 'h1', port: 9092 }]);
    metadata.update(answer(3, 1));
    const partition = metadata.topic('t')!.partitions[0]!;
    expect(metadata.hintLeader(partition, 2, 3)).toBe(false);
    expect(metadata.hintLeader(partition, 9, 4)).toBe(false);
    expect(metadata.hintLeader(partition, 2, 4)).toBe(true);
    metadata.forgetCluster();
    expect(metadata.topic('t')!.known).toBe(false);
    expect([...metadata.nodes.keys()]).toEqual([-1]);
    metadata.update(answer(3, 1));
    expect(partition.leaderEpoch).toBe(4);
  });
});

test('batches of aborted transactions are hidden up to their marker', () => {
  const batch = (baseOffset: number, producerId: number, control: 'abort' | 'commit' | null = null) =>
    batchAt(
      encodeBatch({
        baseOffset,
        producerId,
        producerEpoch: 0,
        baseSequence: 0,
        transactional: true,
        control: control !== null,
        records: [{ key: new Uint8Array([0, 0, 0, control === 'commit' ? 1 : 0]), value: null, timestampMs: 0 }],
      }),
      0,
    );
  const aborted = new AbortedTransactions([{ producerId: 7, firstOffset: 1 }]);
  const seen = [batch(0, 7), batch(1, 7), batch(2, 8), batch(3, 7, 'abort'), batch(4, 7)].map((b) => aborted.hides(b));
  expect(seen).toEqual([false, true, false, true, false]);
});

test('values are unique, keys take turns, records are evenly spaced', () => {
  const payload = new Payload('web', { keys: 2, valueSize: 12 });
  expect(new TextDecoder().decode(payload.value(42))).toBe('web#......42');
  expect([1, 2, 3].map((serial) => payload.keyText(serial))).toEqual(['k1', 'k0', 'k1']);
  expect(new Payload('web', { keys: null, valueSize: 2 }).value(12345).length).toBe(5);
  expect([0, 1, 2, 3].map((n) => dueUs({ records: 3, perUs: 1_000_000 }, 10, n))).toEqual([
    10, 333343, 666676, 1000010,
  ]);
});
