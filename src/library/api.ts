/** What the library offers, as types alone: they are all that a user's compiler reads. */
import type { FaultKeys, Target, VerbMethods, VerbResult } from './verb-methods.ts';

export type { FaultKeys, StepKeys, Target, VerbMethods, VerbResult } from './verb-methods.ts';

export type Mode = 'kraft' | 'zookeeper';

/** Settings by their Kafka names. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

export interface BrokerShape {
  readonly id: number;
  readonly rack?: string;
  /** Log directories, one disk each (1). */
  readonly logDirs?: number;
}

export interface TopicShape {
  /** 1, if left out. */
  readonly partitions?: number;
  /** 3, or as many as there are brokers. */
  readonly replicationFactor?: number;
  /** Replicas of each partition, in place of the two above. */
  readonly assignment?: readonly (readonly number[])[];
  /** `min.insync.replicas` and the like. */
  readonly config?: Settings;
}

/** A cluster, in the words of the scenario language (docs/library.md). */
export interface StartOptions {
  /** `kraft`, if left out. */
  readonly mode?: Mode;
  /** How many (3), or a list. */
  readonly brokers?: number | readonly BrokerShape[];
  /** KRaft controllers, or ZooKeeper servers (3). */
  readonly quorum?: number;
  /** KRaft: the brokers are the controllers, too. */
  readonly controllers?: 'combined';
  /** Kafka's own time-outs, or all of them shortened in proportion: `fast` fails over in about a second. */
  readonly timers?: 'realistic' | 'fast';
  /** Decides everything that chance decides (1). */
  readonly seed?: number;
  /** `server.properties` of every broker. */
  readonly config?: Settings;
  /** Latency between nodes of the cluster, each way: `500us` without jitter. */
  readonly network?: { readonly latency?: string; readonly jitter?: string };
  readonly zookeeper?: { readonly tickTime?: number; readonly initLimit?: number; readonly syncLimit?: number };
  /** Which versions of the protocol are offered: `3.9`, `4.2`. */
  readonly kafkaVersion?: string;
  readonly topics?: Readonly<Record<string, TopicShape | null>>;
  /** Simulated clients beside the real ones, as in a scenario: `{ web: { produce: 'orders', rate: '100/s' } }`. */
  readonly clients?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Where brokers listen; the first at this port, the others at the next ones; port 0 (the default) takes free ones. False: nowhere. */
  readonly listen?: false | { readonly host?: string; readonly port?: number };
  /** How much of a partition a broker keeps in memory; older segments go: `64MiB` (the default), or `none` for all of it. */
  readonly partitionMemory?: string;
  /** Virtual over real time (1). Real clients have the clock of the wall: keep it at 1 for them. */
  readonly speed?: number;
}

/** Something that happened. */
export interface ClusterEvent {
  readonly id: number;
  /** Virtual time since the cluster was ready, in milliseconds. */
  readonly atMs: number;
  readonly node: string;
  /** `leader-elected`, `isr-shrunk` … (docs/trace-format.md). */
  readonly kind: string;
  /** Id of the event that led to it; 0: none. */
  readonly cause: number;
  readonly fields: Readonly<Record<string, string | number | boolean | null | readonly (string | number)[]>>;
}

export interface EventFilter {
  /** Only these kinds. */
  readonly kinds?: readonly string[];
  /** `notable` (the default): what a person wants to read; `all`: every request and append, too. */
  readonly level?: 'notable' | 'all';
}

/** What every record came to, counted; `lost` and `unseen` are known after `settle()`. */
export interface LedgerCounts {
  readonly sent: number;
  readonly acked: number;
  readonly failed: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly unseen: number;
  readonly abortedRead: number;
  readonly diverged: number;
  readonly truncated: number;
}

/** A value of the scenario language: broker ids and offsets are numbers, durations microseconds, `none` is null. */
export type Value = number | string | boolean | null | readonly Value[];

/** A running cluster. Every verb of the prompt is a method; `stop()` and `reset()` without an argument are about the whole. */
export interface KafkaCluster extends Omit<VerbMethods, 'stop' | 'reset' | 'expect' | 'run'>, AsyncDisposable {
  readonly mode: Mode;
  readonly seed: number;
  /** One address a broker, for a client's `brokers`. */
  readonly bootstrapServers: readonly string[];
  /** The same, separated by commas. */
  readonly bootstrapServer: string;
  /** Runs a line as the prompt would. Rejects with `ClusterCommandError`, or with `ClusterAssertionError` for an `expect` that failed. */
  run(line: string): Promise<VerbResult>;
  /** Resolves when it came true; rejects with `ClusterAssertionError`: `orders-0.isr.size == 3 within 20s`. */
  expect(expression: string): Promise<void>;
  /** The present value of an expression: `orders-0.leader`. */
  value(expression: string): Promise<Value>;
  /** Heals every fault, starts every node, and waits until every replica holds the same: then nothing lost can hide. */
  settle(): Promise<void>;
  ledger(): LedgerCounts;
  /** What happens from now on, until the cluster ends or the loop is left. */
  events(filter?: EventFilter): AsyncIterable<ClusterEvent>;
  /** Breaks the connections between two nodes; without arguments: an empty cluster takes this one's place, at the same addresses. */
  reset(): Promise<void>;
  reset(options: Parameters<VerbMethods['reset']>[0] & object): Promise<VerbResult>;
  /** Without an argument: ends the cluster, and nothing of it keeps the process alive. Idempotent. With a target: stops that node. */
  stop(): Promise<void>;
  stop(target: Target, options?: FaultKeys): Promise<VerbResult>;
}

export interface PlayOptions {
  /** The first mode of the file, if left out. */
  readonly mode?: Mode;
  /** In place of the file's seed. */
  readonly seed?: number;
  /** List so many records that did not end "delivered once, in order" (0). */
  readonly ledger?: number;
}
