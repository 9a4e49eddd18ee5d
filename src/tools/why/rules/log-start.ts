/** Why the oldest records of a partition are gone. */
import type { EventId, TraceEvent } from '../../../kernel/api.ts';
import { number, text } from '../fields.ts';
import type { Why } from '../telling.ts';

/** The latest that moved the start of a log: of a node's, or of any replica's. `beyond`: past this offset. */
export function startDecision(
  partition: string,
  node: string | undefined,
  { history }: Why,
  before?: EventId,
  beyond?: number,
): TraceEvent | undefined {
  const ofLog = (event: TraceEvent): boolean =>
    text(event, 'partition') === partition && (node === undefined || event.node === node);
  const moved = history.latestDetail(
    before,
    (event) =>
      event.kind.name === 'log-start-advanced' &&
      ofLog(event) &&
      (beyond === undefined || number(event, 'logStartOffset') > beyond),
  );
  const deleted = history.latestDetail(before, (event) => event.kind.name === 'segments-deleted' && ofLog(event));
  // Retention moves the start, and says then why.
  if (moved === undefined || deleted === undefined) return moved ?? deleted;
  return deleted.node === moved.node && deleted.atUs === moved.atUs && text(deleted, 'reason') !== 'log-start'
    ? deleted
    : moved;
}
