import { describe, expect, test } from 'vitest';
import { start } from './play.ts';

const HEAD = (config: string, topic: string) => `version: 1
name: short memory
modes: [kraft, zookeeper]
cluster: { brokers: 3, quorum: 1, timers: fast, config: { log.initial.task.delay.ms: 1000, ${config} } }
topics: { orders: { partitions: 1, config: { segment.bytes: 2000, ${topic} } } }
clients:
  web: { produce: orders, rate: 100/s, valueSize: 100 }
`;

function run(mode: 'kraft' | 'zookeeper', config: string, topic: string, steps: string) {
  const played = start(steps, { head: HEAD(config, topic), mode });
  const deleted = new Map<string, number>();
  const reasons = new Set<string>();
  played.cluster.trace.subscribe('all', ({ kind, node, values }) => {
    if (kind.name !== 'segments-deleted' || values[0] !== 'orders-0') return;
    deleted.set(node, (deleted.get(node) ?? 0) + (values[1] as number));
    reasons.add(values[3] as string);
  });
  played.finish();
  const starts = [1, 2, 3].map((id) => played.cluster.model.replicas.get('orders-0', id)!.logStartOffset);
  return { played, deleted, reasons, starts };
}

describe.each(['kraft', 'zookeeper'] as const)('retention in a cluster (%s)', (mode) => {
  test.each([
    ['retention.ms: 2000', 'log.retention.check.interval.ms: 500', 'time'],
    ['retention.bytes: 10000', 'log.retention.check.interval.ms: 500', 'size'],
    ['retention.ms: -1', 'log.retention.check.interval.ms: 500, log.retention.bytes: 10000', 'size'],
  ])('%s on every replica; what went is not lost', (topic, config, reason) => {
    const steps = `steps:
  - after: 8s
    kill: leader(orders-0)
  - after: 8s
    wait: 1s
finally:
  - ledger.lost == 0
  - orders-0.start > 500 within 10s
`;
    const { played, deleted, reasons, starts } = run(mode, config, topic, steps);
    expect(played.failures).toEqual([]);
    expect(played.result).toBe('passed');
    expect([...deleted.keys()].sort()).toEqual(['broker-1', 'broker-2', 'broker-3']);
    expect(reasons.has(reason)).toBe(true);
    expect(Math.min(...starts)).toBeGreaterThan(500);
  });

  test('a reader of what is gone begins where there is something', () => {
    const steps = `steps:
  - after: 8s
    consume: { topic: orders, from: 0, max: 5 }
finally:
  - ledger.lost == 0
`;
    const { played, starts } = run(mode, 'log.retention.check.interval.ms: 500', 'retention.bytes: 10000', steps);
    expect(played.result).toBe('passed');
    expect(Math.min(...starts)).toBeGreaterThan(0);
  });
});
