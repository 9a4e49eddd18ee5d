import type { Mode } from '../../cluster/options.ts';
import { type Diagnostic, ScenarioError } from '../../scenario/diagnostics.ts';
import type { Plan } from '../../scenario/plan.ts';
import { readScenario } from '../../scenario/read.ts';
import type { ScenarioText } from './files.ts';

/** One run of one scenario. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly mode: Mode;
  readonly seed: number;
}

export interface ReadPlans {
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads every file, so that all mistakes of all files are told at once. */
export function readPlans(texts: readonly ScenarioText[]): ReadPlans {
  const plans: Plan[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { file, text } of texts) {
    try {
      plans.push(readScenario(file, text));
    } catch (thrown) {
      if (!(thrown instanceof ScenarioError)) throw thrown;
      diagnostics.push(...thrown.diagnostics);
    }
  }
  return { plans, diagnostics };
}
