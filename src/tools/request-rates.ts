/** How many requests each node takes in, by API, counted from the trace from now on. */
import type { Micros, Trace } from '../kernel/api.ts';
import { rpcEvents } from '../rpc/events.ts';

export interface ApiRate {
  readonly api: string;
  readonly perSecond: number;
}

export class RequestRates {
  readonly #counts = new Map<string, Map<string, number>>();
  #rates = new Map<string, readonly ApiRate[]>();

  constructor(trace: Trace) {
    trace.subscribe([rpcEvents['request-received']], ({ node, values }) => {
      let counts = this.#counts.get(node);
      if (counts === undefined) {
        counts = new Map();
        this.#counts.set(node, counts);
      }
      const api = values[0] as string;
      counts.set(api, (counts.get(api) ?? 0) + 1);
    });
  }

  /** What was counted since the last time becomes the rate. */
  sample(spanUs: Micros): void {
    this.#rates = new Map(
      [...this.#counts].map(([node, counts]) => [
        node,
        [...counts]
          .map(([api, count]) => ({ api, perSecond: Math.round((count * 1_000_000) / spanUs) }))
          .sort((a, b) => b.perSecond - a.perSecond || (a.api < b.api ? -1 : 1)),
      ]),
    );
    this.#counts.clear();
  }

  /** Of the last second of virtual time, the most frequent first. */
  of(node: string): readonly ApiRate[] {
    return this.#rates.get(node) ?? [];
  }
}
