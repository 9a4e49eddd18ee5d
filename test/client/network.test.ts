import { describe, expect, test } from 'vitest';
import { ProducerClient } from '../../src/client/programs/producer-client.ts';
import { TestCluster } from './cluster.ts';

function begin(release: '3.9' | '4.2', config: Record<string, string | number> = {}) {
  const cluster = new TestCluster({ release });
  cluster.authority.createTopic('t', [[1, 2, 3]], { 'min.insync.replicas': '2' });
  cluster.run(20);
  const rate = { records: 100, perUs: 1_000_000 };
  const web = new ProducerClient(cluster.environment, { topic: 't', rate, keys: 1, valueSize: 50, config });
  cluster.client('web', web.program);
  cluster.run(1000);
  return cluster;
}

/** Milliseconds between events of a kind at the client. */
function gaps(cluster: TestCluster, kind: string, sinceUs: number): number[] {
  const times = cluster.of(kind).filter(({ node, atUs }) => node === 'web' && atUs >= sinceUs);
  return times.slice(1).map(({ atUs }, index) => (atUs - times[index]!.atUs) / 1000);
}

describe('the whole cluster is down', () => {
  const down = (release: '3.9' | '4.2') => {
    const cluster = begin(release);
    for (const id of [1, 2, 3]) cluster.broker(id).kill();
    const before = cluster.of('record-sent').length;
    cluster.run(5000);
    return { cluster, sentMeanwhile: cluster.of('record-sent').length - before };
  };
  test('4.x begins again with its bootstrap servers, and send() waits', () => {
    const { cluster, sentMeanwhile } = down('4.2');
    expect(cluster.of('client-rebootstrapped').length).toBe(1);
    expect(cluster.of('send-blocked').filter((event) => event.values[2] === 'metadata').length).toBeGreaterThan(0);
    expect(sentMeanwhile).toBeLessThan(100);
  });
  test('3.9 goes on with the brokers that it knows, and buffers', () => {
    const { cluster, sentMeanwhile } = down('3.9');
    expect(cluster.of('client-rebootstrapped')).toEqual([]);
    expect(sentMeanwhile).toBe(500);
  });
  test('connections are tried at growing distances, up to a second', () => {
    const { cluster } = down('3.9');
    const toOne = cluster
      .of('connection-refused')
      .filter(({ node, values }) => node === 'web' && values[1] === 'broker-1')
      .map(({ atUs }) => atUs / 1000);
    const distances = toOne.slice(1).map((at, index) => at - toOne[index]!);
    expect(distances[0]!).toBeLessThan(150);
    expect(Math.max(...distances)).toBeLessThanOrEqual(1010);
    expect(distances.at(-1)!).toBeGreaterThan(700);
  });
});

test('while nobody leads, metadata is asked ever more rarely, up to once a second; attempts do not count', () => {
  const cluster = begin('4.2');
  cluster.authority.change('t-0', { leader: -1, isr: [2] });
  const sinceUs = cluster.world.nowUs;
  cluster.run(8000);
  const distances = gaps(cluster, 'metadata-updated', sinceUs).slice(1);
  expect(distances.length).toBeGreaterThan(6);
  expect(Math.max(...distances)).toBeLessThanOrEqual(1010);
  expect(distances.at(-1)!).toBeGreaterThan(790);
  for (const event of cluster.of('batch-retried')) expect(event.values[2]).toBe(1);
});

test('a frozen broker costs one request time-out; then its connection is given up', () => {
  const cluster = begin('4.2', { 'request.timeout.ms': 5000, 'delivery.timeout.ms': 60_000 });
  cluster.broker(1).pause();
  const frozenUs = cluster.world.nowUs;
  cluster.run(3000);
  cluster.bury(1);
  cluster.run(8000);
  const acked = cluster.of('batch-acknowledged').find(({ atUs }) => atUs > frozenUs + 1_000_000)!;
  expect(acked.atUs - frozenUs).toBeGreaterThan(4_900_000);
  expect(acked.atUs - frozenUs).toBeLessThan(6_500_000);
});
