/** What each replica's log holds, batch by batch, folded from the trace. Shared by the invariants and the ledger. */
import type { EventId, FieldValue, Trace, TraceEvent } from '../kernel/api.ts';
import { kernelEvents } from '../kernel/events.ts';
import { storageEvents } from '../storage/events.ts';

/** A batch at its place in the log. Replicas that hold the same batch at the same place share one of these. */
export interface StoredBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  /** As a signed number: a small integer, whichever it is. */
  readonly crc: number;
  /** -1 without idempotence. */
  readonly producerId: number;
  readonly baseSequence: number;
  /** The append that first put it there, on whichever replica. */
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
    return firstEndingAt(this.batches, offset);
  }
}

export interface LogListener {
  onAppend?(log: ReplicaLog, batch: StoredBatch, origin: string): void;
  /** Called after the cut, with the batches that went. */
  onTruncate?(log: ReplicaLog, removed: readonly StoredBatch[], event: EventId): void;
  onHighWatermark?(log: ReplicaLog, before: number, event: EventId): void;
  onStart?(log: ReplicaLog, event: EventId): void;
}

type Told<Name extends keyof LogListener> = NonNullable<LogListener[Name]>;

/** Every replica's log of every partition. Listeners are told after the fold, in order of registration. */
export class ReplicaLogs {
  /** By partition, then by node. */
  readonly byPartition = new Map<string, Map<string, ReplicaLog>>();
  /** Partition → offset below which batches are not remembered. */
  readonly #knownFrom = new Map<string, number>();
  readonly #onAppend: Told<'onAppend'>[] = [];
  readonly #onTruncate: Told<'onTruncate'>[] = [];
  readonly #onHighWatermark: Told<'onHighWatermark'>[] = [];
  readonly #onStart: Told<'onStart'>[] = [];

  constructor(trace: Trace) {
    const kinds = storageEvents;
    trace.subscribe([kinds['records-appended']], (event) => {
      const { values } = event;
      const replicas = this.#replicas(values[0] as string);
      const log = replicaOf(replicas, values[0] as string, event.node);
      const origin = values[4] as string;
      const batch = (origin === 'leader' ? undefined : sameElsewhere(replicas, log, values)) ?? batchOf(event);
      if (batch.lastOffset >= (this.#knownFrom.get(log.partition) ?? 0)) log.batches.push(batch);
      log.endOffset = batch.lastOffset + 1;
      if (log.endOffset > log.longest) log.longest = log.endOffset;
      for (const listener of this.#onAppend) listener(log, batch, origin);
    });
    trace.subscribe([kinds['log-truncated']], ({ id, node, values: [partition, from, to] }) => {
      const log = this.of(partition as string, node);
      if ((to as number) >= (from as number)) this.#restart(log, to as number, id);
      else this.#cut(log, to as number, id);
    });
    const watermark = (log: ReplicaLog, offset: number, id: EventId) => {
      const before = log.highWatermark;
      log.highWatermark = offset;
      for (const listener of this.#onHighWatermark) listener(log, before, id);
    };
    trace.subscribe([kinds['high-watermark-advanced'], kinds['high-watermark-lowered']], ({ id, node, values }) =>
      watermark(this.of(values[0] as string, node), values[1] as number, id),
    );
    trace.subscribe([kinds['log-start-advanced']], ({ id, node, values: [partition, start] }) => {
      const log = this.of(partition as string, node);
      log.startOffset = start as number;
      for (const listener of this.#onStart) listener(log, id);
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

  /** Forgets what is below an offset, at every replica; what a replica that is far behind appends there is not remembered either. */
  forgetBelow(partition: string, offset: number): void {
    this.#knownFrom.set(partition, offset);
    for (const log of this.byPartition.get(partition)?.values() ?? []) log.batches.splice(0, log.indexAt(offset));
  }

  listen({ onAppend, onTruncate, onHighWatermark, onStart }: LogListener): void {
    if (onAppend !== undefined) this.#onAppend.push(onAppend);
    if (onTruncate !== undefined) this.#onTruncate.push(onTruncate);
    if (onHighWatermark !== undefined) this.#onHighWatermark.push(onHighWatermark);
    if (onStart !== undefined) this.#onStart.push(onStart);
  }

  get(partition: string, node: string): ReplicaLog | undefined {
    return this.byPartition.get(partition)?.get(node);
  }

  of(partition: string, node: string): ReplicaLog {
    return replicaOf(this.#replicas(partition), partition, node);
  }

  #replicas(partition: string): Map<string, ReplicaLog> {
    let replicas = this.byPartition.get(partition);
    if (replicas === undefined) {
      replicas = new Map();
      this.byPartition.set(partition, replicas);
    }
    return replicas;
  }

  #cut(log: ReplicaLog, to: number, event: EventId): void {
    const removed = log.batches.splice(log.indexAt(to));
    log.endOffset = to;
    if (log.highWatermark > to) log.highWatermark = to;
    for (const listener of this.#onTruncate) listener(log, removed, event);
  }

  #restart(log: ReplicaLog, at: number, event: EventId): void {
    const removed = log.batches.splice(0);
    log.startOffset = at;
    log.endOffset = at;
    log.highWatermark = at;
    for (const listener of this.#onTruncate) listener(log, removed, event);
  }

  #damage(node: string): void {
    for (const logs of this.byPartition.values()) {
      const log = logs.get(node);
      if (log !== undefined) log.damaged = true;
    }
  }
}

/** Index of the first batch whose last offset is at or after this offset. Almost always that is one of the last. */
export function firstEndingAt(batches: readonly StoredBatch[], offset: number): number {
  let high = batches.length;
  let step = 1;
  while (high >= step && batches[high - step]!.lastOffset >= offset) {
    high -= step;
    step *= 2;
  }
  let low = Math.max(0, high - step + 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (batches[middle]!.lastOffset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function replicaOf(replicas: Map<string, ReplicaLog>, partition: string, node: string): ReplicaLog {
  let log = replicas.get(node);
  if (log === undefined) {
    log = new ReplicaLog(partition, node);
    replicas.set(node, log);
  }
  return log;
}

function batchOf({ id, values }: TraceEvent): StoredBatch {
  return {
    baseOffset: values[1] as number,
    lastOffset: values[2] as number,
    leaderEpoch: values[3] as number,
    crc: (values[7] as number) | 0,
    producerId: values[5] as number,
    baseSequence: values[6] as number,
    event: id,
  };
}

/** The batch that is told of, if another replica has it as the same entry of its list: so it is but after a cut. */
function sameElsewhere(
  replicas: ReadonlyMap<string, ReplicaLog>,
  log: ReplicaLog,
  values: readonly FieldValue[],
): StoredBatch | undefined {
  for (const other of replicas.values()) {
    const batch = other === log ? undefined : other.batches[log.batches.length];
    if (
      batch !== undefined &&
      batch.baseOffset === values[1] &&
      batch.crc === ((values[7] as number) | 0) &&
      batch.lastOffset === values[2] &&
      batch.leaderEpoch === values[3] &&
      batch.producerId === values[5] &&
      batch.baseSequence === values[6]
    )
      return batch;
  }
  return undefined;
}
