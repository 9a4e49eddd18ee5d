/** What each replica's log holds, batch by batch, folded from the trace. Shared by the invariants and the ledger. */
import type { EventId, Trace } from '../kernel/api.ts';
import { kernelEvents } from '../kernel/events.ts';
import { storageEvents } from '../storage/events.ts';

/** A batch at its place in one log. */
export interface StoredBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly crc: number;
  /** -1 without idempotence. */
  readonly producerId: number;
  readonly baseSequence: number;
  /** The append that put it there. */
  readonly event: EventId;
}

/** One replica's log. */
export class ReplicaLog {
  readonly partition: string;
  readonly node: string;
  /** In order of offsets, without those below the log start that were dropped. */
  readonly batches: StoredBatch[] = [];
  startOffset = 0;
  endOffset = 0;
  highWatermark = 0;
  /** The largest end that it ever had. */
  longest = 0;
  /** It lost bytes that it had (power, wipe, corruption): what it lacks is explained. */
  damaged = false;

  constructor(partition: string, node: string) {
    this.partition = partition;
    this.node = node;
  }

  /** Index of the first batch whose last offset is at or after this offset. */
  indexAt(offset: number): number {
    let low = 0;
    let high = this.batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.batches[middle]!.lastOffset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export interface LogListener {
  onAppend?(log: ReplicaLog, batch: StoredBatch, origin: string): void;
  /** Called after the cut, with the batches that went. */
  onTruncate?(log: ReplicaLog, removed: readonly StoredBatch[], event: EventId): void;
  onHighWatermark?(log: ReplicaLog, before: number, event: EventId): void;
  onStart?(log: ReplicaLog, event: EventId): void;
}

/** Every replica's log of every partition. Listeners are told after the fold, in order of registration. */
export class ReplicaLogs {
  /** By partition, then by node. */
  readonly byPartition = new Map<string, Map<string, ReplicaLog>>();
  readonly #listeners: LogListener[] = [];

  constructor(trace: Trace) {
    const kinds = storageEvents;
    trace.subscribe([kinds['records-appended']], ({ id, node, values }) => {
      const [partition, baseOffset, lastOffset, leaderEpoch, origin, producerId, baseSequence, crc] = values;
      const log = this.of(partition as string, node);
      const batch: StoredBatch = {
        baseOffset: baseOffset as number,
        lastOffset: lastOffset as number,
        leaderEpoch: leaderEpoch as number,
        crc: crc as number,
        producerId: producerId as number,
        baseSequence: baseSequence as number,
        event: id,
      };
      log.batches.push(batch);
      log.endOffset = batch.lastOffset + 1;
      if (log.endOffset > log.longest) log.longest = log.endOffset;
      for (const listener of this.#listeners) listener.onAppend?.(log, batch, origin as string);
    });
    trace.subscribe([kinds['log-truncated']], ({ id, node, values: [partition, from, to] }) => {
      const log = this.of(partition as string, node);
      if ((to as number) >= (from as number)) this.#restart(log, to as number, id);
      else this.#cut(log, to as number, id);
    });
    const watermark = (log: ReplicaLog, offset: number, id: EventId) => {
      const before = log.highWatermark;
      log.highWatermark = offset;
      for (const listener of this.#listeners) listener.onHighWatermark?.(log, before, id);
    };
    trace.subscribe([kinds['high-watermark-advanced'], kinds['high-watermark-lowered']], ({ id, node, values }) =>
      watermark(this.of(values[0] as string, node), values[1] as number, id),
    );
    trace.subscribe([kinds['log-start-advanced']], ({ id, node, values: [partition, start] }) => {
      const log = this.of(partition as string, node);
      log.startOffset = start as number;
      for (const listener of this.#listeners) listener.onStart?.(log, id);
    });
    trace.subscribe([kinds['log-recovered']], ({ id, node, values: [partition, , to, , start, highWatermark] }) => {
      const log = this.of(partition as string, node);
      log.startOffset = start as number;
      if ((to as number) < log.endOffset) this.#cut(log, to as number, id);
      log.highWatermark = highWatermark as number;
    });
    trace.subscribe([kinds['log-created']], ({ node, values: [partition] }) => {
      const log = this.of(partition as string, node);
      this.byPartition.get(log.partition)!.delete(node);
    });
    trace.subscribe([kinds['log-deleted']], ({ node, values: [partition] }) => {
      this.byPartition.get(partition as string)?.delete(node);
    });
    const damaging = [kernelEvents['machine-powered-off'], kernelEvents['disk-wiped'], kernelEvents['disk-corrupted']];
    trace.subscribe(damaging, ({ kind, node, values }) => {
      if (kind !== kernelEvents['machine-powered-off'] || (values[1] as number) > 0) this.#damage(node);
    });
  }

  listen(listener: LogListener): void {
    this.#listeners.push(listener);
  }

  get(partition: string, node: string): ReplicaLog | undefined {
    return this.byPartition.get(partition)?.get(node);
  }

  of(partition: string, node: string): ReplicaLog {
    let logs = this.byPartition.get(partition);
    if (logs === undefined) {
      logs = new Map();
      this.byPartition.set(partition, logs);
    }
    let log = logs.get(node);
    if (log === undefined) {
      log = new ReplicaLog(partition, node);
      logs.set(node, log);
    }
    return log;
  }

  #cut(log: ReplicaLog, to: number, event: EventId): void {
    const removed = log.batches.splice(log.indexAt(to));
    log.endOffset = to;
    if (log.highWatermark > to) log.highWatermark = to;
    for (const listener of this.#listeners) listener.onTruncate?.(log, removed, event);
  }

  #restart(log: ReplicaLog, at: number, event: EventId): void {
    const removed = log.batches.splice(0);
    log.startOffset = at;
    log.endOffset = at;
    log.highWatermark = at;
    for (const listener of this.#listeners) listener.onTruncate?.(log, removed, event);
  }

  #damage(node: string): void {
    for (const logs of this.byPartition.values()) {
      const log = logs.get(node);
      if (log !== undefined) log.damaged = true;
    }
  }
}
