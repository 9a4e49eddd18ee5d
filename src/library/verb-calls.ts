/** Every verb as a method: its arguments become the line that one would type, so that a recorded run knows them. */
import { VERBS } from '../cluster/verbs/index.ts';
import { printLine } from '../cluster/verbs/line.ts';
import { isStepKey } from '../cluster/verbs/step-keys.ts';
import type { Verb } from '../cluster/verbs/verb.ts';
import type { VerbMethods, VerbResult } from './verb-methods.ts';

export function verbCalls(run: (line: string) => Promise<VerbResult>): VerbMethods {
  const call =
    (verb: Verb) =>
    (...given: readonly unknown[]): Promise<VerbResult> =>
      run(lineOf(verb, given));
  // The types of these methods are made from the same verbs (test/library).
  return Object.fromEntries(VERBS.map((verb) => [verb.name, call(verb)])) as unknown as VerbMethods;
}

/** `kill`, ['broker-1', { as: 'dead' }] → `kill broker-1 --as dead`. */
export function lineOf(verb: Verb, given: readonly unknown[]): string {
  const [first, second] = verb.subject === null ? [undefined, given[0]] : given;
  const args: Record<string, unknown> = {};
  const keys: Record<string, unknown> = {};
  if (verb.subject !== null && first !== undefined) args[verb.subject] = first;
  for (const [name, value] of Object.entries(second ?? {})) {
    if (value === undefined) continue;
    if (isStepKey(name) && !Object.hasOwn(verb.args.shape, name)) keys[name] = value;
    else args[name] = value;
  }
  return printLine({ verb, args, keys });
}
