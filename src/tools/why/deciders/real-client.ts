/** Values of real clients: what they were told, or not. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { clientOfError, text } from '../fields.ts';
import type { Decider } from './decider.ts';

export const realClientDecider: Decider = ({ name, property, args }, { history }) => {
  const [error, of] = args;
  const own = (event: TraceEvent): boolean => clientOfError(event) === name && event.kind.name !== 'client-error-seen';
  const isMeant = (event: TraceEvent): boolean =>
    own(event) &&
    (error === undefined || text(event, 'error') === error) &&
    (of === undefined || text(event, 'partition') === of);
  if (property === 'lastError' || property === 'errors')
    return history.latestError(undefined, isMeant) ?? { ending: 'it was told none' };
  if (property === 'refused')
    return (
      history.latestError(undefined, (event) => own(event) && text(event, 'api') === 'Produce') ?? {
        ending: 'all that it sent was taken',
      }
    );
  return { ending: 'it is a real client: what it sends and asks for, only its application knows' };
};
