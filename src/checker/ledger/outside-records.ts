/**
 * What became of the records of real clients, as far as the protocol shows: received by a broker, acknowledged or refused, and
 * where they stand in the end. A batch is known by its checksum, producer id and sequence: a retry is the same bytes again.
 */
import { outsideEvents as kinds } from '../../cluster/outside-events.ts';
import type { EventId, Trace } from '../../kernel/api.ts';
import { storageEvents } from '../../storage/events.ts';
import type { ReplicaLog, StoredBatch } from '../batches.ts';

/** Batches that are remembered of one partition. */
const MOST_KEPT = 20_000;

export interface OutsideBatch {
  readonly client: string;
  readonly partition: string;
  readonly records: number;
  readonly producerId: number;
  readonly baseSequence: number;
  /** Number of its first record among all that its client sent. */
  readonly firstSerial: number;
  /** Order of arrival at the cluster. */
  readonly order: number;
  readonly receivedEvent: EventId;
  acks: number;
  /** A copy of it was cut off a log. */
  truncated: boolean;
  /** How often it was acknowledged: without idempotence, batches of the same bytes are told apart by that alone. */
  acknowledged: number;
  /** Where it was last said to be; -1: not said. */
  baseOffset: number;
  /** The answer that counts now, if it is a refusal. */
  error: string;
  resultEvent: EventId;
}

/** What one real client did, by its client.id. */
export interface OutsideClientCounts {
  readonly client: string;
  sent: number;
  acked: number;
  failed: number;
  fetched: number;
}

export interface OutsideVerdict {
  readonly lost: readonly OutsideBatch[];
  readonly duplicated: readonly OutsideBatch[];
  readonly reordered: readonly OutsideBatch[];
}

export class OutsideRecords {
  readonly clients = new Map<string, OutsideClientCounts>();
  /** Records of batches that are not followed any more: they were too many, or the log has dropped them. */
  forgotten = 0;
  readonly #byPartition = new Map<string, Map<string, OutsideBatch>>();
  /** Batches whose stored bytes are not those that were sent: look of the stored ones → look of the sent ones. */
  readonly #rewritten = new Map<string, string>();
  #order = 0;

  constructor(trace: Trace) {
    trace.subscribe([kinds['client-batch-received']], ({ id, values }) => {
      const [client, partition, records, crc, producerId, , baseSequence, acks] = values;
      const batch = this.#batch(
        id,
        { client: client as string, partition: partition as string, records: records as number },
        { crc: crc as number, producerId: producerId as number, baseSequence: baseSequence as number },
      );
      batch.acks = acks as number;
      this.#refuse(batch, '');
    });
    trace.subscribe([kinds['client-batch-acknowledged']], ({ id, values }) => {
      const [client, partition, records, crc, producerId, , baseSequence, , baseOffset] = values;
      const looked = lookOf(crc as number, producerId as number, baseSequence as number);
      const batch = this.#byPartition.get(partition as string)?.get(looked);
      if (batch === undefined) return;
      this.#refuse(batch, '');
      const counts = this.#client(client as string);
      batch.acknowledged += 1;
      if (batch.acknowledged === 1 || batch.producerId < 0) counts.acked += records as number;
      // Acknowledged twice without idempotence: it was sent twice, and not as a retry.
      if (batch.acknowledged > 1 && batch.producerId < 0) counts.sent += records as number;
      if ((baseOffset as number) >= 0) batch.baseOffset = baseOffset as number;
      batch.resultEvent = id;
    });
    trace.subscribe([kinds['client-batch-refused']], ({ id, values }) => {
      const [, partition, , crc, producerId, , baseSequence, error] = values;
      const looked = lookOf(crc as number, producerId as number, baseSequence as number);
      const batch = this.#byPartition.get(partition as string)?.get(looked);
      if (batch === undefined || batch.acknowledged > 0) return;
      this.#refuse(batch, error as string);
      batch.resultEvent = id;
    });
    trace.subscribe([kinds['client-records-fetched']], ({ values: [client, , first, last] }) => {
      this.#client(client as string).fetched += (last as number) - (first as number) + 1;
    });
    trace.subscribe([storageEvents['batch-rewritten']], ({ values }) => {
      const [partition, sentCrc, crc, producerId, baseSequence] = values as readonly [
        string,
        number,
        number,
        number,
        number,
      ];
      const sent = lookOf(sentCrc, producerId, baseSequence);
      if (this.#byPartition.get(partition)?.has(sent) === true)
        this.#rewritten.set(`${partition} ${lookOf(crc, producerId, baseSequence)}`, sent);
    });
  }

  get any(): boolean {
    return this.clients.size > 0;
  }

  total(count: 'sent' | 'acked' | 'failed'): number {
    let sum = 0;
    for (const client of this.clients.values()) sum += client[count];
    return sum;
  }

