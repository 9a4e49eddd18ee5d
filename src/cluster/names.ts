/** What has a name in a cluster: for checking a scenario before it runs, for completion, and for resolving at run time. */
import type { Mode } from './options.ts';
import { OUTSIDE_NODE } from './outside.ts';

export interface ClientName {
  readonly kind: 'producer' | 'consumer' | 'transformer';
  readonly members: number;
  /** Of consumers and transformers. */
  readonly group: string | null;
}

/** Everything that can be named. A scenario's plan is one (what it declares), a running cluster is another. */
export interface Catalog {
  /** Undefined: both modes are meant. */
  readonly mode: Mode | undefined;
  /** Topics with their number of partitions. */
  topics(): ReadonlyMap<string, number>;
  brokers(): readonly number[];
  /** KRaft controllers or ZooKeeper servers. */
  quorum(): readonly string[];
  racks(): readonly string[];
  clients(): ReadonlyMap<string, ClientName>;
  groups(): ReadonlySet<string>;
  /** The client.ids of real clients that have sent something. */
  realClients(): ReadonlySet<string>;
  /** Whether there is a node that stands for real clients. */
  readonly outside: boolean;
}

export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** `orders-0`, `orders/0` or `orders:0`; undefined when the text has not that form. */
export function parsePartition(text: string): PartitionName | undefined {
  const match = /^(.+)[-/:](\d+)$/.exec(text);
  return match ? { topic: match[1]!, partition: Number(match[2]) } : undefined;
}

export function partitionName({ topic, partition }: PartitionName): string {
  return `${topic}-${partition}`;
}

/** `3`, `broker-3` → `broker-3`; other names of nodes stay themselves. */
export function nodeName(text: string | number): string {
  return typeof text === 'number' || /^\d+$/.test(text) ? `broker-${text}` : text;
}

/** `billing[0]` → client `billing`, member 0; `billing` → all of its members. */
export function parseMember(text: string): { readonly client: string; readonly member: number | undefined } {
  const match = /^(.+)\[(\d+)\]$/.exec(text);
  return match ? { client: match[1]!, member: Number(match[2]) } : { client: text, member: undefined };
}

/** Names of the nodes that run a client: its name, or `name[0]`, `name[1]` … where it has several members. */
export function clientNodes(name: string, members: number): readonly string[] {
  return members === 1 ? [name] : Array.from({ length: members }, (_, index) => `${name}[${index}]`);
}

export function allNodes(catalog: Catalog): readonly string[] {
  const names = catalog.brokers().map((id) => `broker-${id}`);
  for (const name of catalog.quorum()) if (!names.includes(name)) names.push(name);
  if (catalog.outside) names.push(OUTSIDE_NODE);
  for (const [name, client] of catalog.clients()) names.push(...clientNodes(name, client.members));
  return names;
}
