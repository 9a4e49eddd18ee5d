/** The last stable offset and the index of aborted transactions against a model that looks through the whole log each time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeTransactionMarker } from '../../src/protocol/control-batch.ts';
import type { PartitionLog } from '../../src/storage/api.ts';
import { append, Machine, WALL_MS } from './harness.ts';

const CONFIG = { segmentBytes: 400 };

interface Entry {
  readonly producer: number;
  readonly kind: 'data' | 'plain' | 'commit' | 'abort';
}

const act = fc.oneof(
  { weight: 5, arbitrary: fc.record({ verb: fc.constant('send' as const), producer: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('plain' as const), producer: fc.constant(0) }) },
  {
    weight: 3,
    arbitrary: fc.record({ verb: fc.constantFrom('commit' as const, 'abort' as const), producer: fc.nat(2) }),
  },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('commit-up-to' as const), producer: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('truncate' as const), producer: fc.nat(4) }) },
  {
    weight: 1,
    arbitrary: fc.record({ verb: fc.constantFrom('kill' as const, 'clean' as const), producer: fc.constant(0) }),
  },
);

/** First offset whose outcome is not known below the high watermark; where there is none, the high watermark. */
function stableOffset(entries: readonly Entry[], highWatermark: number): number {
  for (let offset = 0; offset < highWatermark; offset++) {
    const { producer, kind } = entries[offset]!;
    if (kind !== 'data') continue;
    const end = entries.findIndex((later, at) => at > offset && later.producer === producer && isMarker(later));
    if (end < 0 || end >= highWatermark) return offset;
  }
  return highWatermark;
}

/** The same, where transactions that have a marker are taken for known, wherever the marker stands. */
function openOffset(entries: readonly Entry[], highWatermark: number): number {
  return Math.min(highWatermark, stableOffset(entries, entries.length));
}

function isMarker({ kind }: Entry): boolean {
  return kind === 'commit' || kind === 'abort';
}

/** Aborted transactions that overlap a range: first offsets, in the order of their markers. */
function aborted(entries: readonly Entry[], from: number, to: number): number[] {
  const open = new Map<number, number>();
  const found: number[] = [];
  entries.forEach((entry, offset) => {
    if (entry.kind === 'data' && !open.has(entry.producer)) open.set(entry.producer, offset);
    if (!isMarker(entry)) return;
    const first = open.get(entry.producer);
    open.delete(entry.producer);
    if (entry.kind === 'abort' && first !== undefined && offset >= from && first < to) found.push(first);
  });
  return found;
}

test('a log says of transactions what its batches say, through truncations and restarts', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 5, maxLength: 60 }), (acts) => {
      const machine = new Machine();
      let log: PartitionLog = machine.log(CONFIG);
      const entries: Entry[] = [];
      const sequences = [0, 0, 0];
      // A snapshot of producers holds what is open, not what ended above the high watermark (in Kafka as here).
      let reloadedAt = 0;
      for (const { verb, producer } of acts) {
        switch (verb) {
          case 'send': {
            const baseSequence = sequences[producer]!;
            const rest = { producerId: producer, producerEpoch: 0, baseSequence, transactional: true };
            const result = append(log, ['v'], { ...rest, origin: 'coordinator' });
            expect(result.kind).toBe('appended');
            sequences[producer] = baseSequence + 1;
            entries.push({ producer, kind: 'data' });
            break;
          }
          case 'plain':
            append(log, ['v']);
            entries.push({ producer: -1, kind: 'plain' });
            break;
          case 'commit':
          case 'abort': {
            const marker = { type: verb, producerId: producer, producerEpoch: 0, coordinatorEpoch: 0 } as const;
            log.appendAsLeader(encodeTransactionMarker(marker, WALL_MS), 0, 'coordinator');
            entries.push({ producer, kind: verb });
            break;
          }
          case 'commit-up-to':
            log.updateHighWatermark(Math.max(log.highWatermark, log.logEndOffset - producer));
            break;
          case 'truncate': {
            const to = Math.max(log.highWatermark, log.logEndOffset - producer);
            log.truncateTo(to);
            entries.length = to;
            reloadedAt = to;
            break;
          }
          default:
            machine.logs.checkpointHighWatermarks();
            machine.run(10);
            machine.restart(verb);
            log = machine.log(CONFIG);
            reloadedAt = log.logEndOffset;
        }
        expect(log.logEndOffset).toBe(entries.length);
        const exact = stableOffset(entries, log.highWatermark);
        if (log.highWatermark >= reloadedAt) expect(log.lastStableOffset).toBe(exact);
        else {
          expect(log.lastStableOffset).toBeGreaterThanOrEqual(exact);
          expect(log.lastStableOffset).toBeLessThanOrEqual(openOffset(entries, log.highWatermark));
        }
        for (const [from, to] of [
          [0, entries.length],
          [Math.floor(entries.length / 2), entries.length],
          [0, log.lastStableOffset],
        ] as const) {
          const told = log.abortedTransactions(from, to).map(({ firstOffset }) => firstOffset);
          expect(told).toEqual(aborted(entries, from, to));
        }
      }
    }),
    { numRuns: 60 },
  );
});
