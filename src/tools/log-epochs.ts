/** Where each leader epoch begins in each replica's log, folded from the trace from now on: two histories that parted differ here. */
import type { Trace } from '../kernel/api.ts';
import { storageEvents } from '../storage/events.ts';

export interface EpochStart {
  readonly epoch: number;
  readonly offset: number;
}

export class LogEpochs {
  /** By node, then by partition. */
  readonly #byNode = new Map<string, Map<string, EpochStart[]>>();

  constructor(trace: Trace) {
    trace.subscribe([storageEvents['records-appended']], ({ node, values }) => {
      const starts = this.#of(node, values[0] as string);
      const epoch = values[3] as number;
      if (starts.at(-1)?.epoch !== epoch) starts.push({ epoch, offset: values[1] as number });
    });
    trace.subscribe([storageEvents['log-truncated']], ({ node, values }) => {
      const starts = this.#of(node, values[0] as string);
      const to = values[2] as number;
      while (starts.length > 0 && starts.at(-1)!.offset >= to) starts.pop();
    });
    for (const kind of [storageEvents['log-created'], storageEvents['log-deleted']])
      trace.subscribe([kind], ({ node, values }) => void this.#byNode.get(node)?.delete(values[0] as string));
  }

  /** Oldest first. */
  starts(node: string, partition: string): readonly EpochStart[] {
    return this.#byNode.get(node)?.get(partition) ?? [];
  }

  #of(node: string, partition: string): EpochStart[] {
    let partitions = this.#byNode.get(node);
    if (partitions === undefined) {
      partitions = new Map();
      this.#byNode.set(node, partitions);
    }
    let starts = partitions.get(partition);
    if (starts === undefined) {
      starts = [];
      partitions.set(partition, starts);
    }
    return starts;
  }
}
