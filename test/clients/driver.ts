/** What the flow asks of a Kafka client. Every real client answers through one driver, in this process or in one of its own. */

export const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];
export type Isolation = 'read_committed' | 'read_uncommitted';

export interface TopicShape {
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** What a partition holds, in the order of its log. */
export type Log = ReadonlyMap<number, readonly number[]>;

/** What became of the numbers that a load sent: in the order in which the client was told. */
export interface LoadOutcome {
  readonly acknowledged: readonly number[];
  readonly failed: readonly number[];
}

/** A producer with idempotence and acks=all that sends 0, 1, 2 … about every two milliseconds. */
export interface Load {
  acknowledged(): Promise<number>;
  stop(): Promise<LoadOutcome>;
}

/** Consumers of one group, which commit what they have read. They read only what is committed. */
export interface Group {
  /** How many different numbers were read. */
  received(): Promise<number>;
  /** Leaves the group in order; tells every number read, as often as it was read. */
  stop(): Promise<readonly number[]>;
}

export interface Administration {
  create(topic: string, shape: TopicShape): Promise<void>;
  describe(topic: string): Promise<TopicShape>;
  topics(): Promise<readonly string[]>;
  delete(topic: string): Promise<void>;
  /** The sum of the offsets that the group has committed in the topic. */
  committed(group: string, topic: string): Promise<number>;
}

export interface Transactions {
  /** Sends `count` numbers from `first` on in one transaction. */
  transact(topic: string, first: number, count: number, outcome: 'commit' | 'abort'): Promise<void>;
  /** Reads `count` records of one topic and writes them to another, offsets and records in the same transactions. */
  relay(source: string, target: string, group: string, count: number): Promise<void>;
}

export interface PeerDriver {
  /** As people know it, with its version: `kafkajs 2.2.4`. */
  readonly name: string;
  readonly compressions: readonly Compression[];
  /** Null where the client has no such thing; then `without` says why. */
  readonly administration: Administration | null;
  readonly transactions: Transactions | null;
  readonly without?: string;
  /** Whether numbers of one key arrive in the order in which they were sent, whatever happens. */
  readonly keepsOrder: boolean;
  /** Sends `count` numbers from `first` on; resolved when all are acknowledged. */
  produce(topic: string, compression: Compression, first: number, count: number): Promise<void>;
  /** Reads from the beginning until `atLeast` records came, and half a second longer; or until nothing comes any more. */
  read(topic: string, isolation: Isolation, atLeast: number): Promise<Log>;
  load(topic: string): Promise<Load>;
  group(group: string, members: number, topic: string): Promise<Group>;
  close(): Promise<void>;
}

const PAD = 'x'.repeat(80);

/** What a record carries: a number, padded so that there is something to compress. */
export function valueFor(number: number): string {
  return `${number}-${PAD}`;
}

export function keyFor(number: number): string {
  return `k${number % 10}`;
}

export function numberOf(value: string): number {
  return Number(value.slice(0, value.indexOf('-')));
}
