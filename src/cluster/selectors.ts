/**
 * Who a verb is about: names of nodes and clients, `$name`, and selectors such as `leader(orders-0)`. A selector means
 * nodes at the moment when its step runs; before the run it is only checked.
 */
import { nearest } from '../config/nearest.ts';
import type { Cluster } from './cluster.ts';
import type { Value } from './expression/value.ts';
import { allNodes, type Catalog, clientNodes, nodeName, parseMember, parsePartition, partitionName } from './names.ts';
import { brokerNode } from './options.ts';
import type { Target } from './verbs/verb.ts';

/** What stands in a selector's parentheses. */
export type SelectorArgument = 'partition' | 'group' | 'transactionalId' | 'rank' | 'kind' | 'rack';

export interface Selector {
  readonly name: string;
  readonly args: readonly SelectorArgument[];
  /** How many of them must be given. */
  readonly required: number;
  readonly about: string;
  resolve(cluster: Cluster, args: readonly string[]): readonly string[];
}

/** A mistake in a target; `hint` is what to write instead. */
export class SelectorError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'SelectorError';
    this.hint = hint;
  }
}

const optional = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name]);

function followersOf(cluster: Cluster, text: string): readonly string[] {
  const record = partitionRecord(cluster, text);
  if (record === undefined) return [];
  return record.replicas
    .filter((id) => id !== record.leader)
    .sort((a, b) => a - b)
    .map(brokerNode);
}

function partitionRecord(cluster: Cluster, text: string) {
  const name = parsePartition(text);
  return name && cluster.model.authority.partitions.get(partitionName(name));
}

function kindOf(cluster: Cluster, kind: string): readonly string[] {
  return kind === 'quorum' ? cluster.catalog.quorum() : cluster.catalog.brokers().map(brokerNode);
}

export const SELECTORS: readonly Selector[] = [
  {
    name: 'leader',
    args: ['partition'],
    required: 1,
    about: 'the broker that leads a partition, as the authority says',
    resolve(cluster, [partition]) {
      const leader = partitionRecord(cluster, partition!)?.leader ?? -1;
      return leader < 0 ? [] : [brokerNode(leader)];
    },
  },
  {
    name: 'follower',
    args: ['partition', 'rank'],
    required: 1,
    about: 'of the replicas that do not lead, the one with the lowest id (or the n-th)',
    resolve: (cluster, [partition, rank]) => optional(followersOf(cluster, partition!)[Number(rank ?? '1') - 1]),
  },
  {
    name: 'followers',
    args: ['partition'],
    required: 1,
    about: 'all replicas of a partition that do not lead',
    resolve: (cluster, [partition]) => followersOf(cluster, partition!),
  },
  {
    name: 'controller',
    args: [],
    required: 0,
    about: 'the active controller',
    resolve: (cluster) => optional(cluster.model.authority.controller?.node),
  },
  {
    name: 'quorumLeader',
    args: [],
    required: 0,
    about: 'the leader of the KRaft quorum or of the ZooKeeper ensemble',
    resolve: (cluster) => optional(cluster.model.quorum.leader),
  },
  {
    name: 'quorumFollower',
    args: [],
    required: 0,
    about: 'of the quorum members that do not lead, the first',
    resolve: (cluster) => cluster.catalog.quorum().filter((name) => name !== cluster.model.quorum.leader),
  },
  {
    name: 'coordinator',
    args: ['group'],
    required: 1,
    about: 'the broker that coordinates a group',
    resolve: (cluster, [group]) => optional(cluster.model.groups.all.get(group!)?.coordinator ?? undefined),
  },
  {
    name: 'txnCoordinator',
    args: ['transactionalId'],
    required: 1,
    about: 'the broker that coordinates a transactional id',
    resolve: (cluster, [id]) => optional(cluster.model.transactions.all.get(id!)?.coordinator ?? undefined),
  },
  {
    name: 'random',
    args: ['kind'],
    required: 1,
    about: 'one of the brokers or of the quorum, drawn from the seed',
    resolve: (cluster, [kind]) => kindOf(cluster, kind!),
  },
  {
    name: 'all',
    args: ['kind'],
    required: 1,
    about: 'every broker, or every member of the quorum',
    resolve: (cluster, [kind]) => kindOf(cluster, kind!),
  },
  {
    name: 'brokers',
    args: [],
    required: 0,
    about: 'every broker',
    resolve: (cluster) => kindOf(cluster, 'brokers'),
  },
  {
    name: 'clients',
    args: [],
    required: 0,
    about: 'every client, simulated or real',
    resolve: (cluster) =>
      [...cluster.nodes.values()].filter(({ kind }) => kind === 'client' || kind === 'outside').map(({ name }) => name),
  },
  {
    name: 'rack',
    args: ['rack'],
    required: 1,
    about: 'the brokers of a rack',
    resolve: (cluster, [rack]) =>
      cluster.options.brokers.filter((broker) => broker.rack === rack).map(({ id }) => brokerNode(id)),
  },
];

