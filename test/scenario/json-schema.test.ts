/** The JSON Schema that editors get accepts what the reader accepts, and knows every verb and key. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { VERBS } from '../../src/cluster/verbs/index.ts';
import { type JsonSchema, scenarioJsonSchema } from '../../src/scenario/json-schema.ts';

const SCHEMA = scenarioJsonSchema();

/** The part of a schema that a `$ref` names. */
function resolve(schema: JsonSchema): JsonSchema {
  const ref = schema.$ref;
  if (typeof ref !== 'string') return schema;
  let found: unknown = SCHEMA;
  for (const step of ref.slice(2).split('/')) found = (found as Record<string, unknown>)[step];
  if (found === undefined) throw new Error(`${ref} leads nowhere`);
  return resolve(found as JsonSchema);
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
};

/** The keywords that the schema uses for its structure, as draft 07 means them. */
function accepts(reference: JsonSchema, value: unknown): boolean {
  const schema = resolve(reference);
  const { type, anyOf, properties, additionalProperties, required, items } = schema as {
    readonly type?: string | readonly string[];
    readonly anyOf?: readonly JsonSchema[];
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly additionalProperties?: boolean | JsonSchema;
    readonly required?: readonly string[];
    readonly items?: JsonSchema | readonly JsonSchema[];
  };
  if (type !== undefined && ![type].flat().some((name) => TYPES[name]!(value))) return false;
  if ('const' in schema && schema.const !== value) return false;
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return false;
  if (anyOf !== undefined && !anyOf.some((branch) => accepts(branch, value))) return false;
  if (Array.isArray(value) && items !== undefined)
    return value.every((item, index) => {
      const schemaOfItem = Array.isArray(items) ? (items[index] as JsonSchema | undefined) : (items as JsonSchema);
      return schemaOfItem !== undefined && accepts(schemaOfItem, item);
    });
  if (!TYPES['object']!(value)) return true;
  const entries = Object.entries(value as Record<string, unknown>);
  if (required?.some((key) => !entries.some(([name]) => name === key))) return false;
  return entries.every(([key, item]) => {
    const known = properties?.[key];
    if (known !== undefined) return accepts(known, item);
    return typeof additionalProperties === 'object'
      ? accepts(additionalProperties, item)
      : additionalProperties !== false;
  });
}

const read = (file: string): unknown =>
  parse(readFileSync(new URL(`../../scenarios/${file}`, import.meta.url), 'utf8'));
const FILES = readdirSync(new URL('../../scenarios/', import.meta.url)).filter((file) => file.endsWith('.yaml'));

describe('the JSON Schema', () => {
  test.each(FILES)('accepts %s', (file) => {
    expect(accepts(SCHEMA, read(file))).toBe(true);
  });

  test.each([
    ['a misspelt key', { version: 1, name: 'x', step: [] }],
    ['another version', { version: 2, name: 'x' }],
    ['no name', { version: 1 }],
    ['a misspelt key of the cluster', { version: 1, name: 'x', cluster: { broker: 3 } }],
    ['an unknown verb', { version: 1, name: 'x', steps: [{ kil: 1 }] }],
    ['an unknown option of a verb', { version: 1, name: 'x', steps: [{ kill: 1, durin: '5s' }] }],
    ['two verbs in one step', { version: 1, name: 'x', steps: [{ kill: 1, wait: '5s' }] }],
    [
      'an unknown verb in a repetition',
      { version: 1, name: 'x', steps: [{ repeat: { times: 2, steps: [{ kil: 1 }] } }] },
    ],
  ])('refuses %s', (_, value) => {
    expect(accepts(SCHEMA, value)).toBe(false);
  });

  test("accepts every verb's examples", () => {
    const refused = VERBS.flatMap(({ name, examples }) =>
      examples
        .map(({ yaml }) => ({ name, yaml, steps: parse(`- ${yaml}`) as unknown }))
        .filter(({ steps }) => !accepts(SCHEMA, { version: 1, name: 'x', steps })),
    );
    expect(refused.map(({ name, yaml }) => `${name}: ${yaml}`)).toEqual([]);
  });
});
