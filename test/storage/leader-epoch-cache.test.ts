import { describe, expect, test } from 'vitest';
import { append, batch, Machine, text } from './harness.ts';

const FILE = 'orders-0/leader-epoch-checkpoint';

/** A log whose cache was told this, epoch by start offset. */
function cacheOf(entries: readonly (readonly [epoch: number, startOffset: number])[]) {
  const machine = new Machine();
  const { epochs } = machine.log();
  for (const [epoch, startOffset] of entries) epochs.assign(epoch, startOffset);
  return { machine, epochs };
}

describe('assigning an epoch (replication.md §5)', () => {
  test.each([
    ['the first', [[0, 0]], '0@0'],
    [
      'the same again, later',
      [
        [2, 0],
        [2, 7],
      ],
      '2@0',
    ],
    [
      'a higher one, later',
      [
        [0, 0],
        [1, 5],
        [4, 9],
      ],
      '0@0 1@5 4@9',
    ],
    [
      'a leader elected twice without a record',
      [
        [0, 0],
        [1, 5],
        [2, 5],
      ],
      '0@0 2@5',
    ],
    [
      'a lower one drops those above',
      [
        [0, 0],
        [3, 5],
        [2, 8],
      ],
      '0@0 2@8',
    ],
    [
      'an earlier start drops those at or after it',
      [
        [0, 0],
        [1, 5],
        [2, 9],
        [3, 4],
      ],
      '0@0 3@4',
    ],
    [
      'the same, earlier',
      [
        [0, 0],
        [1, 5],
        [1, 3],
      ],
      '0@0 1@3',
    ],
  ] as const)('%s', (_, entries, expected) => {
    const { epochs } = cacheOf(entries);
    expect(
      epochs
        .entries()
        .map((entry) => `${entry.epoch}@${entry.startOffset}`)
        .join(' '),
    ).toBe(expected);
  });
});

describe('the end offset of an epoch, with 1@5 3@12 6@20 and a log that ends at 30', () => {
  const { epochs } = cacheOf([
    [1, 5],
    [3, 12],
    [6, 20],
  ]);
  test.each([
    ['nothing is asked', -1, -1, -1],
    ['below all: ends where the first known one begins', 0, 0, 5],
    ['the first', 1, 1, 12],
    ['a gap: the largest below answers', 2, 1, 12],
    ['one in the middle', 3, 3, 20],
    ['another gap', 5, 3, 20],
    ['the latest ends with the log', 6, 6, 30],
    ['beyond the latest: unknown', 7, -1, -1],
  ])('%s (epoch %i)', (_, epoch, leaderEpoch, endOffset) => {
    expect(epochs.endOffsetFor(epoch, 30)).toEqual({ leaderEpoch, endOffset });
  });

  test.each([
    [0, -1],
    [4, -1],
    [5, 1],
    [11, 1],
    [12, 3],
    [29, 6],
  ])('offset %i was written in epoch %i', (offset, epoch) => {
    expect(epochs.epochForOffset(offset)).toBe(epoch);
  });

  test('an empty cache knows nothing', () => {
    const empty = cacheOf([]).epochs;
    expect(empty.latestEpoch).toBeUndefined();
    expect(empty.endOffsetFor(0, 30)).toEqual({ leaderEpoch: -1, endOffset: -1 });
  });
});

describe('with the log', () => {
  test('appends assign epochs, truncation and a new log start take them away, the file says so', () => {
    const machine = new Machine();
    const log = machine.log();
    for (const epoch of [0, 0, 2, 2, 5]) append(log, ['a'], { epoch });
    machine.run(10);
    expect(text(machine.file(FILE))).toBe('0\n3\n0 0\n2 2\n5 4\n');

    log.truncateTo(4);
    machine.run(10);
    expect(text(machine.file(FILE))).toBe('0\n2\n0 0\n2 2\n');

    log.updateHighWatermark(4);
    log.incrementLogStartOffset(3);
    expect(log.epochs.entries()).toEqual([{ epoch: 2, startOffset: 3 }]);
    log.truncateFullyAndStartAt(100);
    expect(log.epochs.entries()).toEqual([]);
    machine.run(10);
    expect(text(machine.file(FILE))).toBe('0\n0\n');
  });

  test('an epoch that began at the new log start is all that is left', () => {
    const machine = new Machine();
    const log = machine.log();
    for (const epoch of [0, 1, 2, 3]) append(log, ['a'], { epoch });
    log.updateHighWatermark(4);
    log.incrementLogStartOffset(2);
    expect(log.epochs.entries()).toEqual([
      { epoch: 2, startOffset: 2 },
      { epoch: 3, startOffset: 3 },
    ]);
  });

  test('a follower takes epochs from the batches of its leader', () => {
    const machine = new Machine();
    const log = machine.log();
    const sent = [0, 0, 3].map((partitionLeaderEpoch, baseOffset) =>
      batch(['a'], { baseOffset, partitionLeaderEpoch }),
    );
    log.appendAsFollower(Uint8Array.from(sent.flatMap((bytes) => [...bytes])));
    expect(log.epochs.entries()).toEqual([
      { epoch: 0, startOffset: 0 },
      { epoch: 3, startOffset: 2 },
    ]);
  });

  test('a truncation that cuts nothing still forgets an epoch that began at the log end', () => {
    const machine = new Machine();
    const log = machine.log();
    append(log, ['a']);
    log.epochs.assign(4, 1);
    expect(log.truncateTo(1)).toBe(false);
    expect(log.epochs.latestEpoch).toBe(0);
  });

  test('recovery corrects a file that is older or younger than the batches', () => {
    const machine = new Machine();
    const log = machine.log();
    for (const epoch of [0, 2, 2, 5]) append(log, ['a'], { epoch });
    machine.run(10);
    machine.node.kill();
    const file = machine.disk.open(FILE);
    file.truncate(0);
    file.append(new TextEncoder().encode('0\n3\n0 0\n4 2\n9 7\n'));
    machine.start();
    expect(machine.logs.get('orders-0')!.epochs.entries()).toEqual([
      { epoch: 0, startOffset: 0 },
      { epoch: 2, startOffset: 1 },
      { epoch: 5, startOffset: 3 },
    ]);
  });
});
