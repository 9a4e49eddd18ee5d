/** How the transactions of each partition ended, folded from the trace: the markers in its log, and what coordinators decided. */
import { brokerEvents } from '../broker/events.ts';
import { transactionEvents } from '../broker/transactions/events.ts';
import type { Trace } from '../kernel/api.ts';
import type { ReplicaLogs, StoredBatch } from './batches.ts';

/** What a stored batch is to a reader of committed records. */
export type Fate =
  /** Not part of a transaction. */
  | 'plain'
  /** The end of a transaction: no record at all. */
  | 'marker'
  | 'commit'
  | 'abort'
  /** Its transaction has not ended here. */
  | 'open';

interface Marker {
  readonly offset: number;
  readonly result: 'commit' | 'abort';
}

function firstAfter(markers: readonly Marker[], offset: number): Marker | undefined {
  let low = 0;
  let high = markers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (markers[middle]!.offset > offset) high = middle;
    else low = middle + 1;
  }
  return markers[low];
}

export class TransactionFates {
  /** Producer ids that belong to a transactional id. */
  readonly #producers = new Set<number>();
  /** Partition → producer id → markers, by rising offset. */
  readonly #markers = new Map<string, Map<number, Marker[]>>();

  constructor(trace: Trace, logs: ReplicaLogs) {
    trace.subscribe([transactionEvents['transaction-state-changed']], ({ values }) => {
      this.#producers.add(values[3] as number);
    });
    // What a leader appends is the truth of its log from there on.
    logs.listen({
      onAppend: ({ partition }, { baseOffset }, origin) => {
        if (origin === 'leader') this.#forgetFrom(partition, baseOffset);
      },
    });
    trace.subscribe([brokerEvents['transaction-marker-written']], ({ values }) => {
      const [partition, producerId, , result, offset] = values;
      this.#markersOf(partition as string, producerId as number).push({
        offset: offset as number,
        result: result as Marker['result'],
      });
    });
  }

  of(partition: string, { producerId, baseSequence, lastOffset }: StoredBatch): Fate {
    if (!this.#producers.has(producerId)) return 'plain';
    // Only a coordinator writes without sequences.
    if (baseSequence < 0) return 'marker';
    const markers = this.#markers.get(partition)?.get(producerId);
    return (markers && firstAfter(markers, lastOffset)?.result) ?? 'open';
  }

  #markersOf(partition: string, producerId: number): Marker[] {
    let producers = this.#markers.get(partition);
    if (producers === undefined) {
      producers = new Map();
      this.#markers.set(partition, producers);
    }
    let markers = producers.get(producerId);
    if (markers === undefined) {
      markers = [];
      producers.set(producerId, markers);
    }
    return markers;
  }

  #forgetFrom(partition: string, offset: number): void {
    for (const markers of this.#markers.get(partition)?.values() ?? [])
      while (markers.length > 0 && markers.at(-1)!.offset >= offset) markers.pop();
  }
}
