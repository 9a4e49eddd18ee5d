import { describe, expect, test } from 'vitest';
import { groupCoordinator } from '../../src/broker/groups/coordinator.ts';
import { ConsumerClient, type ConsumerClientOptions } from '../../src/client/programs/consumer-client.ts';
import { ProducerClient } from '../../src/client/programs/producer-client.ts';
import { TransformerClient } from '../../src/client/programs/transformer-client.ts';
import { field, TestCluster, type TestClusterOptions } from './cluster.ts';

const COOPERATIVE = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';

interface Options extends TestClusterOptions {
  readonly partitions?: number;
  readonly members?: number;
  readonly reading?: Partial<ConsumerClientOptions>;
  readonly topicConfig?: Record<string, string>;
}

class Stage {
  readonly cluster: TestCluster;
  readonly web: ProducerClient;
  private readonly reading: Partial<ConsumerClientOptions>;

  constructor({ partitions = 3, members = 1, reading = {}, topicConfig = {}, ...options }: Options = {}) {
    this.reading = reading;
    const config = { 'offsets.topic.num.partitions': '1', 'group.initial.rebalance.delay.ms': '0', ...options.config };
    this.cluster = new TestCluster({ ...options, coordinators: [groupCoordinator], config });
    const replicas = Array.from({ length: partitions }, (_, index) => [0, 1, 2].map((r) => ((index + r) % 3) + 1));
    this.cluster.authority.createTopic('t', replicas, { 'min.insync.replicas': '2', ...topicConfig });
    this.cluster.run(20);
    const rate = { records: 100, perUs: 1_000_000 };
    this.web = new ProducerClient(this.cluster.environment, { topic: 't', rate, keys: 20, valueSize: 60, config: {} });
    this.cluster.client('web', this.web.program);
    for (let member = 0; member < members; member++) this.join(member);
  }

  join(member: number): void {
    const client = new ConsumerClient(this.cluster.environment, {
      topics: ['t'],
      group: 'g',
      processUs: 0,
      commit: 'auto',
      ...this.reading,
      config: { 'auto.offset.reset': 'earliest', ...this.reading.config },
    });
    this.cluster.client(`c[${member}]`, client.program);
  }

  member(index: number) {
    return this.cluster.world.node(`c[${index}]`)!;
  }

  finish(ms = 4000): void {
    this.web.stopSending(() => {});
    this.cluster.run(ms);
  }

