/** A scenario's steps and expectations as rows, and how its run stands. */
import type { ScenarioRun } from '../../scenario/player.ts';
import type { DashboardView, StepRow } from '../../tools/view.ts';

export function statusOf(run: ScenarioRun | undefined): Pick<DashboardView, 'status' | 'statusTone'> {
  if (run === undefined || !run.finished) return { status: 'running', statusTone: 'plain' };
  return {
    status: run.result,
    statusTone: run.result === 'passed' ? 'good' : run.result === 'inconclusive' ? 'warn' : 'bad',
  };
}

const STEP_STATES = {
  pending: 'waiting',
  running: 'running',
  done: 'passed',
  'no-effect': 'no-effect',
  skipped: 'skipped',
  failed: 'failed',
} as const;

/** In the order of the file. */
export function stepsOf(run: ScenarioRun): readonly StepRow[] {
  const steps = run.steps.map(({ line, text, result, why, resolved, note }) => ({
    line,
    row: { state: STEP_STATES[result], text, note: why || note || resolved.join(', ') },
  }));
  const standing = run.expectations
    .filter(({ kind }) => kind !== 'step')
    .map(({ line, kind, text, result, observed, expected }) => ({
      line,
      row: {
        state: result === 'pending' ? ('waiting' as const) : result,
        text: `${kind} ${text}`,
        note: result === 'failed' ? `observed ${observed}, expected ${expected}` : '',
      },
    }));
  return [...steps, ...standing].sort((a, b) => a.line - b.line).map(({ row }) => row);
}
