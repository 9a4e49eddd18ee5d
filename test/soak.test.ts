import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hostPorts } from '../src/gateway/ports.ts';
import { ScenarioRun } from '../src/scenario/player.ts';
import { readScenario } from '../src/scenario/read.ts';
import { reportOf } from '../src/scenario/report.ts';

const FILE = 'scenarios/chaos-safe-settings.yaml';
const SEEDS = 20;

const LIMIT_MS = 300_000;

/** `npm run soak` does the same over 500 seeds. */
describe('safe settings lose nothing, whatever happens to one broker at a time', () => {
  const plan = readScenario(FILE, readFileSync(FILE, 'utf8'));
  test.each(plan.modes)(
    `in %s mode, over ${SEEDS} seeds`,
    (mode) => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const run = new ScenarioRun(plan, { mode, seed, ports: hostPorts });
        run.finish();
        const { result, reason, ledger } = reportOf(run, 0);
        expect({ seed, result, reason }).toEqual({ seed, result: 'passed', reason: null });
        expect(ledger).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, unseen: 0, diverged: 0 });
        expect(ledger.acked).toBeGreaterThan(1_000);
      }
    },
    LIMIT_MS,
  );
});
