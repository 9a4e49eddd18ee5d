import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batches } from '../../src/protocol/record-batch.ts';
import type { PartitionLog } from '../../src/storage/api.ts';
import { append, CONFIG, Machine } from './harness.ts';

const SMALL = { ...CONFIG, segmentBytes: 400, indexIntervalBytes: 100 };

type Step =
  | { kind: 'append'; newEpoch: boolean }
  | { kind: 'truncate'; back: number }
  | { kind: 'flush' }
  | { kind: 'checkpoint' }
  | { kind: 'wait'; us: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('append' as const), newEpoch: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('truncate' as const), back: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'flush' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'checkpoint' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), us: fc.integer({ min: 0, max: 4000 }) }) },
);

/** `epoch:value` of every record, in order, after asserting that the offsets rise without a gap. */
function contents(log: PartitionLog): string[] {
  const found: string[] = [];
  while (log.logStartOffset + found.length < log.logEndOffset) {
    const { records } = log.read(log.logStartOffset + found.length, 1e6, log.logEndOffset, true)!;
    for (const batch of batches(records)) {
      expect(batch.baseOffset).toBe(log.logStartOffset + found.length);
      expect(batch.verifyCrc()).toBe(true);
      found.push(`${batch.leaderEpoch}:${batch.sizeInBytes}`);
      expect(log.epochs.epochForOffset(batch.baseOffset)).toBe(batch.leaderEpoch);
    }
  }
  return found;
}

test('a power loss leaves a log that was once, with everything that a flush vouched for, and the epochs of its batches', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.boolean(), (steps, torn) => {
      // A write that is torn just after a roll can outlive the segment before it, on a real disk too: a log that begins there.
      const config = torn ? CONFIG : SMALL;
      const machine = new Machine({ defaultConfig: config });
      const log = machine.log(config);
      let epoch = 0;
      let count = 0;
      let now: string[] = [];
      /** Every content that the log ever had, and the longest that a flush vouched for and no truncation took back. */
      const history = new Set<string>(['']);
      let vouched = 0;
      let cuts = 0;
      for (const each of steps) {
        if (each.kind === 'append') {
          if (each.newEpoch) epoch++;
          append(log, ['x'.repeat(1 + (count++ % 90))], { epoch });
          now = contents(log);
          history.add(now.join());
        } else if (each.kind === 'truncate') {
          const to = Math.max(0, log.logEndOffset - each.back);
          log.truncateTo(to);
          now.length = to;
          cuts++;
          vouched = Math.min(vouched, to);
        } else if (each.kind === 'flush') {
          const atCut = cuts;
          const end = log.logEndOffset;
          log.flush((_, failed) => {
            if (!failed && atCut === cuts) vouched = Math.max(vouched, end);
          }, null);
        } else if (each.kind === 'checkpoint') machine.logs.checkpointRecoveryPoints();
        else machine.world.runUntil(machine.world.nowUs + each.us);
      }
      if (torn) machine.node.disks[0]!.tear(true);
      if (torn) append(log, ['torn'.repeat(20)], { epoch });
      if (torn) history.add(contents(log).join());
      machine.restart('power-loss');
      const found = contents(machine.log(config));
      const text = found.join();
      expect([...history].some((was) => was === text || was.startsWith(`${text},`) || text === '')).toBe(true);
      expect(found.length).toBeGreaterThanOrEqual(vouched);
      expect(found.slice(0, vouched)).toEqual(now.slice(0, vouched));
    }),
    { numRuns: 300 },
  );
});
