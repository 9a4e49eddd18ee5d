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
