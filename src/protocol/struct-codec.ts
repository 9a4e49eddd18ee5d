import type { Codec, MessageVersion } from './codec.ts';
import type { Reader } from './reader.ts';
import type { Fields, Schema } from './schema.ts';
import { inRange } from './versions.ts';
import { UnwritableValue } from './wire-error.ts';
import { uvarintSize, type Writer } from './writer.ts';

type StructValue = Record<string, unknown>;

interface Member {
  readonly name: string;
  readonly path: string;
  readonly codec: Codec<unknown>;
  readonly tag: number;
  isDefault(value: unknown): boolean;
}

interface Members {
  /** Of every field, in the schema's order: reads it, or gives its default where the version has it elsewhere or not. */
  readonly readers: readonly ((reader: Reader) => unknown)[];
  readonly names: readonly string[];
  readonly plain: readonly Member[];
  /** By rising tag. */
  readonly tagged: readonly Member[];
  /** What this version lacks and may not drop silently. */
  readonly refused: readonly Member[];
}

type Compile = (schema: Schema<unknown>, at: MessageVersion, path: string) => Codec<unknown>;

/** The codec of a struct's fields, and of its section of tagged fields in flexible versions. */
export function structCodec(fields: Fields, at: MessageVersion, path: string, compile: Compile): Codec<unknown> {
  const members = sortMembers(fields, at, path, compile);
  const { readers, names, plain, tagged, refused } = members;
  const { flexible } = at;
  return {
    read: (r) => {
      const value: StructValue = {};
      for (let i = 0; i < readers.length; i++) value[names[i]!] = readers[i]!(r);
      if (flexible) readTagged(r, tagged, value);
      return value;
    },
    write: (w, struct) => {
      const value = struct as StructValue;
      for (let i = 0; i < refused.length; i++) refuse(refused[i]!, value, at.version);
      for (let i = 0; i < plain.length; i++) plain[i]!.codec.write(w, value[plain[i]!.name]);
      if (flexible) writeTagged(w, tagged, value);
    },
    size: (struct) => {
      const value = struct as StructValue;
      let size = flexible ? taggedSize(tagged, value) : 0;
      for (let i = 0; i < plain.length; i++) size += plain[i]!.codec.size(value[plain[i]!.name]);
      return size;
    },
  };
}

function sortMembers(fields: Fields, at: MessageVersion, path: string, compile: Compile): Members {
  const readers: ((reader: Reader) => unknown)[] = [];
  const plain: Member[] = [];
  const tagged: Member[] = [];
  const refused: Member[] = [];
  for (const [name, schema] of Object.entries(fields)) {
    const fieldPath = `${path}.${name}`;
    const codec = compile(schema, at, fieldPath);
    const member = { name, path: fieldPath, codec, tag: schema.tag?.number ?? -1, isDefault: defaultTest(schema) };
    const present = inRange(schema.versions, at.version);
    if (present && !(schema.tag !== null && inRange(schema.tag.versions, at.version))) {
      plain.push(member);
      readers.push((r) => codec.read(r));
      continue;
    }
    if (present) tagged.push(member);
    else if (!schema.ignorable) refused.push(member);
    readers.push(() => schema.make());
  }
  tagged.sort((a, b) => a.tag - b.tag);
  return { readers, names: Object.keys(fields), plain, tagged, refused };
}

/** Unknown tags are skipped: a newer peer may know fields that we do not. */
function readTagged(reader: Reader, tagged: readonly Member[], value: StructValue): void {
  for (let count = reader.uvarint(); count > 0; count--) {
    const tag = reader.uvarint();
    const end = reader.uvarint() + reader.position;
    const member = tagged.find((known) => known.tag === tag);
    if (member === undefined) reader.take(end - reader.position);
    else value[member.name] = member.codec.read(reader);
  }
}

function writeTagged(writer: Writer, tagged: readonly Member[], value: StructValue): void {
  let count = 0;
  for (let i = 0; i < tagged.length; i++) if (!tagged[i]!.isDefault(value[tagged[i]!.name])) count++;
  writer.uvarint(count);
  if (count === 0) return;
  for (const { isDefault, name, codec, tag } of tagged) {
    const field = value[name];
    if (isDefault(field)) continue;
    writer.uvarint(tag);
    writer.uvarint(codec.size(field));
    codec.write(writer, field);
  }
}

function taggedSize(tagged: readonly Member[], value: StructValue): number {
  let count = 0;
  let size = 0;
  for (const { isDefault, name, codec, tag } of tagged) {
    const field = value[name];
    if (isDefault(field)) continue;
    count++;
    const length = codec.size(field);
    size += uvarintSize(tag) + uvarintSize(length) + length;
  }
  return size + uvarintSize(count);
}

function refuse(member: Member, value: StructValue, version: number): void {
  if (member.isDefault(value[member.name])) return;
  throw new UnwritableValue(`version ${version} has no ${member.path}, and it holds more than its default`);
}

/** A test for a value being what the field has when nobody sets it. */
function defaultTest(schema: Schema<unknown>): (value: unknown) => boolean {
  const initial = schema.make();
  if (initial === null) return (value) => value === null;
  switch (schema.kind) {
    case 'array':
      return (value) => value !== null && (value as readonly unknown[]).length === 0;
    case 'bytes':
    case 'records':
      return (value) => value !== null && (value as Uint8Array).length === 0;
    case 'struct': {
      const tests = Object.entries(schema.fields!).map(([name, field]) => ({ name, isDefault: defaultTest(field) }));
      return (value) => value !== null && tests.every(({ name, isDefault }) => isDefault((value as StructValue)[name]));
    }
    default:
      return (value) => value === initial;
  }
}
