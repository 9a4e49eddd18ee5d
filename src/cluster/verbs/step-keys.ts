/** The keys that belong to a step whatever its verb is: when it runs, how often, and what of it is kept. */
import { z } from 'zod';
import * as argument from './arguments.ts';

export const stepKeys = {
  at: argument.duration().optional().describe('at this time of the run'),
  after: argument.duration().optional().describe('this long after the step before it ended'),
  when: argument.expression().optional().describe('as soon as this expression is true'),
  every: argument.duration().optional().describe('again after this long, the first at once'),
  times: argument.count().optional().describe('how often, with `every`'),
  background: argument.on().optional().describe('the next step does not wait for it'),
  during: argument.duration().optional().describe('of a fault: undone after this long'),
  timeout: argument.duration().optional().describe('how long `when`, a selector or a blocking verb may wait (60s)'),
  if: argument.expression().optional().describe('only when this is true'),
  as: z
    .string()
    .regex(/^[A-Za-z_][\w-]*$/, 'a name of letters, digits, _ and -')
    .optional()
    .describe('a name for what the target resolved to'),
  note: argument.text().optional().describe('narration for the dashboard and the reports'),
  skip: argument.on().optional().describe('leaves the step out'),
  only: argument.on().optional().describe('leaves all other steps out'),
};

export const StepKeys = z.strictObject(stepKeys);
export type StepKey = keyof typeof stepKeys;
export type StepKeyValues = z.output<typeof StepKeys>;

export const STEP_KEYS: readonly StepKey[] = Object.keys(stepKeys) as StepKey[];

export function isStepKey(name: string): name is StepKey {
  return Object.hasOwn(stepKeys, name);
}

/** How long `when`, selectors and blocking verbs wait where a step does not say. */
export const DEFAULT_TIMEOUT_US = 60_000_000;
