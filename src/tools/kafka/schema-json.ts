/** Messages as Kafka's generated JSON converters write them. */
import type { Schema } from '../../protocol/schema.ts';
import type { VersionRange } from '../../protocol/versions.ts';

const within = (version: number, { min, max }: VersionRange): boolean => version >= min && version <= max;

/** A value at a version of its message: fields in their order, tagged ones only if they say something, bytes as base64. */
export function schemaJson(schema: Schema<unknown>, version: number, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (schema.kind) {
    case 'struct':
      return structJson(schema, version, value as Readonly<Record<string, unknown>>);
    case 'array':
      return (value as readonly unknown[]).map((item) => schemaJson(schema.element!, version, item));
    case 'bytes':
    case 'records':
      return base64(value as Uint8Array);
    default:
      return value;
  }
}

function structJson(schema: Schema<unknown>, version: number, value: Readonly<Record<string, unknown>>): unknown {
  const json: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.fields ?? {})) {
    if (!within(version, field.versions)) continue;
    const tagged = field.tag !== null && within(version, field.tag.versions);
    if (tagged && isDefault(field, value[name])) continue;
    json[name] = schemaJson(field, version, value[name]);
  }
  return json;
}

function isDefault(field: Schema<unknown>, value: unknown): boolean {
  const initial = field.make();
  if (field.kind === 'array' || field.kind === 'bytes')
    return value === initial || ((value as { length: number } | null)?.length === 0 && initial !== null);
  return field.kind === 'struct' ? JSON.stringify(value) === JSON.stringify(initial) : value === initial;
}

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two = 0, three = 0] = bytes.subarray(at, at + 3);
    const signs = [one >> 2, ((one & 3) << 4) | (two >> 4), ((two & 15) << 2) | (three >> 6), three & 63];
    const left = bytes.length - at;
    text += signs.map((sign, index) => (index <= left ? SIGNS[sign] : '=')).join('');
  }
  return text;
}
