import fc from 'fast-check';
import { LONG_MAX } from '../../src/protocol/reader.ts';
import type { Fields, Schema } from '../../src/protocol/schema.ts';
import { uuidFromBytes } from '../../src/protocol/uuid.ts';
import { inRange } from '../../src/protocol/versions.ts';

/** Values that a version of a schema can carry: what the version lacks holds its default. */
export function valuesOf(schema: Schema<unknown>, version: number): fc.Arbitrary<unknown> {
  const value = plainValues(schema, version);
  if (schema.nullable === null || !inRange(schema.nullable, version)) return value;
  return fc.option(value, { nil: null, freq: 4 });
}

function plainValues(schema: Schema<unknown>, version: number): fc.Arbitrary<unknown> {
  switch (schema.kind) {
    case 'bool':
      return fc.boolean();
    case 'int8':
      return fc.integer({ min: -128, max: 127 });
    case 'int16':
      return fc.integer({ min: -32768, max: 32767 });
    case 'uint16':
      return fc.integer({ min: 0, max: 65535 });
    case 'int32':
      return fc.integer();
    case 'uint32':
      return fc.integer({ min: 0, max: 0xffffffff });
    case 'int64':
      return fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constant(LONG_MAX));
    case 'float64':
      return fc.double({ noNaN: true });
    case 'uuid':
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map(uuidFromBytes);
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 60 });
    case 'bytes':
    case 'records':
      return fc.uint8Array({ maxLength: 200 });
    case 'array':
      return fc.array(valuesOf(schema.element!, version), { maxLength: 3 });
    case 'struct':
      return structValues(schema.fields!, version);
  }
}

function structValues(fields: Fields, version: number): fc.Arbitrary<unknown> {
  const members = Object.entries(fields).map(([name, field]) => {
    const present = inRange(field.versions, version);
    return [name, present ? valuesOf(field, version) : fc.constant(undefined).map(() => field.make())] as const;
  });
  return fc.record(Object.fromEntries(members), { noNullPrototype: true });
}
