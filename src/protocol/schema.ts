import type { Codec } from './codec.ts';
import { ZERO_UUID } from './uuid.ts';
import { ALL_VERSIONS, parseVersions, type VersionRange, type Versions } from './versions.ts';

/**
 * The language in which every message is described once, for all its versions. A schema is data: it says which types
 * stand in which order and since when. `codec.ts` turns a schema and a version into a reader and a writer.
 *
 * A value always holds all fields of its schema. What a version lacks takes its default on reading; on writing it is
 * dropped if the field is ignorable or holds its default, and is an error otherwise. `schema.make({...})` fills
 * whatever the caller leaves out, at every depth.
 */
export interface Schema<T, Init = T> {
  readonly kind: Kind;
  /** The versions of the message that have this field. */
  readonly versions: VersionRange;
  /** The versions in which the value may be null. */
  readonly nullable: VersionRange | null;
  /** A tagged field stands after the others, with its number, and only if it does not hold its default. */
  readonly tag: { readonly number: number; readonly versions: VersionRange } | null;
  /** Whether a version that lacks the field may drop its value. */
  readonly ignorable: boolean;
  /** False for the few strings that keep their old form in flexible versions too. */
  readonly flexible: boolean;
  /** The elements of an array. */
  readonly element: Schema<unknown> | null;
  /** The fields of a struct, in wire order. */
  readonly fields: Fields | null;
  make(init?: Init): T;
}

export type Kind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records'
  | 'array'
  | 'struct';

export type Fields = { readonly [name: string]: Schema<unknown> };

/** The values that a schema describes. */
export type Value<S> = S extends { make(...args: never[]): infer T } ? T : never;

/** What `make` needs to build such a value. */
export type Init<S> = S extends { make(init?: infer I): unknown } ? I : never;

type StructValue<F> = { -readonly [K in keyof F]: Value<F[K]> };
type StructInit<F> = { readonly [K in keyof F]?: Init<F[K]> | undefined };

interface FieldOptions {
  readonly versions?: Versions;
  readonly tag?: number;
  /** Where the field is tagged, if not in all its versions. */
  readonly tagged?: Versions;
  readonly ignorable?: true;
}

interface Plain<T> extends FieldOptions {
  readonly nullable?: never;
  readonly default?: T;
}

interface Nullable<T> extends FieldOptions {
  readonly nullable: Versions;
  readonly default?: T | null;
}

interface AnyOptions extends FieldOptions {
  readonly nullable?: Versions;
  readonly default?: unknown;
  readonly flexible?: false;
}

/** Every kind but struct and array. */
function leaf<T>(kind: Kind, zero: T, options: AnyOptions): Schema<T> {
  const initial = (options.default === undefined ? zero : options.default) as T;
  return {
    ...common(kind, options),
    element: null,
    fields: null,
    make: (init) => (init === undefined ? initial : init),
  };
}

function common(kind: Kind, options: AnyOptions) {
  const versions = options.versions === undefined ? ALL_VERSIONS : parseVersions(options.versions);
  return {
    kind,
    versions,
    nullable: options.nullable === undefined ? null : parseVersions(options.nullable),
    tag:
      options.tag === undefined
        ? null
        : { number: options.tag, versions: options.tagged === undefined ? versions : parseVersions(options.tagged) },
    ignorable: options.ignorable === true,
    flexible: options.flexible !== false,
  };
}

export const bool = (options: Plain<boolean> = {}): Schema<boolean> => leaf('bool', false, options);
export const int8 = (options: Plain<number> = {}): Schema<number> => leaf('int8', 0, options);
export const int16 = (options: Plain<number> = {}): Schema<number> => leaf('int16', 0, options);
export const uint16 = (options: Plain<number> = {}): Schema<number> => leaf('uint16', 0, options);
export const int32 = (options: Plain<number> = {}): Schema<number> => leaf('int32', 0, options);
export const uint32 = (options: Plain<number> = {}): Schema<number> => leaf('uint32', 0, options);
/** A number inside the safe integers, or LONG_MAX. */
export const int64 = (options: Plain<number> = {}): Schema<number> => leaf('int64', 0, options);
export const float64 = (options: Plain<number> = {}): Schema<number> => leaf('float64', 0, options);
/** The 22 characters that Kafka prints. */
export const uuid = (options: Plain<string> = {}): Schema<string> => leaf('uuid', ZERO_UUID, options);

export function string(options?: Plain<string> & { readonly flexible?: false }): Schema<string>;
export function string(options: Nullable<string> & { readonly flexible?: false }): Schema<string | null>;
export function string(options: AnyOptions = {}): Schema<string> {
  return leaf('string', '', options);
}

