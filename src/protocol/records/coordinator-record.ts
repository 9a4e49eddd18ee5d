import { codecs } from '../api.ts';
import type { Codec } from '../codec.ts';
import { Reader } from '../reader.ts';
import type { Schema } from '../schema.ts';
import { checkVersion, LAST_VERSION, parseVersions, type VersionRange, type Versions } from '../versions.ts';
import { Writer } from '../writer.ts';

/**
 * One kind of record in the log of a group or transaction coordinator (`__consumer_offsets`, `__transaction_state`).
 * Its key begins with an int16 that says which kind it is, its value with the int16 version of its form; a null value
 * deletes what the key names.
 */
export interface CoordinatorRecordKind<K = unknown, V = unknown, KInit = K, VInit = V> {
  readonly id: number;
  /** What old brokers wrote in place of the id, before a key of the same form. */
  readonly oldId: number | null;
  readonly name: string;
  readonly versions: VersionRange;
  readonly key: Schema<K, KInit>;
  readonly value: Schema<V, VInit>;
  keyCodec(version: number): Codec<K>;
  valueCodec(version: number): Codec<V>;
}

interface Description<K, KInit, V, VInit> {
  readonly id: number;
  readonly oldId?: number;
  readonly name: string;
  /** Of the value; a key has one form. */
  readonly versions: Versions;
  readonly flexible: number | null;
  readonly key: Schema<K, KInit>;
  readonly value: Schema<V, VInit>;
}

export function coordinatorRecord<K, KInit, V, VInit>(
  description: Description<K, KInit, V, VInit>,
): CoordinatorRecordKind<K, V, KInit, VInit> {
  const { id, name, key, value } = description;
  const versions = parseVersions(description.versions);
  const never = LAST_VERSION + 1;
  return {
    id,
    oldId: description.oldId ?? null,
    name,
    versions,
    key,
    value,
    keyCodec: codecs(key, { versions: { min: 0, max: 0 }, firstFlexible: never, path: `${name}Key` }),
    valueCodec: codecs(value, { versions, firstFlexible: description.flexible ?? never, path: `${name}Value` }),
  };
}

export function encodeKey<K>(kind: CoordinatorRecordKind<K, unknown, never, never>, key: K): Uint8Array {
  return prefixed(kind.id, kind.keyCodec(0), key);
}

export function encodeValue<V>(
  kind: CoordinatorRecordKind<unknown, V, never, never>,
  version: number,
  value: V,
): Uint8Array {
  return prefixed(version, kind.valueCodec(version), value);
}

function prefixed<T>(prefix: number, codec: Codec<T>, value: T): Uint8Array {
  const writer = new Writer(2 + codec.size(value));
  writer.int16(prefix);
  codec.write(writer, value);
  return writer.written();
}

export interface DecodedCoordinatorRecord {
  readonly name: string;
  readonly key: unknown;
  /** Null for a tombstone. */
  readonly value: unknown;
}

/** Undefined for a kind that is not among these: coordinators pass over records of the future. */
export function decodeRecord(
  kinds: readonly CoordinatorRecordKind[],
  keyBytes: Uint8Array,
  valueBytes: Uint8Array | null,
): DecodedCoordinatorRecord | undefined {
  const keyReader = new Reader(keyBytes);
  const id = keyReader.int16();
  const kind = kinds.find((candidate) => candidate.id === id || candidate.oldId === id);
  if (kind === undefined) return undefined;
  const key = kind.keyCodec(0).read(keyReader);
  if (valueBytes === null) return { name: kind.name, key, value: null };
  const reader = new Reader(valueBytes);
  const version = checkVersion(reader.int16(), kind.versions, kind.name);
  return { name: kind.name, key, value: kind.valueCodec(version).read(reader) };
}
