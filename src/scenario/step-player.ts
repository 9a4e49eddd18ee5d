/** Plays steps in order: when each runs, how often, and what its end means for the run. */
import { parseExpression } from '../cluster/expression/parser.ts';
import { formatDuration } from '../cluster/units.ts';
import { boundValue, type VerbEnd } from '../cluster/verb-runner.ts';
import { DEFAULT_TIMEOUT_US, type StepKeyValues } from '../cluster/verbs/step-keys.ts';
import { scenarioEvents } from '../tools/events.ts';
import { Faults } from './faults.ts';
import type { RepeatStep, Step, VerbStep } from './plan.ts';
import { flatten } from './plan.ts';
import type { ScenarioRun } from './player.ts';
import { type ExpectationRecord, pendingExpectation, type StepRecord } from './run-records.ts';

export class StepPlayer {
  readonly #run: ScenarioRun;
  readonly #faults: Faults;
  readonly #records = new Map<VerbStep, StepRecord>();
  readonly #expectations = new Map<VerbStep, ExpectationRecord>();
  readonly #anyOnly: boolean;
  /** Armed steps whose moment has not come. */
  readonly #armed = new Set<Step>();
  /** What goes on beside the steps and has an end: background steps, faults with a `during`. */
  #besides = 0;
  #whenQuiet: (() => void) | undefined;
  /** A step failed, or the steps are over: nothing more begins. */
  #ended = false;

  constructor(run: ScenarioRun) {
    this.#run = run;
    this.#faults = new Faults(run);
    const { steps, on } = run.plan;
    const all = flatten([...steps, ...on]);
    this.#anyOnly = all.some((step) => step.keys.only === true);
    for (const step of all) {
      const { line, text, keys } = step;
      const record: StepRecord = {
        line,
        text,
        note: keys.note ?? '',
        atUs: undefined,
        resolved: [],
        result: 'pending',
        why: '',
      };
      this.#records.set(step, record);
      run.steps.push(record);
      if (step.verb.name !== 'expect') continue;
      const expectation = pendingExpectation(line, 'step', String(step.args.expression));
      this.#expectations.set(step, expectation);
      run.expectations.push(expectation);
    }
  }

