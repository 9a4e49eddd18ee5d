/** Runs verbs on a cluster, for the player of scenarios, the prompt and the library alike. */
import type { Cluster } from './cluster.ts';
import type { Expression } from './expression/ast.ts';
import { type Condition, compileCondition, compileValue, type Resolver } from './expression/compile.ts';
import { expectation, type Window } from './expression/monitor.ts';
import { parseExpression, parseValue } from './expression/parser.ts';
import type { Value } from './expression/value.ts';
import { nodeValue } from './expression/value.ts';
import { type Catalog, nodeName } from './names.ts';
import { type ResolveScope, resolverFor } from './observables/resolve.ts';
import { resolveTarget } from './selectors.ts';
import { formatDuration } from './units.ts';
import type { LineAnswer, LineTaker, Outcome, Target, Verb, VerbRun, Verdict } from './verbs/verb.ts';
import { Watches } from './watches.ts';

/** How a verb ended. */
export type VerbEnd =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'no-effect'; readonly resolved: readonly string[]; readonly why: string }
  | { readonly kind: 'failed'; readonly message: string; readonly verdict?: Verdict }
  /** It is not known whether it does what it should: the run is inconclusive. */
  | { readonly kind: 'gave-up'; readonly message: string };

export interface VerbOptions {
  readonly timeoutUs: number;
  readonly place?: 'step' | 'always' | 'finally';
}

export interface RunnerScope {
  /** What has a name; left out: what there is now. A scenario also knows what it will create. */
  readonly catalog?: Catalog;
  /** Names were checked before: one that is not bound now (its step was skipped) is none, not an error. */
  readonly checked?: boolean;
}

/** One operator at work on a cluster: verbs share their bindings. */
export class VerbRunner {
  readonly cluster: Cluster;
  readonly watches: Watches;
  readonly bindings = new Map<string, Value>();
  /** Who takes a line of the prompt for the verb `run`; undefined: nobody does. */
  takeLine: LineTaker | undefined;
  readonly #scope: RunnerScope;

  constructor(cluster: Cluster, scope: RunnerScope = {}) {
    this.cluster = cluster;
    this.#scope = scope;
    this.watches = new Watches(cluster.world, cluster.model.changes);
  }

  bind(name: string, value: Value): void {
    this.bindings.set(name, value);
    this.cluster.model.changes.mark('bindings');
  }

  /**
   * Begins a verb; `end` is called once, now or in a later event. Arguments are those that the verb's schema gave. Returns the giving
   * up: nothing that the verb waits for concerns it any more, and `end` is not called.
   */
  run(
    verb: Verb,
    args: Readonly<Record<string, unknown>>,
    options: VerbOptions,
    end: (end: VerbEnd) => void,
  ): () => void {
    const run = new Run(this, options, end);
    verb.apply(run, args as never);
    return () => run.abandon();
  }

  /** Compiles a condition anew: `becomes` remembers what it saw. Throws `ExpressionError`. */
  condition(
    expression: Expression,
    place: ResolveScope['place'] = 'step',
    onSubject?: ResolveScope['onSubject'],
  ): Condition {
    return compileCondition(expression.root, this.resolver(place, onSubject));
  }

  evaluate(text: string): Value {
    return compileValue(parseValue(text), this.resolver('step')).read();
  }

  /** The window of an expression in this cluster's mode. */
  window({ temporal }: Expression): Window {
    const { mode } = this.cluster;
    return {
      ...(temporal.within && { withinUs: temporal.within[mode] }),
      ...(temporal.for && { forUs: temporal.for[mode] }),
    };
  }

  /** Judges a condition from now on, over its window. Returns the giving up. */
  judge(condition: Condition, window: Window, then: (verdict: Verdict) => void): () => void {
    const monitor = expectation(condition.test, window, this.cluster.world.nowUs);
    return this.watches.add(condition.domains, (nowUs) => {
      const judgement = monitor.judge(nowUs);
      if (judgement === 'pending') return { nextUs: monitor.deadlineUs };
      then({ passed: judgement === 'passed', observed: condition.observed(), expected: condition.expected() });
      return 'done';
    });
  }

  /** What names mean here, for who compiles an expression of their own. */
  resolver(place: ResolveScope['place'], onSubject?: ResolveScope['onSubject']): Resolver {
    const { cluster, bindings } = this;
    const { catalog = cluster.catalog, checked = false } = this.#scope;
    return resolverFor({
      catalog,
      model: cluster.model,
      mode: cluster.mode,
      place,
      binding: (name) => bindings.get(name),
      isBound: (name) => checked || bindings.has(name),
      ...(onSubject && { onSubject }),
    });
  }
}

