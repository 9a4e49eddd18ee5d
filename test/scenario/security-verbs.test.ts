/** The verbs that say what a client may do, and how much of it. */
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/kernel/api.ts';
import { reportOf } from '../../src/scenario/report.ts';
import { start, stepsOf } from './play.ts';

const head = `version: 1
name: guarded
modes: [kraft, zookeeper]
cluster: { brokers: 1, quorum: 1, timers: fast, config: { authorizer.class.name: authorizer } }
topics: { orders: { partitions: 1 } }
clients:
  web: { produce: orders, rate: 20/s, config: { enable.idempotence: false, retries: 0 } }
`;

function played(mode: 'kraft' | 'zookeeper', body: string) {
  const run = start(body, { head, mode });
  const events: TraceEvent[] = [];
  run.cluster.trace.subscribe('all', (event) => void events.push(event));
  run.finish();
  const of = (kind: string) =>
    events
      .filter((event) => event.kind.name === kind)
      .map(({ atUs, kind: { fields }, values }) => ({
        atMs: (atUs - run.cluster.zeroUs!) / 1000,
        ...Object.fromEntries(fields.map((field, i) => [field, values[i]])),
      }));
  return { report: reportOf(run, 0), of };
}

describe.each(['kraft', 'zookeeper'] as const)('%s', (mode) => {
  test('acl lets a client write, and takes that back', () => {
    const { report, of } = played(
      mode,
      `steps:
  - { at: 3s, acl: { allow: web, operation: Write, topic: orders } }
  - { at: 6s, acl: { allow: web, operation: Write, topic: orders, remove: true } }
  - { at: 9s, wait: 1s }
`,
    );
    expect(stepsOf(report).map((line) => line.replace(/ at \d+$/, ''))).toEqual([
      expect.stringMatching(/: done$/),
      expect.stringMatching(/: done$/),
      expect.stringMatching(/: done$/),
    ]);
    const acked = of('records-appended').filter((event: Record<string, unknown>) => event.partition === 'orders-0');
    expect(acked.filter(({ atMs }) => atMs > 3100 && atMs < 6000).length).toBeGreaterThan(10);
    expect(acked.filter(({ atMs }) => atMs > 100 && atMs < 3000)).toEqual([]);
    expect(
      of('acl-changed').map(({ principal, operation, exists }: Record<string, unknown>) => [
        principal,
        operation,
        exists,
      ]),
    ).toEqual([
      ['User:web', 'Write', true],
      ['User:web', 'Write', false],
    ]);
  });

  test('quota slows a client down', () => {
    const { of } = played(
      mode,
      `steps:
  - { at: 1s, acl: { allow: web, topic: orders } }
  - { at: 2s, quota: { client: web, produce: 200B/s } }
  - { at: 20s, quota: { client: web, remove: true } }
  - { at: 25s, wait: 1s }
`,
    );
    const throttled = of('client-throttled');
    expect(throttled.length).toBeGreaterThan(0);
    expect(throttled[0]).toMatchObject({ principal: 'User:web', api: 'Produce' });
    expect(throttled.every(({ atMs }) => atMs > 2000 && atMs < 20_100)).toBe(true);
  });
});
