import { describe, expect, test } from 'vitest';
import { authorityEvents } from '../../src/coordinator/index.ts';
import { storageEvents } from '../../src/storage/events.ts';
import { History } from './history.ts';

/** Counts that are not zero. */
function counts(history: History): Record<string, number> {
  history.checker.finish(history.world.nowUs);
  return Object.fromEntries(Object.entries(history.checker.ledger()).filter(([, count]) => count !== 0));
}

const outcomes = (history: History) =>
  history.checker.entries(100).map(({ client, serial, outcome, offset }) => `${client} ${serial} ${outcome} ${offset}`);

/** Broker 2 takes over in epoch 1 with what it has. */
const takeOver = (history: History, unclean = false) => history.partition(2, 1, 1, [2, 3], unclean).leads(2, 1);

describe('the ledger', () => {
  test('counts what was delivered once and in order as sent and acknowledged, nothing more', () => {
    const history = History.replicated().position('g', 0).deliver('g', 0, 1);
    expect(counts(history)).toEqual({ sent: 2, acked: 2 });
    expect(outcomes(history)).toEqual([]);
  });

  test('lost: acknowledged under acks=1, cut off with the leader that failed', () => {
    const history = History.replicated()
      .send('web', [3], 12, 1)
      .append(1, 2, 1, 0, 12, 'leader')
      .acknowledge('web', [3], 2, 1);
    takeOver(history).highWatermark(2, 2).truncate(1, 3, 2);
    expect(counts(history)).toEqual({ sent: 3, acked: 3, lost: 1, truncated: 1 });
    expect(outcomes(history)).toEqual(['web 3 lost 2']);
    expect(history.checker.entries(1)[0]!.why).toBe(
      'acknowledged under acks=1, but broker-2 became leader (epoch 1) with a log that ended at offset 2; the copy was cut off when its replica followed',
    );
    expect(history.checker.entries(1)[0]!.events).toHaveLength(4);
  });

  test('nothing is lost that retention removed, that was sent with acks=0, or whose topic is gone', () => {
    const retained = History.replicated();
    retained.event('broker-1', storageEvents['log-start-advanced'], 'orders-0', 2);
    expect(counts(retained)).toEqual({ sent: 2, acked: 2 });
    const fired = History.replicated().send('web', [3], 12, 0).acknowledge('web', [3], -1, 0);
    expect(counts(fired)).toEqual({ sent: 3, acked: 3 });
    const deleted = History.replicated();
    deleted.event('controller-1001', authorityEvents['topic-deleted'], 9, 'orders', 'T');
    expect(counts(deleted)).toEqual({ sent: 2, acked: 2 });
  });

  test('duplicated: a retry without idempotence is stored twice', () => {
    const history = History.replicated()
      .append(1, 2, 2, 0, 11, 'leader')
      .append(2, 2, 2, 0, 11)
      .append(3, 2, 2, 0, 11)
      .highWatermark(1, 4);
    expect(counts(history)).toEqual({ sent: 2, acked: 2, duplicated: 2 });
    expect(outcomes(history)).toEqual(['web 1 duplicated 0', 'web 2 duplicated 1']);
  });

  test('reordered: a retried batch comes behind a later one', () => {
    const history = History.replicated()
      .send('web', [3], 12)
      .send('web', [4], 13)
      .append(1, 2, 1, 0, 13, 'leader')
      .append(1, 3, 1, 0, 12, 'leader')
      .append(2, 2, 1, 0, 13)
      .append(2, 3, 1, 0, 12)
      .append(3, 2, 1, 0, 13)
      .append(3, 3, 1, 0, 12)
      .highWatermark(1, 4)
      .acknowledge('web', [4], 2)
      .acknowledge('web', [3], 3);
    expect(counts(history)).toEqual({ sent: 4, acked: 4, reordered: 1 });
    expect(outcomes(history)).toEqual(['web 3 reordered 3']);
  });

  test('unseen: readable from where the group began, and never handed to it', () => {
    const history = History.replicated().position('g', 0).deliver('g', 0, 0).position('late', 1, 'latest');
    expect(counts(history)).toEqual({ sent: 2, acked: 2, unseen: 2 });
    expect(outcomes(history)).toEqual(['web 2 unseen 1', 'web 2 unseen 1']);
  });

  test('what an unclean election put in the place of delivered records is unseen', () => {
    const history = History.replicated().position('g', 0).deliver('g', 0, 1).truncate(2, 2, 0);
    takeOver(history, true)
      .send('web', [3, 4], 14)
      .append(2, 0, 2, 1, 14, 'leader')
      .highWatermark(2, 2)
      .acknowledge('web', [3, 4], 0);
    expect(counts(history)).toEqual({ sent: 4, acked: 4, lost: 2, truncated: 2, unseen: 2 });
    const lost = history.checker.entries(10).filter(({ outcome }) => outcome === 'lost');
    expect(new Set(lost.map(({ why }) => why))).toEqual(
      new Set([
        'acknowledged under acks=all, but an unclean election made broker-2 leader (epoch 1) with a log that ended at offset 0; the copy was cut off when its replica followed',
      ]),
    );
  });

  test('a send that timed out is indefinite, and neither lost nor duplicated by that alone', () => {
    const history = History.replicated()
      .send('web', [3], 12)
      .append(1, 2, 1, 0, 12, 'leader')
      .append(2, 2, 1, 0, 12)
      .append(3, 2, 1, 0, 12)
      .highWatermark(1, 3)
      .fail('web', [3], 'REQUEST_TIMED_OUT', false)
      .send('web', [4], 13)
      .fail('web', [4], 'NOT_ENOUGH_REPLICAS', true);
    expect(counts(history)).toEqual({ sent: 4, acked: 2, failed: 2 });
    expect(history.checker.entries(9).map(({ outcome, why }) => `${outcome}: ${why}`)).toEqual([
      'indefinite: given up with REQUEST_TIMED_OUT; it is stored all the same',
      'failed: refused with NOT_ENOUGH_REPLICAS; certainly not stored',
    ]);
  });

  test('diverged: two replicas differ below both their high watermarks', () => {
    const history = History.replicated()
      .append(1, 2, 1, 0, 12, 'leader')
      .append(2, 2, 1, 0, 13)
      .append(3, 2, 1, 0, 12)
      .highWatermark(1, 3)
      .highWatermark(2, 3);
    expect(counts(history)).toEqual({ sent: 2, acked: 2, diverged: 1 });
  });
});

test('two batches that share a checksum by chance are told apart: by their sequence, or by when they were sent', () => {
  const history = History.replicated()
    .send('web', [3], 11)
    .append(1, 2, 1, 0, 11, 'leader')
    .append(2, 2, 1, 0, 11)
    .append(3, 2, 1, 0, 11)
    .highWatermark(1, 3)
    .acknowledge('web', [3], 2)
    .send('web', [4], 11)
    .append(1, 3, 1, 0, 11, 'leader')
    .append(2, 3, 1, 0, 11)
    .append(3, 3, 1, 0, 11)
    .highWatermark(1, 4)
    .acknowledge('web', [4], 3);
  expect(counts(history)).toEqual({ sent: 4, acked: 4 });
});
