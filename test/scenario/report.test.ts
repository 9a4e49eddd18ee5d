/** The report and the trace hash: the contract of `--json`, and what the same file, mode and seed give again. */
import { describe, expect, test } from 'vitest';
import { ledgerReasons } from '../../src/scenario/ledger-report.ts';
import { reportOf } from '../../src/scenario/report.ts';
import { verdictLines } from '../../src/scenario/text-report.ts';
import { play, start } from './play.ts';

const HEAD = `version: 1
name: small
cluster: { brokers: 2, quorum: 1, timers: fast, network: { latency: 500us, jitter: 300us } }
topics: { orders: { partitions: 1, replicationFactor: 2 } }
`;
const LIVELY = `clients:
  web: { produce: orders, rate: 50/s, keys: 5 }
  billing: { consume: orders, config: { auto.offset.reset: earliest } }
steps:
  - at: 2s
    kill: random(brokers)
    during: 1s
    as: dead
  - expect: orders-0.isr.size == 2 within 30s
  - wait: 1s
always:
  - cluster.offlinePartitions == 0 within 30s
finally:
  - ledger.duplicated == 0
  - billing.lag == 0 within 30s
`;

describe('the report', () => {
  test('has the keys and types of its contract, and nothing else', () => {
    const report = play(LIVELY, { head: HEAD });
    expect([report.result, report.reason]).toEqual(['passed', null]);
    const count = expect.any(Number);
    const text = expect.any(String);
    const passed = { result: 'passed', atMs: count, observed: text, expected: text, causes: [] };
    expect(JSON.parse(JSON.stringify(report))).toEqual({
      schema: 1,
      scenario: 'small',
      file: 'test.yaml',
      mode: 'kraft',
      seed: 1,
      result: 'passed',
      reason: null,
      virtualMs: count,
      wallMs: 0,
      events: count,
      traceHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      steps: [
        {
          line: 9,
          text: 'kill random(brokers) --during 1s --as dead',
          atMs: 2000,
          resolved: [expect.stringMatching(/^broker-[12]$/)],
          result: 'done',
        },
        { line: 13, text: 'expect orders-0.isr.size == 2 within 30s', atMs: 2000, resolved: [], result: 'done' },
        { line: 14, text: 'wait 1s', atMs: count, resolved: [], result: 'done' },
      ],
      expectations: expect.arrayContaining([
        {
          ...passed,
          line: 13,
          kind: 'step',
          text: 'orders-0.isr.size == 2 within 30s',
          observed: '2',
          expected: '== 2',
        },
        { ...passed, line: 16, kind: 'always', text: 'cluster.offlinePartitions == 0 within 30s' },
        { ...passed, line: 18, kind: 'finally', text: 'ledger.duplicated == 0', observed: '0', expected: '== 0' },
        { ...passed, line: 19, kind: 'finally', text: 'billing.lag == 0 within 30s', observed: '0', expected: '== 0' },
      ]),
      invariants: expect.arrayContaining([{ name: 'committed-records-stay', checks: count, violations: 0 }]),
      ledger: {
        sent: count,
        acked: count,
        failed: count,
        lost: count,
        duplicated: 0,
        reordered: 0,
        unseen: 0,
        abortedRead: 0,
        diverged: 0,
        truncated: count,
      },
      clients: {
        web: { acked: report.ledger.acked, p50Ms: count, p99Ms: count },
        billing: { consumed: count, rebalances: count },
      },
      partitions: {
        'orders-0': { leader: count, epoch: count, isr: [1, 2], unavailableMs: count, hw: count, leo: count },
      },
    });
    expect(report.expectations).toHaveLength(4);
    expect(report.ledger.acked).toBeGreaterThan(100);
    expect(report.partitions['orders-0']!.hw).toBe(report.partitions['orders-0']!.leo);
  });

  test('a failed expectation tells what it saw and what led there; what stood behind it was skipped', () => {
    const report = play(
      `steps:
  - at: 1s
    kill: leader(orders-0)
    as: dead
  - wait: 5s
  - expect: orders-0.leader == $dead
  - expect: orders-0.isr.size == 1
`,
      { head: HEAD },
    );
    const [failed, skipped] = report.expectations;
    expect(failed).toMatchObject({ line: 10, result: 'failed', atMs: 6000, observed: '2', expected: '== 1' });
    expect(failed!.causes[0]).toBe('orders-0.leader is 2');
    expect(failed!.causes.at(-1)).toMatch(/because the scenario says: kill leader\(orders-0\) --as dead$/);
    expect(skipped).toEqual({
      line: 11,
      kind: 'step',
      text: 'orders-0.isr.size == 1',
      result: 'skipped',
      atMs: null,
      observed: '',
      expected: '',
      causes: [],
    });
    expect(report.reason).toBe('line 10: orders-0.leader == $dead: observed 2, expected == 1');
  });

  test('steps tell what their targets resolved to; `as` and `let` keep it for later steps', () => {
    const report = play(
      `steps:
  - let: { before: orders-0.epoch, first: orders-0.leader }
  - kill: leader(orders-0)
    as: dead
  - expect: $dead == $first
  - expect: orders-0.leader != $dead and orders-0.epoch > $before within 30s
  - start: $dead
  - expect: orders-0.isr.size == 2 within 30s
  - pause: all(brokers)
    as: both
    during: 100ms
  - expect: $both == [2, 1]
`,
      { head: HEAD },
    );
    expect(report.result).toBe('passed');
    expect(report.steps.flatMap(({ resolved }) => resolved)).toEqual(['broker-1', 'broker-1', 'broker-1', 'broker-2']);
  });
});

