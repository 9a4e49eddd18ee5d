/** The second pass over a file: names, expressions and times, checked against what the file itself declares. */
import type { z } from 'zod';
import {
  type ClientValue,
  clientNameProblem,
  clientProblem,
  clientSettingProblem,
  topicsOf,
} from '../cluster/client-shape.ts';
import { compileCondition, compileValue } from '../cluster/expression/compile.ts';
import type { Catalog } from '../cluster/names.ts';
import { resolverFor } from '../cluster/observables/resolve.ts';
import { brokerNode, type Mode } from '../cluster/options.ts';
import { checkPartition, checkTarget, SelectorError } from '../cluster/selectors.ts';
import { argumentKind } from '../cluster/verbs/arguments.ts';
import { healsAll } from '../cluster/verbs/heal.ts';
import { valueText } from '../cluster/verbs/let.ts';
import { nearest } from '../config/nearest.ts';
import { validateConfig } from '../config/validate.ts';
import { lineMistake } from '../tools/line-mistake.ts';
import { expressionMistakes } from './check-expression.ts';
import { checkTimes } from './check-times.ts';
import type { Diagnostic } from './diagnostics.ts';
import { type Created, createdBy, fileCatalog } from './file-catalog.ts';
import type { Plan } from './plan.ts';
import type { ReadStep } from './read-steps.ts';
import type { Path, Source } from './source.ts';

interface Steps {
  readonly steps: readonly ReadStep[];
  readonly on: readonly ReadStep[];
  readonly unread: readonly string[];
}

export function checkPlan(source: Source, plan: Plan, steps: Steps): readonly Diagnostic[] {
  const check = new PlanCheck(source, plan, steps);
  return check.run();
}

type Place = 'step' | 'always' | 'finally';

class PlanCheck {
  readonly #source: Source;
  readonly #plan: Plan;
  readonly #steps: Steps;
  readonly #created: Created;
  readonly #found: Diagnostic[] = [];
  /** Names of nodes, in all modes. */
  readonly #nodes: readonly string[];
  /** Bound so far, in the order of the steps. */
  readonly #bound = new Set<string>();

