/** Kafka's znodes: where they are, and what is in them, as Kafka 3.9 writes it (ZkData). JSON is parsed without regard to order. */
import { securityProtocolNamed } from '../../../protocol/security-protocol.ts';
import type { BrokerIdentity, ListenerEndpoint } from '../../index.ts';

export const CONTROLLER_PATH = '/controller';
export const CONTROLLER_EPOCH_PATH = '/controller_epoch';
export const CLUSTER_ID_PATH = '/cluster/id';
export const BROKER_IDS_PATH = '/brokers/ids';
export const TOPICS_PATH = '/brokers/topics';
export const DELETE_TOPICS_PATH = '/admin/delete_topics';
export const REASSIGN_PATH = '/admin/reassign_partitions';
export const PREFERRED_ELECTION_PATH = '/admin/preferred_replica_election';
export const ISR_CHANGES_PATH = '/isr_change_notification';
export const LOG_DIR_EVENTS_PATH = '/log_dir_event_notification';
export const PRODUCER_IDS_PATH = '/latest_producer_id_block';
export const CONFIG_CHANGES_PATH = '/config/changes';
export const FEATURE_PATH = '/feature';

/** What every broker makes sure of at its start, parents first. */
export const PERSISTENT_PATHS: readonly string[] = [
  '/cluster',
  '/consumers',
  '/brokers',
  BROKER_IDS_PATH,
  TOPICS_PATH,
  '/brokers/seqid',
  '/config',
  CONFIG_CHANGES_PATH,
  '/config/topics',
  '/config/clients',
  '/config/users',
  '/config/brokers',
  '/config/ips',
  '/admin',
  DELETE_TOPICS_PATH,
  ISR_CHANGES_PATH,
  PRODUCER_IDS_PATH,
  LOG_DIR_EVENTS_PATH,
];

export const brokerPath = (id: number): string => `${BROKER_IDS_PATH}/${id}`;
export const topicPath = (topic: string): string => `${TOPICS_PATH}/${topic}`;
export const partitionsPath = (topic: string): string => `${TOPICS_PATH}/${topic}/partitions`;
export const partitionPath = (topic: string, partition: number): string => `${partitionsPath(topic)}/${partition}`;
export const statePath = (topic: string, partition: number): string => `${partitionPath(topic, partition)}/state`;
export const deleteTopicPath = (topic: string): string => `${DELETE_TOPICS_PATH}/${topic}`;

/** The znode that holds a resource's settings; the name '' is that of all brokers. */
export function configPath(type: 'topic' | 'broker', name: string): string {
  return `/config/${entityPath(type, name)}`;
}

/** As a change notification names a resource: `topics/orders`, `brokers/1`, `brokers/<default>`. */
export function entityPath(type: 'topic' | 'broker', name: string): string {
  if (type === 'topic') return `topics/${name}`;
  return `brokers/${name === '' ? '<default>' : name}`;
}

/** Undefined for resources that have no settings here (clients, users, addresses). */
export function parseEntityPath(
  path: string,
): { readonly type: 'topic' | 'broker'; readonly name: string } | undefined {
  const match = /^(topics|brokers)\/([^/]+)$/.exec(path);
  if (match === null) return undefined;
  if (match[1] === 'topics') return { type: 'topic', name: match[2]! };
  return { type: 'broker', name: match[2] === '<default>' ? '' : match[2]! };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function toBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

export function fromBytes(data: Uint8Array | null): string {
  return data === null ? '' : decoder.decode(data);
}

const json = (value: unknown): Uint8Array => toBytes(JSON.stringify(value));

/** Undefined if it is not JSON of an object: somebody else's hand was in it. */
export function parseObject(data: Uint8Array | null): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(fromBytes(data));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

const numbers = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : []);

// ---- Brokers

