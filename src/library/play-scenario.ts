import { readFile } from 'node:fs/promises';
import { hostPorts } from '../gateway/ports.ts';
import { ScenarioRun } from '../scenario/player.ts';
import { readScenario } from '../scenario/read.ts';
import { type Report, reportOf } from '../scenario/report.ts';
import type { PlayOptions } from './api.ts';

/** Events between two looks at what else the process has to do. */
const SLICE = 20_000;

/**
 * Plays a scenario file at full speed and resolves with its report, whatever the result. Rejects with `ScenarioError` for a file that
 * says no scenario, and with the system's error for one that cannot be read.
 */
export async function playScenario(file: string, options: PlayOptions = {}): Promise<Report> {
  const plan = readScenario(file, await readFile(file, 'utf8'));
  const mode = options.mode ?? plan.modes[0]!;
  const run = new ScenarioRun(plan, { mode, seed: options.seed ?? plan.seed, ports: hostPorts });
  const begunMs = performance.now();
  while (!run.finished) {
    if (run.advance(Number.MAX_SAFE_INTEGER, SLICE) === 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return reportOf(run, performance.now() - begunMs, options.ledger ?? 0);
}
