/** The request whose answer a client saw: the trace links an answer to its request, and the request to what a broker decided over it. */
import type { EventId, TraceEvent } from '../../../kernel/api.ts';
import type { Why } from '../telling.ts';

/** An answer and its request, perhaps with something between that had to happen first. */
const MOST_HOPS = 6;

/** Events right behind another: messages, and what kept the answer waiting. */
export function eventsBehind({ cause }: TraceEvent, { history }: Why): ReadonlySet<EventId> {
  const found = new Set<EventId>();
  let id = cause;
  for (let hop = 0; hop < MOST_HOPS && id > 0; hop++) {
    found.add(id);
    id = history.trace.causeOf(id);
  }
  return found;
}

/** What a broker told of the very request: its cause is the request, or it is itself behind the answer. */
export function decidedOver(event: TraceEvent, why: Why, fits: (other: TraceEvent) => boolean): TraceEvent | undefined {
  const behind = eventsBehind(event, why);
  return why.history.latest(event.id, (other) => fits(other) && (behind.has(other.cause) || behind.has(other.id)));
}

/** The fault that was injected into the very request. */
export function interception(event: TraceEvent, why: Why): TraceEvent | undefined {
  const behind = eventsBehind(event, why);
  return why.history.latestDetail(
    event.id,
    (other) => other.kind.name === 'request-intercepted' && behind.has(other.cause),
  );
}
