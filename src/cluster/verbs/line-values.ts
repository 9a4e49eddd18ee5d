/** Values of a verb's arguments between their shape in YAML and their shape in a line of the prompt. */
import { z } from 'zod';
import { type ArgumentKind, argumentKind, splitList } from './arguments.ts';
import { parseFlow, printFlow, quoted, scalar, splitOutside, unquote } from './flow.ts';

/** Kinds that are one text, whatever it looks like: `--key 007` is no number. */
const TEXTS: ReadonlySet<ArgumentKind | undefined> = new Set([
  'text',
  'topic',
  'group',
  'client',
  'newName',
  'partition',
  'api',
  'error',
  'value',
  'duration',
  'size',
  'share',
  'rate',
]);

/** Kinds that are one name, or a list of them. */
const LISTS: ReadonlySet<ArgumentKind | undefined> = new Set(['target', 'partitions', 'topics']);

/** What a schema reads, without what makes it optional. */
export function innerType(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap() as z.ZodType;
  return inner;
}

/** The texts that a schema names. */
export function literalsOf(schema: z.ZodType): readonly string[] {
  const inner = innerType(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(String);
  if (inner instanceof z.ZodBoolean) return ['true', 'false'];
  return inner instanceof z.ZodUnion ? inner.options.flatMap((option) => literalsOf(option as z.ZodType)) : [];
}

/** Whether a number may stand there beside the texts that a schema names. */
export function takesNumber(schema: z.ZodType): boolean {
  const inner = innerType(schema);
  if (inner instanceof z.ZodUnion) return inner.options.some((option) => takesNumber(option as z.ZodType));
  return inner instanceof z.ZodNumber;
}

/** Whether an argument is a switch: `--noWait` alone means true. */
export function isSwitch(schema: z.ZodType): boolean {
  const inner = innerType(schema);
  return inner instanceof z.ZodBoolean || (inner instanceof z.ZodLiteral && inner.value === true);
}

/** The value in YAML's shape. */
export function readValue(schema: z.ZodType, text: string): unknown {
  const kind = argumentKind(schema);
  if (kind === 'expression') return text;
  if (TEXTS.has(kind)) return unquote(text);
  if (kind === 'topicConfig') return text.startsWith('{') ? parseFlow(text) : readSettings(text);
  if (kind === 'groups') return text.startsWith('[') ? parseFlow(text) : text;
  if (kind === 'endpoints') {
    const sides = splitOutside(text, /[,|]/);
    return sides.length === 1 ? parseFlow(text) : sides.map(parseFlow);
  }
  if (LISTS.has(kind)) return readList(text, kind === 'target');
  if (innerType(schema) instanceof z.ZodArray)
    return text.startsWith('[') ? parseFlow(text) : readList(text, true, true);
  const bare = unquote(text);
  return bare.startsWith('[') || bare.startsWith('{') ? parseFlow(bare) : scalar(bare);
}

function readList(text: string, scalars: boolean, always = false): unknown {
  if (text.startsWith('[')) return parseFlow(text);
  const items = splitOutside(text, /[,\s]/).flatMap((item) =>
    item === '' ? [] : [scalars ? scalar(unquote(item)) : unquote(item)],
  );
  return items.length === 1 && !always ? items[0] : items;
}

/** `a=1,b=x,y` → a, and b with a comma in it. */
function readSettings(text: string): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  let last: string | undefined;
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) {
      last = part.slice(0, equals).trim();
      settings[last] = scalar(unquote(part.slice(equals + 1).trim()));
    } else if (last !== undefined) settings[last] = `${settings[last]},${part}`;
    else return { [text]: '' };
  }
  return settings;
}

/** One value of a repeated option: settings and lists grow, the rest is replaced. */
export function mergeValues(before: unknown, next: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(next)) return [...before, ...next];
  if (isMapping(before) && isMapping(next)) return { ...before, ...next };
  return next;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The texts of an option, one for each time that it is written; the inverse of `readValue`. */
export function printValue(schema: z.ZodType, value: unknown): readonly string[] {
  const kind = argumentKind(schema);
  if (kind === 'topicConfig' && isMapping(value))
    return Object.entries(value).map(([name, setting]) => `${name}=${printSetting(setting)}`);
  if (kind === 'groups' && Array.isArray(value))
    return [
      value.map((side: unknown) => (Array.isArray(side) ? side.map(printFlow).join(',') : printFlow(side))).join(' | '),
    ];
  if (kind === 'endpoints' && Array.isArray(value)) return [value.map(printFlow).join(',')];
  if (kind === 'expression' || kind === 'groups') return [String(value)];
  if (LISTS.has(kind) && Array.isArray(value)) return [value.map(printTarget).join(',')];
  if (kind === 'target') return [printTarget(value)];
  if (typeof value === 'string') return [quoted(value)];
  if (Array.isArray(value) && innerType(schema) instanceof z.ZodArray && value.every((item) => !Array.isArray(item)))
    return [value.map(printFlow).join(',')];
  return [printFlow(value)];
}

const printTarget = (value: unknown): string =>
  splitList(String(value)).length === 1 && !/\s/.test(String(value)) ? String(value) : printSpaced(String(value));

/** `follower(orders-0, 2)` keeps its blank within the parentheses. */
const printSpaced = (text: string): string => (splitOutside(text, /[,\s]/).length === 1 ? text : quoted(text));

const printSetting = (value: unknown): string => {
  const text = String(value);
  return /[\s"']/.test(text) ? quoted(text) : text;
};
