import { brokerEvents } from '../../broker/events.ts';
import type { EventKind, Trace, TraceEvent } from '../../kernel/api.ts';
import { storageEvents } from '../../storage/events.ts';
import type { Changes } from './changes.ts';

/** One replica as its broker has it: what it believes of its role, and how far its log goes. */
export interface ReplicaRecord {
  readonly partition: string;
  readonly broker: number;
  role: 'leader' | 'follower' | 'none';
  /** Believed leader; -1: nobody. */
  leader: number;
  leaderEpoch: number;
  partitionEpoch: number;
  /** Only a leader counts with an ISR; a follower's is empty. */
  isr: readonly number[];
  logStartOffset: number;
  logEndOffset: number;
  highWatermark: number;
  segments: number;
  /** Records that it appended as a leader, since its process began. */
  produced: number;
}

const BROKER = /^broker-(\d+)$/;

/** Every replica of every broker, folded from the trace. */
export class Replicas {
  /** By partition, then by broker. */
  readonly byPartition = new Map<string, Map<number, ReplicaRecord>>();
  readonly #changes: Changes;
  readonly #brokers = new Map<string, number | undefined>();

  constructor(trace: Trace, changes: Changes) {
    this.#changes = changes;
    const on = (kind: EventKind, fold: (replica: ReplicaRecord, event: TraceEvent) => void) => {
      const domain = Object.hasOwn(storageEvents, kind.name) ? 'logs' : 'replicas';
      trace.subscribe([kind], (event) => {
        const broker = this.#broker(event.node);
        if (broker === undefined) return;
        fold(this.#replica(event.values[0] as string, broker), event);
        this.#changes.mark(domain);
      });
    };
    on(brokerEvents['became-leader'], (replica, { values }) => {
      replica.role = 'leader';
      replica.leader = replica.broker;
      replica.leaderEpoch = values[1] as number;
      replica.isr = values[3] as readonly number[];
      replica.partitionEpoch = values[5] as number;
    });
    on(brokerEvents['became-follower'], (replica, { values }) => {
      replica.role = 'follower';
      replica.leader = values[1] as number;
      replica.leaderEpoch = values[2] as number;
      replica.partitionEpoch = values[3] as number;
      replica.isr = [];
    });
    on(brokerEvents['isr-adopted'], (replica, { values }) => {
      replica.isr = values[1] as readonly number[];
      replica.partitionEpoch = values[3] as number;
    });
    on(brokerEvents['replica-stopped'], (replica) => this.#forgetRole(replica));
    on(storageEvents['records-appended'], (replica, { values }) => {
      replica.logEndOffset = (values[2] as number) + 1;
      if (values[4] === 'leader') replica.produced += replica.logEndOffset - (values[1] as number);
    });
    on(storageEvents['high-watermark-advanced'], (replica, { values }) => {
      replica.highWatermark = values[1] as number;
    });
    on(storageEvents['high-watermark-lowered'], (replica, { values }) => {
      replica.highWatermark = values[1] as number;
    });
    on(storageEvents['log-start-advanced'], (replica, { values }) => {
      replica.logStartOffset = values[1] as number;
    });
    on(storageEvents['log-truncated'], (replica, { values }) => {
      const from = values[1] as number;
      replica.logEndOffset = values[2] as number;
      if (replica.logEndOffset >= from) replica.logStartOffset = replica.logEndOffset;
    });
    on(storageEvents['log-recovered'], (replica, { values }) => {
      replica.logEndOffset = values[2] as number;
      replica.logStartOffset = values[4] as number;
      replica.highWatermark = values[5] as number;
      replica.segments = values[6] as number;
    });
    // Also where the machine lost the log, or its disk was wiped: it begins again with nothing.
    on(storageEvents['log-created'], (replica) => {
      replica.logStartOffset = 0;
      replica.logEndOffset = 0;
      replica.highWatermark = 0;
      replica.segments = 1;
    });
    on(storageEvents['segment-rolled'], (replica, { values }) => {
      replica.segments = values[2] as number;
    });
    const remove = (replica: ReplicaRecord) => this.byPartition.get(replica.partition)?.delete(replica.broker);
    on(storageEvents['log-deleted'], remove);
  }

  get(partition: string, broker: number): ReplicaRecord | undefined {
    return this.byPartition.get(partition)?.get(broker);
  }

  /** A broker's process ended: it believes nothing any more; its logs stay as they were. */
  forgetBeliefs(node: string): void {
    const broker = this.#broker(node);
    if (broker === undefined) return;
    for (const replicas of this.byPartition.values()) {
      const replica = replicas.get(broker);
      if (replica === undefined) continue;
      this.#forgetRole(replica);
      replica.produced = 0;
    }
    this.#changes.mark('replicas');
  }

  #forgetRole(replica: ReplicaRecord): void {
    replica.role = 'none';
    replica.leader = -1;
    replica.isr = [];
  }

  #broker(node: string): number | undefined {
    if (!this.#brokers.has(node)) {
      const match = BROKER.exec(node);
      this.#brokers.set(node, match ? Number(match[1]) : undefined);
    }
    return this.#brokers.get(node);
  }

  #replica(partition: string, broker: number): ReplicaRecord {
    let replicas = this.byPartition.get(partition);
    if (replicas === undefined) {
      replicas = new Map();
      this.byPartition.set(partition, replicas);
    }
    let replica = replicas.get(broker);
    if (replica === undefined) {
      replica = {
        partition,
        broker,
        role: 'none',
        leader: -1,
        leaderEpoch: -1,
        partitionEpoch: -1,
        isr: [],
        logStartOffset: 0,
        logEndOffset: 0,
        highWatermark: 0,
        segments: 1,
        produced: 0,
      };
      replicas.set(broker, replica);
    }
    return replica;
  }
}
