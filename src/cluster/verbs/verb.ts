/**
 * What a verb is. One file a verb in this folder and one line in `index.ts`: the YAML key, the prompt command, its completion,
 * the JSON Schema, the library's method and the page in `docs/` all come from it.
 */
import type { z } from 'zod';
import type { Cluster } from '../cluster.ts';
import type { Value } from '../expression/value.ts';
import type { Mode } from '../options.ts';

export type VerbFamily =
  | 'processes'
  | 'network'
  | 'disk'
  | 'clock'
  | 'protocol'
  | 'coordination'
  | 'administration'
  | 'clients'
  | 'zookeeper'
  | 'control';

export interface VerbExample {
  /** One step of a scenario, without the dash. */
  readonly yaml: string;
  /** The same at the prompt. */
  readonly prompt: string;
}

export interface Verb<Args extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly family: VerbFamily;
  /** One line: what it does to the cluster. */
  readonly summary: string;
  /** More, where a person would be surprised: which signal, what is kept, what real Kafka does then. */
  readonly details?: string;
  readonly examples: readonly VerbExample[];
  /** The argument that stands right behind the verb: `kill: leader(orders-0)` fills `target`. Null: it takes none. */
  readonly subject: string | null;
  readonly args: Args;
  /** Breaks something: `during` may undo it, `heal` does, and a run in which it had no effect is inconclusive. */
  readonly fault: boolean;
  /** It has the prompt take a line. */
  readonly takesLine?: true;
  /** Where it exists; left out: in both modes. */
  readonly modes?: readonly Mode[];
  /** How long it may take where its step has no `timeout`, in microseconds; left out: 60 s. */
  readonly timeoutUs?: number;
  /** Begins it. Ends with exactly one of `run.done`, `run.noEffect`, `run.fail`, now or in a later event. */
  apply(run: VerbRun, args: z.output<Args>): void;
}

/** A verb at work. */
export interface VerbRun {
  readonly cluster: Cluster;
  /** How long a selector or the verb itself may wait, from its beginning. */
  readonly timeoutUs: number;
  /** Value of `$name`; undefined before it is bound. */
  binding(name: string): Value | undefined;
  bind(name: string, value: Value): void;
  /**
   * Resolves targets to names of nodes among those that `accept` admits (default: not stopped), waiting for a match up to the timeout; fails the
   * run by itself when none comes. `then` is called once, with at least one name.
   */
  targets(target: Target, then: (nodes: readonly string[]) => void, accept?: (node: string) => boolean): void;
  /** Calls back after every event (and at the timeout with false) until `ready` says true: for verbs that block. */
  until(ready: () => boolean, then: (inTime: boolean) => void): void;
  /** Ended as meant. `resolved` are the nodes or things it met, `value` what `as` binds (the resolved, if left out). */
  done(outcome: Outcome): void;
  /** Nothing changed its state: the targets were already so, or nothing matched. */
  noEffect(resolved: readonly string[], why: string): void;
  fail(message: string): void;
  /** The time is up before it was known whether the verb does what it should: the run is inconclusive, not failed. */
  giveUp(message: string): void;
  /** Calls back after this much virtual time. */
  after(delayUs: number, then: () => void): void;
  /** Judges an expression, with its window, from now on. Throws `ExpressionError` for one that means nothing. */
  judge(expression: string, then: (verdict: Verdict) => void): void;
  /** Waits until an expression is true; false when the timeout came first. An expression with a window is judged by it. */
  waitUntil(expression: string, then: (verdict: Verdict) => void): void;
  /** Has the prompt take a line. */
  line(text: string, then: (answer: LineAnswer) => void): void;
  /** The present value of an expression. Throws `ExpressionError`. */
  evaluate(expression: string): Value;
}

/** What came of a line of the prompt. */
export interface LineAnswer {
  readonly ok: boolean;
  readonly lines: readonly string[];
  readonly resolved: readonly string[];
}

/** Takes a line as the prompt does. */
export type LineTaker = (text: string, then: (answer: LineAnswer) => void) => void;

/** What an expectation came to, in the words of the scenario language. */
export interface Verdict {
  readonly passed: boolean;
  readonly observed: string;
  readonly expected: string;
}

export interface Outcome {
  readonly resolved: readonly string[];
  readonly value?: Value;
  /** A fault that goes on: how to undo it, and how often it met something. */
  readonly effect?: FaultEffect;
  /** Lines for the prompt. */
  readonly output?: readonly string[];
}

export interface FaultEffect {
  /** The verb that did it. */
  readonly name: string;
  /** Nodes that it concerns, for `heal: broker-1`. */
  readonly nodes: readonly string[];
  /** Whether `heal` ends it, too: links, disks, clocks, requests. Processes come back by `during` or `start`. */
  readonly healable: boolean;
  /** How many segments, connections, requests or operations met it; undefined: its effect is sure (a killed process). */
  readonly hits?: () => number;
  /** Undoes it. Idempotent. */
  undo(): void;
}

/** A node, client, selector or `$name` as written, or a list of them. */
export type Target = string | number | readonly (string | number)[];
