/** What `why` looks back at: the notable events, and every error that a client saw, as many as fit. */
import { brokerEvents } from '../../broker/events.ts';
import { groupEvents } from '../../broker/groups/events.ts';
import { transactionEvents } from '../../broker/transactions/events.ts';
import { clientEvents } from '../../client/events.ts';
import { outsideEvents } from '../../cluster/outside-events.ts';
import { authorityEvents } from '../../coordinator/index.ts';
import { kraftEvents } from '../../coordinator/kraft/events.ts';
import { ensembleEvents } from '../../coordinator/zookeeper/ensemble/events.ts';
import { zookeeperModeEvents } from '../../coordinator/zookeeper/kafka/events.ts';
import type { EventId, EventKind, Trace, TraceEvent } from '../../kernel/api.ts';
import { kernelEvents } from '../../kernel/events.ts';
import { rpcEvents } from '../../rpc/events.ts';
import { storageEvents } from '../../storage/events.ts';
import { scenarioEvents } from '../events.ts';

/** Every kind that a person would read. */
export const NOTABLE_KINDS: readonly EventKind[] = [
  kernelEvents,
  storageEvents,
  rpcEvents,
  authorityEvents,
  kraftEvents,
  ensembleEvents,
  zookeeperModeEvents,
  brokerEvents,
  groupEvents,
  transactionEvents,
  clientEvents,
  outsideEvents,
  scenarioEvents,
].flatMap((table) => Object.values<EventKind>(table).filter(({ level }) => level === 'notable'));

/** What clients saw: an answer with an error, or none. */
export const ERROR_KINDS: readonly EventKind[] = [
  clientEvents['client-error-seen'],
  outsideEvents['client-error-told'],
  outsideEvents['client-request-unanswered'],
];

/** Details that decide what a client sees; they are few. */
const TOLD_DETAILS: readonly EventKind[] = [
  storageEvents['log-start-advanced'],
  storageEvents['segments-deleted'],
  groupEvents['group-offset-removed'],
  brokerEvents['client-throttled'],
  rpcEvents['request-intercepted'],
];

/** Everything that `why` can begin with. */
export const TOLD_KINDS: readonly EventKind[] = [...NOTABLE_KINDS, ...TOLD_DETAILS, ...ERROR_KINDS];

const MOST_KEPT = 20_000;

export class History {
  readonly trace: Trace;
  /** The latest, oldest first. */
  readonly notable: TraceEvent[] = [];
  readonly #errors: TraceEvent[] = [];
  readonly #details: TraceEvent[] = [];

  constructor(trace: Trace) {
    this.trace = trace;
    trace.subscribe(NOTABLE_KINDS, (event) => keep(this.notable, event));
    trace.subscribe(TOLD_DETAILS, (event) => keep(this.#details, event));
    trace.subscribe(ERROR_KINDS, (event) => keep(this.#errors, event));
  }

  /** The latest notable event before another (undefined: at all) that is such. */
  latest(before: EventId | undefined, fits: (event: TraceEvent) => boolean): TraceEvent | undefined {
    return latestOf(this.notable, before, fits);
  }

  /** The latest of a kind, or of several. */
  latestOf(
    kinds: string | readonly string[],
    before: EventId | undefined,
    fits: (event: TraceEvent) => boolean = () => true,
  ): TraceEvent | undefined {
    return this.latest(before, (event) =>
      typeof kinds === 'string'
        ? event.kind.name === kinds && fits(event)
        : kinds.includes(event.kind.name) && fits(event),
    );
  }

  /** The latest of the details that are kept. */
  latestDetail(before: EventId | undefined, fits: (event: TraceEvent) => boolean): TraceEvent | undefined {
    return latestOf(this.#details, before, fits);
  }

  /** The latest error that a client saw. */
  latestError(before: EventId | undefined, fits: (event: TraceEvent) => boolean): TraceEvent | undefined {
    return latestOf(this.#errors, before, fits);
  }
}

function keep(events: TraceEvent[], event: TraceEvent): void {
  events.push(event);
  if (events.length > 2 * MOST_KEPT) events.splice(0, MOST_KEPT);
}

function latestOf(
  events: readonly TraceEvent[],
  before: EventId | undefined,
  fits: (event: TraceEvent) => boolean,
): TraceEvent | undefined {
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index]!;
    if ((before === undefined || event.id < before) && fits(event)) return event;
  }
  return undefined;
}
