import { type Diagnostic, formatDiagnostic, ScenarioError } from '../../scenario/diagnostics.ts';
import type { Plan } from '../../scenario/plan.ts';
import { readScenario } from '../../scenario/read.ts';
import { readText } from './find-files.ts';

export interface ReadPlans {
  readonly plans: readonly Plan[];
  /** Of all files, in their order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads every file, whatever is wrong with the others. */
export function readPlans(files: readonly string[]): ReadPlans {
  const plans: Plan[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    try {
      plans.push(readScenario(file, readText(file)));
    } catch (thrown) {
      if (!(thrown instanceof ScenarioError)) throw thrown;
      diagnostics.push(...thrown.diagnostics);
    }
  }
  return { plans, diagnostics };
}

export function diagnosticLines(diagnostics: readonly Diagnostic[]): readonly string[] {
  const count = diagnostics.length === 1 ? '1 mistake' : `${diagnostics.length} mistakes`;
  return [...diagnostics.map(formatDiagnostic), `${count}; nothing was run`];
}
