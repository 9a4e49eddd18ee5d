/** What a count of the ledger comes from: a cut, a retry whose answer was lost, an abort. Records that it knows by name tell it exactly. */

import { clientEvents } from '../../../client/events.ts';
import type { LedgerEntry } from '../../../cluster/ports.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import { list, number, text } from '../fields.ts';
import { latestLeaderChange } from '../rules/leadership.ts';
import type { Cause, Decision, Why } from '../telling.ts';
import { all, type Decider } from './decider.ts';

export const ledgerDecider: Decider = ({ property }, why) => {
  const { history } = why;
  const [first, ...others] = why.entries(property);
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return { causes: entryCauses(first, why), remark: `${recordName(first)}${more}: ${first.why}` };
  }
  switch (property) {
    case 'truncated':
    case 'diverged':
    case 'lost':
      return history.latestOf('log-truncated', undefined) ?? { ending: 'no log was cut' };
    case 'duplicated':
    case 'reordered': {
      const retried = history.latestOf('batch-retried', undefined);
      return retried === undefined
        ? { ending: 'nobody had to send a batch again' }
        : { causes: [retried], remark: 'of what was sent again, each batch is stored once and in order' };
    }
    case 'abortedRead':
      return { ending: 'no record of an aborted transaction was handed out' };
    default:
      return { ending: 'every readable record came to every group, or may still' };
  }
};

/** `web#1165`. */
export const recordName = ({ client, serial }: LedgerEntry): string => `${client}#${serial}`;

/** What became of one record, and what decided it. */
export function entryDecision(entry: LedgerEntry, why: Why): { readonly head: string; readonly decision: Decision } {
  const where = entry.offset === null ? entry.partition : `${entry.partition} offset ${entry.offset}`;
  const head = `${recordName(entry)} of ${where} is ${WORDS[entry.outcome]}: ${entry.why}`;
  return { head, decision: { causes: entryCauses(entry, why) } };
}

const WORDS: Readonly<Record<LedgerEntry['outcome'], string>> = {
  lost: 'lost',
  duplicated: 'duplicated',
  reordered: 'reordered',
  unseen: 'unseen',
  abortedRead: 'of an aborted transaction, and was read',
  indefinite: 'indefinite',
  failed: 'failed',
};

function entryCauses(entry: LedgerEntry, why: Why): Decision['causes'] {
  const events = entry.events.flatMap((id) => why.history.trace.get(id) ?? []);
  const ofKind = (kind: string): TraceEvent | undefined => events.findLast((event) => event.kind.name === kind);
  switch (entry.outcome) {
    case 'lost':
      return all(
        ofKind('log-truncated') ??
          cutOf(entry, why) ??
          ofKind('became-leader') ??
          latestLeaderChange(entry.partition, undefined, why),
      );
    case 'duplicated':
    case 'reordered':
      return all(retryOf(entry, why));
    case 'failed':
    case 'indefinite':
      return all(events.findLast(({ kind }) => kind === clientEvents['batch-failed']) ?? events.at(-1));
    case 'unseen':
      return all(whyUnseen(entry, why));
    case 'abortedRead':
      return all(
        why.history.latestOf('transaction-state-changed', undefined, (event) => /Abort$/.test(text(event, 'to'))),
      );
  }
}

/** The cut that reached the record's offset. */
function cutOf({ partition, offset }: LedgerEntry, { history }: Why): TraceEvent | undefined {
  return history.latestOf(
    'log-truncated',
    undefined,
    (cut) =>
      text(cut, 'partition') === partition &&
      (offset === null || (number(cut, 'to') <= offset && offset < number(cut, 'from'))),
  );
}

/** The retry that stored a record again, or behind others: the first of its own batch since it was in a log, or of all. */
function retryOf({ client, partition, serial, outcome, events }: LedgerEntry, { history }: Why): Cause {
  const since = outcome === 'duplicated' ? (events[0] ?? 0) : 0;
  return history.notable.find(
    (event) =>
      event.kind === clientEvents['batch-retried'] &&
      event.id > since &&
      event.node === client &&
      text(event, 'partition') === partition &&
      list(event, 'serials').includes(serial),
  );
}

/** A group began behind the record, or nobody has read so far. */
function whyUnseen({ partition, why: reason }: LedgerEntry, { history }: Why): Cause {
  const group = / group (\S+)$/.exec(reason)?.[1];
  return (
    history.latestOf(
      'position-reset',
      undefined,
      (event) => text(event, 'group') === group && text(event, 'partition') === partition,
    ) ?? history.latestOf('group-state-changed', undefined, (event) => text(event, 'group') === group)
  );
}
