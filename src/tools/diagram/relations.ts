/** Which messages say nothing, and which have to do with an event. */
import type { EventId, Trace } from '../../kernel/api.ts';
import type { LoggedMessage } from '../messages/log.ts';

/** Requests that wait for something to happen: unanswered, they say nothing. */
const PATIENT = new Set(['Fetch', 'Heartbeat', 'BrokerHeartbeat', 'ConsumerGroupHeartbeat', 'ping']);

/** A request is as idle as its answer. */
export function idleness(messages: readonly LoggedMessage[]): (message: LoggedMessage) => boolean {
  const answers = new Map<string, LoggedMessage>();
  for (const message of messages) if (message.summary.role === 'response') answers.set(exchangeOf(message), message);
  return (message) => {
    const { summary, way } = message;
    if (way.fate === 'lost' || way.fate === 'waiting') return false;
    if (summary.role !== 'request') return summary.idle;
    const answer = answers.get(exchangeOf(message));
    return answer === undefined ? summary.idle || PATIENT.has(summary.name) : answer.summary.idle;
  };
}

const exchangeOf = ({ way, summary }: LoggedMessage): string =>
  `${way.connection} ${summary.correlation} ${summary.name}`;

const MOST_HOPS = 60;

/** Whether a message led to an event, or followed from it. */
export function relation(trace: Trace, focus: EventId | undefined): (message: LoggedMessage) => boolean {
  if (focus === undefined) return () => false;
  const behind = new Set<EventId>();
  for (let id = trace.causeOf(focus), hop = 0; id > 0 && hop < MOST_HOPS; id = trace.causeOf(id), hop++) behind.add(id);
  const known = new Map<EventId, boolean>();
  const follows = (cause: EventId): boolean => {
    let id = cause;
    for (let hop = 0; id > focus && hop < MOST_HOPS; hop++) id = trace.causeOf(id);
    return id === focus;
  };
  return ({ way: { cause } }) => {
    if (behind.has(cause)) return true;
    let found = known.get(cause);
    if (found === undefined) {
      found = follows(cause);
      known.set(cause, found);
    }
    return found;
  };
}
