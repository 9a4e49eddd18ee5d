import { authorityEvents as kinds } from '../../coordinator/index.ts';
import type { FieldValue, Trace, TraceEvent } from '../../kernel/api.ts';
import type { Changes } from './changes.ts';

/** A broker as the authority has it. */
export interface RegisteredBroker {
  readonly id: number;
  epoch: number;
  rack: string | null;
  fenced: boolean;
  shuttingDown: boolean;
}

/** A partition as the authority has it: the znode, or the committed metadata. */
export interface PartitionRecord {
  readonly name: string;
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  /** Of the latest decision about it. */
  version: number;
  leader: number;
  leaderEpoch: number;
  partitionEpoch: number;
  isr: readonly number[];
  replicas: readonly number[];
  elr: readonly number[];
}

export interface TopicRecord {
  readonly name: string;
  readonly id: string;
  /** By partition number. */
  readonly partitions: PartitionRecord[];
}

/**
 * The cluster as its authority decided it, folded from the trace. Decisions carry a growing version; one that is told
 * twice (by a new controller that commits what the old one had committed) counts once.
 */
export class Authority {
  readonly brokers = new Map<number, RegisteredBroker>();
  readonly topics = new Map<string, TopicRecord>();
  readonly partitions = new Map<string, PartitionRecord>();
  /** Dynamic settings: `topic/orders` or `broker/1` → name → value. */
  readonly configs = new Map<string, Map<string, string>>();
  /** The latest elected controller, and the nodes that believe to be it. */
  controller: { node: string; epoch: number } | null = null;
  readonly believers = new Map<string, number>();
  uncleanElections = 0;
  /** Version of the latest decision: metadata offset, or zxid. */
  version = 0;
  readonly #changes: Changes;
  /** Called before a partition's record changes and once it has changed. */
  onPartition: ((record: PartitionRecord, event: TraceEvent) => void) | undefined;

  constructor(trace: Trace, changes: Changes) {
    this.#changes = changes;
    const on = (kind: (typeof kinds)[keyof typeof kinds], fold: (event: TraceEvent) => void) =>
      trace.subscribe([kind], (event) => {
        if (kind.fields[0] === 'version') this.version = Math.max(this.version, event.values[0] as number);
        fold(event);
        this.#changes.mark('authority');
      });
    on(kinds['broker-registered'], ({ values: [, id, epoch, rack] }) => this.#register(id, epoch, rack));
    on(kinds['broker-unregistered'], ({ values: [, id] }) => this.brokers.delete(id as number));
    on(kinds['broker-fenced'], ({ values: [, id] }) => this.#setBroker(id, { fenced: true }));
    on(kinds['broker-unfenced'], ({ values: [, id] }) => this.#setBroker(id, { fenced: false, shuttingDown: false }));
    on(kinds['broker-shutting-down'], ({ values: [, id] }) => this.#setBroker(id, { shuttingDown: true }));
    on(kinds['topic-created'], ({ values: [, name, id] }) => {
      const existing = this.topics.get(name as string);
      if (existing?.id !== id)
        this.topics.set(name as string, { name: name as string, id: id as string, partitions: [] });
    });
    on(kinds['topic-deleted'], ({ values: [, name, id] }) => this.#deleteTopic(name as string, id as string));
    on(kinds['partition-changed'], (event) => this.#changePartition(event));
    on(kinds['config-changed'], ({ values: [, type, resource, name, value] }) =>
      this.#configure(`${type}/${resource}`, name as string, value as string | null),
    );
    on(kinds['controller-elected'], (event) => {
      this.controller = { node: event.values[0] as string, epoch: event.values[1] as number };
      this.believers.set(event.values[0] as string, event.values[1] as number);
    });
    on(kinds['controller-resigned'], ({ values: [node] }) => this.believers.delete(node as string));
  }

  /** A process ended: whatever it believed is gone with it. */
  forgetBeliever(node: string): void {
    if (this.believers.delete(node)) this.#changes.mark('authority');
  }

  #register(id: FieldValue | undefined, epoch: FieldValue | undefined, rack: FieldValue | undefined): void {
    const broker = this.brokers.get(id as number);
    if (broker !== undefined && broker.epoch >= (epoch as number)) return;
    // A registration of KRaft starts fenced and is told so by an event of its own; a znode serves at once.
    this.brokers.set(id as number, {
      id: id as number,
      epoch: epoch as number,
      rack: rack as string | null,
      fenced: false,
      shuttingDown: false,
    });
  }

  #setBroker(id: FieldValue | undefined, change: Partial<Pick<RegisteredBroker, 'fenced' | 'shuttingDown'>>): void {
    const broker = this.brokers.get(id as number);
    if (broker !== undefined) Object.assign(broker, change);
  }

  #deleteTopic(name: string, id: string): void {
    const topic = this.topics.get(name);
    if (topic === undefined || topic.id !== id) return;
    this.topics.delete(name);
    for (const record of topic.partitions) this.partitions.delete(record.name);
  }

  #changePartition(event: TraceEvent): void {
    const [version, name, topicId, leader, leaderEpoch, partitionEpoch, isr, replicas, elr, unclean] = event.values;
    const partitionName = name as string;
    const known = this.partitions.get(partitionName);
    const sameTopic = known !== undefined && known.topicId === topicId;
    if (sameTopic && known.version >= (version as number)) return;
    const record = sameTopic ? known : this.#addPartition(partitionName, topicId as string);
    record.version = version as number;
    record.leader = leader as number;
    record.leaderEpoch = leaderEpoch as number;
    record.partitionEpoch = partitionEpoch as number;
    record.isr = isr as readonly number[];
    record.replicas = replicas as readonly number[];
    record.elr = elr as readonly number[];
    if (unclean === true) this.uncleanElections += 1;
    this.onPartition?.(record, event);
  }

  #addPartition(name: string, topicId: string): PartitionRecord {
    const dash = name.lastIndexOf('-');
    const record: PartitionRecord = {
      name,
      topic: name.slice(0, dash),
      partition: Number(name.slice(dash + 1)),
      topicId,
      version: -1,
      leader: -1,
      leaderEpoch: -1,
      partitionEpoch: -1,
      isr: [],
      replicas: [],
      elr: [],
    };
    this.partitions.set(name, record);
    let topic = this.topics.get(record.topic);
    if (topic === undefined || topic.id !== topicId) {
      topic = { name: record.topic, id: topicId, partitions: [] };
      this.topics.set(record.topic, topic);
    }
    topic.partitions[record.partition] = record;
    return record;
  }

  #configure(resource: string, name: string, value: string | null): void {
    let settings = this.configs.get(resource);
    if (settings === undefined) {
      settings = new Map();
      this.configs.set(resource, settings);
    }
    if (value === null) settings.delete(name);
    else settings.set(name, value);
  }
}