test('lost records are named, with the election that lost them and the events that decided it', () => {
  const run = start(
    `clients:
  web: { produce: orders, rate: 100/s, config: { acks: 1, enable.idempotence: false } }
steps:
  - at: 2s
    delay: { from: broker-1, to: broker-2, latency: 300ms }
  - after: 2s
    kill: broker-1
  - expect: orders-0.leader == 2 within 30s
  - start: broker-1
  - expect: orders-0.isr.size == 2 within 30s
finally:
  - ledger.lost > 0
  - ledger.duplicated == 0
`,
    { head: HEAD },
  );
  run.finish();
  const report = reportOf(run, 0, 1000);
  const { expectations, ledger, records = [] } = report;
  expect(report.result).toBe('passed');
  expect(records.map(({ outcome }) => outcome)).toEqual(records.map(() => 'lost'));
  expect(records).toHaveLength(ledger.lost);
  const serials = records.map(({ serial }) => serial);
  expect(serials).toEqual(serials.map((_, index) => serials[0]! + index));
  const first = records[0]!;
  const why = `acknowledged under acks=1, but broker-2 became leader (epoch 1) with a log that ended at offset ${first.offset}; the copy was cut off when its replica followed`;
  expect(first.why).toBe(why);
  expect(first.events.map((event) => event.split(' ').slice(1, 3).join(' '))).toEqual([
    'broker-1 records-appended',
    'web batch-acknowledged',
    'broker-2 became-leader',
    'broker-1 log-truncated',
  ]);
  const reasons = ledgerReasons(run);
  expect(reasons[0]).toBe(
    `${ledger.lost} lost: web#${serials[0]} to ${serials.at(-1)} in orders-0 at offset ${first.offset} to ${records.at(-1)!.offset}: ${why}`,
  );
  expect(reasons[1]).toMatch(/broker-1 cut \d+ records off its log of orders-0/);
  expect(reasons.at(-1)).toMatch(/because the scenario says: kill broker-1$/);
  expect(expectations.slice(-2).map(({ causes }) => causes)).toEqual([reasons, []]);
  const lines = verdictLines(report, reasons);
  for (const serial of serials)
    expect(lines.some((line) => line.startsWith(`  web#${serial} orders-0 offset `))).toBe(true);
  const { records: _, ...brief } = report;
  expect(verdictLines(brief, reasons)).toEqual(expect.arrayContaining(reasons.map((reason) => `      ${reason}`)));
});

describe.each(['kraft', 'zookeeper'] as const)('the trace in %s mode', (mode) => {
  const options = { head: HEAD, mode };
  const one = play(LIVELY, options);

  test('is the same for the same seed', () => {
    expect(play(LIVELY, options)).toEqual(one);
  });

  test('is another for another seed', () => {
    expect(play(LIVELY, { ...options, seed: 2 }).traceHash).not.toBe(one.traceHash);
  });

  test('does not depend on whether messages travel as bytes', () => {
    expect(play(LIVELY, { ...options, encode: true })).toEqual(one);
  });
});
