/** Transactions: who began, who ended them, who took whose place. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { number, text } from '../fields.ts';
import { latestCommand } from '../rules/command.ts';
import { fencedBy } from '../rules/fencing.ts';
import { silencer } from '../rules/silence.ts';
import { type Cause, ofBroker, ofClient, type Telling, type Tellings, type Why } from '../telling.ts';
import { transactionsMoved } from './groups.ts';

const READ = 'KIP-98 (transactions), KIP-890 (their second version)';

const sameId = (a: TraceEvent, b: TraceEvent): boolean => text(a, 'transactionalId') === text(b, 'transactionalId');
const told = (say: Telling['say'], cause: Telling['cause'], read: string = READ): Telling => ({ say, cause, read });

function stateOf(event: TraceEvent, why: Why, states: RegExp): TraceEvent | undefined {
  return why.history.latestOf(
    'transaction-state-changed',
    event.id,
    (other) => sameId(other, event) && states.test(text(other, 'to')),
  );
}

/** The clients that used the transactional id, as far as they told. */
function usersOf(event: TraceEvent, why: Why): readonly string[] {
  const users = why.history.notable.filter(
    (other) => other.kind.name === 'transaction-begun' && other.id < event.id && sameId(other, event),
  );
  return [...new Set(users.map(({ node }) => node))];
}

/** Another producer began with the id: the latest start of a client that has it. Of real clients nobody knows that. */
function newcomer(event: TraceEvent, why: Why): Cause {
  const id = text(event, 'transactionalId');
  const started = why.history.latestOf(
    'process-started',
    event.id,
    ({ node, atUs }) =>
      atUs >= why.zeroUs &&
      !/^(broker|controller|zk)-/.test(node) &&
      why.setting({ kind: 'client', name: node }, 'transactional.id') === id,
  );
  return started ?? { ending: 'a client asked for a producer with this transactional id (InitProducerId)' };
}

/** Somebody told a client of the id to end its transaction. */
function endAsked(event: TraceEvent, why: Why): TraceEvent | undefined {
  const asked = latestCommand(event, why, /^(commit|abort)\b/);
  const [, client] = asked === undefined ? [] : text(asked, 'text').split(/\s+/);
  const isOwn = usersOf(event, why).some((user) => user === client || user.startsWith(`${client}[`));
  return asked !== undefined && isOwn && event.atUs - asked.atUs < 60_000_000 ? asked : undefined;
}

function behindState(event: TraceEvent, why: Why): Cause {
  const reason = text(event, 'reason');
  const to = text(event, 'to');
  if (/another producer/.test(reason) || to === 'Empty') return newcomer(event, why);
  if (/time|expired/.test(reason))
    return why.history.latestOf('transaction-timed-out', event.id, (other) => sameId(other, event));
  if (to.startsWith('Complete')) return stateOf(event, why, /^Prepare/);
  if (to.startsWith('Prepare')) return endAsked(event, why) ?? stateOf(event, why, /^Ongoing/);
  const begun = why.history.latestOf('transaction-begun', event.id, (other) => sameId(other, event));
  return begun ?? why.history.latestOf('process-started', event.id, ({ node }) => usersOf(event, why).includes(node));
}

export const transactionTellings: Tellings = {
  'transaction-state-changed': {
    say: (event) =>
      `transaction ${text(event, 'transactionalId')} went from ${text(event, 'from')} to ${text(event, 'to')}: ${text(event, 'reason')}`,
    cause: behindState,
    read: READ,
  },
  'transaction-producer-fenced': told(
    (event) =>
      `${event.node} refused ${text(event, 'request')} of a producer with epoch ${number(event, 'producerEpoch')}: ${text(event, 'transactionalId')} has epoch ${number(event, 'currentEpoch')}`,
    (event, why) => fencedBy(text(event, 'transactionalId'), event, why),
  ),
  'transaction-timed-out': {
    say: (event) =>
      `transaction ${text(event, 'transactionalId')} was open for longer than ${number(event, 'timeoutMs')} ms: its coordinator aborts it and fences the producer`,
    cause(event, why) {
      const sinceUs = event.atUs - number(event, 'timeoutMs') * 1000 - 10_000_000;
      for (const node of usersOf(event, why)) {
        const found = silencer(event, why, { node, sinceUs });
        if (found !== undefined) return found;
      }
      return { ending: 'its producer did not end it' };
    },
    settings(event, why) {
      const user = usersOf(event, why).at(-1);
      return user === undefined ? [] : [ofClient(user, 'transaction.timeout.ms')];
    },
    read: READ,
  },
  'transaction-id-expired': {
    say: (event) => `transactional id ${text(event, 'transactionalId')} was not used for long, and is forgotten`,
    cause: () => ({ ending: 'nobody used it' }),
    settings: () => [ofBroker('transactional.id.expiration.ms')],
    read: READ,
  },
  'transaction-loaded': told(
    (event) =>
      `${event.node} found ${text(event, 'transactionalId')} in the log as ${text(event, 'state')}, and goes on with it`,
    transactionsMoved,
  ),
  'transaction-marker-refused': told(
    (event) =>
      `broker-${number(event, 'broker')} did not write a marker of ${text(event, 'transactionalId')} into ${text(event, 'partition')}: ${text(event, 'error')} (${text(event, 'effect')})`,
    (event, why) =>
      why.history.latestOf(
        'partition-changed',
        event.id,
        (change) => text(change, 'partition') === text(event, 'partition'),
      ),
  ),
  'transaction-coordinator-loaded': told(
    (event) => `${event.node} coordinates the transactional ids of __transaction_state-${number(event, 'partition')}`,
    transactionsMoved,
  ),
  'transaction-coordinator-unloaded': told(
    (event) =>
      `${event.node} does not coordinate the transactional ids of __transaction_state-${number(event, 'partition')} any more`,
    transactionsMoved,
  ),
  'transaction-begun': told(
    (event) => `${event.node} began a transaction (${text(event, 'transactionalId')})`,
    (event, why) =>
      why.history.latestOf(['process-started', 'process-resumed'], event.id, ({ node }) => node === event.node),
  ),
  'transaction-ended': told(
    (event) => `${event.node} was told that its transaction is ${text(event, 'result')}`,
    (event, why) => stateOf(event, why, /^(Prepare|Complete)/),
  ),
  'transaction-failed': told(
    (event) => `${event.node} cannot commit its transaction: ${text(event, 'error')} (${text(event, 'kind')})`,
    (event, why) =>
      why.history.latestOf('transaction-producer-fenced', event.id, (other) => sameId(other, event)) ??
      why.history.latestOf('produce-rejected', event.id, (other) => text(other, 'clientId') === event.node) ??
      fencedBy(text(event, 'transactionalId'), event, why),
  ),
};
