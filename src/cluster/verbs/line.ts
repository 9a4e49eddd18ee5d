/**
 * A verb as one types it: `kill leader(orders-0) --as dead`, `partition 1,2 | 3`, `produce orders --key k --acks all`. A line
 * and a step of a scenario are two spellings of the same thing, so that a typed session can be saved as a scenario.
 */
import type { z } from 'zod';
import { nearest } from '../../config/nearest.ts';
import { argumentKind } from './arguments.ts';
import { VERBS, verbNamed } from './index.ts';
import { valueText } from './let.ts';
import { isSwitch, mergeValues, printValue, readValue } from './line-values.ts';
import { isStepKey, STEP_KEYS, type StepKey, stepKeys } from './step-keys.ts';
import type { Verb } from './verb.ts';

/** A verb with its arguments in YAML's shape (not yet read by its schema), and the keys of its step. */
export interface StepInput {
  readonly verb: Verb;
  readonly args: Readonly<Record<string, unknown>>;
  readonly keys: Readonly<Record<string, unknown>>;
}

/** A mistake in a line: where it stands in the text, and what to write instead. */
export class LineError extends Error {
  readonly span: { readonly start: number; readonly end: number };
  readonly hint: string | undefined;
  constructor(message: string, span: LineError['span'], hint?: string) {
    super(message);
    this.name = 'LineError';
    this.span = span;
    this.hint = hint;
  }
}

interface Option {
  readonly name: string;
  readonly text: string | undefined;
  readonly start: number;
}

/** Reads a line. Throws `LineError` for an unknown verb or option (`otherWords` can stand in the place of a verb, too); values are checked by the verb's schema later. */
export function parseLine(line: string, otherWords: readonly string[] = []): StepInput {
  const match = /^\s*([\w-]+)/.exec(line);
  if (match === null) throw new LineError('a verb is missing', { start: 0, end: line.length });
  const name = match[1]!;
  const verb = verbNamed(name);
  const start = match[0].length - name.length;
  if (verb === undefined) {
    const hint = nearest(name, [...VERBS.map((known) => known.name), ...otherWords]);
    throw new LineError(
      `there is no verb "${name}"`,
      { start, end: start + name.length },
      hint ? `did you mean ${hint}?` : otherWords.length > 0 ? '`help` lists what there is' : undefined,
    );
  }
  const { subject, options } = cut(line, match[0].length, verb);
  const args: Record<string, unknown> = {};
  const keys: Record<string, unknown> = {};
  if (subject.text !== '') readSubject(verb, subject.text, subject.start, args);
  for (const option of options) readOption(verb, option, args, keys);
  return { verb, args, keys };
}

