/** A person's or a script's session with a running cluster: takes lines, runs verbs, answers questions. */
import type { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { ExpressionError } from '../cluster/expression/ast.ts';
import { nodeValue, type Value } from '../cluster/expression/value.ts';
import type { RunChecker } from '../cluster/ports.ts';
import { checkTarget, SelectorError } from '../cluster/selectors.ts';
import { type VerbEnd, VerbRunner } from '../cluster/verb-runner.ts';
import { argumentKind } from '../cluster/verbs/arguments.ts';
import { healsAll } from '../cluster/verbs/heal.ts';
import { LineError, parseLine, type StepInput } from '../cluster/verbs/line.ts';
import { DEFAULT_TIMEOUT_US, StepKeys } from '../cluster/verbs/step-keys.ts';
import type { Target } from '../cluster/verbs/verb.ts';
import type { TraceEvent } from '../kernel/api.ts';
import { timeText } from './causes.ts';
import { scenarioEvents } from './events.ts';
import { kafkaTool } from './kafka/run-tool.ts';
import { Notices } from './notices.ts';
import { PipeError, readPipes } from './pipes.ts';
import { answerQuestion, isQuestion } from './questions/index.ts';
import { Watched } from './watched.ts';
import { History } from './why/history.ts';

/** What came of a line. */
export interface Reply {
  readonly ok: boolean;
  readonly lines: readonly string[];
  /** How the verb ended, where the line was one that ran. */
  readonly end?: VerbEnd;
  /** The person wants to leave. */
  readonly exit?: boolean;
}

export class Session {
  readonly cluster: Cluster;
  readonly checker: RunChecker | undefined;
  readonly runner: VerbRunner;
  readonly history: History;
  /** Who gives commands here, as `why` says it. */
  readonly author: string;
  /** What it says unasked. */
  readonly notices: Notices;
  readonly watched: Watched;
  #line = 0;

  /** With a runner of its own, a scenario gives commands too. */
  constructor(cluster: Cluster, checker: RunChecker | undefined, runner?: VerbRunner) {
    this.cluster = cluster;
    this.checker = checker;
    this.runner = runner ?? new VerbRunner(cluster);
    this.author = runner === undefined ? 'you typed' : 'the command was';
    this.history = new History(cluster.trace);
    this.notices = new Notices(cluster.world);
    this.watched = new Watched(cluster, this.runner, this.notices);
  }

  /** It takes the place of a session with the same cluster at another moment, or on another branch. */
  takeOver(from: Session): void {
    this.notices.takeOver(from.notices);
    this.watched.takeOver(from.watched);
  }

  /** The latest notable events, oldest first. */
  get events(): readonly TraceEvent[] {
    return this.history.notable;
  }

  /** Runs a line; `done` is called once, now or when the verb has ended in a later event. */
  execute(text: string, done: (reply: Reply) => void): void {
    const line = withoutComment(text);
    if (line === '') return done({ ok: true, lines: [] });
    try {
      const { line: asked, filter } = readPipes(line);
      this.#answer(asked, filter === undefined ? done : (reply) => done({ ...reply, lines: filter(reply.lines) }));
    } catch (thrown) {
      if (!isMistake(thrown)) throw thrown;
      const hint = 'hint' in thrown && thrown.hint !== undefined ? ` - ${thrown.hint}` : '';
      done({ ok: false, lines: [`${thrown.message}${hint}`] });
    }
  }

  #answer(line: string, done: (reply: Reply) => void): void {
    if (answerQuestion(this, line, done) || kafkaTool(this, line, done)) return;
    this.#perform(parseLine(line), line, done);
  }

  #perform({ verb, args, keys }: StepInput, text: string, done: (reply: Reply) => void): void {
    const read = verb.args.safeParse(args);
    const readKeys = StepKeys.safeParse(keys);
    const issues = [...(read.error?.issues ?? []), ...(readKeys.error?.issues ?? [])];
    if (!read.success || !readKeys.success) return done({ ok: false, lines: issues.map(issueText(verb.name)) });
    const refused = Object.keys(readKeys.data).find((key) => !PROMPT_KEYS.includes(key));
    if (refused !== undefined)
      return done({
        ok: false,
        lines: [`--${refused} belongs into a scenario; at the prompt there is --${PROMPT_KEYS.join(', --')}`],
      });
    for (const [name, schema] of Object.entries(verb.args.shape)) {
      const value = read.data[name];
      if (value !== undefined && !healsAll(verb, value) && argumentKind(schema as z.ZodType) === 'target')
        checkTarget(value as Target, this.cluster.catalog, (bound) => this.runner.bindings.has(bound));
    }
    const { world } = this.cluster;
    this.#line += 1;
    world.cause = world.emit(scenarioEvents['step-begun'], [this.#line, text]);
    const timeoutUs = readKeys.data.timeout ?? verb.timeoutUs ?? DEFAULT_TIMEOUT_US;
    this.runner.run(verb, read.data, { timeoutUs }, (end) => {
      this.#keep(end, readKeys.data);
      done(replyTo(end));
    });
  }

  /** `--as` binds a name, `--during` ends a fault later. */
  #keep(end: VerbEnd, { as, during }: z.output<typeof StepKeys>): void {
    const { world, effects } = this.cluster;
    if (end.kind !== 'done') return;
    const { resolved, value, effect } = end.outcome;
    const bound: Value = value ?? (resolved.length === 1 ? nodeValue(resolved[0]!) : resolved.map(nodeValue));
    if (as !== undefined) this.runner.bind(as, bound);
    if (effect !== undefined && during !== undefined)
      world.at(world.nowUs + during, () => effects.undo(effect), undefined);
  }

  /** `5.000s`: since the cluster was ready. */
  get time(): string {
    return timeText(this.cluster.timeUs);
  }
}

/** Whether a line may change anything: it is neither a question nor empty. */
export function actsOn(text: string): boolean {
  const line = withoutComment(text);
  return line !== '' && !isQuestion(line);
}

function withoutComment(text: string): string {
  // `why #1234` names an event.
  return text.replace(/(?<!\bwhy)(^|\s)#.*$/, '').trim();
}

const PROMPT_KEYS: readonly string[] = ['as', 'during', 'timeout'];

function isMistake(thrown: unknown): thrown is LineError | ExpressionError | SelectorError | PipeError {
  return (
    thrown instanceof PipeError ||
    thrown instanceof LineError ||
    thrown instanceof ExpressionError ||
    thrown instanceof SelectorError
  );
}

const issueText =
  (verb: string) =>
  ({ path, message }: z.core.$ZodIssue): string =>
    `${verb}${path.length > 0 ? ` --${path.join('.')}` : ''}: ${message}; \`help ${verb}\` shows how it is written`;

function replyTo(end: VerbEnd): Reply {
  switch (end.kind) {
    case 'done': {
      const { output, resolved } = end.outcome;
      return { ok: true, lines: output ?? [resolved.length === 0 ? 'done' : `done: ${resolved.join(', ')}`], end };
    }
    case 'no-effect':
      return { ok: true, lines: [`no effect: ${end.why}`], end };
    case 'failed':
    case 'gave-up':
      return { ok: false, lines: [end.message], end };
  }
}
