/** Which errors an answer carries, and of what: read by the schema of the answer, so that it holds for every API. */
import { ErrorCode } from '../protocol/errors.ts';
import type { Schema } from '../protocol/schema.ts';

/** An error in an answer. */
export interface ToldError {
  readonly code: number;
  /** `orders-0`, a topic, a group, a transactional id; null where the answer names none. */
  readonly of: string | null;
}

/** What of a struct is worth looking into; an error code, a name, a partition's number, or what holds such. */
interface Plan {
  readonly errors: readonly string[];
  readonly names: readonly string[];
  readonly numbers: readonly string[];
  readonly inner: readonly { readonly field: string; readonly isArray: boolean; readonly plan: Plan }[];
}

const NAMES: readonly string[] = [
  'name',
  'topic',
  'topicName',
  'topicId',
  'groupId',
  'transactionalId',
  'resourceName',
];
const NUMBERS: readonly string[] = ['partitionIndex', 'partition', 'index', 'partitionId'];
/** A first JoinGroup is answered so on purpose: the member takes its id, and asks again (KIP-394). */
const IN_ORDER: readonly number[] = [ErrorCode.NONE, ErrorCode.MEMBER_ID_REQUIRED];

const plans = new WeakMap<Schema<unknown>, Plan | null>();

/** Null: nothing in it can be an error. */
function planOf(schema: Schema<unknown>): Plan | null {
  const known = plans.get(schema);
  if (known !== undefined) return known;
  const fields = Object.entries(schema.fields ?? {});
  const named = (names: readonly string[]) => fields.flatMap(([name]) => (names.includes(name) ? [name] : []));
  const inner = fields.flatMap(([field, { kind, element, ...rest }]) => {
    const isArray = kind === 'array';
    const struct = isArray ? element! : ({ kind, element, ...rest } as Schema<unknown>);
    const plan = struct.kind === 'struct' ? planOf(struct) : null;
    return plan === null ? [] : [{ field, isArray, plan }];
  });
  const errors = named(['errorCode']);
  const plan =
    errors.length === 0 && inner.length === 0 ? null : { errors, names: named(NAMES), numbers: named(NUMBERS), inner };
  plans.set(schema, plan);
  return plan;
}

/** `nameOf`: newer versions name topics by id. */
export function errorsTold(
  schema: Schema<unknown>,
  body: unknown,
  nameOf: (topicId: string) => string | undefined,
): readonly ToldError[] {
  const plan = planOf(schema);
  const found: ToldError[] = [];
  if (plan !== null) collect(plan, body as Record<string, unknown>, null, nameOf, found);
  return found;
}

function collect(
  plan: Plan,
  value: Record<string, unknown>,
  within: string | null,
  nameOf: (topicId: string) => string | undefined,
  found: ToldError[],
): void {
  const name = nameIn(plan, value, nameOf) ?? within;
  for (const field of plan.errors) {
    const code = value[field] as number;
    if (IN_ORDER.includes(code)) continue;
    const number = plan.numbers[0];
    found.push({ code, of: number === undefined || name === null ? name : `${name}-${String(value[number])}` });
  }
  for (const { field, isArray, plan: deeper } of plan.inner) {
    const member = value[field];
    if (member === null || member === undefined) continue;
    if (!isArray) collect(deeper, member as Record<string, unknown>, name, nameOf, found);
    else for (const item of member as readonly Record<string, unknown>[]) collect(deeper, item, name, nameOf, found);
  }
}

function nameIn(
  plan: Plan,
  value: Record<string, unknown>,
  nameOf: (topicId: string) => string | undefined,
): string | null {
  for (const field of plan.names) {
    const text = value[field];
    if (typeof text !== 'string' || text === '') continue;
    if (field !== 'topicId') return text;
    const name = nameOf(text);
    if (name !== undefined) return name;
  }
  return null;
}
