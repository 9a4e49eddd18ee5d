/**
 * What is committed: the records below the high watermark of a legitimate leader, that is, one whose epoch is the authority's.
 * They may never change again, unless an unclean election or damaged disks explain it; then the truth begins anew with the leader
 * that was chosen.
 */
import { brokerEvents } from '../broker/events.ts';
import { authorityEvents } from '../coordinator/index.ts';
import type { EventId, Trace } from '../kernel/api.ts';
import { firstEndingAt, type ReplicaLog, type ReplicaLogs, type StoredBatch } from './batches.ts';

export interface Leadership {
  readonly node: string;
  readonly leaderEpoch: number;
}

/** One partition as the authority has it, and what is committed in it. */
export class CommittedLog {
  readonly partition: string;
  topicId = '';
  leader = -1;
  leaderEpoch = -1;
  partitionEpoch = -1;
  isr: readonly number[] = [];
  replicas: readonly number[] = [];
  /** In order of offsets. */
  readonly batches: StoredBatch[] = [];
  endOffset = 0;
  /** What is below was forgotten, at every replica: it is not checked any more. */
  knownFrom = 0;
  /** The election of this leader epoch was unclean: what it lacks is explained. */
  uncleanEpoch = -1;
  /** Believed leaderships by node. */
  readonly leaderships = new Map<string, Leadership>();
  /** Leader epoch → the broker that led in it, first or latest. */
  readonly leaders = new Map<number, string>();

  constructor(partition: string) {
    this.partition = partition;
  }

  indexAt(offset: number): number {
    return firstEndingAt(this.batches, offset);
  }
}

export interface CommittedListener {
  /** The authority has a new state of the partition; `previous` is what it was. */
  onPartition?(
    log: CommittedLog,
    event: EventId,
    previous: { readonly leaderEpoch: number; readonly partitionEpoch: number },
  ): void;
  /** A broker became leader, as the authority wants it. Called before the truth is begun anew, if it is. */
  onLeader?(log: CommittedLog, replica: ReplicaLog, event: EventId, excused: boolean): void;
  /** Batches became committed. */
  onCommitted?(log: CommittedLog, from: number, event: EventId): void;
  /** Committed batches were given up: an unclean election or damaged disks explain it. */
  onAbandoned?(log: CommittedLog, removed: readonly StoredBatch[], event: EventId): void;
  onDeleted?(log: CommittedLog): void;
}

export class CommittedLogs {
  readonly byPartition = new Map<string, CommittedLog>();
  readonly #logs: ReplicaLogs;
  readonly #mostKept: number;
  readonly #listeners: CommittedListener[] = [];