  /** How often each stored offset was delivered. */
  deliveries(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const event of this.cluster.of('records-delivered')) {
      for (let at = field(event, 'firstOffset') as number; at <= (field(event, 'lastOffset') as number); at++) {
        const key = `${field(event, 'partition')}@${at}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    return counts;
  }

  acked(): number {
    return this.cluster.of('batch-acknowledged').flatMap((event) => field(event, 'serials') as number[]).length;
  }

  /** What each member owns by the callbacks that it saw. */
  owned(): Record<string, string[]> {
    const owned = new Map<string, Set<string>>();
    for (const event of this.cluster.of('partitions-assigned', 'partitions-revoked', 'partitions-lost')) {
      const set = owned.get(event.node) ?? new Set<string>();
      owned.set(event.node, set);
      for (const name of field(event, 'partitions') as string[]) {
        if (event.kind.name === 'partitions-assigned') set.add(name);
        else set.delete(name);
      }
    }
    return Object.fromEntries([...owned].map(([node, names]) => [node, [...names].sort()]));
  }
}

describe.each(['4.2', '3.9'] as const)('with clients of %s', (release) => {
  test('three members join one after the other, one leaves: every record is delivered once', () => {
    const stage = new Stage({ release, members: 1 });
    stage.cluster.run(3000);
    stage.join(1);
    stage.cluster.run(6000);
    stage.join(2);
    stage.cluster.run(6000);
    expect(Object.values(stage.owned()).map(({ length }) => length)).toEqual([1, 1, 1]);
    stage.member(0).terminate();
    stage.cluster.run(6000);
    expect(stage.member(0).exit).toEqual({ code: 0, reason: 'the consumer is closed' });
    expect(Object.values(stage.owned()).flat().sort()).toEqual(['t-0', 't-1', 't-2']);
    stage.finish();
    const counts = stage.deliveries();
    expect(counts.size).toBe(stage.acked());
    expect([...counts.values()].every((count) => count === 1)).toBe(true);
    expect(stage.cluster.of('partitions-lost')).toEqual([]);
  });
});

test('cooperative members keep what they keep while the group rebalances', () => {
  const stage = new Stage({ members: 1, reading: { config: { 'partition.assignment.strategy': COOPERATIVE } } });
  stage.cluster.run(3000);
  stage.join(1);
  stage.cluster.run(8000);
  const revoked = stage.cluster.of('partitions-revoked');
  expect(revoked.map((event) => (field(event, 'partitions') as string[]).length)).toEqual([1]);
  expect(Object.values(stage.owned()).map(({ length }) => length)).toEqual([2, 1]);
  // The partition changes hands in a generation of its own.
  expect(
    stage.cluster
      .of('group-joined')
      .filter(({ node }) => node === 'c[0]')
      .map((event) => field(event, 'generation')),
  ).toEqual([1, 2, 3]);
  stage.finish();
  expect([...stage.deliveries().values()].every((count) => count === 1)).toBe(true);
});

test('a leader dies: reading goes on where it was, with its successor', () => {
  const stage = new Stage({ members: 2 });
  stage.cluster.run(3000);
  stage.cluster.lose(2, 5000);
  stage.cluster.run(8000);
  stage.finish();
  const counts = stage.deliveries();
  expect(counts.size).toBe(stage.acked());
  expect([...counts.values()].every((count) => count === 1)).toBe(true);
  expect(
    stage.cluster
      .of('position-reset')
      .every((event) => ['earliest', 'committed'].includes(field(event, 'reason') as string)),
  ).toBe(true);
});

test('the coordinator dies: it is found again, and nobody rebalances', () => {
  const stage = new Stage({ members: 3 });
  stage.cluster.run(5000);
  const coordinator = stage.cluster.authority.partition('__consumer_offsets-0').leader;
  const generations = stage.cluster.of('group-joined').length;
  stage.cluster.lose(coordinator, 6000);
  stage.cluster.run(12_000);
  expect(stage.cluster.of('coordinator-lost').length).toBeGreaterThanOrEqual(3);
  const successor = stage.cluster.authority.partition('__consumer_offsets-0').leader;
  for (const node of ['c[0]', 'c[1]', 'c[2]']) {
    const found = stage.cluster.of('coordinator-found').filter((event) => event.node === node);
    expect(field(found.at(-1)!, 'broker')).toBe(successor);
  }
  expect(stage.cluster.of('group-joined').length).toBe(generations);
  const before = stage.cluster.of('offsets-committed').length;
  stage.cluster.run(6000);
  expect(stage.cluster.of('offsets-committed').length).toBeGreaterThan(before);
});

describe('a member dies in the middle of its work', () => {
  const timeouts = { 'session.timeout.ms': 6000, 'max.poll.records': 20 };
  function killed(commit: 'before' | 'after') {
    const stage = new Stage({ members: 2, partitions: 2, reading: { commit, processUs: 3000, config: timeouts } });
    stage.cluster.run(5000);
    const latest = () => stage.cluster.of('records-delivered').filter(({ node }) => node === 'c[0]').length;
    for (const before = latest(); latest() === before; ) stage.cluster.run(1);
    stage.member(0).kill();
    stage.cluster.run(15_000);
    stage.finish(10_000);
    return stage;
  }
  test('committed afterwards: nothing is missed, something is delivered again', () => {
    const stage = killed('after');
    const counts = stage.deliveries();
    expect(counts.size).toBe(stage.acked());
    expect([...counts.values()].some((count) => count > 1)).toBe(true);
  });
  test('committed before: nothing is delivered again', () => {
    const stage = killed('before');
    expect([...stage.deliveries().values()].every((count) => count === 1)).toBe(true);
  });
});

describe('positions', () => {
  test('latest skips what is there already', () => {
    const stage = new Stage({ members: 0, reading: { config: { 'auto.offset.reset': 'latest' } } });
    stage.cluster.run(2000);
    stage.join(0);
    stage.cluster.run(3000);
    const resets = stage.cluster.of('position-reset');
    expect(resets.every((event) => field(event, 'reason') === 'latest' && (field(event, 'offset') as number) > 0)).toBe(
      true,
    );
  });
  test('none makes poll() throw', () => {
    const stage = new Stage({ members: 1, reading: { config: { 'auto.offset.reset': 'none' } } });
    stage.cluster.run(3000);
    expect(stage.member(0).exit?.code).toBe(1);
    expect(stage.cluster.of('consumer-failed').length).toBe(1);
  });
  test('what was read and is gone after an unclean election moves the position back', () => {
    const stage = new Stage({ members: 1, partitions: 1, topicConfig: { 'min.insync.replicas': '1' } });
    stage.cluster.run(3000);
    const { authority } = stage.cluster;
    stage.cluster.broker(2).kill();
    stage.cluster.broker(3).kill();
    authority.fence(2, true);
    authority.fence(3, true);
    authority.change('t-0', { isr: [1] });
    stage.cluster.run(3000);
    // The others come back without what broker 1 alone had, and one of them must lead.
    stage.cluster.broker(1).kill();
    authority.fence(1, true);
    stage.cluster.startBroker(2);
    stage.cluster.startBroker(3);
    stage.cluster.run(50);
    authority.fence(2, false);
    authority.fence(3, false);
    authority.change('t-0', { isr: [2], leader: 2 });
    for (const name of ['__consumer_offsets-0']) authority.change(name, { isr: [2, 3], leader: 2 });
    stage.cluster.run(8000);
    const resets = stage.cluster.of('position-reset').filter((event) => field(event, 'reason') === 'truncated');
    expect(resets.length).toBe(1);
    const at = resets[0]!.atUs;
    const later = stage.cluster.of('records-delivered').filter((event) => event.atUs > at);
    expect(field(later[0]!, 'firstOffset')).toBe(field(resets[0]!, 'offset'));
  });
});

test('a consumer without a group reads all partitions from the start and commits nothing', () => {
  const stage = new Stage({ members: 1, reading: { group: null } });
  stage.cluster.run(3000);
  stage.finish();
  expect(stage.deliveries().size).toBe(stage.acked());
  expect(stage.cluster.of('offsets-committed', 'group-joined')).toEqual([]);
  stage.member(0).terminate();
  stage.cluster.run(100);
  expect(stage.member(0).exit?.code).toBe(0);
});

test('a transformer produces each record that it consumes, once, and commits what it produced', () => {
  const stage = new Stage({ members: 0 });
  stage.cluster.authority.createTopic(
    'out',
    [
      [1, 2, 3],
      [2, 3, 1],
    ],
    { 'min.insync.replicas': '2' },
  );
  const etl = new TransformerClient(stage.cluster.environment, {
    from: ['t'],
    to: 'out',
    group: 'etl',
    processUs: 500,
    commit: 'after',
    config: { 'auto.offset.reset': 'earliest', 'linger.ms': 0 },
  });
  stage.cluster.client('etl', etl.program);
  stage.cluster.run(4000);
  stage.finish();
  const sources = ['t-0', 't-1', 't-2'].flatMap((name) => stage.cluster.stored(name));
  const results = ['out-0', 'out-1'].flatMap((name) => stage.cluster.stored(name));
  expect([...results].sort()).toEqual([...sources].sort());
  expect(results.length).toBe(stage.acked() / 2);
});

test('an application that takes too long is put out of its group, and joins again', () => {
  const config = { 'max.poll.interval.ms': 4000, 'session.timeout.ms': 6000, 'max.poll.records': 10 };
  const stage = new Stage({ members: 1, reading: { processUs: 1_000_000, config } });
  stage.cluster.run(30_000);
  expect(stage.cluster.of('partitions-lost').length).toBeGreaterThan(0);
  expect(stage.cluster.of('group-joined').length).toBeGreaterThan(1);
});

test('encoding every message changes nothing', () => {
  const hashes = [false, true].map((encode) => {
    const stage = new Stage({ encode, members: 2, reading: { commit: 'after', processUs: 200 } });
    stage.cluster.run(3000);
    stage.cluster.lose(2, 3000);
    stage.cluster.run(4000);
    return stage.cluster.world.trace.hash();
  });
  expect(hashes[0]).toBe(hashes[1]);
});
