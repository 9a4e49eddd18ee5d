/** What the ledger says of records that did not end "delivered once, in order": each alone, and in groups with one reason. */
import type { LedgerEntry } from '../cluster/ports.ts';
import type { EventId } from '../kernel/api.ts';
import { sentence } from '../tools/causes.ts';
import { entryCauses } from '../tools/why/verdict.ts';
import type { ScenarioRun } from './player.ts';

/** A record with the events that decided it, told. */
export interface LedgerRecord extends Omit<LedgerEntry, 'events'> {
  readonly events: readonly string[];
}

/** Groups told, at most; records looked at for them. */
const MOST_GROUPS = 12;
const MOST_RECORDS = 100_000;

export function ledgerRecords(run: ScenarioRun, limit: number): readonly LedgerRecord[] {
  return run.checker.entries(limit).map((entry) => ({ ...entry, events: told(run, entry.events) }));
}

/** For each reason: how many records of whom it befell, and the chain behind the first. Only these outcomes, if any are named. */
export function ledgerReasons(run: ScenarioRun, outcomes?: readonly string[]): readonly string[] {
  const groups = new Map<string, LedgerEntry[]>();
  for (const entry of run.checker.entries(MOST_RECORDS)) {
    if (outcomes !== undefined && !outcomes.includes(entry.outcome)) continue;
    const key = `${entry.outcome} ${entry.client} ${entry.partition} ${entry.why}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  const lines = [...groups.values()].slice(0, MOST_GROUPS).flatMap((group) => groupLines(run, group));
  return groups.size > MOST_GROUPS ? [...lines, `and ${groups.size - MOST_GROUPS} more reasons`] : lines;
}

function groupLines(run: ScenarioRun, group: readonly LedgerEntry[]): readonly string[] {
  const { outcome, client, partition, why } = group[0]!;
  const records = range(
    group.map(({ serial }) => serial),
    `${client}#`,
  );
  const offsets = group.flatMap(({ offset }) => offset ?? []);
  const where = offsets.length === 0 ? '' : ` at ${range(offsets, 'offset ')}`;
  return [`${group.length} ${outcome}: ${records} in ${partition}${where}: ${why}`, ...entryCauses(group[0]!, run.why)];
}

/** `web#7`, or `web#7 to 9`. */
function range(numbers: readonly number[], sign: string): string {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    lowest = Math.min(lowest, number);
    highest = Math.max(highest, number);
  }
  return lowest === highest ? `${sign}${lowest}` : `${sign}${lowest} to ${highest}`;
}

function told(run: ScenarioRun, events: readonly EventId[]): readonly string[] {
  const { trace, zeroUs } = run.cluster;
  return events.flatMap((id) => {
    const event = trace.get(id);
    return event === undefined ? [] : [sentence(event, zeroUs ?? 0)];
  });
}