  /** Whether this partition has batches of real clients. */
  has(partition: string): boolean {
    return this.#byPartition.has(partition);
  }

  /** The sent batch that is stored here; undefined for records of others. */
  find(partition: string, { crc, producerId, baseSequence }: StoredBatch): OutsideBatch | undefined {
    const batches = this.#byPartition.get(partition);
    if (batches === undefined) return undefined;
    const looked = lookOf(crc, producerId, baseSequence);
    return batches.get(looked) ?? batches.get(this.#rewritten.get(`${partition} ${looked}`) ?? '');
  }

  /** Batches of a partition that was deleted, or of which the log dropped what is below an offset. */
  forget(partition: string, below: number): void {
    const batches = this.#byPartition.get(partition);
    for (const [looked, batch] of batches ?? [])
      if (batch.baseOffset >= 0 && batch.baseOffset < below) this.#drop(batches!, looked, batch);
  }

  /** A copy was cut off a log; returns how many records that concerns for the first time. */
  cut(partition: string, stored: StoredBatch): number {
    const batch = this.find(partition, stored);
    if (batch === undefined || batch.truncated) return 0;
    batch.truncated = true;
    return batch.records;
  }

  /** `log`: as readers see it, `stored` its batches between log start and high watermark. `knownFrom`: below it nobody remembers. */
  judge(log: ReplicaLog, stored: readonly StoredBatch[], knownFrom: number): OutsideVerdict {
    const { duplicated, reordered, found } = this.judgeOrder(log.partition, stored);
    const lost: OutsideBatch[] = [];
    const from = Math.max(log.startOffset, knownFrom);
    for (const batch of this.#byPartition.get(log.partition)?.values() ?? [])
      if (batch.acknowledged > 0 && batch.acks !== 0 && batch.baseOffset >= from && !found.has(batch)) lost.push(batch);
    return { lost, duplicated, reordered };
  }

  judgeOrder(partition: string, stored: readonly StoredBatch[]) {
    const found = new Map<OutsideBatch, number>();
    const latest = new Map<number, number>();
    const duplicated: OutsideBatch[] = [];
    const reordered: OutsideBatch[] = [];
    for (const one of stored) {
      const batch = this.find(partition, one);
      if (batch === undefined) continue;
      const times = (found.get(batch) ?? 0) + 1;
      found.set(batch, times);
      if (times > Math.max(1, batch.acknowledged)) duplicated.push(batch);
      if (batch.producerId < 0 || times > 1) continue;
      const before = latest.get(batch.producerId) ?? -1;
      if (batch.order < before) reordered.push(batch);
      latest.set(batch.producerId, Math.max(before, batch.order));
    }
    return { found, duplicated, reordered };
  }

  #batch(
    event: EventId,
    { client, partition, records }: Pick<OutsideBatch, 'client' | 'partition' | 'records'>,
    { crc, producerId, baseSequence }: Pick<StoredBatch, 'crc' | 'producerId' | 'baseSequence'>,
  ): OutsideBatch {
    let batches = this.#byPartition.get(partition);
    if (batches === undefined) {
      batches = new Map();
      this.#byPartition.set(partition, batches);
    }
    const looked = lookOf(crc, producerId, baseSequence);
    const known = batches.get(looked);
    if (known !== undefined) return known;
    const counts = this.#client(client);
    const batch: OutsideBatch = {
      client,
      partition,
      records,
      producerId,
      baseSequence,
      firstSerial: counts.sent + 1,
      order: this.#order++,
      receivedEvent: event,
      acks: 1,
      truncated: false,
      acknowledged: 0,
      baseOffset: -1,
      error: '',
      resultEvent: 0,
    };
    counts.sent += records;
    batches.set(looked, batch);
    if (batches.size > MOST_KEPT) for (const [oldest, gone] of batches) if (this.#drop(batches, oldest, gone)) break;
    return batch;
  }

  #drop(batches: Map<string, OutsideBatch>, looked: string, batch: OutsideBatch): true {
    batches.delete(looked);
    this.forgotten += batch.records;
    return true;
  }

  /** A refusal counts until the batch comes again, or is acknowledged after all. */
  #refuse(batch: OutsideBatch, error: string): void {
    const counts = this.#client(batch.client);
    if (batch.error !== '') counts.failed -= batch.records;
    if (error !== '') counts.failed += batch.records;
    batch.error = error;
  }

  #client(client: string): OutsideClientCounts {
    let counts = this.clients.get(client);
    if (counts === undefined) {
      counts = { client, sent: 0, acked: 0, failed: 0, fetched: 0 };
      this.clients.set(client, counts);
    }
    return counts;
  }
}

function lookOf(crc: number, producerId: number, baseSequence: number): string {
  return `${crc | 0}/${producerId}/${baseSequence}`;
}
