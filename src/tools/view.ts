/** What the dashboard shows, read from the cluster's model: plain values, so that every panel is a function of them. */
import type { PartitionRecord } from '../cluster/model/authority.ts';
import type { ClusterModel } from '../cluster/model/cluster-model.ts';
import { countPartitions, offline, underMinIsr, underReplicated } from '../cluster/observables/cluster.ts';
import { groupObservables } from '../cluster/observables/group.ts';
import { minInsyncReplicas } from '../cluster/observables/min-isr.ts';
import { nodeState } from '../cluster/observables/node.ts';
import { brokerNode, type ClusterOptions, quorumNodes } from '../cluster/options.ts';
import type { QuorumView } from './view-quorum.ts';

/** How grave something is: shown by a sign and a word, and also by colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain' | 'dim';

export interface HealthItem {
  readonly label: string;
  /** The same in as many words as it takes. */
  readonly full: string;
  readonly value: string;
  readonly tone: Tone;
}

export interface NodeRow {
  readonly name: string;
  readonly state: string;
  /** `controller`, `leader` of the quorum, or nothing. */
  readonly role: string;
  readonly epoch: number | null;
  /** Partitions that it leads; null for members of the quorum. */
  readonly leaders: number | null;
  /** Per mille of its threads' time that was spent on service, over the last second of virtual time; null: not measured yet. */
  readonly cpu: number | null;
  readonly tone: Tone;
}

export type PartitionHealth = 'ok' | 'under-replicated' | 'under min ISR' | 'offline';

export interface PartitionRow {
  readonly name: string;
  readonly topic: string;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  readonly replicas: readonly number[];
  readonly highWatermark: number | null;
  readonly logEndOffset: number | null;
  readonly health: PartitionHealth;
}

export interface ProducerRow {
  readonly name: string;
  readonly acked: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly perSecond: number;
  readonly p99Us: number | null;
  readonly sending: boolean;
  readonly lastError: string | null;
}

export interface GroupRow {
  readonly name: string;
  readonly state: string;
  readonly members: number;
  readonly generation: number;
  readonly consumed: number;
  readonly lag: number;
}

/** A real client, by its client.id, as far as the protocol shows what it does. Records. */
export interface OutsideRow {
  readonly name: string;
  readonly sent: number;
  readonly acked: number;
  readonly failed: number;
  readonly fetched: number;
  /** Records sent and fetched, of the last second of virtual time. */
  readonly perSecond: number;
}

export interface TransactionRow {
  readonly id: string;
  readonly state: string;
  readonly epoch: number;
  readonly committed: number;
  readonly aborted: number;
  readonly fenced: number;
}

/** A step or an expectation of a scenario, as it stands. */
export interface StepRow {
  readonly state: 'waiting' | 'running' | 'passed' | 'failed' | 'skipped' | 'no-effect';
  readonly text: string;
  readonly note: string;
}

export interface TimelineRow {
  readonly id: number;
  /** Since the cluster was ready. */
  readonly atUs: number;
  readonly node: string;
  /** A sentence. */
  readonly text: string;
  /** Kind and fields, for those who filter. */
  readonly raw: string;
  readonly tone: Tone;
}

export interface DashboardView {
  readonly title: string;
  /** Where real clients connect; empty: nowhere. */
  readonly bootstrapServers: readonly string[];
  readonly timeUs: number;
  readonly speed: number;
  readonly paused: boolean;
  /** A word on the run: `running`, `passed` … */
  readonly status: string;
  readonly statusTone: Tone;
  readonly health: readonly HealthItem[];
  readonly nodes: readonly NodeRow[];
  readonly partitions: readonly PartitionRow[];
  readonly producers: readonly ProducerRow[];
  /** A value for each second of virtual time, oldest first: acknowledgements of a producer, records of a real client, lag of a group, by key. */
  readonly rates: ReadonlyMap<string, readonly number[]>;
  readonly groups: readonly GroupRow[];
  readonly outside: readonly OutsideRow[];
  readonly transactions: readonly TransactionRow[];
  readonly quorum: QuorumView;
  readonly timeline: readonly TimelineRow[];
  readonly steps: readonly StepRow[];
}