  /** `mostKept`: batches that are remembered of a partition, roughly. */
  constructor(trace: Trace, logs: ReplicaLogs, mostKept = Number.POSITIVE_INFINITY) {
    this.#logs = logs;
    this.#mostKept = mostKept;
    trace.subscribe([authorityEvents['partition-changed']], ({ id, values }) => {
      const [, name, topicId, leader, leaderEpoch, partitionEpoch, isr, replicas, , unclean] = values;
      let log = this.of(name as string);
      if (log.topicId !== topicId) log = this.#fresh(name as string, topicId as string);
      const previous = { leaderEpoch: log.leaderEpoch, partitionEpoch: log.partitionEpoch };
      if (previous.partitionEpoch >= (partitionEpoch as number) && previous.leaderEpoch >= (leaderEpoch as number)) {
        for (const listener of this.#listeners) listener.onPartition?.(log, id, previous);
        return;
      }
      log.leader = leader as number;
      log.leaderEpoch = leaderEpoch as number;
      log.partitionEpoch = partitionEpoch as number;
      log.isr = isr as readonly number[];
      log.replicas = replicas as readonly number[];
      if (unclean === true) log.uncleanEpoch = log.leaderEpoch;
      for (const listener of this.#listeners) listener.onPartition?.(log, id, previous);
    });
    trace.subscribe([authorityEvents['topic-deleted']], ({ values: [, topic, topicId] }) => {
      for (const log of [...this.byPartition.values()])
        if (log.topicId === topicId && log.partition.startsWith(`${topic}-`)) {
          this.byPartition.delete(log.partition);
          for (const listener of this.#listeners) listener.onDeleted?.(log);
        }
    });
    trace.subscribe([brokerEvents['became-leader']], ({ id, node, values: [name, leaderEpoch] }) =>
      this.#lead(this.of(name as string), { node, leaderEpoch: leaderEpoch as number }, id),
    );
    const follow = [brokerEvents['became-follower'], brokerEvents['replica-stopped']];
    trace.subscribe(follow, ({ node, values: [name] }) => this.of(name as string).leaderships.delete(node));
    logs.listen({ onHighWatermark: (replica, _before, event) => this.#advance(replica, event) });
  }

  listen(listener: CommittedListener): void {
    this.#listeners.push(listener);
  }

  of(partition: string): CommittedLog {
    let log = this.byPartition.get(partition);
    if (log === undefined) {
      log = new CommittedLog(partition);
      this.byPartition.set(partition, log);
    }
    return log;
  }

  /** Whether this replica leads in the very epoch that the authority has. */
  isLegitimate(log: CommittedLog, node: string): boolean {
    return log.leaderships.get(node)?.leaderEpoch === log.leaderEpoch;
  }

  #fresh(name: string, topicId: string): CommittedLog {
    const leaderships = this.byPartition.get(name)?.leaderships;
    const log = new CommittedLog(name);
    log.topicId = topicId;
    // A broker may learn of a topic before the trace tells the authority's own event.
    for (const leadership of leaderships?.values() ?? []) log.leaderships.set(leadership.node, leadership);
    this.byPartition.set(name, log);
    this.#logs.forgetBelow(name, 0);
    return log;
  }

  #lead(log: CommittedLog, leadership: Leadership, event: EventId): void {
    const known = log.leaderships.get(leadership.node);
    log.leaderships.set(leadership.node, leadership);
    if (known?.leaderEpoch === leadership.leaderEpoch || leadership.leaderEpoch !== log.leaderEpoch) return;
    const replica = this.#logs.of(log.partition, leadership.node);
    const damaged = [...(this.#logs.byPartition.get(log.partition)?.values() ?? [])].some((one) => one.damaged);
    const excused = log.uncleanEpoch === leadership.leaderEpoch || damaged;
    for (const listener of this.#listeners) listener.onLeader?.(log, replica, event, excused);
    if (excused) this.#beginAnew(log, replica, event);
  }

  /** Keeps of the truth what the leader holds too, and drops the rest. */
  #beginAnew(log: CommittedLog, leader: ReplicaLog, event: EventId): void {
    let keep = 0;
    while (keep < log.batches.length) {
      const batch = log.batches[keep]!;
      if (batch.lastOffset >= leader.startOffset) {
        const held = leader.batches[leader.indexAt(batch.lastOffset)];
        if (held === undefined || held.crc !== batch.crc || held.leaderEpoch !== batch.leaderEpoch) break;
      }
      keep += 1;
    }
    if (keep === log.batches.length) return;
    const removed = log.batches.splice(keep);
    log.endOffset = Math.min(removed[0]!.baseOffset, leader.endOffset);
    if (log.endOffset < log.knownFrom) {
      log.knownFrom = log.endOffset;
      this.#logs.forgetBelow(log.partition, log.endOffset);
    }
    for (const listener of this.#listeners) listener.onAbandoned?.(log, removed, event);
  }

  #forget(log: CommittedLog, count: number): void {
    log.batches.splice(0, count);
    log.knownFrom = log.batches[0]!.baseOffset;
    this.#logs.forgetBelow(log.partition, log.knownFrom);
  }

  #advance(replica: ReplicaLog, event: EventId): void {
    const log = this.of(replica.partition);
    if (replica.highWatermark <= log.endOffset || !this.isLegitimate(log, replica.node)) return;
    const from = log.endOffset;
    for (let index = replica.indexAt(from); index < replica.batches.length; index++) {
      const batch = replica.batches[index]!;
      if (batch.lastOffset >= replica.highWatermark) break;
      log.batches.push(batch);
    }
    log.endOffset = replica.highWatermark;
    for (const listener of this.#listeners) listener.onCommitted?.(log, from, event);
    if (log.batches.length > 2 * this.#mostKept) this.#forget(log, log.batches.length - this.#mostKept);
  }
}
