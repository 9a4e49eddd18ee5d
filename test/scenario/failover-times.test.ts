/**
 * Failovers take the time that the real time-outs give: a broker that dies or stands still is missed when its session has run out, one
 * that is stopped hands over at once.
 */
import { describe, expect, test } from 'vitest';
import type { Mode } from '../../src/cluster/options.ts';
import { play } from './play.ts';

const SEEDS = [1, 2, 3, 4, 5];
const BREAK_MS = 4000;

/** Milliseconds from what is done to the leader until another leads, on each seed. */
function outages(mode: Mode, verb: string, config = ''): readonly number[] {
  const head = `version: 1
name: failover
cluster: { network: { jitter: 200us }, config: { ${config} } }
topics: { orders: { partitions: 1, replicationFactor: 3, config: { min.insync.replicas: 2 } } }
clients: { web: { produce: orders, rate: 20/s, config: { acks: all } } }
`;
  const body = `steps:
  - at: ${BREAK_MS}ms
    ${verb}: leader(orders-0)
    as: gone
    timeout: 60s
  - waitFor: orders-0.leader == 2 and orders-0.isr excludes $gone
on:
  - when: orders-0.leader becomes 2
    say: another leads
finally:
  - ledger.lost == 0
`;
  return SEEDS.map((seed) => {
    const { result, reason, steps } = play(body, { head, mode, seed });
    expect([result, reason]).toEqual(['passed', null]);
    return steps.find(({ text }) => text.includes('another leads'))!.atMs! - BREAK_MS;
  });
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

function expectWithin(found: readonly number[], { fromMs, toMs }: Window): void {
  expect(Math.min(...found)).toBeGreaterThan(fromMs);
  expect(Math.max(...found)).toBeLessThan(toMs);
}

describe('in KRaft mode', () => {
  // The last heartbeat was up to 2 s ago; the controller looks every eighth of a session.
  test.each(['kill', 'pause', 'powerOff'])('%s: fenced when broker.session.timeout.ms has passed', (verb) => {
    expectWithin(outages('kraft', verb), { fromMs: 7000, toMs: 10_300 });
  });

  test('half the session, half the time', () => {
    const found = outages('kraft', 'kill', 'broker.session.timeout.ms: 4500, broker.heartbeat.interval.ms: 1000');
    expectWithin(found, { fromMs: 3500, toMs: 5200 });
  });

  test('stop: hands over at once', () => {
    expectWithin(outages('kraft', 'stop'), { fromMs: 0, toMs: 100 });
  });
});

describe('in ZooKeeper mode', () => {
  // The last ping was up to a third of 18 s ago; sessions expire in steps of tickTime.
  test.each(['kill', 'pause', 'powerOff'])('%s: gone when its session has expired', (verb) => {
    expectWithin(outages('zookeeper', verb), { fromMs: 12_000, toMs: 22_000 });
  });

  test('half the session, half the time', () => {
    expectWithin(outages('zookeeper', 'kill', 'zookeeper.session.timeout.ms: 9000'), { fromMs: 6000, toMs: 12_000 });
  });

  test('stop: hands over at once', () => {
    expectWithin(outages('zookeeper', 'stop'), { fromMs: 0, toMs: 500 });
  });
});
