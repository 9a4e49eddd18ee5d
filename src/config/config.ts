import type { ConfigEntry, ConfigScope, ConfigValue, KafkaVersion } from './entry.ts';
import { entriesOf } from './tables.ts';
import { formatValue, type ParsedValue, parseValue } from './value.ts';

export type Overrides = { readonly [name: string]: ConfigValue };

export interface ConfigOptions {
  readonly version: KafkaVersion;
  /** `fast`: every default that decides how long a failover takes is shortened in proportion; overrides hold as written. */
  readonly timers?: 'real' | 'fast';
}

/**
 * All settings of one server, topic or client, resolved once: what the user wrote, else what the resource falls back to,
 * else the version's default. It never changes; a dynamic change makes a new one (`with`).
 */
export interface Config {
  readonly scope: ConfigScope;
  readonly options: ConfigOptions;
  readonly overrides: Overrides;
  /** Of a numeric setting that always has a value. */
  number(name: string): number;
  /** Of a numeric setting that may be unset. */
  numberOrNull(name: string): number | null;
  boolean(name: string): boolean;
  string(name: string): string;
  stringOrNull(name: string): string | null;
  list(name: string): readonly string[];
  /** As Kafka's tools print it; null when unset. */
  text(name: string): string | null;
  has(name: string): boolean;
  /** Whether the user set it. */
  isOverridden(name: string): boolean;
  /** The names that this version knows, in the order of the tables. */
  entries(): readonly ConfigEntry[];
  /** With further settings; a null takes one back. */
  with(changes: Overrides): Config;
}

/** Where a setting comes from that nobody wrote; undefined: the version's default. */
export type Fallback = (entry: ConfigEntry) => ParsedValue | undefined;

/** How much shorter fast timers are: a nine-second session becomes one second. */
const FAST_FACTOR = 9;
/** No timer becomes shorter than this, in its own unit. */
const FAST_FLOOR = 1;

export function fastTimer(value: number): number {
  return Math.max(FAST_FLOOR, Math.floor(value / FAST_FACTOR));
}

const noFallback: Fallback = () => undefined;

/** Throws on a setting that `validateConfig` would refuse: check what users write before. */
export function resolveConfig(
  scope: ConfigScope,
  overrides: Overrides,
  options: ConfigOptions,
  fallback: Fallback = noFallback,
): Config {
  const entries = entriesOf(scope).filter((entry) => entry.defaults[options.version] !== undefined);
  const values = new Map<string, ParsedValue>();
  for (const entry of entries) values.set(entry.name, resolve(entry, overrides[entry.name], options, fallback));
  const value = (name: string): ParsedValue => {
    const found = values.get(name);
    if (found === undefined) throw new Error(`${name} is no configuration of a ${scope} in Kafka ${options.version}`);
    return found;
  };
  const wrongType = (name: string, wanted: string): Error =>
    new Error(`${name} is not ${wanted}: ${String(value(name))}`);
  const config: Config = {
    scope,
    options,
    overrides,
    number: (name) => {
      const found = value(name);
      if (typeof found !== 'number') throw wrongType(name, 'a number');
      return found;
    },
    numberOrNull: (name) => (value(name) === null ? null : config.number(name)),
    boolean: (name) => {
      const found = value(name);
      if (typeof found !== 'boolean') throw wrongType(name, 'true or false');
      return found;
    },
    string: (name) => {
      const found = value(name);
      if (typeof found !== 'string') throw wrongType(name, 'a text');
      return found;
    },
    stringOrNull: (name) => (value(name) === null ? null : config.string(name)),
    list: (name) => {
      const found = value(name);
      if (found === null) return [];
      if (typeof found !== 'object') throw wrongType(name, 'a list');
      return found;
    },
    text: (name) => formatValue(value(name)),
    has: (name) => values.has(name),
    isOverridden: (name) => overrides[name] !== undefined && overrides[name] !== null,
    entries: () => entries,
    with: (changes) => resolveConfig(scope, { ...overrides, ...changes }, options, fallback),
  };
  return Object.freeze(config);
}

function resolve(
  entry: ConfigEntry,
  given: ConfigValue | undefined,
  options: ConfigOptions,
  fallback: Fallback,
): ParsedValue {
  if (given !== undefined && given !== null) return parsed(entry, given);
  const other = fallback(entry);
  if (other !== undefined) return other;
  const initial = entry.defaults[options.version]!;
  if (entry.timer && options.timers === 'fast' && typeof initial === 'number') return fastTimer(initial);
  return typeof initial === 'string' ? parsed(entry, initial) : initial;
}

function parsed(entry: ConfigEntry, given: ConfigValue): ParsedValue {
  const result = parseValue(entry, given);
  if ('problem' in result) throw new Error(`${entry.name} ${result.problem}`);
  return result.value;
}
