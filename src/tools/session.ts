/** A person's or a script's session with a running cluster: takes lines, runs verbs, answers questions. */
import type { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { ExpressionError } from '../cluster/expression/ast.ts';
import { nodeValue, type Value } from '../cluster/expression/value.ts';
import type { RunChecker } from '../cluster/ports.ts';
import { SelectorError } from '../cluster/selectors.ts';
import { type VerbEnd, VerbRunner } from '../cluster/verb-runner.ts';
import { expect } from '../cluster/verbs/expect.ts';
import { LineError, parseLine, type StepInput } from '../cluster/verbs/line.ts';
import { DEFAULT_TIMEOUT_US, StepKeys } from '../cluster/verbs/step-keys.ts';
import type { LineAnswer, Verb } from '../cluster/verbs/verb.ts';
import { waitFor } from '../cluster/verbs/wait-for.ts';
import type { TraceEvent } from '../kernel/api.ts';
import { timeText } from './causes.ts';
import { argumentMistake, checkArguments } from './check-line.ts';
import { Lookout } from './diagram/lookout.ts';
import { scenarioEvents } from './events.ts';
import { readHeredoc } from './heredoc.ts';
import { kafkaTool } from './kafka/run-tool.ts';
import { Notices } from './notices.ts';
import { PipeError, readPipes } from './pipes.ts';
import { answerQuestion, firstWords, isQuestion } from './questions/index.ts';
import { Watched } from './watched.ts';
import { whyOf } from './why/explain.ts';
import { History } from './why/history.ts';
import type { Why } from './why/telling.ts';
import { expressionCauses } from './why/verdict.ts';
import { zkTool } from './zk/run.ts';
import { ZkShell } from './zk/shell.ts';

/** What came of a line. */
export interface Reply {
  readonly ok: boolean;
  readonly lines: readonly string[];
  /** What the lines say, for `-o json`; left out: they say it themselves. */
  readonly data?: readonly unknown[];
  /** Of a check that failed: why what it speaks of was as it was just then. */
  readonly causes?: readonly string[];
  /** How the verb ended, where the line was one that ran. */
  readonly end?: VerbEnd;
  /** The person wants to leave. */
  readonly exit?: boolean;
}

/** A line that has not ended. */
interface Running {
  readonly text: string;
  readonly end: (reply: Reply) => void;
  /** Whatever it waits for concerns it no more. */
  abandon: () => void;
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
  readonly zk: ZkShell;
  /** What diagrams are drawn from. */
  readonly lookout: Lookout;
  #line = 0;
  #running: Running[] = [];
  /** A line is being taken for another one, which has begun. */
  #within = false;

  /** With a runner of its own, a scenario gives commands too. */
  constructor(cluster: Cluster, checker: RunChecker | undefined, runner?: VerbRunner) {
    this.cluster = cluster;
    this.checker = checker;
    this.runner = runner ?? new VerbRunner(cluster);
    this.runner.takeLine = (text, then) => this.#takeLine(text, then);
    this.author = runner === undefined ? 'you typed' : 'the command was';
    this.history = new History(cluster.trace);
    this.notices = new Notices(cluster.world);
    this.watched = new Watched(cluster, this.runner, this.notices);
    this.zk = new ZkShell(cluster, this.notices);
    this.lookout = new Lookout(cluster);
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
    const running: Running = {
      text: line,
      abandon() {},
      end: (reply) => {
        const at = this.#running.indexOf(running);
        if (at < 0) return;
        this.#running.splice(at, 1);
        done(reply);
      },
    };
    this.#running.push(running);
    try {
      this.#answer(line, running);
    } catch (thrown) {
      if (!isMistake(thrown)) throw thrown;
      running.end({ ok: false, lines: [mistakeText(thrown)] });
    }
  }

  /** For the verb `run`. */
  #takeLine(text: string, then: (answer: LineAnswer) => void): void {
    const before = this.#within;
    this.#within = true;
    this.execute(text, ({ ok, lines, end }) => then({ ok, lines, resolved: resolvedBy(end) }));
    this.#within = before;
  }

  /** Gives up the line that began last and still runs; its text, or undefined where none does. What it has done stays done. */
  cancel(): string | undefined {
    // The last one is the line that asks for it.
    const running = this.#running.at(-2);
    if (running === undefined) return undefined;
    const { world } = this.cluster;
    world.cause = world.emit(scenarioEvents['step-ended'], [this.#line, 'cancelled', running.text]);
    running.abandon();
    running.end({ ok: false, lines: [`cancelled: ${running.text}`] });
    return running.text;
  }

  #answer(text: string, running: Running): void {
    const { line: whole, fed } = readHeredoc(text);
    const { line, filter } = readPipes(whole);
    const done = (reply: Reply): void => running.end(filter === undefined ? reply : { ...reply, lines: filter(reply) });
    const tool = kafkaTool(this, line, fed, done) ?? zkTool(this, line, done);
    if (tool !== undefined) {
      running.abandon = tool;
      return;
    }
    if (fed !== undefined)
      throw new PipeError('only a tool of Kafka’s takes lines behind <<, as kafka-console-producer');
    if (!answerQuestion(this, line, done)) running.abandon = this.#perform(parseLine(line, firstWords()), line, done);
  }

  /** Returns the giving up. */
  #perform({ verb, args, keys }: StepInput, text: string, done: (reply: Reply) => void): () => void {
    const read = verb.args.safeParse(args);
    const readKeys = StepKeys.safeParse(keys);
    if (!read.success || !readKeys.success) {
      const mistakes = (read.error?.issues ?? []).map((issue) => argumentMistake(verb, args, issue));
      const inKeys = (readKeys.error?.issues ?? []).map(({ path, message }) => `--${path.join('.')}: ${message}`);
      done({ ok: false, lines: [...mistakes, ...inKeys] });
      return nothing;
    }
    const refused = Object.keys(readKeys.data).find((key) => !PROMPT_KEYS.includes(key));
    if (refused !== undefined) {
      done({
        ok: false,
        lines: [`--${refused} belongs into a scenario; at the prompt there is --${PROMPT_KEYS.join(', --')}`],
      });
      return nothing;
    }
    checkArguments(verb, read.data, this.cluster, this.runner.bindings);
    this.begin(text);
    const timeoutUs = readKeys.data.timeout ?? verb.timeoutUs ?? DEFAULT_TIMEOUT_US;
    return this.runner.run(verb, read.data, { timeoutUs }, (end) => {
      this.#keep(end, readKeys.data);
      const { expression } = read.data;
      const failed = end.kind === 'failed' || end.kind === 'gave-up';
      done(failed && CHECKS.includes(verb) ? this.#disappointed(end, String(expression)) : replyTo(end));
    });
  }

  /** What was expected did not come: why is what it speaks of as it is? */
  #disappointed(end: VerbEnd, expression: string): Reply {
    const reply = replyTo(end);
    const causes = expressionCauses(expression, this.runner, this.why);
    return { ...reply, lines: [...reply.lines, ...causes.map((cause) => `  ${cause}`)], causes };
  }

  /** What `why` looks at. */
  get why(): Why {
    return whyOf(this.cluster, this.history, this.author, this.checker);
  }

  /** Whatever a line brings about from here on has it as its cause. */
  begin(text: string): void {
    if (this.#within) return;
    const { world } = this.cluster;
    this.#line += 1;
    world.cause = world.emit(scenarioEvents['step-begun'], [this.#line, text]);
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

export function withoutComment(text: string): string {
  if (text.includes('\n')) return text.trim();
  // `why #1234` and `--around #1234` name an event.
  return text.replace(/(^|\s)#(?!\d+(\s|$)).*$/, '').trim();
}

const CHECKS: readonly Verb[] = [expect, waitFor];

const PROMPT_KEYS: readonly string[] = ['as', 'during', 'timeout'];

/** What was typed wrong, and what to write instead. */
export function mistakeText(thrown: Error): string {
  const hint = 'hint' in thrown && thrown.hint !== undefined ? ` - ${thrown.hint}` : '';
  return `${thrown.message}${hint}`;
}

export function isMistake(thrown: unknown): thrown is LineError | ExpressionError | SelectorError | PipeError {
  return (
    thrown instanceof PipeError ||
    thrown instanceof LineError ||
    thrown instanceof ExpressionError ||
    thrown instanceof SelectorError
  );
}

function nothing(): void {}

/** Nodes and things that a line met. */
export function resolvedBy(end: VerbEnd | undefined): readonly string[] {
  if (end?.kind === 'done') return end.outcome.resolved;
  return end?.kind === 'no-effect' ? end.resolved : [];
}

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
