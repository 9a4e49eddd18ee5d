import type { LiveCluster } from '../gateway/live-cluster.ts';
import type { TraceEvent } from '../kernel/api.ts';
import { eventObject } from '../tools/event-object.ts';
import type { ClusterEvent, EventFilter } from './api.ts';

/** Of events that nobody fetches, so many are kept; older ones are dropped. */
const MOST_KEPT = 10_000;

/** Events of a cluster from now on, for one reader. */
export class EventStream implements AsyncIterable<ClusterEvent>, AsyncIterator<ClusterEvent> {
  readonly #waiting: ClusterEvent[] = [];
  readonly #ended: () => void;
  #stopListening: () => void;
  #reader: ((result: IteratorResult<ClusterEvent>) => void) | undefined;
  #over = false;

  constructor(live: LiveCluster, { kinds, level = 'notable' }: EventFilter, ended: (stream: EventStream) => void) {
    this.#ended = () => ended(this);
    this.#stopListening = live.onEvent((event: TraceEvent) => {
      const wanted =
        kinds === undefined ? level === 'all' || event.kind.level === 'notable' : kinds.includes(event.kind.name);
      if (wanted) this.#push(eventObject(event, live.cluster.zeroUs ?? 0));
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<ClusterEvent> {
    return this;
  }

  next(): Promise<IteratorResult<ClusterEvent>> {
    const event = this.#waiting.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#over) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  return(): Promise<IteratorResult<ClusterEvent>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** No more events: a reader that waits is told so. Idempotent. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopListening();
    this.#ended();
    this.#reader?.({ done: true, value: undefined });
    this.#reader = undefined;
  }

  #push(event: ClusterEvent): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader !== undefined) reader({ done: false, value: event });
    else this.#waiting.push(event);
    if (this.#waiting.length > MOST_KEPT) this.#waiting.shift();
  }
}
