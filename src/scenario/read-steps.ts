/** From the steps of a file to verbs with their arguments: which key is the verb, which belong to the step, which to the verb. */

import type { z } from 'zod';
import { VERBS, verbNamed } from '../cluster/verbs/index.ts';
import { printLine, TIMING_KEYS } from '../cluster/verbs/line.ts';
import { isStepKey, STEP_KEYS, StepKeys } from '../cluster/verbs/step-keys.ts';
import type { Verb } from '../cluster/verbs/verb.ts';
import { nearest } from '../config/nearest.ts';
import type { Diagnostic } from './diagnostics.ts';
import { diagnose, shown } from './issues.ts';
import type { Step, VerbStep } from './plan.ts';
import { Repeat } from './schema.ts';
import type { Path, Source } from './source.ts';

type Raw = Readonly<Record<string, unknown>>;

/** A step with the places of its arguments in the file, for the checks that follow. */
export interface ReadStep {
  readonly step: VerbStep;
  readonly path: Path;
  /** Where an argument stands. */
  argumentPath(name: string): Path;
}

export interface ReadSteps {
  readonly steps: readonly Step[];
  /** All verbs' steps, nested ones too, in the order of the file. */
  readonly flat: readonly ReadStep[];
  /** Names that steps which could not be read would have bound: to use one is no second mistake. */
  readonly unread: readonly string[];
}

export function readSteps(source: Source, raws: readonly Raw[], path: Path, diagnostics: Diagnostic[]): ReadSteps {
  const steps: Step[] = [];
  const flat: ReadStep[] = [];
  const unread: string[] = [];
  for (const [index, raw] of raws.entries()) {
    const at = [...path, index];
    if ('repeat' in raw) {
      const nested = readRepeat(source, raw, at, diagnostics);
      if (nested !== undefined) {
        steps.push(nested.step);
        flat.push(...nested.flat);
        unread.push(...nested.unread);
      }
      continue;
    }
    const read = readStep(source, raw, at, diagnostics);
    if (read !== undefined) {
      steps.push(read.step);
      flat.push(read);
    } else if (typeof raw.as === 'string') unread.push(raw.as);
  }
  return { steps, flat, unread };
}

function readRepeat(source: Source, raw: Raw, path: Path, diagnostics: Diagnostic[]) {
  const { repeat, ...rest } = raw;
  const keys = readKeys(source, rest, path, diagnostics);
  const parsed = Repeat.safeParse(repeat, { reportInput: true });
  if (!parsed.success) {
    diagnostics.push(...diagnose(source, parsed.error.issues, [...path, 'repeat'], () => Object.keys(Repeat.shape)));
    return undefined;
  }
  const { times, every, steps: raws } = parsed.data;
  const inner = readSteps(source, raws, [...path, 'repeat', 'steps'], diagnostics);
  const line = source.lineOf(path);
  const step: Step = {
    kind: 'repeat',
    line,
    text: `repeat ${times} times`,
    times,
    everyUs: every,
    keys,
    steps: inner.steps,
  };
  return { step, flat: inner.flat, unread: inner.unread };
}

function readKeys(source: Source, raw: Raw, path: Path, diagnostics: Diagnostic[]): VerbStep['keys'] {
  const parsed = StepKeys.safeParse(raw, { reportInput: true });
  if (parsed.success) {
    const timings = STEP_KEYS.filter(
      (key) => (key === 'at' || key === 'after' || key === 'when') && raw[key] !== undefined,
    );
    if (timings.length > 1)
      diagnostics.push(
        source.point(
          { path: [...path, timings[1]!], at: 'key' },
          `"${timings[0]}" and "${timings[1]}" exclude each other`,
        ),
      );
    return parsed.data;
  }
  diagnostics.push(...diagnose(source, parsed.error.issues, path, () => STEP_KEYS));
  return {};
}

function readStep(source: Source, raw: Raw, path: Path, diagnostics: Diagnostic[]): ReadStep | undefined {
  const verb = verbOf(source, raw, path, diagnostics);
  if (verb === undefined) return undefined;
  const { args: rawArgs, keys: rawKeys, place } = split(raw, verb);
  const keys = readKeys(source, rawKeys, path, diagnostics);
  const argumentPath = (name: string): Path => [...path, ...place(name)];
  let parsed = verb.args.safeParse(rawArgs, { reportInput: true });
  if (!parsed.success) {
    const { issues } = parsed.error;
    diagnostics.push(...argumentMistakes(source, verb, issues, path, argumentPath));
    // What is right about the step is looked at all the same.
    parsed = verb.args.safeParse(without(rawArgs, issues));
    if (!parsed.success) return undefined;
  }
  const text = printLine({ verb, args: rawArgs, keys: rawKeys }, TIMING_KEYS);
  const step: VerbStep = { kind: 'verb', line: source.lineOf(path), text, verb, args: parsed.data, keys };
  return { step, path, argumentPath };
}

