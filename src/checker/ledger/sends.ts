/** Every batch that simulated producers sent, folded from the trace, and which stored batch is which sent one. */
import { clientEvents as kinds } from '../../client/events.ts';
import type { Trace } from '../../kernel/api.ts';
import { storageEvents } from '../../storage/events.ts';
import type { StoredBatch } from '../batches.ts';
import type { SentBatch } from './sent-batch.ts';

export class Sends {
  /** In order of their first send. */
  readonly batches: SentBatch[] = [];
  /** Records handed to `send`, and those whose `send` failed before any batch. */
  sentRecords = 0;
  blockedRecords = 0;
  /** Client and first serial → the batch that holds it. */
  readonly #open = new Map<string, SentBatch>();
  /** What a stored batch shows of itself → the batches that look so, the latest last. Without idempotence two may by chance. */
  readonly #byChecksum = new Map<string, SentBatch[]>();

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
      const key = `${partition} ${crc} ${producerId} ${baseSequence}`;
      const known = this.#byChecksum.get(key);
      if (known === undefined) this.#byChecksum.set(key, [batch]);
      else if (!known.includes(batch)) known.push(batch);
    });
    trace.subscribe([storageEvents['batch-rewritten']], ({ values }) => {
      const [partition, sentCrc, crc, producerId, baseSequence] = values;
      const sent = this.#byChecksum.get(`${partition} ${sentCrc} ${producerId} ${baseSequence}`);
      if (sent === undefined) return;
      const key = `${partition} ${crc} ${producerId} ${baseSequence}`;
      this.#byChecksum.set(key, [...(this.#byChecksum.get(key) ?? []), ...sent]);
    });
    trace.subscribe([kinds['batch-acknowledged']], ({ id, node, values: [partition, serials, baseOffset, acks] }) => {
      const batch = this.#batch(node, partition as string, serials as readonly number[]);
      batch.result = 'acknowledged';
      batch.acks = acks as number;
      batch.ackedOffset = baseOffset as number;
      batch.resultEvent = id;
      this.#open.delete(keyOf(batch));
    });
    trace.subscribe([kinds['batch-failed']], ({ id, node, values: [partition, serials, error, definite] }) => {
      const batch = this.#batch(node, partition as string, serials as readonly number[]);
      batch.result = 'failed';
      batch.error = error as string;
      batch.definite = definite as boolean;
      batch.resultEvent = id;
      this.#open.delete(keyOf(batch));
    });
  }

  /** The sent batch that is stored here; undefined for records of others. */
  find(partition: string, stored: StoredBatch): SentBatch | undefined {
    const { crc, producerId, baseSequence } = stored;
    const candidates = this.#byChecksum.get(`${partition} ${crc} ${producerId} ${baseSequence}`);
    if (candidates === undefined) return undefined;
    const count = stored.lastOffset - stored.baseOffset + 1;
    for (let index = candidates.length - 1; index >= 0; index--)
      if (candidates[index]!.serials.length === count && candidates[index]!.sentEvent < stored.event)
        return candidates[index];
    return undefined;
  }

  /** A split batch goes on as several with serials of their own; each is a batch here. */
  #batch(client: string, partition: string, serials: readonly number[]): SentBatch {
    const key = `${client} ${partition} ${serials[0]} ${serials.length}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
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
    this.#open.set(key, batch);
    this.batches.push(batch);
    return batch;
  }
}

function keyOf({ client, partition, serials }: SentBatch): string {
  return `${client} ${partition} ${serials[0]} ${serials.length}`;
}
