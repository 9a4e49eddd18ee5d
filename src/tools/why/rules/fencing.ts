/** Who raised the epoch of a transactional id, so that an older producer is refused. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { text } from '../fields.ts';
import type { Why } from '../telling.ts';

export function fencedBy(transactionalId: string | undefined, event: TraceEvent, why: Why): TraceEvent | undefined {
  return why.history.latestOf(
    ['transaction-timed-out', 'transaction-state-changed'],
    event.id,
    (other) =>
      (transactionalId === undefined || text(other, 'transactionalId') === transactionalId) &&
      (other.kind.name === 'transaction-timed-out' || /another producer/.test(text(other, 'reason'))),
  );
}

/** The transactional id of a client: its setting, or what it began with; the only one there is, where a real client has not told it. */
export function transactionalIdOf(client: string, event: TraceEvent, why: Why): string | undefined {
  const set = why.setting({ kind: 'client', name: client }, 'transactional.id');
  if (set !== null && set !== '') return set;
  const begun = why.history.latestOf('transaction-begun', event.id, ({ node }) => node === client);
  if (begun !== undefined) return text(begun, 'transactionalId');
  const ids = new Set(
    why.history.notable.flatMap((other) =>
      other.kind.name === 'transaction-state-changed' && other.id < event.id ? [text(other, 'transactionalId')] : [],
    ),
  );
  return ids.size === 1 ? [...ids][0] : undefined;
}
