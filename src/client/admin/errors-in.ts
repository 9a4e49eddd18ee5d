import type { Schema } from '../../protocol/schema.ts';

/** Every error code that is not 0 in a message, at any depth, in the order of its schema. */
export function errorsIn(schema: Schema<unknown>, value: unknown): readonly number[] {
  const found: number[] = [];
  collect(schema, value, found);
  return found;
}

function collect(schema: Schema<unknown>, value: unknown, found: number[]): void {
  if (value === null || value === undefined) return;
  if (schema.kind === 'array' && Array.isArray(value)) {
    for (const item of value) collect(schema.element!, item, found);
    return;
  }
  if (schema.kind !== 'struct' || typeof value !== 'object') return;
  for (const [name, field] of Object.entries(schema.fields!)) {
    const member: unknown = Reflect.get(value, name);
    if (name === 'errorCode' && typeof member === 'number') {
      if (member !== 0) found.push(member);
    } else collect(field, member, found);
  }
}
