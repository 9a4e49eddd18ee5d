import { describe, expect, test } from 'vitest';
import { ListOffsets } from '../../src/protocol/apis/02-list-offsets.ts';
import { ErrorCode } from '../../src/protocol/errors.ts';
import { answerOf, Harness } from './harness.ts';

const THREE = [[1, 2, 3]];

function started(options: ConstructorParameters<typeof Harness>[0] = {}, topic: Record<string, string> = {}): Harness {
  const harness = new Harness(options);
  harness.authority.createTopic('orders', THREE, topic);
  harness.run(2000);
  return harness;
}

describe('acks=all', () => {
  test('a record is committed by the next fetch of the followers, and they hear of it one fetch later', () => {
    const h = started();
    const before = h.events.length;
    const answer = h.produced(1, 'orders-0');
    expect(answer).toMatchObject({ errorCode: 0, baseOffset: 0 });
    h.run(1500);
    const kinds = h.events
      .slice(before)
      .filter(({ kind }) => ['records-appended', 'high-watermark-advanced'].includes(kind.name))
      .map(({ node, kind, atUs }) => ({ node, kind: kind.name, atUs }));
    expect(kinds.map(({ node, kind }) => `${node} ${kind}`)).toEqual([
      'broker-1 records-appended',
      'broker-2 records-appended',
      'broker-3 records-appended',
      'broker-1 high-watermark-advanced',
      'broker-2 high-watermark-advanced',
      'broker-3 high-watermark-advanced',
    ]);
    // Nothing wakes a follower for a watermark: it waits for the end of its long poll.
    const [onLeader, onFollower] = [kinds[3]!.atUs, kinds[4]!.atUs];
    expect(onFollower - onLeader).toBeGreaterThan(450_000);
    expect(onFollower - onLeader).toBeLessThan(550_000);
  });

  test('stalls while a dead follower is in the ISR, and goes on when it has left, after 30 to 45 s', () => {
    const h = started();
    h.produced(1, 'orders-0');
    h.run(1000);
    h.node(3).kill();
    const killedUs = h.world.nowUs;
    const pending = h.produce(1, 'orders-0', { timeoutMs: 60_000 });
    h.run(29_000);
    expect(answerOf(pending)).toBeUndefined();
    h.run(20_000);
    expect(answerOf(pending)).toMatchObject({ errorCode: 0, baseOffset: 1 });
    const waitedMs = (pending.atUs - killedUs) / 1000;
    expect(waitedMs).toBeGreaterThan(30_000);
    expect(waitedMs).toBeLessThan(45_100);
    expect(h.authority.partition('orders-0').isr).toEqual([1, 2]);
    expect(h.lines('replica-fell-behind', 'isr-proposed', 'isr-adopted').slice(-3)).toEqual([
      expect.stringMatching(/^broker-1 replica-fell-behind partition=orders-0 replica=3 endOffset=1 leaderEndOffset=2/),
      'broker-1 isr-proposed partition=orders-0 isr=[1,2] leaderEpoch=0 partitionEpoch=0 reason=3 fell behind',
      'broker-1 isr-adopted partition=orders-0 isr=[1,2] leaderEpoch=0 partitionEpoch=1',
    ]);
  });

  test('an idle partition loses nobody by lag, however long its follower is silent', () => {
    const h = started();
    h.produced(1, 'orders-0');
    h.run(1000);
    h.node(3).kill();
    h.run(120_000);
    expect(h.authority.partition('orders-0').isr).toEqual([1, 2, 3]);
  });

  test('a follower on an idle partition is measured by its latest silent fetch', () => {
    const h = started();
    h.produced(1, 'orders-0');
    h.run(100_000);
    h.node(3).kill();
    const killedUs = h.world.nowUs;
    h.produce(1, 'orders-0', { timeoutMs: 1000 });
    h.run(29_000);
    expect(h.authority.partition('orders-0').isr).toEqual([1, 2, 3]);
    h.run(17_000);
    expect(h.authority.partition('orders-0').isr).toEqual([1, 2]);
    expect(h.world.nowUs - killedUs).toBeLessThan(46_100_000);
  });

  test('times out, and the record is in the log all the same', () => {
    const h = started();
    h.node(2).kill();
    const answer = h.produced(1, 'orders-0', { timeoutMs: 1500 });
    expect(answer).toMatchObject({ errorCode: ErrorCode.REQUEST_TIMED_OUT, baseOffset: -1 });
    expect(h.lines('produce-timed-out')).toEqual([
      'broker-1 produce-timed-out partition=orders-0 requiredOffset=1 clientId=test',
    ]);
    expect(h.produced(1, 'orders-0', { acks: 1, connection: 'b' })).toMatchObject({ errorCode: 0, baseOffset: 1 });
  });

  test('is refused before the append while the ISR is too small; acks=1 is taken, but stays invisible', () => {
    const h = started({}, { 'min.insync.replicas': '2' });
    h.produced(1, 'orders-0');
    h.authority.change('orders-0', { isr: [1] });
    h.node(2).kill();
    h.node(3).kill();
    h.run(100);
    expect(h.produced(1, 'orders-0')).toMatchObject({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS });
    expect(h.produced(1, 'orders-0', { acks: 1 })).toMatchObject({ errorCode: 0, baseOffset: 1 });
    h.run(5000);
    const fetched = h.fetch(1, 'orders-0', 1, { maxWaitMs: 0 });
    h.run(10);
    expect(fetched.value!.responses[0]!.partitions[0]).toMatchObject({ highWatermark: 1, errorCode: 0 });
    expect(fetched.value!.responses[0]!.partitions[0]!.records).toHaveLength(0);
  });

  test('an ISR that became too small after the append freezes the watermark until it is large enough again', () => {
    const h = started({}, { 'min.insync.replicas': '2' });
    h.node(3).kill();
    h.authority.fence(3, true);
    const pending = h.produce(1, 'orders-0');
    h.run(100);
    h.authority.setConfig('orders', 'min.insync.replicas', '3');
    h.authority.change('orders-0', { isr: [1, 2] });
    h.run(100);
    // Broker 2 has the record, and yet nothing can be said.
    expect(answerOf(pending)).toBeUndefined();
    h.authority.setConfig('orders', 'min.insync.replicas', '2');
    h.authority.change('orders-0', { isr: [2, 1] });
    h.run(100);
    expect(answerOf(pending)).toMatchObject({ errorCode: 0 });
  });

  test('a leader that steps down answers what waits with NOT_LEADER_OR_FOLLOWER and names its successor', () => {
    const h = started();
    h.node(3).kill();
    const pending = h.produce(1, 'orders-0');
    h.run(200);
    h.authority.change('orders-0', { leader: 2, isr: [1, 2] });
    h.run(200);
    expect(answerOf(pending)).toMatchObject({
      errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: 2, leaderEpoch: 1 },
    });
    expect(pending.value!.nodeEndpoints).toEqual([{ nodeId: 2, host: 'host-2', port: 9092, rack: null }]);
  });
});