function argumentMistakes(
  source: Source,
  verb: Verb,
  issues: readonly z.core.$ZodIssue[],
  path: Path,
  argumentPath: (name: string) => Path,
): readonly Diagnostic[] {
  const known = [...Object.keys(verb.args.shape), ...STEP_KEYS];
  return issues.flatMap((issue) => {
    const [first, ...rest] = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
    const base = first === undefined ? [...path, verb.name] : argumentPath(String(first));
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownKey(source, key, argumentPath(key), verb, known));
    if (!isMissing(issue) || rest.length > 0) return diagnose(source, [{ ...issue, path: rest }], base, () => known);
    const place = { path: [...path, verb.name], at: 'key' } as const;
    return [source.point(place, `${verb.name} needs "${first}"`, `for example ${example(verb)}`)];
  });
}

/** The arguments about which nothing is wrong. */
function without(args: Raw, issues: readonly z.core.$ZodIssue[]): Raw {
  const wrong = new Set(
    issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])])),
  );
  return Object.fromEntries(Object.entries(args).filter(([name]) => !wrong.has(name)));
}

/** Not given, and needed. A union that nothing was given to counts too. */
const isMissing = ({ code, input }: { readonly code: string | undefined; readonly input?: unknown }): boolean =>
  (code === 'invalid_type' || code === 'invalid_union') && input === undefined;

const example = (verb: Verb) => verb.examples[0]!.yaml.replaceAll('\n  ', ', ');

function unknownKey(source: Source, key: string, path: Path, verb: Verb, known: readonly string[]): Diagnostic {
  if (verbNamed(key) !== undefined)
    return source.point(
      { path, at: 'key' },
      `a step holds one verb: "${verb.name}" and "${key}" are two`,
      'make two steps of them',
    );
  const hint = nearest(key, known);
  return source.point(
    { path, at: 'key' },
    `unknown key "${key}"`,
    hint ? `did you mean "${hint}"?` : `${verb.name} takes ${known.join(', ')}`,
  );
}

/** The verb of a step: the key that is one, and of which the others may be options. */
function verbOf(source: Source, raw: Raw, path: Path, diagnostics: Diagnostic[]): Verb | undefined {
  const others = Object.keys(raw).filter((key) => !isStepKey(key));
  const verbs = others.flatMap((key) => verbNamed(key) ?? []);
  const fitting = verbs.find((verb) => others.every((key) => key === verb.name || key in verb.args.shape));
  const verb = fitting ?? verbs[0];
  if (verb !== undefined) return verb;
  const unknown = others[0];
  if (unknown === undefined) {
    diagnostics.push(source.point({ path }, 'a step needs a verb', 'for example kill: leader(orders-0)'));
    return undefined;
  }
  const names = [...VERBS.map(({ name }) => name), 'repeat'];
  const hint = nearest(unknown, [...names, ...STEP_KEYS]);
  diagnostics.push(
    source.point(
      { path: [...path, unknown], at: 'key' },
      `unknown verb "${unknown}"`,
      hint ? `did you mean "${hint}"?` : undefined,
    ),
  );
  return undefined;
}

/** Parts the keys of a step: those of the verb, wherever they stand, and those of the step. */
function split(raw: Raw, verb: Verb) {
  const args: Record<string, unknown> = {};
  const keys: Record<string, unknown> = {};
  const inside = new Set<string>();
  const value = raw[verb.name];
  if (isMapping(value)) {
    for (const [key, inner] of Object.entries(value)) {
      // The keys of the step always belong to the step, even inside the verb's mapping.
      if (isStepKey(key) && !(key in verb.args.shape) && verb.name !== 'let') keys[key] = inner;
      else {
        args[key] = inner;
        inside.add(key);
      }
    }
  } else if (verb.subject !== null && value !== null && value !== undefined) args[verb.subject] = value;
  else if (value !== null && value !== undefined && value !== true) args[shown(value)] = value;
  for (const [key, inner] of Object.entries(raw)) {
    if (key === verb.name) continue;
    if (isStepKey(key) && !(key in verb.args.shape)) keys[key] = inner;
    else args[key] = inner;
  }
  const place = (name: string): Path =>
    inside.has(name) ? [verb.name, name] : name === verb.subject && !(name in raw) ? [verb.name] : [name];
  return { args, keys, place };
}

function isMapping(value: unknown): value is Raw {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
