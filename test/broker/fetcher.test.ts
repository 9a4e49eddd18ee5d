import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { truncationOffset } from '../../src/broker/fetch-truncation.ts';
import { Purgatory } from '../../src/broker/purgatory.ts';
import type { Context } from '../../src/kernel/api.ts';
import { DeleteRecords } from '../../src/protocol/apis/21-delete-records.ts';
import { Harness } from './harness.ts';

describe('where a follower cuts its log', () => {
  test.each([
    ['the leader knows nothing: at the high watermark', [-1, -1], [3, 9], 20, 7, 7],
    ['the leader names no epoch: at its end', [-1, 12], [3, 9], 20, 7, 12],
    ['both know the epoch: where the shorter ends', [3, 12], [3, 15], 20, 7, 12],
    ['both know the epoch, and the follower has less of it', [3, 12], [3, 9], 20, 7, 9],
    ['the follower does not know the epoch: at the end of the one before', [3, 12], [2, 5], 20, 7, 5],
    ['the follower knows no epoch so early: at the leader end', [1, 4], [-1, -1], 20, 7, 4],
    ['never beyond its own end', [3, 50], [3, 60], 20, 7, 20],
  ] as const)('%s', (_, [epoch, endOffset], [leaderEpoch, localEnd], logEndOffset, highWatermark, expected) => {
    const leader = { epoch, endOffset };
    const local = { leaderEpoch, endOffset: localEnd };
    expect(truncationOffset({ leader, local, logEndOffset, highWatermark })).toBe(expected);
  });
});

describe('a follower', () => {
  test('whose leader has deleted what it needs begins anew at the leader log start', () => {
    const h = new Harness();
    h.authority.createTopic('orders', [[1, 2, 3]]);
    h.run(500);
    h.produced(1, 'orders-0', { values: ['a', 'b'] });
    h.run(1000);
    h.node(3).kill();
    h.authority.fence(3, true);
    h.authority.change('orders-0', { isr: [1, 2] });
    h.run(100);
    h.produced(1, 'orders-0', { values: ['c', 'd', 'e'] });
    const partitions = [{ partitionIndex: 0, offset: 4 }];
    h.call(1, DeleteRecords, 2, { topics: [{ name: 'orders', partitions }], timeoutMs: 1000 });
    h.start(3);
    h.run(4000);
    expect(h.lines('follower-out-of-range')).toEqual([
      'broker-3 follower-out-of-range partition=orders-0 offset=2 restartedAt=4',
    ]);
    expect(h.authority.partition('orders-0').isr).toEqual([1, 2, 3]);
    // Batches come whole: the first one begins before the log start.
    expect(h.lines('records-appended').at(-1)).toMatch(/^broker-3 .* baseOffset=2 lastOffset=4/);
  });

  test('that is longer than its leader, without an epoch in common, cuts to the leader end', () => {
    const h = new Harness();
    h.authority.createTopic('orders', [[1, 2, 3]]);
    h.run(500);
    h.produced(1, 'orders-0', { values: ['a', 'b', 'c'] });
    h.run(1000);
    // Broker 2 lost its disk, and an unclean election makes it the leader.
    h.node(2).kill();
    h.node(2).wipe(0);
    h.start(2);
    h.authority.change('orders-0', { leader: 2, isr: [2] });
    h.run(5000);
    expect(h.authority.partition('orders-0').isr.toSorted()).toEqual([1, 2, 3]);
    const cut = h.lines('log-truncated').map((text) => text.replace(/ leaderEpoch.*/, ''));
    expect(cut.toSorted()).toEqual([
      'broker-1 log-truncated partition=orders-0 from=3 to=0',
      'broker-3 log-truncated partition=orders-0 from=3 to=0',
    ]);
    expect(h.produced(2, 'orders-0')).toMatchObject({ errorCode: 0, baseOffset: 0 });
  });

  test('that finds nobody tries again each second, and says so once', () => {
    const h = new Harness();
    h.authority.createTopic('orders', [[1, 2, 3]]);
    h.run(500);
    h.node(1).kill();
    h.run(10_000);
    const lost = h.lines('fetcher-disconnected');
    expect(lost).toEqual([
      'broker-2 fetcher-disconnected leader=1 reason=closed partitions=1',
      'broker-3 fetcher-disconnected leader=1 reason=closed partitions=1',
    ]);
    const attempts = h.events.filter(({ kind, node }) => kind.name === 'connection-refused' && node === 'broker-2');
    expect(attempts.length).toBeGreaterThanOrEqual(8);
    expect(attempts.length).toBeLessThanOrEqual(10);
    h.start(1);
    h.run(2000);
    expect(h.lines('fetcher-reconnected')).toHaveLength(2);
  });

  test('fetches partitions of one leader through as many fetchers as it is told', () => {
    const h = new Harness({ config: { 'num.replica.fetchers': '3' } });
    h.authority.createTopic(
      'orders',
      Array.from({ length: 9 }, () => [1, 2, 3]),
    );
    h.run(1000);
    const opened = h.lines('connection-opened').filter((text) => text.startsWith('broker-2'));
    expect(opened).toHaveLength(3);
    expect(h.produced(1, 'orders-7')).toMatchObject({ errorCode: 0 });
  });
});

describe('the purgatory', () => {
  test('times out what is not completed, each at its time and in order, whatever the mix', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ at: fc.nat(50), timeoutMs: fc.constantFrom(5, 20, 100), completeAfter: fc.option(fc.nat(120)) }),
          { maxLength: 40 },
        ),
        (operations) => {
          const clock = new FakeClock();
          const purgatory = new Purgatory(clock as unknown as Context);
          const fired: string[] = [];
          const expected: { readonly dueUs: number; readonly name: string }[] = [];
          operations.forEach(({ at, timeoutMs, completeAfter }, i) => {
            const operation = { completed: false, cause: 0, onTimeout: () => fired.push(`${clock.us} ${i}`) };
            clock.at(at * 1000, () => purgatory.park(operation, timeoutMs));
            if (completeAfter !== null && completeAfter < timeoutMs) {
              clock.at((at + completeAfter) * 1000, () => {
                operation.completed = true;
              });
            } else expected.push({ dueUs: (at + timeoutMs) * 1000, name: `${(at + timeoutMs) * 1000} ${i}` });
          });
          clock.run();
          expect(fired.toSorted()).toEqual(expected.map(({ name }) => name).toSorted());
          const times = fired.map((text) => Number(text.split(' ')[0]));
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        },
      ),
    );
  });
});

/** A queue of calls, and of `Context` what the purgatory asks for. */
class FakeClock {
  us = 0;
  cause = 0;
  private readonly calls: { readonly atUs: number; readonly seq: number; readonly call: () => void }[] = [];

  nowUs(): number {
    return this.us;
  }
  after<A>(delayUs: number, handler: (arg: A) => void, arg: A): void {
    this.at(this.us + delayUs, () => handler(arg));
  }
  at(atUs: number, call: () => void): void {
    this.calls.push({ atUs, seq: this.calls.length, call });
  }
  run(): void {
    const done = new Set<number>();
    for (;;) {
      const next = this.calls
        .filter(({ seq }) => !done.has(seq))
        .sort((a, b) => a.atUs - b.atUs || a.seq - b.seq)
        .at(0);
      if (next === undefined) return;
      done.add(next.seq);
      this.us = next.atUs;
      next.call();
    }
  }
}