  /** Arms the steps beside, and plays the steps; calls back when all is over, or something made the rest pointless. */
  begin(over: () => void): void {
    const { steps, on } = this.#run.plan;
    for (const step of on) {
      this.#armed.add(step);
      this.#playStep(step, () => {});
    }
    this.#play(steps, (goOn) => {
      if (!goOn || this.#besides === 0) over();
      else this.#whenQuiet = over;
    });
  }

  /** Nothing begins from now on; what never ran was skipped. */
  end(): void {
    this.#ended = true;
    for (const step of this.#armed)
      this.#run.doubts.push(`line ${step.line}: "${step.keys.when ?? step.text}" never came to pass`);
    for (const record of this.#records.values())
      if (record.result === 'pending' || record.result === 'running') record.result = 'skipped';
    for (const expectation of this.#expectations.values())
      if (expectation.result === 'pending') expectation.result = 'skipped';
  }

  /** A fault that met nothing shows nothing. */
  judgeFaults(): void {
    this.#faults.judge(this.#records);
  }

  #play(steps: readonly Step[], over: (goOn: boolean) => void): void {
    const next = (index: number): void => {
      const step = steps[index];
      if (step === undefined) return over(true);
      this.#playStep(step, (goOn) => (goOn ? next(index + 1) : over(false)));
    };
    next(0);
  }

  #playStep(step: Step, ended: (goOn: boolean) => void): void {
    const { keys } = step;
    if (this.#ended) return ended(false);
    const leftOut = keys.skip === true || (this.#anyOnly && step.kind === 'verb' && keys.only !== true);
    if (leftOut || !this.#mayRun(keys, true)) return this.#skip(step, ended);
    this.#wait(step, (ready, why) => {
      if (this.#ended) return;
      this.#armed.delete(step);
      if (!ready) {
        this.#run.doubts.push(`line ${step.line}: ${why}`);
        return this.#skip(step, () => ended(false));
      }
      if (!this.#mayRun(keys, false)) return this.#skip(step, ended);
      if (step.kind === 'repeat') this.#repeat(step, ended);
      else this.#times(step, ended);
    });
  }

  #skip(step: Step, ended: (goOn: boolean) => void): void {
    this.#armed.delete(step);
    for (const one of flatten([step])) {
      this.#records.get(one)!.result = 'skipped';
      const expectation = this.#expectations.get(one);
      if (expectation !== undefined) expectation.result = 'skipped';
    }
    ended(true);
  }

  /** What `if` says. A condition that never changes is judged before the step waits for its moment, any other then. */
  #mayRun({ if: condition }: StepKeyValues, before: boolean): boolean {
    if (condition === undefined) return true;
    const { test, domains } = this.#run.runner.condition(parseExpression(condition));
    return before && domains.size > 0 ? true : test();
  }

  /** Until the step's moment: `at`, `after` or `when`. */
  #wait(step: Step, then: (ready: boolean, why: string) => void): void {
    const { at, after, when, timeout } = step.keys;
    const { cluster, runner, errors } = this.#run;
    const { world } = cluster;
    if (at !== undefined) {
      const atUs = cluster.zeroUs! + at;
      if (atUs >= world.nowUs) return void world.at(atUs, () => then(true, ''), undefined);
      errors.push(
        `line ${step.line}: the step at ${formatDuration(at)} comes too late: the one before it ended at ${formatDuration(cluster.timeUs)}`,
      );
      return then(false, 'it came too late');
    }
    if (after !== undefined) return void world.at(world.nowUs + after, () => then(true, ''), undefined);
    if (when === undefined) return then(true, '');
    const expression = parseExpression(when);
    const window = runner.window(expression);
    // An armed step waits as long as there are steps.
    const limitUs = timeout ?? (this.#armed.has(step) ? Number.POSITIVE_INFINITY : DEFAULT_TIMEOUT_US);
    const withinUs = window.withinUs ?? limitUs;
    runner.judge(runner.condition(expression), { ...window, withinUs }, ({ passed, observed }) =>
      then(passed, `"${when}" did not come true within ${formatDuration(withinUs)} (observed ${observed})`),
    );
  }

  #repeat(step: RepeatStep, ended: (goOn: boolean) => void): void {
    const { world } = this.#run.cluster;
    const round = (left: number): void => {
      if (this.#ended) return;
      const beganUs = world.nowUs;
      this.#play(step.steps, (goOn) => {
        if (!goOn || left <= 1) return ended(goOn);
        world.at(Math.max(world.nowUs, beganUs + (step.everyUs ?? 0)), round, left - 1);
      });
    };
    round(step.times);
  }

  /** A step runs once, or `times` times, one `every` so often. */
  #times(step: VerbStep, ended: (goOn: boolean) => void): void {
    const { every, times, background } = step.keys;
    if (background !== true) return this.#rounds(step, times ?? 1, ended);
    const endless = every !== undefined && times === undefined;
    this.#rounds(step, endless ? Number.POSITIVE_INFINITY : (times ?? 1), endless ? () => {} : this.#beside());
    ended(true);
  }

  #rounds(step: VerbStep, times: number, ended: (goOn: boolean) => void): void {
    const { world } = this.#run.cluster;
    const round = (left: number): void => {
      if (this.#ended) return;
      const beganUs = world.nowUs;
      this.#perform(step, (goOn) => {
        if (!goOn || left <= 1) return ended(goOn);
        world.at(Math.max(world.nowUs, beganUs + (step.keys.every ?? 0)), round, left - 1);
      });
    };
    round(times);
  }

  /** Something goes on beside the steps; to be called when it has ended. */
  #beside(): () => void {
    this.#besides += 1;
    return () => {
      this.#besides -= 1;
      if (this.#besides === 0 && !this.#ended) this.#whenQuiet?.();
    };
  }

  #perform(step: VerbStep, ended: (goOn: boolean) => void): void {
    const { runner, cluster } = this.#run;
    const { world } = cluster;
    const record = this.#records.get(step)!;
    record.atUs ??= cluster.timeUs;
    record.result = 'running';
    world.cause = world.emit(scenarioEvents['step-begun'], [step.line, step.text]);
    const timeoutUs = step.keys.timeout ?? step.verb.timeoutUs ?? DEFAULT_TIMEOUT_US;
    const then = (goOn: boolean) => {
      if (!this.#ended) ended(goOn);
    };
    if (step.verb.name === 'expect') return this.#expect(step, record, then);
    runner.run(step.verb, step.args, { timeoutUs }, (end) => then(this.#settle(step, record, end)));
  }

  /** What the end of a verb means: whether the steps go on. */
  #settle(step: VerbStep, record: StepRecord, end: VerbEnd): boolean {
    const { runner, cluster, doubts, failures } = this.#run;
    if (this.#ended) return false;
    record.result = end.kind === 'gave-up' ? 'failed' : end.kind;
    record.why = end.kind === 'done' ? '' : end.kind === 'no-effect' ? end.why : end.message;
    cluster.world.emit(scenarioEvents['step-ended'], [step.line, record.result, record.why]);
    if (step.verb.fault) this.#faults.note(step, end);
    if (end.kind === 'gave-up' || end.kind === 'failed') {
      (end.kind === 'failed' ? failures : doubts).push(`line ${step.line}: ${step.text}: ${end.message}`);
      return false;
    }
    const { resolved, value, effect } =
      end.kind === 'done' ? end.outcome : { ...end, value: undefined, effect: undefined };
    record.resolved = resolved;
    if (step.keys.as !== undefined) runner.bind(step.keys.as, value ?? boundValue(resolved));
    if (effect !== undefined && step.keys.during !== undefined) {
      const ended = this.#beside();
      const undo = () => {
        cluster.effects.undo(effect);
        ended();
      };
      cluster.world.at(cluster.world.nowUs + step.keys.during, undo, undefined);
    }
    return true;
  }

  #expect(step: VerbStep, record: StepRecord, ended: (goOn: boolean) => void): void {
    const { runner, cluster, failures } = this.#run;
    const { world } = cluster;
    const expectation = this.#expectations.get(step)!;
    const expression = parseExpression(expectation.text);
    expectation.result = 'pending';
    runner.judge(runner.condition(expression), runner.window(expression), (verdict) => {
      if (this.#ended) return;
      const { passed, observed, expected } = verdict;
      const result = passed ? 'passed' : 'failed';
      const causes = passed ? [] : this.#run.causesOf(expectation.text);
      Object.assign(expectation, { result, atUs: cluster.timeUs, observed, expected, causes });
      record.result = passed ? 'done' : 'failed';
      world.emit(scenarioEvents['expectation-judged'], [step.line, expression.text, result, observed]);
      if (!passed) failures.push(`line ${step.line}: ${expression.text}: observed ${observed}, expected ${expected}`);
      ended(passed);
    });
  }
}
