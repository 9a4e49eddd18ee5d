/** Quotas of clients: answered at once, then not listened to for a while. */
import { describe, expect, test } from 'vitest';
import { SampledRate } from '../../src/broker/quotas/sampled-rate.ts';
import { SecurityState } from '../../src/coordinator/security/security-state.ts';
import { CreateTopics } from '../../src/protocol/apis/19-create-topics.ts';
import { errorName } from '../../src/protocol/errors.ts';
import { Harness } from './harness.ts';

describe('a sampled rate', () => {
  test('counts the windows that have not begun as full', () => {
    const rate = new SampledRate(1000, 11);
    rate.record(0, 5000);
    expect(rate.perSecond(0)).toBe(500);
    expect(rate.perSecond(9000)).toBe(500);
    expect(rate.perSecond(10_500)).toBeCloseTo(5000 / 10.5);
    expect(rate.perSecond(11_000)).toBe(0);
  });

  test('says how long to wait until it is down again', () => {
    const rate = new SampledRate(1000, 11);
    rate.record(0, 20_000);
    expect(rate.throttleMs(0, 1000)).toBe(10_000);
    expect(rate.throttleMs(0, 2000)).toBe(0);
  });
});

type Entity = Record<string, string | null>;

function broker(...quotas: readonly [entity: Entity, name: string, value: number][]): Harness {
  const h = new Harness({ brokers: 1 });
  for (const [entity, name, value] of quotas)
    h.authority.security = h.authority.security.withQuota(new Map(Object.entries(entity)), name, value);
  h.authority.createTopic('orders', [[1]]);
  h.run(1000);
  return h;
}

const KB = 'x'.repeat(1000);
const tenKb = Array.from({ length: 10 }, () => KB);

/** Throttle times of so many produce requests of 10 KB, each sent when the one before was answered. */
function produceThrottled(h: Harness, times: number): number[] {
  return Array.from({ length: times }, () => {
    const pending = h.produce(1, 'orders-0', { values: tenKb });
    for (let ms = 0; ms < 120_000 && pending.value === undefined; ms++) h.run(1);
    return pending.value!.throttleTimeMs;
  });
}

test('a producer above its rate is answered at once, and its next request waits', () => {
  const h = broker([{ 'client-id': 'test' }, 'producer_byte_rate', 2000]);
  const startMs = h.world.nowUs / 1000;
  const [first, second, third] = produceThrottled(h, 3);
  // 10 KB are 1,000 bytes a second over ten seconds, 20 KB a little more than 2,000: one percent too much or so.
  expect(first).toBe(0);
  expect(second).toBeGreaterThan(0);
  expect(second).toBeLessThan(500);
  expect(third).toBeGreaterThan(4000);
  const waitedMs = h.world.nowUs / 1000 - startMs;
  expect(waitedMs).toBeGreaterThan(second!);
  const before = h.world.nowUs;
  produceThrottled(h, 1);
  expect((h.world.nowUs - before) / 1000).toBeGreaterThanOrEqual(third! - 5);
  expect(h.lines('client-throttled')[0]).toContain('principal=User:ANONYMOUS clientId=test api=Produce');
});

test.each<[string, boolean, [Entity, string, number][]]>([
  ['the quota of another client', false, [[{ 'client-id': 'other' }, 'producer_byte_rate', 10]]],
  ['of all clients', true, [[{ 'client-id': null }, 'producer_byte_rate', 10]]],
  ['of the user', true, [[{ user: 'ANONYMOUS' }, 'producer_byte_rate', 10]]],
  ['of all users', true, [[{ user: null }, 'producer_byte_rate', 10]]],
  [
    'the closer of two',
    false,
    [
      [{ user: null }, 'producer_byte_rate', 10],
      [{ user: 'ANONYMOUS', 'client-id': 'test' }, 'producer_byte_rate', 1e9],
    ],
  ],
  [
    'that of the user before that of the client',
    false,
    [
      [{ 'client-id': 'test' }, 'producer_byte_rate', 10],
      [{ user: 'ANONYMOUS' }, 'producer_byte_rate', 1e9],
    ],
  ],
  ['of reading', false, [[{ 'client-id': 'test' }, 'consumer_byte_rate', 10]]],
])('%s throttles: %s', (_, throttles, quotas) => {
  const h = broker(...quotas);
  expect(produceThrottled(h, 1)[0]! > 0).toBe(throttles);
});

test('a reader above its rate gets nothing this time, and all of it when it has waited', () => {
  const h = broker();
  for (let i = 0; i < 3; i++) h.produced(1, 'orders-0', { values: tenKb });
  h.authority.security = SecurityState.empty.withQuota(new Map([['client-id', 'test']]), 'consumer_byte_rate', 2500);
  h.authority.createTopic('later', [[1]]);
  h.run(100);
  const fetch = () => {
    const pending = h.fetch(1, 'orders-0', 0, { maxWaitMs: 0 });
    for (let ms = 0; ms < 120_000 && pending.value === undefined; ms++) h.run(1);
    return pending.value!;
  };
  const first = fetch();
  // 30 KB at once are 3,000 bytes a second over ten seconds.
  expect([first.responses.length, first.throttleTimeMs > 0]).toEqual([0, true]);
  h.authority.security = SecurityState.empty.withQuota(new Map([['client-id', 'test']]), 'consumer_byte_rate', 4000);
  h.authority.createTopic('last', [[1]]);
  const second = fetch();
  expect(second.throttleTimeMs).toBe(0);
  expect(second.responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(30_000);
});

test('a share of the handlers is never waited for longer than a window', () => {
  const h = broker([{ 'client-id': 'test' }, 'request_percentage', 0.0001]);
  const times = produceThrottled(h, 3);
  expect(Math.max(...times)).toBe(1000);
});

describe('changes of metadata', () => {
  const create = (h: Harness, version: number, ...names: string[]) => {
    const topics = names.map((name) => ({ name, numPartitions: 4, replicationFactor: 1 }));
    return h.call(1, CreateTopics, version, CreateTopics.request.make({ topics }));
  };
  // Eleven seconds' worth may be spent at once.
  const mutations = [{ user: 'ANONYMOUS' }, 'controller_mutation_rate', 0.5] as [Entity, string, number];

  test('are refused topic by topic when the bucket is empty, to those who understand it', () => {
    const h = broker(mutations);
    const { topics, throttleTimeMs } = create(h, 7, 'a', 'b', 'c');
    const errors = topics.map(({ name, errorCode }) => `${name} ${errorName(errorCode)}`).sort();
    expect(errors).toEqual(['a NONE', 'b NONE', 'c THROTTLING_QUOTA_EXCEEDED']);
    // 5.5 tokens for 8 partitions: 2.5 are owed, at half a token a second.
    expect(throttleTimeMs).toBeGreaterThan(4900);
    expect(throttleTimeMs).toBeLessThanOrEqual(5000);
    const before = h.world.nowUs;
    create(h, 7);
    expect((h.world.nowUs - before) / 1000).toBeGreaterThan(4900);
    h.run(100);
    expect(create(h, 7, 'd').topics[0]!.errorCode).toBe(0);
  });

  test('of older clients are only slowed down', () => {
    const h = broker(mutations);
    const { topics, throttleTimeMs } = create(h, 5, 'a', 'b', 'c');
    expect(topics.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0]);
    expect(throttleTimeMs).toBeGreaterThan(12_000);
  });
});
