import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { brokerEvents } from '../../src/broker/events.ts';
import { groupEvents } from '../../src/broker/groups/events.ts';
import { transactionEvents } from '../../src/broker/transactions/events.ts';
import type { Invariant } from '../../src/checker/invariant.ts';
import { INVARIANTS } from '../../src/checker/invariants/index.ts';
import { clientEvents } from '../../src/client/events.ts';
import { authorityEvents } from '../../src/coordinator/index.ts';
import { kraftEvents } from '../../src/coordinator/kraft/events.ts';
import { ensembleEvents } from '../../src/coordinator/zookeeper/ensemble/events.ts';
import { kernelEvents } from '../../src/kernel/events.ts';
import { storageEvents } from '../../src/storage/events.ts';
import { History } from './history.ts';

test('every file of the folder stands in the index, under its own name', () => {
  const files = readdirSync(new URL('../../src/checker/invariants', import.meta.url))
    .filter((file) => file !== 'index.ts')
    .map((file) => file.replace('.ts', ''));
  expect(INVARIANTS.map(({ name }) => name).sort()).toEqual(files.sort());
});

test('a healthy history breaks nothing, and everything about replication was looked at', () => {
  const history = History.replicated();
  expect(history.broken()).toEqual([]);
  const checked = history.checker.invariants().filter(({ checks }) => checks > 0);
  expect(checked.map(({ name }) => name)).toEqual([
    'committed-records-stay',
    'isr-holds-committed',
    'logs-match',
    'watermarks-ordered',
    'high-watermark-forward',
    'one-leader-per-epoch',
    'leader-in-isr',
    'epochs-grow',
  ]);
});

test('a canary that always fails is reported: the harness can fail', () => {
  const canary: Invariant = {
    name: 'canary',
    about: 'Never holds.',
    attach({ logs, check }) {
      logs.listen({ onAppend: (_log, batch) => check(batch.event, 'it sang') });
    },
  };
  const history = History.replicated([canary]);
  expect(history.checker.invariants()).toEqual([{ name: 'canary', checks: 3, violations: 3 }]);
  expect(history.checker.violations()[0]).toMatchObject({ invariant: 'canary', message: 'it sang' });
});

