/** Plays steps in order: when each runs, how often, and what its end means for the run. */

import { parseExpression } from '../cluster/expression/parser.ts';
import { formatDuration } from '../cluster/units.ts';
import { boundValue, type VerbEnd } from '../cluster/verb-runner.ts';
import { DEFAULT_TIMEOUT_US, type StepKeyValues } from '../cluster/verbs/step-keys.ts';
import type { FaultEffect } from '../cluster/verbs/verb.ts';
import { scenarioEvents } from './events.ts';
import type { RepeatStep, Step, VerbStep } from './plan.ts';
import type { ScenarioRun } from './player.ts';
import type { StepRecord } from './run-records.ts';

/** A fault that a step began, and what is known of its effect. */
interface Fault {
  readonly line: number;
  readonly text: string;
  readonly effects: FaultEffect[];
  /** One of its runs changed something for sure. */
  sure: boolean;
  why: string;
}

export class StepPlayer {
  readonly #run: ScenarioRun;
  readonly #faults = new Map<VerbStep, Fault>();
  readonly #records = new Map<VerbStep, StepRecord>();
  readonly #anyOnly: boolean;
  /** A step failed, or the steps are over: nothing more begins. */
  #ended = false;

  constructor(run: ScenarioRun) {
    this.#run = run;
    const { steps, on } = run.plan;
    this.#anyOnly = flatten([...steps, ...on]).some((step) => step.keys.only === true);
    for (const step of flatten([...steps, ...on])) {
      const record: StepRecord = {
        line: step.line,
        text: step.text,
        note: step.keys.note ?? '',
        atUs: undefined,
        resolved: [],
        result: 'pending',
        why: '',
      };
      this.#records.set(step, record);
      run.steps.push(record);
    }
  }

  /** Plays a list of steps; calls back when the last has ended, or one made the rest pointless. `armed` steps stand alone. */
  play(steps: readonly Step[], over: () => void, armed = false): void {
    const next = (index: number): void => {
      const step = steps[index];
      if (step === undefined) return over();
      if (this.#ended) return armed ? undefined : over();
      this.#playStep(step, (goOn) => (goOn || armed ? next(index + 1) : over()));
    };
    next(0);
  }

  /** Nothing begins from now on; what never ran was skipped. */
  end(): void {
    this.#ended = true;
    for (const record of this.#records.values()) if (record.result === 'pending') record.result = 'skipped';
    for (const expectation of this.#run.expectations)
      if (expectation.result === 'pending') expectation.result = 'skipped';
  }

  /** A fault that met nothing shows nothing. */
  judgeEffects(): void {
    for (const { line, text, effects, sure, why } of this.#faults.values()) {
      if (sure || effects.some((effect) => (effect.hits?.() ?? 1) > 0)) continue;
      this.#run.doubts.push(`line ${line}: ${text} had no effect${why === '' ? ': it met nothing' : `: ${why}`}`);
    }
  }

  #playStep(step: Step, ended: (goOn: boolean) => void): void {
    const { keys } = step;
    if (keys.skip === true || (this.#anyOnly && step.kind === 'verb' && keys.only !== true)) {
      this.#skip(step);
      return ended(true);
    }
    this.#wait(keys, (ready, why) => {
      if (!ready) {
        this.#run.doubts.push(`line ${step.line}: ${why}`);
        this.#skip(step);
        return ended(false);
      }
      if (keys.if !== undefined && this.#run.runner.evaluate(keys.if) !== true) {
        this.#skip(step);
        return ended(true);
      }
      if (step.kind === 'repeat') this.#repeat(step, ended);
      else this.#times(step, ended);
    });
  }

  #skip(step: Step): void {
    for (const one of flatten([step])) this.#records.get(one)!.result = 'skipped';
  }

