import type { Codec, MessageVersion } from './codec.ts';
import type { Reader } from './reader.ts';
import type { Schema } from './schema.ts';
import { structCodec } from './struct-codec.ts';
import { utf8Length } from './utf8.ts';
import { inRange } from './versions.ts';
import { MalformedMessage, UnwritableValue } from './wire-error.ts';
import { uvarintSize, type Writer } from './writer.ts';

/** The codec of a schema at a version. `path` names the field in errors. Compile once and keep it. */
export function compile<T>(schema: Schema<T, never>, at: MessageVersion, path: string): Codec<T> {
  return compileAny(schema as unknown as Schema<unknown>, at, path) as Codec<T>;
}

function compileAny(schema: Schema<unknown>, at: MessageVersion, path: string): Codec<unknown> {
  const nullable = schema.nullable !== null && inRange(schema.nullable, at.version);
  const compact = at.flexible && schema.flexible;
  switch (schema.kind) {
    case 'bool':
      return boolCodec;
    case 'int8':
      return int8Codec;
    case 'int16':
      return int16Codec;
    case 'uint16':
      return uint16Codec;
    case 'int32':
      return int32Codec;
    case 'uint32':
      return uint32Codec;
    case 'int64':
      return int64Codec;
    case 'float64':
      return float64Codec;
    case 'uuid':
      return uuidCodec;
    case 'string':
      return stringCodec({ compact, nullable, path });
    case 'bytes':
    case 'records':
      return bytesCodec({ compact, nullable, path });
    case 'array':
      return arrayCodec(compileAny(schema.element!, at, `${path}[]`), leastSize(schema.element!, at), {
        compact,
        nullable,
        path,
      });
    case 'struct': {
      const codec = structCodec(schema.fields!, at, path, compileAny);
      return nullable ? nullableStruct(codec) : nonNull(codec, path);
    }
  }
}

const boolCodec: Codec<boolean> = { read: (r) => r.bool(), write: (w, v) => w.bool(v), size: () => 1 };
const int8Codec: Codec<number> = { read: (r) => r.int8(), write: (w, v) => w.int8(v), size: () => 1 };
const int16Codec: Codec<number> = { read: (r) => r.int16(), write: (w, v) => w.int16(v), size: () => 2 };
const uint16Codec: Codec<number> = { read: (r) => r.uint16(), write: (w, v) => w.uint16(v), size: () => 2 };
const int32Codec: Codec<number> = { read: (r) => r.int32(), write: (w, v) => w.int32(v), size: () => 4 };
const uint32Codec: Codec<number> = { read: (r) => r.uint32(), write: (w, v) => w.uint32(v), size: () => 4 };
const int64Codec: Codec<number> = { read: (r) => r.int64(), write: (w, v) => w.int64(v), size: () => 8 };
const float64Codec: Codec<number> = { read: (r) => r.float64(), write: (w, v) => w.float64(v), size: () => 8 };
const uuidCodec: Codec<string> = { read: (r) => r.uuid(), write: (w, v) => w.uuid(v), size: () => 16 };

interface Form {
  /** A length is written plus one as a uvarint, with 0 for null. */
  readonly compact: boolean;
  readonly nullable: boolean;
  readonly path: string;
}

/** A length with its null: int16 or int32 with -1 in old versions, a uvarint of one more with 0 in flexible ones. */
interface LengthCodec {
  read(reader: Reader): number;
  write(writer: Writer, length: number): void;
  size(length: number): number;
}

const compactLength: LengthCodec = {
  read: (r) => r.uvarint() - 1,
  write: (w, length) => w.uvarint(length + 1),
  size: (length) => uvarintSize(length + 1),
};
const int16Length: LengthCodec = { read: (r) => r.int16(), write: (w, length) => w.int16(length), size: () => 2 };
const int32Length: LengthCodec = { read: (r) => r.int32(), write: (w, length) => w.int32(length), size: () => 4 };

/** Room for more elements than this is made as they come. */
const MOST_PREPARED = 1024;

function noNull(path: string): MalformedMessage {
  return new MalformedMessage(`${path} may not be null in this version`);
}

function mustHold(path: string): UnwritableValue {
  return new UnwritableValue(`${path} may not be null in this version`);
}

