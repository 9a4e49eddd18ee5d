/** What is said of a message that nobody describes: the fields at its top that hold something, and the first error in it. */
import { errorName } from '../../../protocol/errors.ts';
import type { Fields, Schema } from '../../../protocol/schema.ts';
import type { Told } from '../summary.ts';

const MOST_FIELDS = 3;
const LONGEST_VALUE = 40;
/** They say nothing about what is asked. */
const DULL = new Set(['throttleTimeMs', 'timeoutMs', 'errorCode', 'errorMessage', 'validateOnly', 'nodeEndpoints']);
const SECRET = /hmac|salt|password|authBytes|requestData|responseData|principal/i;

export function fallbackText(schema: Schema<unknown>, body: unknown): Told {
  const error = firstError(schema, body);
  if (error !== 0) return { text: errorName(error), error };
  if (schema.fields === null || !isStruct(body)) return { text: '' };
  const words = fieldWords(schema.fields, body);
  return { text: words.slice(0, MOST_FIELDS).join(' ') };
}

type Struct = { readonly [name: string]: unknown };

function isStruct(value: unknown): value is Struct {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldWords(fields: Fields, body: Struct): readonly string[] {
  return Object.entries(fields).flatMap(([name, schema]) => {
    const value = body[name];
    if (DULL.has(name) || SECRET.test(name) || value === schema.make()) return [];
    const text = valueText(schema, value);
    return text === '' ? [] : [`${name}=${text}`];
  });
}

function valueText(schema: Schema<unknown>, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Uint8Array) return value.length === 0 ? '' : `${value.length}B`;
  if (Array.isArray(value)) return listText(schema.element, value);
  if (isStruct(value)) return '';
  const text = String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

/** Names of what is listed where it has names; otherwise how much there is. */
function listText(element: Schema<unknown> | null, list: readonly unknown[]): string {
  if (list.length === 0) return '';
  const names = list
    .slice(0, 2)
    .map((item) => (isStruct(item) ? nameOf(item) : typeof item === 'object' ? '' : String(item)));
  if (element === null || names.includes('')) return String(list.length);
  return `[${names.join(',')}${list.length > 2 ? `,+${list.length - 2}` : ''}]`;
}

const NAMES = ['name', 'topicName', 'topic', 'groupId', 'transactionalId', 'resourceName', 'brokerId'];

function nameOf(item: Struct): string {
  const value = NAMES.map((name) => item[name]).find((found) => found !== undefined && found !== null && found !== '');
  return value === undefined ? '' : String(value);
}

/** The first error code that is not 0, at any depth. */
function firstError(schema: Schema<unknown>, value: unknown): number {
  if (Array.isArray(value)) {
    if (schema.element === null || (schema.element.fields === null && schema.element.element === null)) return 0;
    for (const item of value) {
      const error = firstError(schema.element, item);
      if (error !== 0) return error;
    }
    return 0;
  }
  if (schema.fields === null || !isStruct(value)) return 0;
  for (const [name, field] of Object.entries(schema.fields)) {
    const inner = value[name];
    if (field.kind === 'int16' && /errorCode$/i.test(name) && typeof inner === 'number' && inner !== 0) return inner;
    if (field.kind !== 'struct' && field.kind !== 'array') continue;
    const error = firstError(field, inner);
    if (error !== 0) return error;
  }
  return 0;
}