/** One way to break each, and what must be said. */
const BREAKS: readonly (readonly [string, string, (history: History) => void])[] = [
  [
    'committed-records-stay',
    'a leader without a committed record',
    (history) => history.truncate(2, 2, 0).partition(2, 1, 1, [2, 3]).leads(2, 1),
  ],
  [
    'committed-records-stay',
    'a leader with something else at a committed offset',
    (history) => history.truncate(2, 2, 0).append(2, 0, 2, 1, 99).partition(2, 1, 1, [2, 3]).leads(2, 1),
  ],
  [
    'isr-holds-committed',
    'a member without committed records',
    (history) => history.truncate(3, 2, 1).partition(1, 0, 1, [1, 2, 3]),
  ],
  [
    'logs-match',
    'a follower whose committed part differs',
    (history) =>
      history
        .append(1, 2, 1, 0, 12, 'leader')
        .append(2, 2, 1, 0, 13)
        .append(3, 2, 1, 0, 12)
        .highWatermark(1, 3)
        .highWatermark(2, 3),
  ],
  ['watermarks-ordered', 'a watermark past the end', (history) => history.highWatermark(1, 5)],
  [
    'high-watermark-forward',
    'a leader that takes its word back',
    (history) => history.event('broker-1', storageEvents['high-watermark-lowered'], 'orders-0', 1),
  ],
  ['one-leader-per-epoch', 'two leaders of one epoch', (history) => history.leads(2, 0)],
  ['one-leader-per-epoch', 'an append in the epoch of another', (history) => history.append(2, 2, 1, 0, 12, 'leader')],
  ['leader-in-isr', 'a leader outside its ISR', (history) => history.partition(1, 1, 1, [2, 3])],
  ['leader-in-isr', 'a member that is no replica', (history) => history.partition(1, 1, 1, [1, 7])],
  ['epochs-grow', 'a leader epoch that falls', (history) => history.partition(1, 5, 1, [1]).partition(1, 4, 2, [1])],
  [
    'epochs-grow',
    'a broker epoch that falls',
    (history) => {
      history.event('controller-1001', authorityEvents['broker-registered'], 10, 1, 10, null);
      history.event('controller-1001', authorityEvents['broker-registered'], 11, 1, 9, null);
    },
  ],
  [
    'one-quorum-leader-per-epoch',
    'two leaders of the quorum',
    (history) => {
      history.event('controller-1001', kraftEvents['quorum-leader-elected'], 3, 10);
      history.event('controller-1002', kraftEvents['quorum-leader-elected'], 3, 10);
    },
  ],
  [
    'metadata-stays',
    'committed metadata cut off',
    (history) => history.event('controller-1002', kraftEvents['metadata-log-truncated'], 9, 1),
  ],
  [
    'zxids-in-order',
    'a zxid that falls',
    (history) => {
      history.event('zk-1', ensembleEvents['znode-created'], '0x100000002', '/a', null, '');
      history.event('zk-2', ensembleEvents['znode-created'], '0x100000001', '/b', null, '');
    },
  ],
  [
    'zxids-in-order',
    'an ephemeral that outlives its session',
    (history) => {
      history.event('zk-1', ensembleEvents['znode-created'], '0x100000001', '/a', '0x1', '');
      history.event('zk-1', ensembleEvents['session-closed'], '0x1', 1, '0x100000002');
      history.event('zk-1', ensembleEvents['znode-created'], '0x100000003', '/b', null, '');
    },
  ],
  [
    'one-owner-per-generation',
    'a partition with two owners',
    (history) => {
      history.event('broker-1', groupEvents['group-assignment-delivered'], 'g', 1, 'a', ['orders-0']);
      history.event('broker-1', groupEvents['group-assignment-delivered'], 'g', 1, 'b', ['orders-0']);
    },
  ],
  [
    'commits-within-log',
    'a commit past every log',
    (history) => history.event('broker-1', groupEvents['group-offset-committed'], 'g', 'orders-0', 3, 'a', 1),
  ],
  [
    'transactions-all-or-nothing',
    'a marker that says commit where an abort was decided',
    (history) => {
      const decided = ['etl', 'Ongoing', 'PrepareAbort', 7, 1, ['orders-0'], ''];
      history.event('broker-1', transactionEvents['transaction-state-changed'], ...decided);
      history.event('broker-1', brokerEvents['transaction-marker-written'], 'orders-0', 7, 1, 'commit', 2, 0);
    },
  ],
  [
    'transactions-all-or-nothing',
    'a reader of committed records that is handed an open transaction',
    (history) => {
      const begun = ['etl', 'Empty', 'Ongoing', 7, 0, ['orders-0'], ''];
      history.event('broker-1', transactionEvents['transaction-state-changed'], ...begun);
      const appended = (broker: number, origin: string) =>
        history.event(`broker-${broker}`, storageEvents['records-appended'], 'orders-0', 2, 2, 0, origin, 7, 0, 12);
      for (const broker of [1, 2, 3]) appended(broker, broker === 1 ? 'leader' : 'follower');
      history.highWatermark(1, 3);
      history.event('audit', clientEvents['reads-committed']);
      history.event('audit', clientEvents['records-delivered'], 'audit', 'orders-0', 2, 2);
    },
  ],
];

describe('each invariant is broken by', () => {
  test.each(BREAKS)('%s: %s', (name, _what, act) => {
    const history = History.replicated();
    act(history);
    expect(history.broken()).toContain(name);
  });
  test('at least one history each', () => {
    expect([...new Set(BREAKS.map(([name]) => name))].sort()).toEqual(INVARIANTS.map(({ name }) => name).sort());
  });
});

describe('what excuses a loss', () => {
  test('an unclean election', () => {
    const history = History.replicated().truncate(2, 2, 0).partition(2, 1, 1, [2], true).leads(2, 1);
    expect(history.broken()).toEqual([]);
  });
  test('a machine that lost unsynced bytes, but not one that lost none', () => {
    const lose = (bytes: number) => {
      const history = History.replicated();
      history.event('broker-2', kernelEvents['machine-powered-off'], 1, bytes);
      return history.truncate(2, 2, 0).partition(2, 1, 1, [2]).leads(2, 1).broken();
    };
    expect(lose(512)).toEqual([]);
    expect(lose(0)).toContain('committed-records-stay');
  });
  test('a decision that is told twice is looked at once', () => {
    const history = History.replicated();
    const again = [1, 'orders-0', 'T', 1, 0, 0, [1, 2, 3], [1, 2, 3], [], false, ''];
    history.event('controller-1002', authorityEvents['partition-changed'], ...again);
    expect(history.broken()).toEqual([]);
  });
});
