/** The JSON Schema of a scenario file, for editors: from the schemas that read the file, and from every verb's own. */
import { z } from 'zod';
import { VERBS } from '../cluster/verbs/index.ts';
import { StepKeys } from '../cluster/verbs/step-keys.ts';
import type { Verb } from '../cluster/verbs/verb.ts';
import { Repeat, ScenarioFile } from './schema.ts';

/** A part of a JSON Schema. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

type Properties = Readonly<Record<string, JsonSchema>>;

const DIALECT = 'http://json-schema.org/draft-07/schema#';
const STEP = { $ref: '#/definitions/step' };
const STEPS = { type: 'array', items: STEP };

/** The whole schema, draft 07. */
export function scenarioJsonSchema(): JsonSchema {
  const file = schemaOf(ScenarioFile);
  const properties = file.properties as Properties;
  return {
    $schema: DIALECT,
    title: 'A scenario of kzsim',
    ...file,
    properties: { ...properties, steps: STEPS, on: STEPS },
    definitions: {
      stepKeys: { type: 'object', properties: schemaOf(StepKeys).properties },
      step: { anyOf: [...VERBS.map(verbStep), repeatStep()] },
    },
  };
}

/** A step with this verb: the subject behind it and the options beside it, or one mapping. */
function verbStep(verb: Verb): JsonSchema {
  const own = schemaOf(verb.args);
  const options = own.properties as Properties;
  const subject = verb.subject === null ? undefined : options[verb.subject];
  const beside = Object.fromEntries(Object.entries(options).filter(([name]) => name !== verb.subject));
  const mapping = { ...own, required: [] };
  const shapes: JsonSchema[] = [...(subject === undefined ? [] : [subject]), mapping];
  if (verb.subject === null) shapes.push({ type: 'null' });
  return {
    title: verb.name,
    type: 'object',
    properties: {
      [verb.name]: { description: describe(verb), anyOf: shapes },
      ...beside,
      ...stepKeyRefs(Object.keys(beside)),
    },
    required: [verb.name],
    additionalProperties: false,
  };
}

function describe({ summary, details, examples }: Verb): string {
  const example = examples[0];
  return [summary, details, example && `Example:\n${example.yaml}`].filter((part) => part !== undefined).join('\n');
}

function repeatStep(): JsonSchema {
  const repeat = schemaOf(Repeat);
  return {
    title: 'repeat',
    type: 'object',
    properties: {
      repeat: {
        description: 'plays steps several times, one round every so often',
        ...repeat,
        properties: { ...(repeat.properties as Properties), steps: STEPS },
      },
      ...stepKeyRefs([]),
    },
    required: ['repeat'],
    additionalProperties: false,
  };
}

/** The keys of steps, save those that a verb has for itself. */
function stepKeyRefs(taken: readonly string[]): Properties {
  const names = Object.keys(StepKeys.shape).filter((name) => !taken.includes(name));
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/definitions/stepKeys/properties/${name}` }]));
}

/** What a file may say, before it is read: what may be left out stays so. */
function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
  });
  return rest;
}