/** A broker as its znode describes it. `node` and its port are the endpoint that brokers use among themselves. */
export interface BrokerZNode {
  readonly id: number;
  readonly node: string;
  readonly endpoints: readonly ListenerEndpoint[];
  readonly rack: string | null;
}

const INTERNAL_LISTENER = 'INTERNAL';

export function encodeBroker(
  { node, endpoints, rack }: BrokerIdentity,
  { internalPort, wallMs }: { readonly internalPort: string; readonly wallMs: number },
): Uint8Array {
  // `host` and `port` are those of the first plain listener, for readers of old.
  const plain = endpoints.find(({ securityProtocol }) => securityProtocol === 'PLAINTEXT');
  return json({
    features: {},
    listener_security_protocol_map: {
      [INTERNAL_LISTENER]: 'PLAINTEXT',
      ...Object.fromEntries(endpoints.map(({ name, securityProtocol }) => [name, securityProtocol])),
    },
    endpoints: [
      `${INTERNAL_LISTENER}://${node}:${internalPort}`,
      ...endpoints.map(({ name, host, port }) => `${name}://${host}:${port}`),
    ],
    jmx_port: -1,
    port: plain?.port ?? -1,
    host: plain?.host ?? null,
    version: 5,
    timestamp: String(wallMs),
    ...(rack === null ? {} : { rack }),
  });
}

export function decodeBroker(id: number, data: Uint8Array | null): BrokerZNode | undefined {
  const value = parseObject(data);
  if (value === undefined) return undefined;
  const all = endpointsIn(value);
  const internal = all.find(({ name }) => name === INTERNAL_LISTENER) ?? all[0];
  if (internal === undefined) return undefined;
  const endpoints = all.filter(({ name }) => name !== INTERNAL_LISTENER);
  const rack = value['rack'];
  return { id, node: internal.host, endpoints, rack: typeof rack === 'string' ? rack : null };
}

function endpointsIn(value: Readonly<Record<string, unknown>>): ListenerEndpoint[] {
  const { endpoints: texts, listener_security_protocol_map: given } = value;
  const protocols: Readonly<Record<string, unknown>> = typeof given === 'object' && given !== null ? { ...given } : {};
  const found: ListenerEndpoint[] = [];
  for (const text of Array.isArray(texts) ? texts : []) {
    const match = /^([\w.-]+):\/\/(.*):(-?\d+)$/.exec(String(text));
    if (match === null) continue;
    const name = match[1]!;
    const securityProtocol = securityProtocolNamed(String(protocols[name] ?? name)) ?? 'PLAINTEXT';
    found.push({ name, securityProtocol, host: match[2]!, port: Number(match[3]) });
  }
  return found;
}

// ---- Controller

export function encodeController(brokerId: number, wallMs: number): Uint8Array {
  return json({ version: 2, brokerid: brokerId, timestamp: String(wallMs), kraftControllerEpoch: -1 });
}

/** Id of the controller, or -1. */
export function decodeController(data: Uint8Array | null): number {
  const id = parseObject(data)?.['brokerid'];
  return typeof id === 'number' ? id : -1;
}

// ---- Topics

