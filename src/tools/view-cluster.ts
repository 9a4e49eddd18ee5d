/** Health, nodes and partitions, as the model has them. */
import type { PartitionRecord } from '../cluster/model/authority.ts';
import type { ClusterModel } from '../cluster/model/cluster-model.ts';
import { countPartitions, offline, underMinIsr, underReplicated } from '../cluster/observables/cluster.ts';
import { minInsyncReplicas } from '../cluster/observables/min-isr.ts';
import { nodeState } from '../cluster/observables/node.ts';
import { brokerNode, type ClusterOptions, quorumNodes } from '../cluster/options.ts';
import type { HealthItem, NodeRow, PartitionHealth, PartitionRow, Tone } from './view.ts';

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