describe('acks=0', () => {
  test('an error closes the connection; success says nothing and keeps it', () => {
    const h = started();
    h.produce(1, 'orders-0', { acks: 0 });
    h.run(50);
    expect(h.lines('connection-closed')).toEqual([]);
    h.produce(2, 'orders-0', { acks: 0 });
    h.run(50);
    expect(h.lines('produce-rejected')).toEqual([
      'broker-2 produce-rejected partition=orders-0 error=NOT_LEADER_OR_FOLLOWER clientId=test',
    ]);
    const closed = h.events.filter(({ kind, node }) => kind.name.startsWith('connection-') && node === 'client');
    expect(closed.some(({ kind }) => kind.name !== 'connection-opened')).toBe(true);
  });
});

describe('an idempotent producer', () => {
  const producer = (baseSequence: number, producerEpoch = 0) => ({ producerId: 5, producerEpoch, baseSequence });

  test('a batch that is sent again gets its first offset and is written once', () => {
    const h = started();
    expect(h.produced(1, 'orders-0', { values: ['a', 'b'], producer: producer(0) })).toMatchObject({ baseOffset: 0 });
    expect(h.produced(1, 'orders-0', { values: ['a', 'b'], producer: producer(0) })).toMatchObject({
      errorCode: 0,
      baseOffset: 0,
    });
    expect(h.produced(1, 'orders-0', { values: ['c'], producer: producer(2) })).toMatchObject({ baseOffset: 2 });
    expect(h.produced(1, 'orders-0', { values: ['e'], producer: producer(9) })).toMatchObject({
      errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    });
  });

  test('a new leader knows the producer from the records that it copied', () => {
    const h = started();
    h.produced(1, 'orders-0', { values: ['a'], producer: producer(0) });
    h.authority.change('orders-0', { leader: 2 });
    h.run(1500);
    expect(h.produced(2, 'orders-0', { values: ['a'], producer: producer(0) })).toMatchObject({
      errorCode: 0,
      baseOffset: 0,
    });
    expect(h.produced(2, 'orders-0', { values: ['b'], producer: producer(1) })).toMatchObject({ baseOffset: 1 });
  });
});

