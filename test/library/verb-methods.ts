/** The types of the library's methods, one a verb, from the verbs' own files. */
import { z } from 'zod';
import { VERBS } from '../../src/cluster/verbs/index.ts';
import type { Verb } from '../../src/cluster/verbs/verb.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema | readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

/** A JSON Schema as a type of TypeScript. */
function typeText(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const).replaceAll('"', "'");
  if (schema.enum !== undefined) return union(schema.enum.map((value) => ({ const: value })));
  if (schema.anyOf !== undefined) return union(schema.anyOf);
  if (Array.isArray(schema.type)) return union(schema.type.map((type: string) => ({ type })));
  if (schema.type === 'array') return arrayText(schema.items);
  if (schema.type === 'object')
    return `Readonly<Record<string, ${typeof schema.additionalProperties === 'object' ? typeText(schema.additionalProperties) : 'unknown'}>>`;
  if (schema.type === 'integer') return 'number';
  if (schema.type === 'string' || schema.type === 'number' || schema.type === 'boolean') return schema.type;
  throw new Error(`no type for ${JSON.stringify(schema)}`);
}

const union = (schemas: readonly Schema[]): string => [...new Set(schemas.map(typeText))].join(' | ');

/** What most verbs are about has a name of its own. */
const TARGET = 'string | number | readonly (string | number)[]';
const named = (text: string): string => text.replaceAll(TARGET, 'Target');

function arrayText(items: Schema['items']): string {
  if (items === undefined) return 'readonly unknown[]';
  if ('length' in items) return `readonly [${items.map(typeText).join(', ')}]`;
  const item = typeText(items);
  return `readonly ${item.includes(' ') ? `(${item})` : item}[]`;
}

function method(verb: Verb): readonly string[] {
  const schema = z.toJSONSchema(verb.args, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as Schema;
  const { subject } = verb;
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => name !== subject);
  const own = fields.map(
    ([name, field]) => `readonly ${name}${schema.required?.includes(name) ? '' : '?'}: ${typeText(field)}`,
  );
  const needed = fields.some(([name]) => schema.required?.includes(name));
  const keys = verb.fault ? 'FaultKeys' : 'StepKeys';
  const rest = typeof schema.additionalProperties === 'object' ? [typeText(schema)] : [];
  const options = [...(own.length === 0 ? [] : [`{ ${own.join('; ')} }`]), ...rest, keys].join(' & ');
  const subjectSchema = subject === null ? undefined : schema.properties?.[subject];
  const optional = subject !== null && !schema.required?.includes(subject);
  const parameters = [
    ...(subjectSchema === undefined ? [] : [`${subject}${optional ? '?' : ''}: ${typeText(subjectSchema)}`]),
    `options${needed && !optional ? '' : '?'}: ${options}`,
  ];
  const example = verb.examples[0];
  return [
    `  /** ${upper(verb.summary)}.${verb.details === undefined ? '' : ` ${verb.details}`}${example === undefined ? '' : ` At the prompt: \`${example.prompt}\`.`} */`,
    `  ${verb.name}(${parameters.join(', ')}): Promise<VerbResult>;`,
  ];
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function verbMethods(): string {
  return `${[
    '// Made from src/cluster/verbs/ by `npx vitest run test/library -u`; not written by hand.',
    '// biome-ignore-all format: generated',
    '',
    '/** A node, a client, a selector (`leader(orders-0)`), `$name`, or a list of them. A number is a broker. */',
    `export type Target = ${TARGET};`,
    '',
    '/** What a verb came to. */',
    'export interface VerbResult {',
    '  /** Nodes, topics or partitions that it met. */',
    '  readonly resolved: readonly string[];',
    '  /** What the prompt would print. */',
    '  readonly lines: readonly string[];',
    '  /** What `as` would bind: of `produce` the offset, of `consume` the values. */',
    '  readonly value: unknown;',
    '  /** False: nothing changed its state, or nothing matched. */',
    '  readonly effect: boolean;',
    '}',
    '',
    '/** What every verb takes beside its own arguments. */',
    'export interface StepKeys {',
    '  /** A name for what it resolved to, for `$name` in later calls. */',
    '  readonly as?: string;',
    '  /** How long a selector or the verb itself may wait: `60s`. */',
    '  readonly timeout?: string;',
    '}',
    '',
    '/** What a fault takes, too. */',
    'export interface FaultKeys extends StepKeys {',
    '  /** Undone after this long: `20s`. */',
    '  readonly during?: string;',
    '}',
    '',
    '/** Every verb as a method: its subject, then its options. */',
    'export interface VerbMethods {',
    ...VERBS.flatMap(method).map(named),
    '}',
  ].join('\n')}\n`;
}
