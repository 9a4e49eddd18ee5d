/** The kinds of arguments that verbs take, as zod schemas: one home for reading `5s`, `200/s`, `30%`, targets and names. */
import { z } from 'zod';
import { parseDuration, parseRate, parseShare, parseSize } from '../units.ts';

/** What an argument means, for completion, checks against the catalog, and help. */
export type ArgumentKind =
  | 'target'
  | 'endpoints'
  | 'groups'
  | 'partition'
  | 'partitions'
  | 'topic'
  | 'topics'
  | 'group'
  | 'client'
  | 'newName'
  | 'duration'
  | 'size'
  | 'share'
  | 'rate'
  | 'expression'
  | 'value'
  | 'api'
  | 'error'
  | 'topicConfig'
  | 'text';

const kinds = new WeakMap<z.ZodType, ArgumentKind>();

function marked<T extends z.ZodType>(schema: T, kind: ArgumentKind): T {
  kinds.set(schema, kind);
  return schema;
}

/** What kind of thing an argument's schema reads; undefined for plain numbers and switches. */
export function argumentKind(schema: z.ZodType): ArgumentKind | undefined {
  let inner: z.ZodType = schema;
  for (;;) {
    const kind = kinds.get(inner);
    if (kind !== undefined) return kind;
    if (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap() as z.ZodType;
    else return undefined;
  }
}

const name = z.union([z.string().min(1), z.number().int().nonnegative()]);

/** A node, client, selector or `$name`, or a list of them. */
export const target = () => marked(z.union([name, z.array(name).min(1)]), 'target');

/** Two sides of a link: `[A, B]`, each a target. */
export const endpoints = () =>
  marked(z.tuple([z.union([name, z.array(name)]), z.union([name, z.array(name)])]), 'endpoints');

/** Groups of nodes that cannot reach each other: `[[1, 2], [3]]` or `"1,2 | 3"`. */
export const groups = () =>
  marked(
    z.union([
      z.array(z.union([name, z.array(name).min(1)])).min(2),
      z.string().transform((text, context) => {
        const sides = text.split('|').map((side) => splitList(side));
        if (sides.length < 2 || sides.some((side) => side.length === 0)) {
          context.addIssue({ code: 'custom', message: 'groups are written "1,2 | 3" or [[1, 2], [3]]' });
          return z.NEVER;
        }
        return sides;
      }),
    ]),
    'groups',
  );

/** Splits `1, leader(orders-0), follower(orders-0, 2)` at the commas outside parentheses. */
export function splitList(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function read<T>(kind: ArgumentKind, parse: (text: string) => T | undefined, wanted: string) {
  return marked(
    z.union([z.string(), z.number()]).transform((value, context): T => {
      const parsed = parse(String(value));
      if (parsed !== undefined) return parsed;
      context.addIssue({ code: 'custom', message: `"${value}" is not ${wanted}` });
      return z.NEVER;
    }),
    kind,
  );
}

/** In microseconds. */
export const duration = () => read('duration', parseDuration, 'a duration (200us, 50ms, 5s, 1m30s, 2h)');
/** In bytes. */
export const size = () => read('size', parseSize, 'a size (200, 16KiB, 1MB)');
/** A fraction of two integers. */
export const share = () => read('share', parseShare, 'a share (5%, 0.5%)');
/** Events and the microseconds in which they happen. */
export const rate = () => read('rate', parseRate, 'a rate (100/s, 6/m)');
/** Bytes a second. */
export const throughput = () =>
  read('size', (text) => (text.endsWith('/s') ? parseSize(text.slice(0, -2)) : undefined), 'a throughput (1MiB/s)');

export const partition = () => marked(z.string(), 'partition');
export const partitions = () => marked(z.union([z.string(), z.array(z.string()).min(1)]), 'partitions');
export const topic = () => marked(z.string(), 'topic');
/** A topic, or a list of them. */
export const topics = () => marked(z.union([z.string(), z.array(z.string()).min(1)]), 'topics');
/** Of something that the verb makes. */
export const newName = () => marked(z.union([z.string(), z.number().transform(String)]), 'newName');
export const group = () => marked(z.string(), 'group');
export const client = () => marked(z.string(), 'client');
export const text = () => marked(z.union([z.string(), z.number().transform(String)]), 'text');
export const expression = () => marked(z.union([z.string(), z.boolean().transform(String)]), 'expression');
export const value = () => marked(z.union([z.string(), z.number(), z.boolean(), z.array(name)]), 'value');
export const api = () => marked(z.string(), 'api');
export const error = () => marked(z.string(), 'error');
export const configuration = () =>
  marked(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), 'topicConfig');
export const count = () => z.number().int().positive();
export const on = () => z.boolean();