  constructor(source: Source, plan: Plan, steps: Steps) {
    this.#source = source;
    this.#plan = plan;
    this.#steps = steps;
    this.#created = createdBy([...steps.steps, ...steps.on].map(({ step }) => step));
    const { brokers, quorum } = fileCatalog(plan, this.#created, undefined);
    this.#nodes = [...brokers().map(brokerNode), ...quorum()];
  }

  run(): readonly Diagnostic[] {
    this.#checkBrokers();
    this.#checkTopics();
    this.#checkClients();
    this.#found.push(...checkTimes(this.#source));
    for (const name of this.#steps.unread) this.#bound.add(name);
    for (const read of this.#steps.steps) this.#checkStep(read);
    // Whether an armed step runs before or after another is not known: it may use any name, and any may use its names.
    for (const { step } of this.#steps.on) if (step.keys.as !== undefined) this.#bound.add(step.keys.as);
    for (const read of this.#steps.on) this.#checkStep(read);
    for (const key of ['always', 'finally'] as const)
      for (const [index, { text }] of this.#plan[key].entries()) {
        const path = this.#standingPath(key, index);
        this.#expression(text, path, key, this.#bound, this.#plan.modes);
        if (key === 'always') this.#checkAlways(text, path);
      }
    return this.#found;
  }

  /** Under `always` a window says how long something may be false. */
  #checkAlways(text: string, path: Path): void {
    const lasting = / for [^"']*$/.exec(text);
    if (lasting === null) return;
    const span = { start: lasting.index + 1, end: text.length };
    const hint = 'it holds all the time; "within 5s" lets it be false for 5 s';
    this.#found.push(this.#source.point({ path, span }, '"for" means nothing under "always"', hint));
  }

  #standingPath(key: string, index: number): Path {
    const list = (this.#source.value as Record<string, readonly unknown[]>)[key]!;
    return typeof list[index] === 'object' ? [key, index, 'expr'] : [key, index];
  }

  #say(path: Path, message: string, hint?: string, at?: 'key'): void {
    this.#found.push(this.#source.point(at === undefined ? { path } : { path, at }, message, hint));
  }

  #catalog(mode?: Mode): Catalog {
    return fileCatalog(this.#plan, this.#created, mode);
  }

  #checkBrokers(): void {
    const { brokers, quorum, combined } = this.#plan.cluster;
    for (const [index, { id }] of brokers.entries())
      if (brokers.findIndex((other) => other.id === id) < index)
        this.#say(['cluster', 'brokers', index, 'id'], `broker ${id} stands here twice`);
    if (combined && quorum > brokers.length)
      this.#say(
        ['cluster', 'quorum'],
        `${quorum} combined controllers need as many brokers`,
        `there are ${brokers.length}`,
      );
  }

  #checkTopics(): void {
    const ids = this.#plan.cluster.brokers.map(({ id }) => id);
    for (const { name, replicationFactor, assignment } of this.#plan.cluster.topics) {
      if (!/^[\w.-]{1,249}$/.test(name) || name === '.' || name === '..')
        this.#say(
          ['topics', name],
          `"${name}" is not a topic name`,
          'letters, digits, ".", "_" and "-", at most 249',
          'key',
        );
      if (replicationFactor !== undefined && replicationFactor > ids.length)
        this.#say(
          ['topics', name, 'replicationFactor'],
          `replication factor ${replicationFactor} needs as many brokers`,
          `there are ${ids.length}`,
        );
      for (const [index, replicas] of (assignment ?? []).entries()) {
        const stranger = replicas.find((id) => !ids.includes(id));
        if (stranger !== undefined)
          this.#say(
            ['topics', name, 'assignment', index],
            `there is no broker ${stranger}`,
            `brokers are ${ids.join(', ')}`,
          );
      }
    }
  }

  #checkClients(): void {
    for (const client of this.#plan.clients) {
      for (const topic of topicsOf(client)) this.#topic(topic, ['clients', client.name, client.role.kind]);
      this.#clientName(client.name, ['clients', client.name], 'key');
    }
  }

  #clientName(name: string, path: Path, at?: 'key'): void {
    const problem = clientNameProblem(name, this.#nodes);
    if (problem !== undefined) this.#say(path, problem.message, problem.hint, at);
  }

  /** A client that a step adds: as one under `clients:`. Topics are looked at as arguments of their kind. */
  #checkAdded({ step, argumentPath }: ReadStep): void {
    if (step.verb.name !== 'addClient') return;
    const { name, ...value } = step.args as { readonly name: string } & ClientValue;
    const problem = clientProblem(name, value);
    if (problem !== undefined) this.#say(argumentPath(problem.key ?? 'name'), problem.message, problem.hint, 'key');
    this.#clientName(name, argumentPath('name'));
    const sameName = [...this.#plan.clients, ...this.#created.clients].filter((client) => client.name === name);
    if (sameName.length > 1) this.#say(argumentPath('name'), `there are two clients "${name}"`);
    const { transform } = value;
    if (transform !== undefined)
      for (const topic of [transform.from, transform.to].flat()) this.#topic(topic, argumentPath('transform'));
    for (const [key, setting] of Object.entries(value.config ?? {})) {
      const wrong = clientSettingProblem(value, key, setting);
      if (wrong !== null) this.#say([...argumentPath('config'), key], wrong, undefined, 'key');
    }
  }

  #topic(topic: string, path: Path): void {
    const known = this.#catalog().topics();
    if (known.has(topic)) return;
    const hint = nearest(topic, [...known.keys()]);
    this.#say(path, `there is no topic "${topic}"`, hint ? `did you mean ${hint}?` : 'declare it under "topics:"');
  }

  /** Keys of a step that only make sense together. */
  #checkKeys({ step, path }: ReadStep): void {
    const { every, times, background, during } = step.keys;
    if (times !== undefined && every === undefined)
      this.#say([...path, 'times'], '"times" needs "every"', 'for example every: 10s, times: 5', 'key');
    if (every !== undefined && times === undefined && background !== true)
      this.#say([...path, 'every'], '"every" never ends here', 'add times: 5, or background: true', 'key');
    if (during !== undefined && !step.verb.fault)
      this.#say([...path, 'during'], `${step.verb.name} is not a fault: there is nothing to undo`, undefined, 'key');
  }

  #checkStep(read: ReadStep): void {
    const { step, path } = read;
    const modes = this.#modesOf(read);
    const missing = step.verb.modes && modes.find((mode) => !step.verb.modes!.includes(mode));
    if (missing !== undefined)
      this.#say(
        [...path, step.verb.name],
        `${step.verb.name} does not exist in ${missing} mode`,
        `name the modes of the file, or say "if: mode == ${step.verb.modes![0]}"`,
        'key',
      );
    if (step.keys.when !== undefined) this.#expression(step.keys.when, [...path, 'when'], 'step', this.#bound, modes);
    this.#checkKeys(read);
    const shape = step.verb.args.shape as Readonly<Record<string, z.ZodType>>;
    const raw = this.#rawArguments(read);
    for (const [name, schema] of Object.entries(shape))
      if (raw[name] !== undefined && !healsAll(step.verb, raw[name]))
        this.#argument(schema, raw[name], read.argumentPath(name), modes);
    this.#checkSettings(read, raw);
    this.#checkAdded(read);
    this.#checkLine(read);
    if (step.verb.name === 'let')
      for (const [name, value] of Object.entries(step.args)) {
        this.#expression(valueText(value), read.argumentPath(name), 'step', this.#bound, modes, true);
        this.#bound.add(name);
      }
    if (step.keys.as !== undefined) this.#bound.add(step.keys.as);
  }

  /** A line of the prompt. */
  #checkLine({ step, argumentPath }: ReadStep): void {
    const mistake = step.verb.name === 'run' ? lineMistake(String(step.args.line), this.#catalog()) : undefined;
    if (mistake !== undefined) this.#say(argumentPath('line'), mistake.message, mistake.hint);
  }

  /** Arguments as they stand in the file: positions in their texts are positions in it. */
  #rawArguments(read: ReadStep): Readonly<Record<string, unknown>> {
    const raw: Record<string, unknown> = {};
    for (const name of Object.keys(read.step.verb.args.shape))
      raw[name] = at(this.#source.value, read.argumentPath(name));
    return raw;
  }

  /** The modes in which a step runs: `if` may narrow them. */
  #modesOf({ step, path }: ReadStep): readonly Mode[] {
    const condition = step.keys.if;
    const { modes } = this.#plan;
    if (condition === undefined) return modes;
    if (!this.#expression(condition, [...path, 'if'], 'step', this.#bound, modes)) return modes;
    if (!/^\s*mode\s*(==|!=)\s*(kraft|zookeeper)\s*$/.test(condition)) return modes;
    const negated = condition.includes('!=');
    return modes.filter((mode) => condition.includes(mode) !== negated);
  }

  #argument(schema: z.ZodType, value: unknown, path: Path, modes: readonly Mode[]): void {
    switch (argumentKind(schema)) {
      case 'target':
        this.#targets(value, path);
        return;
      case 'endpoints':
      case 'groups':
        this.#targets(
          typeof value === 'string' ? value.split('|').flatMap((side) => side.split(/,(?![^(]*\))/)) : value,
          path,
        );
        return;
      case 'partition':
      case 'partitions':
        for (const name of Array.isArray(value) ? value : [value])
          this.#selector(path, () => checkPartition(String(name), this.#catalog()));
        return;
      case 'topic':
        this.#topic(String(value), path);
        return;
      case 'topics':
        for (const name of [value].flat()) this.#topic(String(name), path);
        return;
      case 'group':
        this.#group(String(value), path);
        return;
      case 'client':
        this.#client(String(value), path);
        return;
      case 'expression':
        this.#expression(String(value), path, 'step', this.#bound, modes);
        return;
      default:
    }
  }

  #group(name: string, path: Path): void {
    const known = [...this.#catalog().groups()];
    if (known.includes(name)) return;
    const hint = nearest(name, known);
    this.#say(path, `there is no group "${name}"`, hint ? `did you mean ${hint}?` : undefined);
  }

  #client(name: string, path: Path): void {
    const known = [...this.#catalog().clients().keys()];
    if (known.includes(name)) return;
    const hint = nearest(name, known);
    this.#say(path, `there is no client "${name}"`, hint ? `did you mean ${hint}?` : 'declare it under "clients:"');
  }

  /** Targets may be nested lists: sides of a link, groups of a partition. */
  #targets(value: unknown, path: Path): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#targets(typeof item === 'string' ? item.trim() : item, path);
      return;
    }
    this.#selector(path, () => checkTarget(value as string | number, this.#catalog(), (name) => this.#bound.has(name)));
  }

  #selector(path: Path, check: () => void): void {
    try {
      check();
    } catch (thrown) {
      if (!(thrown instanceof SelectorError)) throw thrown;
      this.#say(path, thrown.message, thrown.hint);
    }
  }

  #checkSettings({ step, argumentPath }: ReadStep, raw: Readonly<Record<string, unknown>>): void {
    const { broker } = raw;
    if (typeof broker === 'number' && !this.#catalog().brokers().includes(broker))
      this.#say(
        argumentPath('broker'),
        `there is no broker ${broker}`,
        `brokers are ${this.#catalog().brokers().join(', ')}`,
      );
    const scope = step.verb.name === 'alterConfig' && raw.broker !== undefined ? 'broker' : 'topic';
    for (const key of step.verb.name === 'alterConfig' ? ['set'] : step.verb.name === 'createTopic' ? ['config'] : [])
      for (const [name, value] of Object.entries((raw[key] as Record<string, string> | undefined) ?? {})) {
        const problem = validateConfig(scope, name, value);
        if (problem !== null) this.#say([...argumentPath(key), name], problem, undefined, 'key');
      }
  }

  /** Compiles an expression in every mode in which it is judged; says what is wrong with it, and whether it is right. */
  #expression(
    text: string,
    path: Path,
    place: Place,
    bound: ReadonlySet<string>,
    modes: readonly Mode[],
    isValue = false,
  ): boolean {
    const resolverOf = (mode: Mode) =>
      resolverFor({
        catalog: this.#catalog(mode),
        model: undefined,
        mode,
        place,
        binding: () => undefined,
        isBound: (name) => bound.has(name),
      });
    const mistakes = expressionMistakes(text, modes.map(resolverOf), isValue ? compileValue : compileCondition);
    for (const { span, message, hint } of mistakes) this.#found.push(this.#source.point({ path, span }, message, hint));
    return mistakes.length === 0;
  }
}

function at(value: unknown, path: Path): unknown {
  let found: unknown = value;
  for (const step of path) {
    if (found === null || typeof found !== 'object') return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}
