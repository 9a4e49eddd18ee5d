/** How a client is written down: under `clients:` in a scenario, and behind the verb `addClient`. */
import { z } from 'zod';
import type { ConfigValue } from '../config/entry.ts';
import { validateConfig } from '../config/validate.ts';
import type { ClientOptions, ClientRole, Reading } from './client-options.ts';
import { OPERATOR_NODE } from './operator.ts';
import { OUTSIDE_NODE } from './outside.ts';
import * as argument from './verbs/arguments.ts';

/** Of a producing client that does not say. */
const DEFAULT_RATE = { count: 10, perUs: 1_000_000 };
const DEFAULT_VALUE_SIZE = 100;

/** Names that mean something else wherever a client can be named. */
const RESERVED: readonly string[] = [OPERATOR_NODE, OUTSIDE_NODE, 'world', 'clients', 'brokers', 'all'];

export const clientShape = {
  produce: argument.topic().optional().describe('topic to which it sends'),
  consume: argument.topics().optional().describe('topics that it reads'),
  transform: z
    .strictObject({ from: argument.topics(), to: z.string() })
    .optional()
    .describe('consumes, processes, produces'),
  rate: argument.rate().optional().describe('records a second or minute: 100/s'),
  keys: z.number().int().min(0).optional().describe('different keys that take turns'),
  valueSize: argument.size().optional().describe('bytes (100)'),
  members: z.number().int().min(1).max(1000).optional().describe('instances (1)'),
  group: z.string().optional().describe("consumer group; the client's name if left out"),
  transaction: z
    .strictObject({
      records: argument
        .count()
        .optional()
        .describe('so many records make a transaction; left out: until commit or abort'),
      abort: argument.share().optional().describe('share of the transactions that it aborts (0%)'),
    })
    .optional()
    .describe('of a producer with a transactional.id in its config'),
  process: argument.duration().optional().describe('time that a record takes'),
  commit: z.enum(['before', 'after', 'auto']).optional(),
  config: argument.configuration().optional().describe('producer.properties or consumer.properties'),
  start: z.boolean().optional().describe('false: startClient starts it'),
} satisfies z.ZodRawShape;

const shape = z.strictObject(clientShape);
export type ClientValue = z.output<typeof shape>;

/** Something that is wrong with a client, and the key where that stands; without one it is the client as a whole. */
export interface ClientProblem {
  readonly key?: string;
  readonly message: string;
  readonly hint?: string;
}

export function clientNameProblem(name: string, nodes: readonly string[]): ClientProblem | undefined {
  if (nodes.includes(name) || RESERVED.includes(name))
    return { message: `"${name}" is the name of a node`, hint: 'call the client otherwise' };
  if (!/^[\w.-]+$/.test(name))
    return { message: `"${name}" is not a name of a client`, hint: 'letters, digits, ".", "_" and "-"' };
  return undefined;
}

/** What does not go together, in what each schema takes. */
export function clientProblem(name: string, value: ClientValue): ClientProblem | undefined {
  const kinds = (['produce', 'consume', 'transform'] as const).filter((kind) => value[kind] !== undefined);
  if (kinds.length !== 1)
    return {
      message: kinds.length === 0 ? `client ${name} does nothing` : `client ${name} does two things`,
      hint: 'say one of produce: TOPIC, consume: TOPIC, transform: { from, to }',
    };
  const hasId = value.config?.['transactional.id'] !== undefined;
  if (value.transaction !== undefined && (value.produce === undefined || !hasId))
    return {
      key: 'transaction',
      message: `client ${name} has no transactions`,
      hint: 'say produce: TOPIC, and transactional.id in its config',
    };
  return undefined;
}

/** What is wrong with a setting of a client, or null. What consumes and produces takes the settings of both. */
export function clientSettingProblem(value: ClientValue, name: string, setting: ConfigValue): string | null {
  if (value.produce !== undefined) return validateConfig('producer', name, setting);
  const problem = validateConfig('consumer', name, setting);
  if (problem === null || value.transform === undefined) return problem;
  return validateConfig('producer', name, setting) === null ? null : problem;
}

/** Of a value without problems. */
export function clientOptions(name: string, value: ClientValue): ClientOptions {
  return {
    name,
    members: value.members ?? 1,
    config: Object.fromEntries(Object.entries(value.config ?? {}).map(([key, setting]) => [key, String(setting)])),
    start: value.start ?? true,
    role: roleOf(name, value),
  };
}

/** Topics that a client names. */
export function topicsOf({ role }: ClientOptions): readonly string[] {
  switch (role.kind) {
    case 'produce':
      return [role.topic];
    case 'consume':
      return role.topics;
    case 'transform':
      return [...role.from, role.to];
  }
}

function roleOf(name: string, value: ClientValue): ClientRole {
  if (value.produce !== undefined)
    return {
      kind: 'produce',
      topic: value.produce,
      rate: value.rate ?? DEFAULT_RATE,
      keys: value.keys ?? null,
      valueSize: value.valueSize ?? DEFAULT_VALUE_SIZE,
      transaction: value.transaction && {
        records: value.transaction.records ?? null,
        abortPerMille: perMille(value.transaction.abort),
      },
    };
  const reading: Reading = {
    group: value.group ?? name,
    processUs: value.process ?? 0,
    commit: value.commit ?? 'auto',
  };
  const { transform } = value;
  if (transform !== undefined) return { kind: 'transform', from: listOf(transform.from), to: transform.to, reading };
  return { kind: 'consume', topics: listOf(value.consume!), reading };
}

const listOf = (names: string | readonly string[]): readonly string[] => (typeof names === 'string' ? [names] : names);

function perMille(share: { readonly numerator: number; readonly denominator: number } | undefined): number {
  return share === undefined ? 0 : Math.round((share.numerator * 1000) / share.denominator);
}
