/** Where to look when an expectation failed: the latest events that decided what it speaks of. */

import { brokerEvents } from '../broker/events.ts';
import { authorityEvents } from '../coordinator/index.ts';
import type { EventId, EventKind, Trace } from '../kernel/api.ts';
import { kernelEvents } from '../kernel/events.ts';
import { explain, sentence } from './causes.ts';
import { scenarioEvents } from './events.ts';

const MOST_KEPT = 2_000;
const MOST_TOLD = 6;

/** Events that a person would read first, with the names that they mention. */
export class Blame {
  readonly #trace: Trace;
  readonly #events: { readonly id: EventId; readonly words: string }[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
    const kinds: EventKind[] = [
      ...Object.values(authorityEvents),
      ...Object.values(brokerEvents),
      ...Object.values(kernelEvents),
      scenarioEvents['step-begun'],
    ].filter(({ level }) => level === 'notable');
    trace.subscribe(kinds, ({ id, node, values }) => {
      this.#events.push({ id, words: `${node} ${values.join(' ')}` });
      if (this.#events.length > 2 * MOST_KEPT) this.#events.splice(0, MOST_KEPT);
    });
  }

  /** The latest `count` events that mention something of a text; the latest at all, if none does. Oldest first. */
  related(text: string, count: number): readonly EventId[] {
    const names = text.match(/[\w.]+-\d+|[a-z][\w-]{2,}(?=\.)/g) ?? [];
    const matching = this.#events.filter(({ words }) => names.some((name) => words.includes(name)));
    return (matching.length > 0 ? matching : this.#events).slice(-count).map(({ id }) => id);
  }

  /** Those events as sentences, then what led to the last of them. `zeroUs` is the time when the cluster was ready. */
  tell(text: string, zeroUs: number): readonly string[] {
    const related = this.related(text, MOST_TOLD);
    const told = related.flatMap((id) => {
      const event = this.#trace.get(id);
      return event === undefined ? [] : [sentence(event, zeroUs)];
    });
    const behind = related.length === 0 ? [] : explain(this.#trace, related.at(-1)!, zeroUs).slice(1);
    return [...told, ...behind.map((line) => `because: ${line}`)];
  }
}
