import { describe, expect, test } from 'vitest';
import { ErrorCode } from '../../src/protocol/errors.ts';
import { batches } from '../../src/protocol/record-batch.ts';
import { Harness } from './harness.ts';

function started(options: ConstructorParameters<typeof Harness>[0] = {}): Harness {
  const harness = new Harness(options);
  harness.authority.createTopic('orders', [
    [1, 2, 3],
    [1, 2, 3],
  ]);
  harness.run(2000);
  return harness;
}

/** Opens a session on `orders-0` at an offset and returns its id. */
function open(h: Harness, offset: number): number {
  const first = h.fetch(1, 'orders-0', offset, { sessionEpoch: 0, maxWaitMs: 0 });
  h.run(10);
  expect(first.value).toMatchObject({ errorCode: 0 });
  expect(first.value!.responses).toHaveLength(1);
  return first.value!.sessionId;
}

describe('a fetch session', () => {
  test('says nothing of what did not change, and everything of what did', () => {
    const h = started();
    const sessionId = open(h, 0);
    expect(sessionId).toBeGreaterThan(0);
    const idle = h.fetch(1, 'orders-0', 0, { sessionId, sessionEpoch: 1, unchanged: true, maxWaitMs: 100 });
    h.run(99);
    expect(idle.value).toBeUndefined();
    h.run(10);
    expect(idle.value).toMatchObject({ errorCode: 0, sessionId, responses: [] });
    const waiting = h.fetch(1, 'orders-0', 0, { sessionId, sessionEpoch: 2, unchanged: true, maxWaitMs: 5000 });
    h.run(100);
    h.produced(1, 'orders-0', { values: ['a', 'b'] });
    h.run(10);
    const data = waiting.value!.responses[0]!.partitions[0]!;
    expect(data).toMatchObject({ highWatermark: 2, errorCode: 0 });
    expect([...batches(data.records!)].map((batch) => batch.recordCount)).toEqual([2]);
  });

  test('sends data again until the reader has moved on', () => {
    const h = started();
    h.produced(1, 'orders-0');
    h.run(1000);
    const sessionId = open(h, 0);
    for (const sessionEpoch of [1, 2]) {
      const again = h.fetch(1, 'orders-0', 0, { sessionId, sessionEpoch, unchanged: true, maxWaitMs: 5000 });
      h.run(10);
      expect(again.value!.responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(0);
    }
    const moved = h.fetch(1, 'orders-0', 1, { sessionId, sessionEpoch: 3, maxWaitMs: 50 });
    h.run(100);
    expect(moved.value).toMatchObject({ errorCode: 0, responses: [] });
  });

  test('repeats an error in every answer', () => {
    const h = started();
    h.produced(1, 'orders-0');
    h.run(1000);
    const sessionId = open(h, 0);
    for (const sessionEpoch of [1, 2]) {
      const wrong = h.fetch(1, 'orders-0', 99, {
        sessionId,
        sessionEpoch,
        unchanged: sessionEpoch > 1,
        maxWaitMs: 5000,
      });
      h.run(10);
      expect(wrong.value!.responses[0]!.partitions[0]).toMatchObject({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE });
    }
  });

  test.each([
    ['an unknown id', 1, ErrorCode.FETCH_SESSION_ID_NOT_FOUND],
    ['a wrong epoch', 0, ErrorCode.INVALID_FETCH_SESSION_EPOCH],
  ])('%s is refused', (_, shift, errorCode) => {
    const h = started();
    const sessionId = open(h, 0) + shift;
    const refused = h.fetch(1, 'orders-0', 0, { sessionId, sessionEpoch: shift === 0 ? 7 : 1, unchanged: true });
    h.run(10);
    expect(refused.value).toMatchObject({ errorCode, sessionId: 0, responses: [] });
  });

  test('that finds no slot goes on without one', () => {
    const h = new Harness({ config: { 'max.incremental.fetch.session.cache.slots': '0' } });
    h.authority.createTopic('orders', [[1, 2, 3]]);
    h.run(1000);
    h.produced(1, 'orders-0');
    h.run(1000);
    const first = h.fetch(1, 'orders-0', 0, { sessionEpoch: 0 });
    h.run(10);
    expect(first.value).toMatchObject({ errorCode: 0, sessionId: 0 });
    expect(h.lines('high-watermark-advanced')).toHaveLength(3);
  });
});

describe('a fetch that waits', () => {
  test('is set free by the watermark, not by the append', () => {
    const h = started();
    const waiting = h.fetch(1, 'orders-0', 0, { maxWaitMs: 20_000 });
    h.run(100);
    h.node(2).kill();
    h.produce(1, 'orders-0');
    h.run(5000);
    // Broker 2 is in the ISR, and has not got it.
    expect(waiting.value).toBeUndefined();
    h.start(2);
    h.run(3000);
    expect(waiting.value!.responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(0);
  });

  test('for more bytes than there are is answered at the end of its time with what there is', () => {
    const h = started();
    h.produced(1, 'orders-0');
    const waiting = h.fetch(1, 'orders-0', 0, { maxWaitMs: 300, minBytes: 100_000 });
    h.run(250);
    expect(waiting.value).toBeUndefined();
    h.run(100);
    expect(waiting.value!.responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(0);
  });

  test('is answered when the leadership goes, with its heir', () => {
    const h = started();
    const waiting = h.fetch(1, 'orders-0', 0, { maxWaitMs: 20_000, leaderEpoch: 0 });
    h.run(100);
    h.authority.change('orders-0', { leader: 2 });
    h.run(100);
    expect(waiting.value!.responses[0]!.partitions[0]).toMatchObject({
      errorCode: ErrorCode.FENCED_LEADER_EPOCH,
      currentLeader: { leaderId: 2, leaderEpoch: 1 },
    });
    expect(waiting.value!.nodeEndpoints).toMatchObject([{ nodeId: 2, port: 9092 }]);
  });

  test('is answered when its topic is deleted', () => {
    const h = started();
    const waiting = h.fetch(1, 'orders-0', 0, { maxWaitMs: 20_000 });
    h.run(100);
    h.authority.deleteTopic('orders');
    h.run(100);
    expect(waiting.value!.responses[0]!.partitions[0]!.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('on a follower reads what that follower knows to be committed', () => {
    const h = started();
    h.produced(1, 'orders-0');
    const early = h.fetch(2, 'orders-0', 0, { maxWaitMs: 2000 });
    h.run(300);
    expect(early.value).toBeUndefined();
    h.run(400);
    expect(early.value!.responses[0]!.partitions[0]).toMatchObject({ highWatermark: 1, errorCode: 0 });
    const old = h.fetch(2, 'orders-0', 0, { version: 10 });
    h.run(10);
    expect(old.value!.responses[0]!.partitions[0]!.errorCode).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER);
  });
});