/** In the order of Kafka's own health questions: who is there, who leads, what is at risk, what is gone. */
export function healthOf(model: ClusterModel, options: ClusterOptions): readonly HealthItem[] {
  const online = options.brokers.filter(({ id }) => {
    const node = brokerNode(id);
    return model.nodes.running(node) && model.serving.has(node) && model.authority.brokers.get(id)?.fenced === false;
  }).length;
  const controllers = model.authority.believers.size;
  let replicas = 0;
  let onlineReplicas = 0;
  let atMinimum = 0;
  for (const partition of model.authority.partitions.values()) {
    replicas += partition.replicas.length;
    onlineReplicas += partition.replicas.filter((id) => model.nodes.running(brokerNode(id))).length;
    if (partition.isr.length === minInsyncReplicas(model, partition)) atMinimum += 1;
  }
  const under = countPartitions(model, null, underReplicated);
  const underMinimum = countPartitions(model, null, (partition) => underMinIsr(model, partition));
  const gone = countPartitions(model, null, (partition) => offline(model, partition));
  const unclean = model.authority.uncleanElections;
  const brokers = options.brokers.length;
  const item = (label: string, full: string, value: string | number, tone: Tone): HealthItem => ({
    label,
    full,
    value: String(value),
    tone,
  });
  return [
    item(
      'brokers',
      'brokers online',
      `${online}/${brokers}`,
      online === brokers ? 'good' : online === 0 ? 'bad' : 'warn',
    ),
    item('controllers', 'active controllers', controllers, controllers === 1 ? 'good' : 'bad'),
    item('unclean', 'unclean elections', unclean, unclean === 0 ? 'good' : 'bad'),
    item('replicas', 'online replicas', `${onlineReplicas}/${replicas}`, onlineReplicas === replicas ? 'good' : 'warn'),
    item('under-replicated', 'under-replicated', under, under === 0 ? 'good' : 'warn'),
    item('at min ISR', 'at min ISR', atMinimum, atMinimum === 0 ? 'good' : 'plain'),
    item('under min ISR', 'under min ISR', underMinimum, underMinimum === 0 ? 'good' : 'bad'),
    item('offline', 'offline partitions', gone, gone === 0 ? 'good' : 'bad'),
  ];
}

/** `cpu` is by node, per mille. */
export function nodesOf(
  model: ClusterModel,
  options: ClusterOptions,
  cpu: ReadonlyMap<string, number> = new Map(),
): readonly NodeRow[] {
  const brokers = options.brokers.map(({ id }) => brokerNode(id));
  const names = [...brokers, ...quorumNodes(options).filter((name) => !brokers.includes(name))];
  return names.map((name) => ({ ...nodeRow(model, name, brokers.includes(name)), cpu: cpu.get(name) ?? null }));
}

function nodeRow(model: ClusterModel, name: string, isBroker: boolean): Omit<NodeRow, 'cpu'> {
  const state = nodeState(model, { name, replica: undefined });
  const id = Number(name.slice(name.lastIndexOf('-') + 1));
  const roles: string[] = [];
  if (model.authority.believers.has(name)) roles.push('controller');
  if (model.quorum.believers.includes(name) && !roles.includes('controller')) roles.push('leader');
  const believed = model.authority.believers.get(name);
  const quorum = model.quorum.current;
  return {
    name,
    state,
    role: roles.join(' '),
    epoch: isBroker
      ? (model.authority.brokers.get(id)?.epoch ?? null)
      : quorum?.node === name
        ? quorum.epoch
        : (believed ?? null),
    leaders: isBroker ? countPartitions(model, null, (partition) => partition.leader === id) : null,
    tone: state === 'running' ? 'good' : state === 'stopped' || state === 'off' ? 'bad' : 'warn',
  };
}

export function partitionsOf(model: ClusterModel): readonly PartitionRow[] {
  return [...model.authority.partitions.values()]
    .filter(({ topic }) => !topic.startsWith('__'))
    .map((partition) => partitionRow(model, partition))
    .sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : numberOf(a) - numberOf(b)));
}

const numberOf = ({ name }: PartitionRow): number => Number(name.slice(name.lastIndexOf('-') + 1));

function partitionRow(model: ClusterModel, partition: PartitionRecord): PartitionRow {
  const leader = partition.leader < 0 ? undefined : model.replicas.get(partition.name, partition.leader);
  const health: PartitionHealth = offline(model, partition)
    ? 'offline'
    : underMinIsr(model, partition)
      ? 'under min ISR'
      : underReplicated(partition)
        ? 'under-replicated'
        : 'ok';
  return {
    name: partition.name,
    topic: partition.topic,
    leader: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    isr: partition.isr,
    replicas: partition.replicas,
    highWatermark: leader?.highWatermark ?? null,
    logEndOffset: leader?.logEndOffset ?? null,
    health,
  };
}

export function producersOf(model: ClusterModel): readonly ProducerRow[] {
  return [...model.producers.all.values()]
    .filter(({ sent, sending }) => sending || sent > 0)
    .map((client) => ({
      name: client.name,
      acked: client.acked,
      failed: client.failed,
      inFlight: client.sent - client.acked - client.failed,
      perSecond: model.producers.rate(client, model.nowUs),
      p99Us: client.latencies.quantileUs(990),
      sending: client.sending,
      lastError: client.lastError,
    }));
}

const lagOf = groupObservables.find(({ name }) => name === 'lag')!;

export function groupsOf(model: ClusterModel): readonly GroupRow[] {
  return [...model.groups.all.values()].map((group) => ({
    name: group.name,
    state: group.state,
    members: group.members.size,
    generation: group.generation,
    consumed: group.consumed,
    lag: Number(lagOf.read(model, { name: group.name, replica: undefined }, [])),
  }));
}

/** Those that are in the middle of something first. */
export function transactionsOf(model: ClusterModel): readonly TransactionRow[] {
  const resting = ({ state }: TransactionRow): number => (/^(Empty|Complete)/.test(state) ? 1 : 0);
  return [...model.transactions.all.values()]
    .map(({ id, state, epoch, committed, aborted, fenced }) => ({ id, state, epoch, committed, aborted, fenced }))
    .sort((a, b) => resting(a) - resting(b) || (a.id < b.id ? -1 : 1));
}