class Run implements VerbRun {
  readonly cluster: Cluster;
  readonly timeoutUs: number;
  readonly #runner: VerbRunner;
  readonly #deadlineUs: number;
  readonly #end: (end: VerbEnd) => void;
  /** It waited for something that did not come in time. */
  #late = false;
  #verdict: Verdict | undefined;
  /** Somebody gave it up: whatever it still waits for comes to nothing. */
  #abandoned = false;

  constructor(runner: VerbRunner, { timeoutUs }: VerbOptions, end: (end: VerbEnd) => void) {
    this.cluster = runner.cluster;
    this.timeoutUs = timeoutUs;
    this.#runner = runner;
    this.#deadlineUs = runner.cluster.world.nowUs + timeoutUs;
    this.#end = end;
  }

  abandon(): void {
    this.#abandoned = true;
  }

  binding(name: string): Value | undefined {
    return this.#runner.bindings.get(name);
  }

  bind(name: string, value: Value): void {
    this.#runner.bind(name, value);
  }

  targets(target: Target, then: (nodes: readonly string[]) => void, accept?: (node: string) => boolean): void {
    const { cluster } = this;
    const live = (node: string) => !['stopped', 'off'].includes(cluster.model.nodes.state(node));
    const options = { accept: accept ?? live, binding: (name: string) => this.binding(name) };
    let nodes: readonly string[] = [];
    this.until(
      () => {
        nodes = resolveTarget(target, cluster, options);
        return nodes.length > 0;
      },
      (inTime) => {
        if (inTime) then(nodes);
        else
          this.giveUp(
            `nothing matched ${String(target)} within ${formatDuration(this.timeoutUs)}${this.#states(target)}`,
          );
      },
    );
  }

  /** What the nodes do that were meant by their names. */
  #states(target: Target): string {
    const { model, nodes } = this.cluster;
    const named = (Array.isArray(target) ? target : [target]).map((item) => nodeName(String(item)));
    const states = named.filter((name) => nodes.has(name)).map((name) => `${name} is ${model.nodes.state(name)}`);
    return states.length === 0 ? '' : `: ${states.join(', ')}`;
  }

  until(ready: () => boolean, then: (inTime: boolean) => void): void {
    this.#runner.watches.add('all', (nowUs) => {
      if (this.#abandoned) return 'done';
      const met = ready();
      if (!met && nowUs < this.#deadlineUs) return { nextUs: this.#deadlineUs };
      this.#late = !met;
      then(met);
      return 'done';
    });
  }

  done(outcome: Outcome): void {
    if (outcome.effect !== undefined) this.cluster.effects.add(outcome.effect);
    this.#over({ kind: 'done', outcome });
  }

  #over(end: VerbEnd): void {
    if (!this.#abandoned) this.#end(end);
  }

  noEffect(resolved: readonly string[], why: string): void {
    this.#over({ kind: 'no-effect', resolved, why });
  }

  /** A verb that fails because its time is up has not failed for sure. */
  fail(message: string): void {
    if (this.#late) this.giveUp(message);
    else this.#over({ kind: 'failed', message, ...(this.#verdict && { verdict: this.#verdict }) });
  }

  giveUp(message: string): void {
    this.#over({ kind: 'gave-up', message });
  }

  after(delayUs: number, then: () => void): void {
    const { world } = this.cluster;
    world.at(
      world.nowUs + delayUs,
      () => {
        if (!this.#abandoned) then();
      },
      undefined,
    );
  }

  judge(text: string, then: (verdict: Verdict) => void): void {
    const expression = parseExpression(text);
    this.#runner.judge(this.#runner.condition(expression), this.#runner.window(expression), (verdict) => {
      this.#verdict = verdict;
      then(verdict);
    });
  }

  waitUntil(text: string, then: (verdict: Verdict) => void): void {
    const expression = parseExpression(text);
    const window = this.#runner.window(expression);
    const patience = window.withinUs === undefined ? { ...window, withinUs: this.timeoutUs } : window;
    this.#runner.judge(this.#runner.condition(expression), patience, then);
  }

  line(text: string, then: (answer: LineAnswer) => void): void {
    const { takeLine } = this.#runner;
    if (takeLine === undefined) this.fail('nobody takes lines of the prompt here');
    else takeLine(text, then);
  }

  evaluate(expression: string): Value {
    return this.#runner.evaluate(expression);
  }
}

/** What `as` binds for these nodes: one is itself, several are a list. */
export function boundValue(resolved: readonly string[]): Value {
  const values = resolved.map(nodeValue);
  return values.length === 1 ? values[0]! : values;
}