/** Parts the text behind the verb into the subject and the options. Free text and expressions end only at a key of the step. */
function cut(line: string, from: number, verb: Verb) {
  const kind = verb.subject === null ? undefined : argumentKind(verb.args.shape[verb.subject] as z.ZodType);
  const free = kind === 'expression' || kind === 'text';
  const known = (word: string) => !free || isStepKey(word) || Object.hasOwn(verb.args.shape, word);
  const options: { name: string; start: number; end: number; valueFrom: number }[] = [];
  let quote = '';
  for (let position = from; position < line.length; position++) {
    const char = line[position]!;
    if (quote !== '') {
      if (char === '\\' && quote === '"') position += 1;
      else if (char === quote) quote = '';
      continue;
    }
    if ((char === '"' || (char === "'" && !free)) && /[\s=([,]/.test(line[position - 1] ?? ' ')) {
      quote = line.indexOf(char, position + 1) < 0 ? '' : char;
      continue;
    }
    const option = /^\s--([A-Za-z][\w-]*)(=|(?=\s)|$)/.exec(line.slice(position));
    if (option === null || !known(camel(option[1]!))) continue;
    options.push({ name: option[1]!, start: position + 1, end: 0, valueFrom: position + option[0].length });
    position += option[0].length - 1;
  }
  const ends = [...options.slice(1).map((next) => next.start), line.length];
  const subjectEnd = options[0]?.start ?? line.length;
  const raw = line.slice(from, subjectEnd);
  return {
    subject: { text: raw.trim(), start: from + raw.length - raw.trimStart().length },
    options: options.map(({ name, start, valueFrom }, index): Option => {
      const text = line.slice(valueFrom, ends[index]).trim();
      return { name, start, text: text === '' ? undefined : text };
    }),
  };
}

function readSubject(verb: Verb, text: string, start: number, args: Record<string, unknown>): void {
  if (verb.name === 'let') {
    const binding = /^([A-Za-z_][\w-]*)\s*=\s*(.+)$/.exec(text);
    if (binding === null)
      throw new LineError('a value is missing', { start, end: start + text.length }, 'write let name = VALUE');
    args[binding[1]!] = binding[2]!;
    return;
  }
  if (verb.subject === null) {
    throw new LineError(
      `${verb.name} takes ${Object.keys(verb.args.shape).length === 0 ? 'nothing behind it' : 'options only'}`,
      { start, end: start + text.length },
      `for example: ${verb.examples[0]!.prompt}`,
    );
  }
  const schema = verb.args.shape[verb.subject] as z.ZodType;
  args[verb.subject] = readValue(schema, text);
}

function readOption(verb: Verb, option: Option, args: Record<string, unknown>, keys: Record<string, unknown>): void {
  const name = camel(option.name);
  const shape: Record<string, z.ZodType> = verb.args.shape as Record<string, z.ZodType>;
  const own = Object.hasOwn(shape, name) || verb.name === 'let';
  const span = { start: option.start, end: option.start + 2 + option.name.length };
  if (!own && !isStepKey(name)) {
    const hint = nearest(name, [...Object.keys(shape), ...STEP_KEYS]);
    const own = Object.keys(shape).filter((known) => known !== verb.subject);
    const takes =
      own.length === 0 ? 'it has none of its own' : `it takes ${own.map((known) => `--${known}`).join(', ')}`;
    throw new LineError(`${verb.name} has no option --${option.name}`, span, hint ? `did you mean --${hint}?` : takes);
  }
  const schema = Object.hasOwn(shape, name) ? shape[name]! : own ? undefined : stepKeys[name as StepKey];
  const into = own ? args : keys;
  if (schema === undefined) into[name] = option.text ?? '';
  else if (option.text !== undefined) into[name] = mergeValues(into[name], readValue(schema, option.text));
  else if (isSwitch(schema)) into[name] = true;
  else throw new LineError(`--${option.name} needs a value`, span);
}

/** `replication-factor` → `replicationFactor`. */
function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Keys that reports leave out: they say when a step ran, and its line says so already. */
export const TIMING_KEYS: ReadonlySet<string> = new Set<StepKey>(['at', 'after', 'note', 'skip', 'only']);

/** Prints a step as a line; `parseLine` of it gives the same step. Keys in `without` are left out. */
export function printLine({ verb, args, keys }: StepInput, without: ReadonlySet<string> = new Set()): string {
  const parts: string[] = [verb.name];
  const shape: Record<string, z.ZodType> = verb.args.shape as Record<string, z.ZodType>;
  const { subject } = verb;
  if (subject !== null && args[subject] !== undefined) parts.push(printSubject(shape[subject]!, args[subject]));
  const options = verb.name === 'let' ? [] : Object.keys(shape).filter((name) => name !== subject);
  for (const name of options) if (args[name] !== undefined) parts.push(...printOption(name, shape[name]!, args[name]));
  if (verb.name === 'let') {
    const bound = Object.entries(args);
    if (bound.length === 1) parts.push(`${bound[0]![0]} = ${valueText(bound[0]![1])}`);
    else for (const [name, value] of bound) parts.push(`--${name} ${valueText(value)}`);
  }
  for (const key of STEP_KEYS)
    if (keys[key] !== undefined && !without.has(key)) parts.push(...printOption(key, stepKeys[key], keys[key]));
  return parts.join(' ');
}

function printSubject(schema: z.ZodType, value: unknown): string {
  const kind = argumentKind(schema);
  return kind === 'text' && typeof value === 'string' && !/^\s|\s$|^["']| --/.test(value)
    ? value
    : printValue(schema, value).join(' ');
}

function printOption(name: string, schema: z.ZodType, value: unknown): readonly string[] {
  if (isSwitch(schema)) return [value === true ? `--${name}` : `--${name} ${String(value)}`];
  return printValue(schema, value).map((text) => `--${name} ${text}`);
}