/** Selectors that mean one node even where several match: the first that is acceptable, or one drawn. */
const ONE_OF = new Set(['random', 'quorumFollower']);

interface Call {
  readonly selector: Selector;
  readonly args: readonly string[];
}

function parseCall(text: string): Call | undefined {
  const match = /^([A-Za-z]+)(?:\((.*)\))?$/.exec(text.trim());
  const selector = SELECTORS.find(({ name }) => name === match?.[1]);
  if (match === null || selector === undefined) return undefined;
  if (match[2] === undefined && selector.args.length > 0) return undefined;
  const args = (match[2] ?? '') === '' ? [] : match[2]!.split(',').map((arg) => arg.trim());
  return { selector, args };
}

/** `client(x)` and `node(x)` say which is meant where names coincide. */
function unwrap(text: string): string {
  return /^(?:client|node|broker)\((.+)\)$/.exec(text)?.[1]?.trim() ?? text;
}

/**
 * Checks a target before the run. Throws `SelectorError` with a suggestion for what is not there.
 * `bound` says whether a `$name` is known at this step.
 */
export function checkTarget(target: Target, catalog: Catalog, bound: (name: string) => boolean): void {
  for (const item of Array.isArray(target) ? target : [target]) checkOne(String(item), catalog, bound);
}

