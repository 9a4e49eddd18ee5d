import type { SaslUser } from '../broker/security/sasl/settings.ts';
import type { SecurityProtocol } from '../protocol/security-protocol.ts';

/** What a cluster is made of. Every start of one (scenario, `up`, library) fills this in; nothing else decides its shape. */

import type { Release } from '../protocol/schema.ts';

export type Mode = 'kraft' | 'zookeeper';

export interface BrokerOptions {
  readonly id: number;
  readonly rack: string | null;
  /** Log directories, one kernel disk each. */
  readonly logDirs: number;
}

/** A listener for clients that every broker has. The first of a cluster is the one that its simulated clients use. */
export interface ListenerOptions {
  /** `PLAINTEXT`, `SASL_SSL` …; unlike any other of the cluster. */
  readonly name: string;
  readonly securityProtocol: SecurityProtocol;
  /** What brokers advertise. */
  readonly host: string;
  /** By position of the broker in `brokers`. */
  readonly ports: readonly number[];
}

export interface TopicOptions {
  readonly name: string;
  readonly partitions: number;
  /** Undefined: 3, or as many as there are brokers. */
  readonly replicationFactor: number | undefined;
  /** Replica lists by partition; replaces the two numbers above. */
  readonly assignment: readonly (readonly number[])[] | undefined;
  readonly config: Readonly<Record<string, string>>;
}

export interface ClusterOptions {
  readonly mode: Mode;
  readonly seed: number;
  readonly brokers: readonly BrokerOptions[];
  /** KRaft controllers, or ZooKeeper servers. */
  readonly quorum: number;
  /** KRaft: the brokers are the controllers too. */
  readonly combined: boolean;
  readonly timers: 'realistic' | 'fast';
  /** `server.properties` names. */
  readonly config: Readonly<Record<string, string>>;
  readonly network: { readonly latencyUs: number; readonly jitterUs: number };
  readonly zookeeper: { readonly tickTimeMs: number; readonly initLimit: number; readonly syncLimit: number };
  readonly topics: readonly TopicOptions[];
  /** Whose API versions, features and defaults the brokers have. Undefined: 3.9 in ZooKeeper mode, 4.2 in KRaft mode. */
  readonly kafkaVersion: Release | undefined;
  /** Encode every message to bytes on its way; slower, same trace. */
  readonly encode: boolean;
  /** Most bytes of each partition that a broker keeps, for clusters that real clients fill; null: as many as there are. */
  readonly partitionMemoryBytes: number | null;
  /** None: a plain one at `localhost:9092`, `localhost:9093` … that only simulated clients know. */
  readonly listeners: readonly ListenerOptions[];
  /** Who may come to listeners with SASL. */
  readonly users: readonly SaslUser[];
  /** Whether real clients may come: there is a node `outside` then that stands for all of them. */
  readonly outside: boolean;
  /** What the wall clocks of the nodes show when virtual time begins, in milliseconds since 1970; undefined: the year 2024. */
  readonly wallEpochMs: number | undefined;
}

const FIRST_PORT = 9092;

/** Three brokers, a quorum of three, Kafka's own timers, half a millisecond each way. */
export function defaultClusterOptions(mode: Mode, seed: number): ClusterOptions {
  return {
    mode,
    seed,
    brokers: brokersNumbered(3),
    quorum: 3,
    combined: false,
    timers: 'realistic',
    config: {},
    network: { latencyUs: 500, jitterUs: 0 },
    zookeeper: { tickTimeMs: 2000, initLimit: 10, syncLimit: 5 },
    topics: [],
    kafkaVersion: undefined,
    encode: false,
    partitionMemoryBytes: null,
    listeners: [],
    users: [],
    outside: false,
    wallEpochMs: undefined,
  };
}

/** The listeners of every broker; the first is plain, and the one that simulated clients use. */
export function clientListeners({ brokers, listeners }: ClusterOptions): readonly ListenerOptions[] {
  if (listeners.length > 0) return listeners;
  const ports = brokers.map(({ id }) => FIRST_PORT + id - 1);
  return [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'localhost', ports }];
}

export function brokersNumbered(count: number, first = 1): readonly BrokerOptions[] {
  return Array.from({ length: count }, (_, index) => ({ id: first + index, rack: null, logDirs: 1 }));
}

/** Names of the nodes that a cluster has: brokers, and its quorum. */
const brokerNodes = new Map<number, string>();

/** The node of a broker; the text is made once. */
export function brokerNode(id: number): string {
  let name = brokerNodes.get(id);
  if (name === undefined) {
    name = `broker-${id}`;
    brokerNodes.set(id, name);
  }
  return name;
}

export function quorumNodes(options: ClusterOptions): readonly string[] {
  if (options.combined) return options.brokers.slice(0, options.quorum).map((broker) => brokerNode(broker.id));
  const names: string[] = [];
  for (let index = 1; index <= options.quorum; index++)
    names.push(options.mode === 'kraft' ? `controller-${1000 + index}` : `zk-${index}`);
  return names;
}