export interface Assignment {
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export interface TopicZNode {
  readonly topicId: string;
  /** By partition number; one that is missing was never written. */
  readonly partitions: ReadonlyMap<number, Assignment>;
}

export function encodeTopic({ topicId, partitions }: TopicZNode): Uint8Array {
  const lists = (of: (assignment: Assignment) => readonly number[], keepEmpty: boolean) =>
    Object.fromEntries([...partitions].flatMap(([p, a]) => (keepEmpty || of(a).length > 0 ? [[p, of(a)]] : [])));
  return json({
    removing_replicas: lists(({ removing }) => removing, false),
    partitions: lists(({ replicas }) => replicas, true),
    topic_id: topicId,
    adding_replicas: lists(({ adding }) => adding, false),
    version: 3,
  });
}

export function decodeTopic(data: Uint8Array | null): TopicZNode | undefined {
  const value = parseObject(data);
  if (value === undefined) return undefined;
  const table = (name: string): Readonly<Record<string, unknown>> =>
    (value[name] ?? {}) as Readonly<Record<string, unknown>>;
  const adding = table('adding_replicas');
  const removing = table('removing_replicas');
  const partitions = new Map<number, Assignment>();
  for (const [key, replicas] of Object.entries(table('partitions')).sort(([a], [b]) => Number(a) - Number(b))) {
    partitions.set(Number(key), {
      replicas: numbers(replicas),
      adding: numbers(adding[key]),
      removing: numbers(removing[key]),
    });
  }
  return { topicId: String(value['topic_id'] ?? ''), partitions };
}

/** LeaderIsrAndControllerEpoch; its znode's version is the partition epoch. */
export interface Leadership {
  readonly controllerEpoch: number;
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  readonly recovering: boolean;
}

export function encodeState({ controllerEpoch, leader, leaderEpoch, isr, recovering }: Leadership): Uint8Array {
  return json({
    controller_epoch: controllerEpoch,
    leader,
    version: 1,
    leader_epoch: leaderEpoch,
    isr,
    ...(recovering ? { leader_recovery_state: 1 } : {}),
  });
}

export function decodeState(data: Uint8Array | null): Leadership | undefined {
  const value = parseObject(data);
  if (value === undefined) return undefined;
  return {
    controllerEpoch: Number(value['controller_epoch']),
    leader: Number(value['leader']),
    leaderEpoch: Number(value['leader_epoch']),
    isr: numbers(value['isr']),
    recovering: value['leader_recovery_state'] === 1,
  };
}

// ---- Settings

export function encodeConfig(settings: ReadonlyMap<string, string>): Uint8Array {
  return json({ version: 1, config: Object.fromEntries(settings) });
}

export function decodeConfig(data: Uint8Array | null): Map<string, string> {
  const config = parseObject(data)?.['config'];
  if (typeof config !== 'object' || config === null) return new Map();
  return new Map(Object.entries(config).map(([name, value]) => [name, String(value)]));
}

export function encodeConfigChange(entity: string): Uint8Array {
  return json({ version: 2, entity_path: entity });
}

export function decodeConfigChange(data: Uint8Array | null): string {
  return String(parseObject(data)?.['entity_path'] ?? '');
}

// ---- The rest

export function encodeClusterId(id: string): Uint8Array {
  return json({ version: '1', id });
}

export function decodeClusterId(data: Uint8Array | null): string {
  return String(parseObject(data)?.['id'] ?? '');
}

export interface ProducerIdBlock {
  readonly broker: number;
  readonly first: number;
  readonly last: number;
}

export function encodeProducerIds({ broker, first, last }: ProducerIdBlock): Uint8Array {
  return json({ version: 1, broker, block_start: String(first), block_end: String(last) });
}

/** Undefined while no block was given out. */
export function decodeProducerIds(data: Uint8Array | null): ProducerIdBlock | undefined {
  const value = parseObject(data);
  if (value === undefined) return undefined;
  return {
    broker: Number(value['broker']),
    first: Number(value['block_start']),
    last: Number(value['block_end']),
  };
}

export function encodeFeatures(): Uint8Array {
  return json({ features: {}, version: 2, status: 1 });
}

/** `/admin/preferred_replica_election`, and the partitions of a reassignment's file: what the old tools write. */
export function decodePartitionList(
  data: Uint8Array | null,
): readonly { readonly topic: string; readonly partition: number; readonly replicas: readonly number[] }[] {
  const list = parseObject(data)?.['partitions'];
  if (!Array.isArray(list)) return [];
  return list.map((entry: Readonly<Record<string, unknown>>) => ({
    topic: String(entry['topic']),
    partition: Number(entry['partition']),
    replicas: numbers(entry['replicas']),
  }));
}
