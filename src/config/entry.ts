/** The releases whose defaults are recorded: 3.9 with ZooKeeper or KRaft, 4.x with KRaft alone. */
export type KafkaVersion = '3.9' | '4.0' | '4.1' | '4.2';

/** By age. */
export const KAFKA_VERSIONS: readonly KafkaVersion[] = ['3.9', '4.0', '4.1', '4.2'];

/** Who reads a configuration: a server's `server.properties`, one topic, a group, a client, a ZooKeeper server. */
export type ConfigScope = 'broker' | 'topic' | 'group' | 'producer' | 'consumer' | 'admin' | 'zookeeper';

export type ConfigType = 'boolean' | 'short' | 'int' | 'long' | 'double' | 'string' | 'password' | 'class' | 'list';

/** Who sees a changed value while the server runs: nobody, one broker, or the cluster. */
export type Dynamic = 'read-only' | 'per-broker' | 'cluster-wide';

/** What a user may write and what the code gets. Lists are comma-separated texts; null means "not set". */
export type ConfigValue = string | number | boolean | null;

/** One name of Kafka's or ZooKeeper's configuration. */
export interface ConfigEntry {
  readonly name: string;
  readonly type: ConfigType;
  /** By version; undefined where the version does not know the name. */
  readonly defaults: { readonly [V in KafkaVersion]: ConfigValue | undefined };
  readonly min: number | null;
  readonly max: number | null;
  /** What may be written, in lower case; null: anything of the type. */
  readonly values: readonly string[] | null;
  readonly dynamic: Dynamic;
  /** It decides how fast a failure is noticed or got over: shorter under `timers: 'fast'`. */
  readonly timer: boolean;
  /** One sentence; empty for names that are accepted and play no part in the simulation. */
  readonly decides: string;
}

export interface EntryOptions {
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  readonly dynamic?: Dynamic;
  /** The default since 4.0, where it differs from that of 3.9. */
  readonly v4?: ConfigValue;
  /** The default since 4.2, where it differs from that of 4.0. */
  readonly v42?: ConfigValue;
  /** The only version that knows the name. */
  readonly only?: '3.9';
  /** The first version that knows the name. */
  readonly since?: '4.0' | '4.1' | '4.2';
}

type Named = Omit<ConfigEntry, 'name'>;

/** How tables are written: `'linger.ms': long(0, 'How long …', { v4: 5 })`. */
function entry(type: ConfigType, initial: ConfigValue, decides: string, options: EntryOptions): Named {
  const { min = null, max = null, values = null, dynamic = 'read-only', v4 = initial, v42 = v4, only, since } = options;
  const known = (version: KafkaVersion, value: ConfigValue): ConfigValue | undefined =>
    (only === '3.9' && version !== '3.9') || (since !== undefined && version < since) ? undefined : value;
  return {
    type,
    defaults: {
      '3.9': known('3.9', initial),
      '4.0': known('4.0', v4),
      '4.1': known('4.1', v4),
      '4.2': known('4.2', v42),
    },
    min,
    max,
    values,
    dynamic,
    timer: false,
    decides,
  };
}

type Maker<T> = (initial: T | null, decides?: string, options?: EntryOptions) => Named;

const maker =
  <T extends ConfigValue>(type: ConfigType): Maker<T> =>
  (initial, decides = '', options = {}) =>
    entry(type, initial, decides, options);

export const boolean = maker<boolean>('boolean');
export const short = maker<number>('short');
export const int = maker<number>('int');
export const long = maker<number>('long');
export const double = maker<number>('double');
export const string = maker<string>('string');
export const password = maker<string>('password');
export const className = maker<string>('class');
export const list = maker<string>('list');

/** A time that `timers: 'fast'` shortens. */
export const timer = (initial: number | null, decides: string, options: EntryOptions = {}): Named => ({
  ...entry('int', initial, decides, options),
  timer: true,
});

/** The same of type long. */
export const longTimer = (initial: number | null, decides: string, options: EntryOptions = {}): Named => ({
  ...entry('long', initial, decides, options),
  timer: true,
});

/** A table of entries from its written form. */
export function table(entries: { readonly [name: string]: Named }): readonly ConfigEntry[] {
  return Object.entries(entries).map(([name, rest]) => ({ name, ...rest }));
}

/** "For ever", where Kafka writes Long.MAX_VALUE; as a number it is the nearest that there is. */
export const NEVER = 0x8000000000000000;
/** Integer.MAX_VALUE: "as many as you like". */
export const INT_MAX = 0x7fffffff;
/** Double.MAX_VALUE. */
export const UNLIMITED = Number.MAX_VALUE;
