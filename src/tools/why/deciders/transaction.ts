/** Values of transactional ids. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { text } from '../fields.ts';
import { latestCommand } from '../rules/command.ts';
import { stoppedBy } from '../rules/silence.ts';
import type { Why } from '../telling.ts';
import { type Decider, NOW } from './decider.ts';

export const transactionDecider: Decider = ({ name, property, model }, why) => {
  const { history } = why;
  const ofId = (event: TraceEvent): boolean => text(event, 'transactionalId') === name;
  const to =
    (state: string) =>
    (event: TraceEvent): boolean =>
      ofId(event) && text(event, 'to') === state;
  const changed = history.latestOf(['transaction-state-changed', 'transaction-loaded'], undefined, ofId);
  const record = model.transactions.all.get(name);
  switch (property) {
    case 'state':
      return (record?.state.startsWith('Prepare') === true ? heldUp(record.coordinator, why) : undefined) ?? changed;
    case 'fenced':
      return (
        history.latestOf('transaction-producer-fenced', undefined, ofId) ?? {
          ending: 'no older producer with the id has asked for anything',
        }
      );
    case 'committed':
      return (
        history.latestOf('transaction-state-changed', undefined, to('CompleteCommit')) ?? { ending: 'none was yet' }
      );
    case 'aborted':
      return (
        history.latestOf('transaction-state-changed', undefined, to('CompleteAbort')) ?? { ending: 'none was yet' }
      );
    case 'coordinator':
      return history.latestOf('transaction-loaded', undefined, ofId) ?? changed;
    default:
      return changed;
  }
};

/** What is prepared is completed at once, unless its coordinator is gone, or its markers are swallowed. */
function heldUp(coordinator: string | null, why: Why): TraceEvent | undefined {
  const gone = coordinator === null ? undefined : stoppedBy(coordinator, NOW, why);
  return gone ?? latestCommand(NOW, why, /^inject WriteTxnMarkers\b/);
}
