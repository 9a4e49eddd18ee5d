/** Every batch that simulated producers sent, folded from the trace, and which stored batch is which sent one. */
import { clientEvents as kinds } from '../../client/events.ts';
import type { Trace } from '../../kernel/api.ts';
import { storageEvents } from '../../storage/events.ts';
import type { StoredBatch } from '../batches.ts';
import type { SentBatch } from './sent-batch.ts';

/** What a stored batch would show of itself, once it was sent like this. */
interface Look {
  readonly batch: SentBatch;
  readonly producerId: number;
  readonly baseSequence: number;
  readonly older: Look | undefined;
}

export class Sends {
  /** In order of their first send. */
  readonly batches: SentBatch[] = [];
  /** Records handed to `send`, and those whose `send` failed before any batch. */
  sentRecords = 0;
  blockedRecords = 0;
  /** Client → first serial → the batch that begins with it. */
  readonly #open = new Map<string, Map<number, SentBatch>>();
  /** Partition → checksum → what was sent under it, the latest first. */
  readonly #byChecksum = new Map<string, Map<number, Look>>();

  constructor(trace: Trace) {
    trace.subscribe([kinds['record-sent']], () => {
      this.sentRecords += 1;
    });
    trace.subscribe([kinds['send-failed']], () => {
      this.sentRecords += 1;
      this.blockedRecords += 1;
    });
    trace.subscribe([kinds['batch-sent']], ({ id, node, values }) => {
      const [partition, serials, producerId, , baseSequence, crc, acks] = values;
      const batch = this.#batch(node, partition as string, serials as readonly number[]);
      batch.acks = acks as number;
      if (batch.sentEvent === 0) batch.sentEvent = id;
      this.#remember(batch, (crc as number) | 0, producerId as number, baseSequence as number);
    });
    trace.subscribe([storageEvents['batch-rewritten']], ({ values }) => {
      const [partition, sentCrc, crc, producerId, baseSequence] = values;
      const sent: SentBatch[] = [];
      let look = this.#byChecksum.get(partition as string)?.get((sentCrc as number) | 0);
      for (; look !== undefined; look = look.older)
        if (look.producerId === producerId && look.baseSequence === baseSequence) sent.unshift(look.batch);
      for (const batch of sent)
        this.#remember(batch, (crc as number) | 0, producerId as number, baseSequence as number);
    });
    trace.subscribe([kinds['batch-acknowledged']], ({ id, node, values: [partition, serials, baseOffset, acks] }) => {
      const batch = this.#batch(node, partition as string, serials as readonly number[]);
      batch.result = 'acknowledged';
      batch.acks = acks as number;
      batch.ackedOffset = baseOffset as number;
      batch.resultEvent = id;
      this.#close(batch);
    });
    trace.subscribe([kinds['batch-failed']], ({ id, node, values: [partition, serials, error, definite] }) => {
      const batch = this.#batch(node, partition as string, serials as readonly number[]);
      batch.result = 'failed';
      batch.error = error as string;
      batch.definite = definite as boolean;
      batch.resultEvent = id;
      this.#close(batch);
    });
  }

  /** The sent batch that is stored here; undefined for records of others. */
  find(partition: string, stored: StoredBatch): SentBatch | undefined {
    const { producerId, baseSequence, event } = stored;
    const count = stored.lastOffset - stored.baseOffset + 1;
    let look = this.#byChecksum.get(partition)?.get(stored.crc);
    for (; look !== undefined; look = look.older) {
      const { batch } = look;
      const same = look.producerId === producerId && look.baseSequence === baseSequence;
      if (same && batch.serials.length === count && batch.sentEvent < event) return batch;
    }
    return undefined;
  }

  /** Without idempotence, two batches may by chance look alike. */
  #remember(batch: SentBatch, crc: number, producerId: number, baseSequence: number): void {
    const looks = mapIn(this.#byChecksum, batch.partition);
    const older = looks.get(crc);
    for (let look = older; look !== undefined; look = look.older)
      if (look.batch === batch && look.producerId === producerId && look.baseSequence === baseSequence) return;
    looks.set(crc, { batch, producerId, baseSequence, older });
  }

  #close(batch: SentBatch): void {
    const open = this.#open.get(batch.client);
    if (open?.get(batch.serials[0]!) === batch) open.delete(batch.serials[0]!);
  }

  /** A split batch goes on as several with serials of their own; each is a batch here. */
  #batch(client: string, partition: string, serials: readonly number[]): SentBatch {
    const open = mapIn(this.#open, client);
    const known = open.get(serials[0]!);
    if (known !== undefined && known.serials.length === serials.length && known.partition === partition) return known;
    const batch: SentBatch = {
      client,
      partition,
      serials,
      acks: 1,
      result: 'open',
      error: '',
      definite: false,
      ackedOffset: -1,
      sentEvent: 0,
      resultEvent: 0,
      appendEvent: 0,
      cutEvent: 0,
      truncated: false,
    };
    open.set(serials[0]!, batch);
    this.batches.push(batch);
    return batch;
  }
}

function mapIn<Value>(maps: Map<string, Map<number, Value>>, name: string): Map<number, Value> {
  let found = maps.get(name);
  if (found === undefined) {
    found = new Map();
    maps.set(name, found);
  }
  return found;
}