describe('a change of leaders', () => {
  test('the old leader throws away what its successor never had, by leader epoch', () => {
    const h = started();
    h.produced(1, 'orders-0', { values: ['a', 'b'] });
    h.run(1000);
    // Nothing reaches the others any more; the old leader does not know.
    const rule = h.world.network.install({
      name: 'cut',
      matches: (from, to) => [from, to].includes('broker-1') && [from, to].some((node) => /broker-[23]/.test(node)),
      effect: { kind: 'block' },
    });
    h.line(1).cut = true;
    expect(h.produced(1, 'orders-0', { values: ['lost', 'lost'], acks: 1 })).toMatchObject({ baseOffset: 2 });
    h.authority.change('orders-0', { leader: 2, isr: [2, 3] });
    h.run(1000);
    expect(h.produced(2, 'orders-0', { values: ['kept'], acks: 1 })).toMatchObject({ baseOffset: 2 });
    rule.remove();
    h.line(1).cut = false;
    h.authority.change('orders-0', { isr: [2, 3] });
    h.run(5000);
    expect(h.lines('fetch-diverged', 'log-truncated')).toEqual([
      'broker-1 fetch-diverged partition=orders-0 epoch=0 endOffset=2 truncatedTo=2',
      'broker-1 log-truncated partition=orders-0 from=4 to=2 leaderEpoch=0',
    ]);
    expect(h.authority.partition('orders-0').isr.toSorted()).toEqual([1, 2, 3]);
    const crcs = h.events
      .filter(({ kind, values }) => kind.name === 'records-appended' && values[1] === 2)
      .map(({ node, values }) => `${node} epoch=${String(values[3])}`);
    expect(crcs).toEqual(['broker-1 epoch=0', 'broker-2 epoch=1', 'broker-3 epoch=1', 'broker-1 epoch=1']);
  });

  test('a new leader starts with its own old watermark and says so to consumers', () => {
    const h = started();
    h.produced(1, 'orders-0');
    // The followers have the record, but have not yet heard that it is committed.
    h.node(1).kill();
    h.node(3).kill();
    h.authority.change('orders-0', { leader: 2 });
    h.run(100);
    const latest = listLatest(h, 2);
    expect(latest).toMatchObject({ errorCode: ErrorCode.OFFSET_NOT_AVAILABLE });
    h.authority.change('orders-0', { isr: [2] });
    h.run(100);
    expect(listLatest(h, 2)).toMatchObject({ errorCode: 0, offset: 1, leaderEpoch: 1 });
  });
});

describe('the ISR', () => {
  test('a replica that was away is taken in at the first fetch that has all that is committed', () => {
    const h = started();
    h.node(3).kill();
    h.authority.fence(3, true);
    h.authority.change('orders-0', { isr: [1, 2] });
    h.run(100);
    h.produced(1, 'orders-0', { values: ['a', 'b', 'c'] });
    h.start(3);
    h.run(3000);
    expect(h.authority.partition('orders-0').isr).toEqual([1, 2, 3]);
    expect(h.lines('replica-caught-up')).toEqual(['broker-3 replica-caught-up partition=orders-0 leader=1 offset=3']);
  });

  test('an expansion counts before it is agreed: the watermark waits for the newcomer', () => {
    const h = started();
    h.authority.change('orders-0', { isr: [1, 2] });
    h.authority.holdProposals = true;
    h.run(1500);
    expect(h.lines('isr-proposed')).toHaveLength(1);
    h.node(3).kill();
    const pending = h.produce(1, 'orders-0', { timeoutMs: 5000 });
    h.run(2000);
    expect(answerOf(pending)).toBeUndefined();
    expect(h.authority.partition('orders-0').isr).toEqual([1, 2]);
  });

  test('a refused expansion is reverted and proposed again at the next fetch', () => {
    const h = started();
    h.authority.refusals.push(ErrorCode.INELIGIBLE_REPLICA);
    h.authority.change('orders-0', { isr: [1, 2] });
    h.run(3000);
    expect(h.lines('isr-proposal-refused')).toEqual([
      'broker-1 isr-proposal-refused partition=orders-0 error=INELIGIBLE_REPLICA effect=revert',
    ]);
    expect(h.authority.partition('orders-0').isr).toEqual([1, 2, 3]);
  });

  test('a fenced replica is not proposed (KRaft)', () => {
    const h = started();
    h.authority.fence(3, true);
    h.authority.change('orders-0', { isr: [1, 2] });
    h.run(5000);
    expect(h.lines('isr-proposed')).toEqual([]);
    h.authority.fence(3, false);
    h.run(1000);
    expect(h.authority.partition('orders-0').isr).toEqual([1, 2, 3]);
  });
});

function listLatest(h: Harness, broker: number) {
  const body = {
    replicaId: -1,
    isolationLevel: 0,
    topics: [
      { name: 'orders', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1, maxNumOffsets: 1 }] },
    ],
    timeoutMs: 1000,
  };
  return h.call(broker, ListOffsets, 9, body).topics[0]!.partitions[0];
}

test('a follower on a slow machine falls behind and leaves the ISR, and comes back when it is well', () => {
  const h = new Harness({ config: { 'replica.lag.time.max.ms': '4000' } });
  h.authority.createTopic('orders', THREE);
  h.run(1000);
  h.node(3).slowDown(200_000);
  for (let i = 0; i < 100; i++) {
    h.produce(1, 'orders-0', { acks: 1, connection: `c${i}` });
    h.run(100);
  }
  expect(h.authority.partition('orders-0').isr).toEqual([1, 2]);
  h.node(3).slowDown(1);
  h.run(20_000);
  expect(h.authority.partition('orders-0').isr).toEqual([1, 2, 3]);
});