const NO_BYTES = new Uint8Array(0);

/** Read values share memory with the message. */
export function bytes(options?: Plain<Uint8Array>): Schema<Uint8Array>;
export function bytes(options: Nullable<Uint8Array>): Schema<Uint8Array | null>;
export function bytes(options: AnyOptions = {}): Schema<Uint8Array> {
  return leaf('bytes', NO_BYTES, options);
}

/** Record batches, one after another (`record-batch.ts` looks inside). Read values share memory with the message. */
export function records(options?: Plain<Uint8Array>): Schema<Uint8Array>;
export function records(options: Nullable<Uint8Array>): Schema<Uint8Array | null>;
export function records(options: AnyOptions = {}): Schema<Uint8Array> {
  return leaf('records', NO_BYTES, options);
}

type ArrayOf<E> = readonly Value<E>[];
type ArrayInit<E> = readonly Init<E>[];

export function array<E extends Schema<unknown>>(element: E, options?: Plain<never>): Schema<ArrayOf<E>, ArrayInit<E>>;
export function array<E extends Schema<unknown>>(
  element: E,
  options: Nullable<never>,
): Schema<ArrayOf<E> | null, ArrayInit<E> | null>;
export function array(element: Schema<unknown>, options: AnyOptions = {}): Schema<unknown> {
  const isNull = options.default === null;
  const made = element.kind === 'struct';
  return {
    ...common('array', options),
    element,
    fields: null,
    make: (init) => {
      if (init === undefined) return isNull ? null : [];
      if (init === null || !made) return init;
      return (init as readonly unknown[]).map((item) => element.make(item));
    },
  };
}

export interface StructSchema<F extends Fields> extends Schema<StructValue<F>, StructInit<F>> {
  readonly fields: F;
}

export interface NullableStructSchema<F extends Fields> extends Schema<StructValue<F> | null, StructInit<F> | null> {
  readonly fields: F;
}

/** Fields stand on the wire in the order in which they are written here. */
export function struct<F extends Fields>(fields: F, options?: Plain<never>): StructSchema<F>;
export function struct<F extends Fields>(fields: F, options: Nullable<never>): NullableStructSchema<F>;
export function struct(fields: Fields, options: AnyOptions = {}): Schema<unknown> {
  const isNull = options.default === null;
  const names = Object.keys(fields);
  const schemas = Object.values(fields);
  return {
    ...common('struct', options),
    element: null,
    fields,
    make: (init) => {
      if (init === null || (init === undefined && isNull)) return null;
      const value: Record<string, unknown> = {};
      const given = init as Record<string, unknown> | undefined;
      for (let i = 0; i < names.length; i++) {
        const name = names[i]!;
        value[name] = schemas[i]!.make(given?.[name]);
      }
      return value;
    },
  };
}

/** A struct that is described elsewhere, as a field with options of its own. */
export function nested<F extends Fields>(of: StructSchema<F>, options?: Plain<never>): StructSchema<F>;
export function nested<F extends Fields>(of: StructSchema<F>, options: Nullable<never>): NullableStructSchema<F>;
export function nested(of: StructSchema<Fields>, options: AnyOptions = {}): Schema<unknown> {
  return struct(of.fields, options as Nullable<never>);
}

/** The releases whose protocol is recorded: ZooKeeper mode ends with 3.9. */
export type Release = '3.9' | '4.0' | '4.1' | '4.2';

/** By age. */
export const RELEASES: readonly Release[] = ['3.9', '4.0', '4.1', '4.2'];

/** Who answers an API: a broker of a ZooKeeper cluster, a broker of a KRaft cluster, a KRaft controller. */
export type Listener = 'zkBroker' | 'broker' | 'controller';

/** One request type of Kafka's protocol in all its versions. */
export interface Api<Req = unknown, Res = unknown, ReqInit = Req, ResInit = Res> {
  readonly key: number;
  readonly name: string;
  readonly versions: VersionRange;
  /** The first flexible version; past all versions where there is none. */
  readonly firstFlexible: number;
  readonly offered: { readonly [R in Release]: VersionRange | null };
  readonly listeners: readonly Listener[];
  readonly request: Schema<Req, ReqInit>;
  readonly response: Schema<Res, ResInit>;
  /** The codecs of a version; the version must be one of `versions`. Compiled at first use, then kept. */
  requestCodec(version: number): Codec<Req>;
  responseCodec(version: number): Codec<Res>;
}

/** The request bodies of an API: `RequestOf<typeof Fetch>`. */
export type RequestOf<A> = A extends { readonly request: infer S } ? Value<S> : never;
/** The response bodies of an API. */
export type ResponseOf<A> = A extends { readonly response: infer S } ? Value<S> : never;
