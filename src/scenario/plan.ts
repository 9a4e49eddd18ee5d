/** What a scenario says, read and checked: everything that a player needs, and nothing that may be wrong. */
import type { ClientOptions } from '../cluster/client-options.ts';
import type { ClusterOptions, Mode } from '../cluster/options.ts';
import type { StepKeyValues } from '../cluster/verbs/step-keys.ts';
import type { Verb } from '../cluster/verbs/verb.ts';

export interface VerbStep {
  readonly kind: 'verb';
  /** First line of the item. */
  readonly line: number;
  /** As it would be typed. */
  readonly text: string;
  readonly verb: Verb;
  /** As the verb's schema reads them. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly keys: StepKeyValues;
}

export interface RepeatStep {
  readonly kind: 'repeat';
  readonly line: number;
  readonly text: string;
  readonly times: number;
  readonly everyUs: number | undefined;
  readonly keys: StepKeyValues;
  readonly steps: readonly Step[];
}

export type Step = VerbStep | RepeatStep;

/** All steps with a verb, those in repetitions too, in the order of the file. */
export function flatten(steps: readonly Step[]): readonly VerbStep[] {
  return steps.flatMap((step) => (step.kind === 'repeat' ? flatten(step.steps) : [step]));
}

/** Something judged without a step: under `always` or `finally`. */
export interface Standing {
  readonly line: number;
  readonly text: string;
  readonly fromUs: number | undefined;
  readonly untilUs: number | undefined;
}

export interface Plan {
  readonly file: string;
  readonly name: string;
  readonly about: string;
  readonly tags: readonly string[];
  readonly modes: readonly Mode[];
  readonly seed: number;
  readonly cluster: Omit<ClusterOptions, 'mode' | 'seed'>;
  readonly clients: readonly ClientOptions[];
  readonly steps: readonly Step[];
  readonly on: readonly Step[];
  readonly always: readonly Standing[];
  readonly finally: readonly Standing[];
}
