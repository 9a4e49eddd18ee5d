/** What a run wrote down about its steps and expectations, for reports and dashboards. */
import type { Micros } from '../kernel/api.ts';

export type StepResult = 'pending' | 'running' | 'done' | 'no-effect' | 'skipped' | 'failed';

export interface StepRecord {
  readonly line: number;
  readonly text: string;
  readonly note: string;
  atUs: Micros | undefined;
  resolved: readonly string[];
  result: StepResult;
  /** Why it had no effect, or failed. */
  why: string;
}

export type ExpectationResult = 'pending' | 'passed' | 'failed' | 'skipped';

export interface ExpectationRecord {
  readonly line: number;
  readonly kind: 'step' | 'always' | 'finally';
  readonly text: string;
  result: ExpectationResult;
  atUs: Micros | undefined;
  observed: string;
  expected: string;
  /** Of a failed one: why what it speaks of was as it was just then. */
  causes: readonly string[];
}

export function pendingExpectation(line: number, kind: ExpectationRecord['kind'], text: string): ExpectationRecord {
  return { line, kind, text, result: 'pending', atUs: undefined, observed: '', expected: '', causes: [] };
}

export type RunResult = 'passed' | 'failed' | 'inconclusive' | 'error';
