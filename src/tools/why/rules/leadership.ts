/** What the authority decided about a partition, and what a decision changed against the one before. */
import type { EventId, TraceEvent } from '../../../kernel/api.ts';
import { list, number, text } from '../fields.ts';
import type { Why } from '../telling.ts';

export function latestChange(
  partition: string,
  before: EventId | undefined,
  { history }: Why,
  fits: (change: TraceEvent) => boolean = () => true,
): TraceEvent | undefined {
  return history.latestOf(
    'partition-changed',
    before,
    (change) => text(change, 'partition') === partition && fits(change),
  );
}

export interface Change {
  readonly partition: string;
  readonly leader: number;
  readonly isr: readonly number[];
  /** Undefined: the first that is known. */
  readonly before: { readonly leader: number; readonly isr: readonly number[] } | undefined;
  readonly departed: readonly number[];
  readonly joined: readonly number[];
  /** Those that were eligible leader replicas (KIP-966), and are not in the ISR now either. */
  readonly ineligible: readonly number[];
  readonly newLeader: boolean;
}

export function changeOf(event: TraceEvent, why: Why): Change {
  const partition = text(event, 'partition');
  const leader = number(event, 'leader');
  const isr = list(event, 'isr').map(Number);
  const earlier = latestChange(partition, event.id, why);
  const before = earlier && { leader: number(earlier, 'leader'), isr: list(earlier, 'isr').map(Number) };
  return {
    partition,
    leader,
    isr,
    before,
    departed: (before?.isr ?? []).filter((id) => !isr.includes(id)),
    joined: before === undefined ? [] : isr.filter((id) => !before.isr.includes(id)),
    ineligible:
      earlier === undefined ? [] : eligible(earlier).filter((id) => !eligible(event).includes(id) && !isr.includes(id)),
    newLeader: before !== undefined && before.leader !== leader,
  };
}

const eligible = (change: TraceEvent): readonly number[] => list(change, 'elr').map(Number);

/** The latest change that gave the partition another leader, or none. */
export function latestLeaderChange(partition: string, before: EventId | undefined, why: Why): TraceEvent | undefined {
  return latestChange(partition, before, why, (change) => changeOf(change, why).newLeader);
}

/** The latest change that took somebody out of the ISR. */
export function latestShrink(partition: string, before: EventId | undefined, why: Why): TraceEvent | undefined {
  return latestChange(partition, before, why, (change) => changeOf(change, why).departed.length > 0);
}

/**
 * How the ISR came to lack each replica that it lacked just before an event: the latest change that took it out, the latest of these
 * first.
 */
export function departuresBefore(partition: string, before: EventId | undefined, why: Why): readonly TraceEvent[] {
  let change = latestChange(partition, before, why);
  if (change === undefined) return [];
  const inSync = list(change, 'isr');
  const missing = new Set(list(change, 'replicas').filter((id) => !inSync.includes(id)));
  const found: TraceEvent[] = [];
  for (; change !== undefined && missing.size > 0; change = latestChange(partition, change.id, why)) {
    const gone = changeOf(change, why).departed.filter((id) => missing.delete(id));
    if (gone.length > 0) found.push(change);
  }
  return found;
}

/** Name of the node that was the active controller. */
export function controllerAt({ id }: TraceEvent, { history }: Why): string {
  const elected = history.latestOf('controller-elected', id);
  return elected === undefined ? 'the controller' : text(elected, 'controller');
}
