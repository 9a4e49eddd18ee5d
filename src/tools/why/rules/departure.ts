/** How a broker came to count as gone, or as back. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { number, text } from '../fields.ts';
import type { Why } from '../telling.ts';

const OF_BROKER: readonly string[] = ['broker-session-expired', 'broker-unregistered', 'broker-shutting-down'];

/** What the authority last learned of a broker that went: its session is over, it left, it asked to leave. */
export function departureOf(broker: number, { id }: TraceEvent, { history }: Why): TraceEvent | undefined {
  const node = `broker-${broker}`;
  return history.latest(
    id,
    (event) =>
      (OF_BROKER.includes(event.kind.name) && number(event, 'broker') === broker) ||
      (event.node === node && event.kind.name === 'termination-requested'),
  );
}

/** What the authority last learned of a broker that came (back). */
export function arrivalOf(
  broker: number,
  { id }: TraceEvent,
  { history }: Why,
  kinds: readonly string[] = ['broker-unfenced', 'broker-registered', 'zookeeper-registered'],
): TraceEvent | undefined {
  return history.latestOf(kinds, id, (event) => number(event, 'broker') === broker);
}

/** What brought a node back to the others: it was started, it woke, a link was mended. */
export function returnOf(node: string, { id }: TraceEvent, { history }: Why): TraceEvent | undefined {
  return history.latest(id, (event) =>
    event.kind.name === 'link-rule-removed'
      ? wasConcerned(event, node, history.notable)
      : event.node === node && ['process-started', 'process-resumed'].includes(event.kind.name),
  );
}

function wasConcerned(removed: TraceEvent, node: string, events: readonly TraceEvent[]): boolean {
  const installed = events.findLast(
    (event) =>
      event.id < removed.id &&
      event.kind.name === 'link-rule-installed' &&
      text(event, 'rule') === text(removed, 'rule'),
  );
  return installed !== undefined && (installed.values[2] as readonly string[] | undefined)?.includes(node) === true;
}

/** The broker of a ZooKeeper session, as far as somebody told. */
export function brokerOfSession(session: string, { id }: TraceEvent, { history }: Why): number | undefined {
  const established = history.latestOf(
    'zookeeper-session-established',
    id,
    (event) => text(event, 'session') === session,
  );
  return established === undefined ? undefined : number(established, 'broker');
}
