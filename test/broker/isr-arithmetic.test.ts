import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highWatermarkCandidate } from '../../src/broker/high-watermark.ts';
import {
  committedIsr,
  effectiveMinIsr,
  isCaughtUp,
  laggards,
  mayJoin,
  pendingExpand,
  pendingShrink,
  refusalEffect,
} from '../../src/broker/isr-state.ts';
import { RemoteReplica } from '../../src/broker/remote-replica.ts';

describe('the ISR while a change is on its way', () => {
  const last = committedIsr([1, 2], false);

  test('who joins counts at once, and is not yet agreed', () => {
    expect(pendingExpand(last, 3)).toMatchObject({ isr: [1, 2], maximal: [1, 2, 3], wish: [1, 2, 3] });
  });

  test('who leaves counts until it is agreed', () => {
    expect(pendingShrink(last, [2])).toMatchObject({ isr: [1, 2], maximal: [1, 2], wish: [1] });
  });

  test.each([
    [55, 'revert'],
    [107, 'revert'],
    [3, 'wait-for-metadata'],
    [42, 'wait-for-metadata'],
    [74, 'wait-for-metadata'],
    [95, 'wait-for-metadata'],
    [100, 'wait-for-metadata'],
    [108, 'wait-for-metadata'],
    [-1, 'propose-again'],
  ] as const)('a refusal with error %i: %s', (error, effect) => {
    expect(refusalEffect(error)).toBe(effect);
  });

  test('more replicas than there are cannot be asked for', () => {
    expect([effectiveMinIsr(2, 3), effectiveMinIsr(2, 1), effectiveMinIsr(1, 3)]).toEqual([2, 1, 1]);
  });
});

const MAX_LAG = 30;
const replica = fc.record({
  logEndOffset: fc.integer({ min: -1, max: 12 }),
  lastCaughtUpMs: fc.integer({ min: 0, max: 100 }),
  eligible: fc.boolean(),
  role: fc.constantFrom('isr', 'joining', 'outside'),
});
const world = fc.record({
  leaderEndOffset: fc.integer({ min: 0, max: 12 }),
  nowMs: fc.integer({ min: 60, max: 100 }),
  minIsr: fc.integer({ min: 1, max: 4 }),
  replicas: fc.array(replica, { maxLength: 4 }),
});

describe('against a second, slow account of the rules', () => {
  test('the high watermark is the least end of all that count, or stands still', () => {
    fc.assert(
      fc.property(world, ({ leaderEndOffset, nowMs, minIsr, replicas }) => {
        const remotes = replicas.map((r, i) => ({ ...r, brokerId: i + 2 }));
        const isr = [1, ...remotes.filter((r) => r.role === 'isr').map((r) => r.brokerId)];
        const maximalIsr = [...isr, ...remotes.filter((r) => r.role === 'joining').map((r) => r.brokerId)];
        const effective = effectiveMinIsr(minIsr, remotes.length + 1);
        const found = highWatermarkCandidate(
          {
            isrSize: isr.length,
            effectiveMinIsr: effective,
            maximalIsr,
            remotes,
            eligible: (id) => remotes.find((r) => r.brokerId === id)!.eligible,
          },
          { leaderEndOffset, nowMs, maxLagMs: MAX_LAG },
        );
        // Written the other way round: who holds it back, and how far.
        const ends = [leaderEndOffset];
        for (const r of remotes) {
          const caughtUp = r.logEndOffset === leaderEndOffset || r.lastCaughtUpMs >= nowMs - MAX_LAG;
          if (maximalIsr.includes(r.brokerId) || (caughtUp && r.eligible)) ends.push(r.logEndOffset);
        }
        expect(found).toBe(isr.length < effective ? undefined : Math.min(...ends));
      }),
    );
  });

  test('only members that were behind for longer than allowed leave', () => {
    fc.assert(
      fc.property(world, ({ leaderEndOffset, nowMs, replicas }) => {
        const remotes = replicas.map((r, i) => ({ ...r, brokerId: i + 2 }));
        const isr = [1, ...remotes.filter((r) => r.role === 'isr').map((r) => r.brokerId)];
        const limits = { leaderEndOffset, nowMs, maxLagMs: MAX_LAG };
        const out = laggards(isr, remotes, limits);
        for (const r of remotes) {
          const stays = r.role !== 'isr' || r.logEndOffset === leaderEndOffset || nowMs - r.lastCaughtUpMs <= MAX_LAG;
          expect(out.includes(r.brokerId)).toBe(!stays);
          if (r.logEndOffset === leaderEndOffset) expect(isCaughtUp(r, limits)).toBe(true);
        }
        expect(out).not.toContain(1);
      }),
    );
  });

  test.each([
    [5, 5, 5, true],
    [4, 5, 3, false],
    [5, 3, 6, false],
    [7, 3, 6, true],
  ])('end %i, high watermark %i, epoch start %i: may join %s', (end, highWatermark, leaderEpochStartOffset, joins) => {
    expect(mayJoin(end, { highWatermark, leaderEpochStartOffset })).toBe(joins);
  });
});

describe('what a leader knows of a follower', () => {
  const fetch = (fetchOffset: number, leaderEndOffset: number, nowMs: number) => ({
    fetchOffset,
    leaderEndOffset,
    nowMs,
    logStartOffset: 0,
    brokerEpoch: 7,
  });

  test('a follower that reaches the end of one fetch ago was caught up then', () => {
    const follower = new RemoteReplica(2);
    follower.update(fetch(10, 10, 1000));
    expect(follower.lastCaughtUpMs).toBe(1000);
    follower.update(fetch(10, 20, 2000));
    // It has what the leader had at 1000, but not what it had at 2000.
    expect(follower.lastCaughtUpMs).toBe(1000);
    follower.update(fetch(20, 30, 3000));
    expect(follower.lastCaughtUpMs).toBe(2000);
    follower.update(fetch(25, 40, 4000));
    expect(follower.lastCaughtUpMs).toBe(2000);
  });

  test('a new leadership gives members of the ISR a fresh span, and forgets the rest', () => {
    const follower = new RemoteReplica(2);
    follower.update(fetch(10, 10, 1000));
    follower.reset({ leaderEpochStartOffset: 10, ledBefore: false, inIsr: true, nowMs: 5000 });
    expect(follower).toMatchObject({ logEndOffset: -1, lastCaughtUpMs: 5000, lastFetchMs: 0, brokerEpoch: undefined });
    follower.update(fetch(12, 12, 6000));
    follower.reset({ leaderEpochStartOffset: 12, ledBefore: true, inIsr: false, nowMs: 7000 });
    expect(follower).toMatchObject({ logEndOffset: 12, lastCaughtUpMs: 0, lastFetchMs: 0, brokerEpoch: 7 });
  });
});