function checkOne(text: string, catalog: Catalog, bound: (name: string) => boolean): void {
  if (text.startsWith('$')) {
    if (!bound(text.slice(1)))
      throw new SelectorError(`${text} is not bound here`, 'a step before this one must have "as: name"');
    return;
  }
  const call = parseCall(text);
  if (call !== undefined) {
    checkCall(call, catalog);
    return;
  }
  const plain = unwrap(text);
  const known = allNodes(catalog);
  const { client, member } = parseMember(plain);
  const declared = catalog.clients().get(client);
  if (declared !== undefined && (member === undefined || member < declared.members)) return;
  if (known.includes(nodeName(plain))) return;
  const called = /^([A-Za-z]+)\(/.exec(text)?.[1];
  if (called !== undefined) {
    const selector = nearest(
      called,
      SELECTORS.map(({ name }) => name),
    );
    throw new SelectorError(
      `there is no selector "${called}"`,
      selector && `did you mean ${selector}${text.slice(called.length)}?`,
    );
  }
  const words = [...known, ...catalog.clients().keys(), ...SELECTORS.map(({ name }) => name)];
  const hint = nearest(plain, words);
  throw new SelectorError(
    `there is no node or client "${text}"`,
    hint ? `did you mean ${usage(hint)}?` : `there are ${few(known)}`,
  );
}

const MOST_NAMED = 8;

const few = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;

function usage(name: string): string {
  const selector = SELECTORS.find((known) => known.name === name);
  return selector === undefined || selector.args.length === 0
    ? name
    : `${name}(${selector.args.slice(0, selector.required).join(', ')})`;
}

function checkCall({ selector, args }: Call, catalog: Catalog): void {
  if (args.length < selector.required || args.length > selector.args.length)
    throw new SelectorError(
      `${selector.name} takes ${selector.args.length === 0 ? 'no arguments' : selector.args.join(', ')}`,
    );
  for (const [index, arg] of args.entries()) checkArgument(selector.args[index]!, arg, catalog);
}

function checkArgument(kind: SelectorArgument, arg: string, catalog: Catalog): void {
  const oneOf = (words: readonly string[], what: string) => {
    if (words.includes(arg)) return;
    const hint = nearest(arg, words);
    const others = words.length === 0 ? 'there is none' : `there ${words.length === 1 ? 'is' : 'are'} ${few(words)}`;
    throw new SelectorError(`there is no ${what} "${arg}"`, hint ? `did you mean ${hint}?` : others);
  };
  switch (kind) {
    case 'partition': {
      checkPartition(arg, catalog);
      return;
    }
    case 'group':
      oneOf([...catalog.groups()], 'group');
      return;
    case 'kind':
      oneOf(['brokers', 'quorum'], 'kind of nodes');
      return;
    case 'rack':
      oneOf(catalog.racks(), 'rack');
      return;
    case 'rank':
      if (!/^[1-9]\d*$/.test(arg)) throw new SelectorError(`"${arg}" is not a rank`, 'ranks count from 1');
      return;
    case 'transactionalId':
      // A producer may come to use any.
      return;
  }
}

/** Checks the name of a partition: its topic must exist and have that many. */
export function checkPartition(text: string, catalog: Catalog): void {
  const topics = catalog.topics();
  const name = parsePartition(text);
  if (name === undefined) {
    const hint = topics.has(text)
      ? `${text}-0`
      : nearest(
          text,
          [...topics.keys()].map((topic) => `${topic}-0`),
        );
    throw new SelectorError(
      `"${text}" is not a partition`,
      hint ? `did you mean ${hint}?` : 'partitions are written orders-0',
    );
  }
  const partitions = topics.get(name.topic);
  if (partitions === undefined) {
    const hint = nearest(name.topic, [...topics.keys()]);
    throw new SelectorError(
      `there is no topic "${name.topic}"`,
      hint ? `did you mean ${hint}-${name.partition}?` : topicsThere(topics),
    );
  }
  if (name.partition >= partitions)
    throw new SelectorError(
      `topic ${name.topic} has partitions 0 to ${partitions - 1}`,
      `did you mean ${name.topic}-${partitions - 1}?`,
    );
}

function topicsThere(topics: ReadonlyMap<string, number>): string {
  const names = [...topics.keys()].filter((name) => !name.startsWith('__'));
  return names.length === 0 ? 'there is none' : `there ${names.length === 1 ? 'is' : 'are'} ${few(names)}`;
}

export interface ResolveOptions {
  readonly accept: (node: string) => boolean;
  readonly binding: (name: string) => Value | undefined;
}

/** The nodes that a target means now, in order, without repetition. Empty if none is acceptable. */
export function resolveTarget(target: Target, cluster: Cluster, options: ResolveOptions): readonly string[] {
  const found: string[] = [];
  for (const item of Array.isArray(target) ? target : [target])
    for (const node of resolveOne(String(item), cluster, options)) if (!found.includes(node)) found.push(node);
  return found;
}

function resolveOne(text: string, cluster: Cluster, { accept, binding }: ResolveOptions): readonly string[] {
  if (text.startsWith('$')) {
    const value = binding(text.slice(1));
    const values: readonly Value[] = Array.isArray(value)
      ? value
      : value === undefined || value === null
        ? []
        : [value];
    return values.flatMap((item) => namedNodes(String(item), cluster)).filter(accept);
  }
  const call = parseCall(text);
  if (call === undefined) return namedNodes(unwrap(text), cluster).filter(accept);
  const matching = call.selector.resolve(cluster, call.args).filter(accept);
  if (!ONE_OF.has(call.selector.name) || matching.length < 2) return matching;
  if (call.selector.name === 'random') return [cluster.world.chance('selector').pick(matching)];
  return matching.slice(0, 1);
}

function namedNodes(text: string, cluster: Cluster): readonly string[] {
  const { client, member } = parseMember(text);
  const declared = cluster.catalog.clients().get(client);
  if (declared !== undefined) {
    const nodes = clientNodes(client, declared.members);
    return member === undefined ? nodes : nodes.slice(member, member + 1);
  }
  const name = nodeName(text);
  return cluster.nodes.has(name) ? [name] : [];
}
