import type { ClientOptions } from '../cluster/client-options.ts';
import { type ClientValue, clientOptions, clientProblem } from '../cluster/client-shape.ts';
import type { Catalog, ClientName } from '../cluster/names.ts';
import { type BrokerOptions, type Mode, quorumNodes } from '../cluster/options.ts';
import { readArguments } from '../tools/kafka/arguments.ts';
import { ToolError } from '../tools/kafka/failure.ts';
import { toolCalled, toolNamed } from '../tools/kafka/index.ts';
import { splitPipes } from '../tools/words.ts';
import type { Plan, VerbStep } from './plan.ts';

/** Topics that Kafka makes for itself, and the setting that says how many partitions they have. */
const INTERNAL_TOPICS = [
  ['__consumer_offsets', 'offsets.topic.num.partitions'],
  ['__transaction_state', 'transaction.state.log.num.partitions'],
] as const;
const INTERNAL_PARTITIONS = 50;

/** What the steps bring into being. */
export interface Created {
  /** With their partitions, at their most. */
  readonly topics: ReadonlyMap<string, number>;
  readonly clients: readonly ClientOptions[];
}

export function createdBy(steps: readonly VerbStep[]): Created {
  const topics = new Map<string, number>();
  const clients: ClientOptions[] = [];
  for (const { verb, args } of steps) {
    if (verb.name === 'addClient') {
      const { name, ...value } = args as { readonly name: string } & ClientValue;
      if (clientProblem(name, value) === undefined) clients.push(clientOptions(name, value));
    }
    const made = verb.name === 'run' ? topicMadeBy(String(args.line)) : undefined;
    if (made !== undefined) topics.set(made.topic, Math.max(made.partitions, topics.get(made.topic) ?? 0));
    if (verb.name !== 'createTopic' && verb.name !== 'addPartitions') continue;
    const { topic, partitions, assignment } = args as {
      readonly topic: string;
      readonly partitions: number;
      readonly assignment?: readonly unknown[];
    };
    topics.set(topic, Math.max(assignment?.length ?? partitions, topics.get(topic) ?? 0));
  }
  return { topics, clients };
}

/** `run: kafka-topics --create --topic audit --partitions 3`. */
function topicMadeBy(line: string): { readonly topic: string; readonly partitions: number } | undefined {
  const words = splitPipes(line)?.[0]?.words ?? [];
  if (toolCalled(words[0] ?? '') !== 'kafka-topics') return undefined;
  const tool = toolNamed('kafka-topics')!;
  try {
    const given = readArguments(words.slice(1), tool);
    const topic = given.get('topic');
    if (topic === undefined || !given.has('create')) return undefined;
    const assigned = given.get('replica-assignment')?.split(',').length;
    return { topic, partitions: assigned ?? given.integer('partitions') ?? 1 };
  } catch (thrown) {
    if (thrown instanceof ToolError) return undefined;
    throw thrown;
  }
}

/** What has a name while a scenario is played: what its file names, and what there is besides. */
export function playCatalog(plan: Plan, live: Catalog, steps: readonly VerbStep[]): Catalog {
  const file = fileCatalog(plan, createdBy(steps), live.mode);
  return {
    ...file,
    topics: () => new Map([...file.topics(), ...live.topics()]),
    clients: () => new Map([...file.clients(), ...live.clients()]),
    groups: () => new Set([...file.groups(), ...live.groups()]),
    realClients: live.realClients,
    outside: live.outside,
  };
}

/** What has a name in a file: what it declares, and what its steps create. */
export function fileCatalog(
  plan: Pick<Plan, 'cluster' | 'clients' | 'modes'>,
  created: Created,
  mode: Mode | undefined,
): Catalog {
  const { cluster, clients, modes } = plan;
  const topics = new Map(cluster.topics.map((topic) => [topic.name, topic.assignment?.length ?? topic.partitions]));
  for (const [topic, setting] of INTERNAL_TOPICS)
    topics.set(topic, Number(cluster.config[setting] ?? INTERNAL_PARTITIONS));
  for (const [name, partitions] of created.topics) topics.set(name, Math.max(partitions, topics.get(name) ?? 0));
  const kinds = { produce: 'producer', consume: 'consumer', transform: 'transformer' } as const;
  const names = new Map<string, ClientName>();
  const groups = new Set<string>();
  for (const { name, members, role } of [...clients, ...created.clients]) {
    const group = role.kind === 'produce' ? null : role.reading.group;
    names.set(name, { kind: kinds[role.kind], members, group });
    if (group !== null) groups.add(group);
  }
  const quorum = (mode === undefined ? modes : [mode]).flatMap((one) =>
    quorumNodes({ ...cluster, mode: one, combined: cluster.combined && one === 'kraft', seed: 0 }),
  );
  return {
    mode,
    topics: () => topics,
    brokers: () => cluster.brokers.map(({ id }: BrokerOptions) => id),
    quorum: () => quorum,
    racks: () => [...new Set(cluster.brokers.flatMap(({ rack }: BrokerOptions) => (rack === null ? [] : [rack])))],
    clients: () => names,
    groups: () => groups,
    realClients: () => new Set(),
    outside: false,
  };
}
