/** Which faults of a scenario had an effect: a run whose fault met nothing passes in vain. */
import type { VerbEnd } from '../cluster/verb-runner.ts';
import type { FaultEffect } from '../cluster/verbs/verb.ts';
import type { VerbStep } from './plan.ts';
import type { ScenarioRun } from './player.ts';
import type { StepRecord } from './run-records.ts';

/** A step that breaks something, and what is known of its effect, over all the times that it ran. */
interface Fault {
  readonly effects: FaultEffect[];
  /** One of its runs changed something for sure. */
  sure: boolean;
  why: string;
}

export class Faults {
  readonly #run: ScenarioRun;
  readonly #faults = new Map<VerbStep, Fault>();

  constructor(run: ScenarioRun) {
    this.#run = run;
  }

  note(step: VerbStep, end: VerbEnd): void {
    let fault = this.#faults.get(step);
    if (fault === undefined) {
      fault = { effects: [], sure: false, why: '' };
      this.#faults.set(step, fault);
    }
    if (end.kind === 'no-effect') fault.why = end.why;
    if (end.kind !== 'done') return;
    const { effect } = end.outcome;
    if (effect?.hits === undefined) fault.sure = true;
    else fault.effects.push(effect);
  }

  /** After the last fault is undone: each must have changed a state, or have been met by something. */
  judge(records: ReadonlyMap<VerbStep, StepRecord>): void {
    for (const [step, { effects, sure, why }] of this.#faults) {
      const record = records.get(step)!;
      if (sure || record.result === 'failed' || effects.some((effect) => (effect.hits?.() ?? 1) > 0)) continue;
      record.result = 'no-effect';
      record.why = why === '' ? 'it met nothing' : why;
      this.#run.doubts.push(`line ${step.line}: ${step.text} had no effect: ${record.why}`);
    }
  }
}