function stringCodec({ compact, nullable, path }: Form): Codec<string | null> {
  const lengths = compact ? compactLength : int16Length;
  return {
    read: (r) => {
      const length = lengths.read(r);
      if (length >= 0) return r.utf8(length);
      if (nullable) return null;
      throw noNull(path);
    },
    write: (w, value) => {
      if (value === null) {
        if (!nullable) throw mustHold(path);
        lengths.write(w, -1);
      } else {
        lengths.write(w, utf8Length(value));
        w.utf8(value);
      }
    },
    size: (value) => {
      if (value === null) return lengths.size(-1);
      const length = utf8Length(value);
      return lengths.size(length) + length;
    },
  };
}

function bytesCodec({ compact, nullable, path }: Form): Codec<Uint8Array | null> {
  const lengths = compact ? compactLength : int32Length;
  return {
    read: (r) => {
      const length = lengths.read(r);
      if (length >= 0) return r.slice(length);
      if (nullable) return null;
      throw noNull(path);
    },
    write: (w, value) => {
      if (value === null) {
        if (!nullable) throw mustHold(path);
        lengths.write(w, -1);
      } else {
        lengths.write(w, value.length);
        w.raw(value);
      }
    },
    size: (value) => (value === null ? lengths.size(-1) : lengths.size(value.length) + value.length),
  };
}

/** How many bytes a value of this schema takes at least. */
function leastSize(schema: Schema<unknown>, at: MessageVersion): number {
  switch (schema.kind) {
    case 'bool':
    case 'int8':
      return 1;
    case 'int16':
    case 'uint16':
      return 2;
    case 'int32':
    case 'uint32':
      return 4;
    case 'int64':
    case 'float64':
      return 8;
    case 'uuid':
      return 16;
    case 'string':
      return at.flexible && schema.flexible ? 1 : 2;
    case 'bytes':
    case 'records':
    case 'array':
      return at.flexible && schema.flexible ? 1 : 4;
    case 'struct': {
      if (schema.nullable !== null && inRange(schema.nullable, at.version)) return 1;
      let size = at.flexible ? 1 : 0;
      for (const field of Object.values(schema.fields!)) if (isPlain(field, at.version)) size += leastSize(field, at);
      return Math.max(1, size);
    }
  }
}

function isPlain({ versions, tag }: Schema<unknown>, version: number): boolean {
  return inRange(versions, version) && !(tag !== null && inRange(tag.versions, version));
}

function arrayCodec(
  element: Codec<unknown>,
  leastBytes: number,
  { compact, nullable, path }: Form,
): Codec<readonly unknown[] | null> {
  const lengths = compact ? compactLength : int32Length;
  return {
    read: (r) => {
      const length = lengths.read(r);
      if (length < 0) {
        if (nullable) return null;
        throw noNull(path);
      }
      // A number of elements for which there are not the bytes is a lie that would cost us the memory.
      if (length * leastBytes > r.remaining) throw new MalformedMessage(`${path} claims ${length} elements`);
      // Made at their length: lists that grow take room for more, and these are kept for long.
      const values = new Array<unknown>(Math.min(length, MOST_PREPARED));
      for (let i = 0; i < length; i++) values[i] = element.read(r);
      return values;
    },
    write: (w, values) => {
      if (values === null) {
        if (!nullable) throw mustHold(path);
        lengths.write(w, -1);
        return;
      }
      lengths.write(w, values.length);
      for (let i = 0; i < values.length; i++) element.write(w, values[i]);
    },
    size: (values) => {
      if (values === null) return lengths.size(-1);
      let size = lengths.size(values.length);
      for (let i = 0; i < values.length; i++) size += element.size(values[i]);
      return size;
    },
  };
}

/** A struct that may be null begins with a byte: 1, or -1 for null. */
function nullableStruct(codec: Codec<unknown>): Codec<unknown> {
  return {
    read: (r) => (r.int8() < 0 ? null : codec.read(r)),
    write: (w, value) => {
      w.int8(value === null ? -1 : 1);
      if (value !== null) codec.write(w, value);
    },
    size: (value) => (value === null ? 1 : 1 + codec.size(value)),
  };
}

function nonNull(codec: Codec<unknown>, path: string): Codec<unknown> {
  return {
    read: codec.read,
    write: (w, value) => {
      if (value === null) throw mustHold(path);
      codec.write(w, value);
    },
    size: codec.size,
  };
}