  /** Until the step's moment: `at`, `after` or `when`. */
  #wait(keys: StepKeyValues, then: (ready: boolean, why: string) => void): void {
    const { cluster, runner } = this.#run;
    const { world } = cluster;
    if (keys.at !== undefined) {
      const atUs = cluster.zeroUs! + keys.at;
      if (atUs < world.nowUs) {
        this.#run.errors.push(
          `a step at ${formatDuration(keys.at)} comes too late: the one before it ended at ${formatDuration(cluster.timeUs)}`,
        );
        return then(false, 'it came too late');
      }
      world.at(atUs, () => then(true, ''), undefined);
    } else if (keys.after !== undefined) world.at(world.nowUs + keys.after, () => then(true, ''), undefined);
    else if (keys.when !== undefined) {
      const expression = parseExpression(keys.when);
      const window = runner.window(expression);
      const patience = { ...window, withinUs: window.withinUs ?? keys.timeout ?? DEFAULT_TIMEOUT_US };
      const text = keys.when;
      runner.judge(runner.condition(expression), patience, ({ passed, observed }) =>
        then(passed, `"${text}" did not come true within ${formatDuration(patience.withinUs)} (observed ${observed})`),
      );
    } else then(true, '');
  }

  #repeat(step: RepeatStep, ended: (goOn: boolean) => void): void {
    const { world } = this.#run.cluster;
    const round = (left: number): void => {
      const beganUs = world.nowUs;
      this.play(step.steps, () => {
        if (left <= 1 || this.#ended || this.#run.failures.length > 0) return ended(this.#run.failures.length === 0);
        const nextUs = Math.max(world.nowUs, beganUs + (step.everyUs ?? 0));
        world.at(nextUs, round, left - 1);
      });
    };
    round(step.times);
  }

  /** A step runs once, or `times` times, one `every` so often. */
  #times(step: VerbStep, ended: (goOn: boolean) => void): void {
    const { world } = this.#run.cluster;
    const { every, times, background } = step.keys;
    if (every === undefined) {
      if (background !== true) return this.#perform(step, ended);
      this.#perform(step, () => {});
      return ended(true);
    }
    const round = (left: number): void => {
      if (this.#ended) return;
      const beganUs = world.nowUs;
      this.#perform(step, (goOn) => {
        if (!goOn || left <= 1) return background === true ? undefined : ended(goOn);
        world.at(Math.max(world.nowUs, beganUs + every), round, left - 1);
      });
    };
    round(times ?? Number.POSITIVE_INFINITY);
    if (background === true) ended(true);
  }

  #perform(step: VerbStep, ended: (goOn: boolean) => void): void {
    const { runner, cluster } = this.#run;
    const { world } = cluster;
    const record = this.#records.get(step)!;
    record.atUs ??= cluster.timeUs;
    record.result = 'running';
    world.cause = world.emit(scenarioEvents['step-begun'], [step.line, step.text]);
    const timeoutUs = step.keys.timeout ?? step.verb.timeoutUs ?? DEFAULT_TIMEOUT_US;
    if (step.verb.name === 'expect') return this.#expect(step, record, ended);
    runner.run(step.verb, step.args, { timeoutUs }, (end) => ended(this.#settle(step, record, end)));
  }

  /** What the end of a verb means: whether the steps go on. */
  #settle(step: VerbStep, record: StepRecord, end: VerbEnd): boolean {
    const run = this.#run;
    const where = `line ${step.line}: ${step.text}`;
    record.result = end.kind === 'gave-up' ? 'failed' : end.kind;
    const why = end.kind === 'done' ? '' : end.kind === 'no-effect' ? end.why : end.message;
    record.why = why;
    run.cluster.world.emit(scenarioEvents['step-ended'], [step.line, record.result, why]);
    if (step.verb.fault) this.#noteFault(step, end);
    switch (end.kind) {
      case 'done': {
        const { resolved, value, effect } = end.outcome;
        record.resolved = resolved;
        if (step.keys.as !== undefined) run.runner.bindings.set(step.keys.as, value ?? boundValue(resolved));
        if (effect !== undefined && step.keys.during !== undefined) this.#undoLater(effect, step.keys.during);
        return true;
      }
      case 'no-effect':
        record.resolved = end.resolved;
        if (step.keys.as !== undefined) run.runner.bindings.set(step.keys.as, boundValue(end.resolved));
        return true;
      case 'gave-up':
        run.doubts.push(`${where}: ${end.message}`);
        return false;
      case 'failed':
        run.failures.push(`${where}: ${end.message}`);
        return false;
    }
  }

  #noteFault(step: VerbStep, end: VerbEnd): void {
    let fault = this.#faults.get(step);
    if (fault === undefined) {
      fault = { line: step.line, text: step.text, effects: [], sure: false, why: '' };
      this.#faults.set(step, fault);
    }
    if (end.kind === 'no-effect') fault.why = end.why;
    if (end.kind !== 'done') return;
    const { effect } = end.outcome;
    if (effect?.hits === undefined) fault.sure = true;
    else fault.effects.push(effect);
  }

  #undoLater(effect: FaultEffect, afterUs: number): void {
    const { cluster } = this.#run;
    cluster.world.at(cluster.world.nowUs + afterUs, () => cluster.effects.undo(effect), undefined);
  }

  #expect(step: VerbStep, record: StepRecord, ended: (goOn: boolean) => void): void {
    const run = this.#run;
    const { runner, cluster } = run;
    const expression = parseExpression(String(step.args.expression));
    const expectation = {
      line: step.line,
      kind: 'step' as const,
      text: expression.text,
      result: 'pending' as 'pending' | 'passed' | 'failed',
      atUs: undefined as number | undefined,
      observed: '',
      expected: '',
      event: 0,
    };
    run.expectations.push(expectation);
    runner.judge(runner.condition(expression), runner.window(expression), ({ passed, observed, expected }) => {
      expectation.result = passed ? 'passed' : 'failed';
      expectation.atUs = cluster.timeUs;
      expectation.observed = observed;
      expectation.expected = expected;
      expectation.event = cluster.trace.count;
      record.result = passed ? 'done' : 'failed';
      cluster.world.emit(scenarioEvents['expectation-judged'], [
        step.line,
        expression.text,
        expectation.result,
        observed,
      ]);
      if (!passed)
        run.failures.push(`line ${step.line}: ${expression.text}: observed ${observed}, expected ${expected}`);
      ended(passed);
    });
  }
}

/** All steps with a verb, those in repetitions too, in the order of the file. */
export function flatten(steps: readonly Step[]): readonly VerbStep[] {
  return steps.flatMap((step) => (step.kind === 'repeat' ? flatten(step.steps) : [step]));
}
