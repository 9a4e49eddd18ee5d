/** What the active controller has in memory (ControllerContext): read from ZooKeeper at failover, then kept up. Soft: it ends with the controllership. */
import type { Assignment, BrokerZNode, Leadership } from '../znodes.ts';

export interface LiveBroker extends BrokerZNode {
  /** czxid of its znode. */
  readonly epoch: number;
}

/** `null`: not taken up yet, or given up. */
export type PartitionPhase = 'new' | 'online' | 'offline' | null;

export type ReplicaPhase =
  | 'new'
  | 'online'
  | 'offline'
  | 'deletion-started'
  | 'deletion-successful'
  | 'deletion-ineligible';

/** The content of a state znode, and its version. */
export interface KnownLeadership extends Leadership {
  readonly partitionEpoch: number;
}

export interface ControlledPartition extends Assignment {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly name: string;
  replicas: readonly number[];
  adding: readonly number[];
  removing: readonly number[];
  phase: PartitionPhase;
  /** Null while there is no state znode. */
  leadership: KnownLeadership | null;
  readonly replicaPhases: Map<number, ReplicaPhase>;
}

export interface ControlledTopic {
  readonly name: string;
  readonly id: string;
  readonly partitions: Map<number, ControlledPartition>;
}

/** One replica of a partition. */
export interface Replica {
  readonly partition: ControlledPartition;
  readonly brokerId: number;
}

export class ControllerState {
  readonly epoch: number;
  /** Version of `/controller_epoch` that every write checks. */
  readonly epochZkVersion: number;
  /** All that are registered, those that are shutting down too. In ascending order of their ids. */
  brokers = new Map<number, LiveBroker>();
  readonly shuttingDown = new Set<number>();
  readonly topics = new Map<string, ControlledTopic>();
  readonly deleting = new Set<string>();
  readonly deletionStarted = new Set<string>();
  readonly deletionIneligible = new Set<string>();

  constructor(epoch: number, epochZkVersion: number) {
    this.epoch = epoch;
    this.epochZkVersion = epochZkVersion;
  }

  /** Whether a replica there can be elected, or join an ISR. */
  isOnline(brokerId: number): boolean {
    return this.brokers.has(brokerId) && !this.shuttingDown.has(brokerId);
  }

  isAlive(brokerId: number): boolean {
    return this.brokers.has(brokerId);
  }

  *partitions(): Iterable<ControlledPartition> {
    for (const { partitions } of this.topics.values()) yield* partitions.values();
  }

  partition(topic: string, partition: number): ControlledPartition | undefined {
    return this.topics.get(topic)?.partitions.get(partition);
  }

  topicById(id: string): ControlledTopic | undefined {
    for (const topic of this.topics.values()) if (topic.id === id) return topic;
    return undefined;
  }

  partitionsOn(brokerId: number): ControlledPartition[] {
    return [...this.partitions()].filter(({ replicas }) => replicas.includes(brokerId));
  }

  isDeleting(topic: string): boolean {
    return this.deleting.has(topic);
  }

  addPartition(topic: ControlledTopic, partition: number, assignment: Assignment): ControlledPartition {
    const added: ControlledPartition = {
      topic: topic.name,
      topicId: topic.id,
      partition,
      name: `${topic.name}-${partition}`,
      ...assignment,
      phase: null,
      leadership: null,
      replicaPhases: new Map(),
    };
    topic.partitions.set(partition, added);
    return added;
  }
}

export function isReassigning({ adding, removing }: ControlledPartition): boolean {
  return adding.length > 0 || removing.length > 0;
}

/** What the replicas will be when the reassignment is done. */
export function targetReplicas({
  replicas,
  removing,
}: Pick<ControlledPartition, 'replicas' | 'removing'>): readonly number[] {
  return removing.length === 0 ? replicas : replicas.filter((id) => !removing.includes(id));
}

/** What they were before it began. */
export function originReplicas({ replicas, adding }: ControlledPartition): readonly number[] {
  return adding.length === 0 ? replicas : replicas.filter((id) => !adding.includes(id));
}
