/** From an error that a client saw to what lies behind it: the broker that refused, or what kept the answer away. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { number, text } from '../fields.ts';
import { type Cause, type NamedSetting, ofClient, type Why } from '../telling.ts';
import { latestCommand } from './command.ts';
import { coordinatorMoved, groupOf, OFFSETS, TRANSACTIONS } from './coordinator.ts';
import { fencedBy, transactionalIdOf } from './fencing.ts';
import { startDecision } from './log-start.ts';
import { LOOK_BACK_US, refusalOf } from './refusal.ts';
import { decidedOver, interception } from './request.ts';
import { silencer, stoppedBy } from './silence.ts';

export interface SeenError {
  /** Its node, or the client.id of a real one. */
  readonly client: string;
  /** Where it lives: real ones all on the same. */
  readonly node: string;
  readonly error: string;
  /** Of a partition, or of a topic, a group or a transactional id; undefined: of none. */
  readonly of: string | undefined;
  readonly broker: string | undefined;
  readonly api: string;
}

const OF_TRANSACTIONS = /^(InitProducerId|AddPartitionsToTxn|AddOffsetsToTxn|EndTxn)$/;

export function clientErrorCause(event: TraceEvent, seen: SeenError, why: Why): Cause {
  const { client, error, of, broker, api } = seen;
  const { history } = why;
  const exact =
    interception(event, why) ??
    decidedOver(event, why, (told) => OF_ANSWERS.includes(told.kind.name) && isOf(told, of));
  if (exact !== undefined) return exact;
  switch (error) {
    case 'NETWORK_EXCEPTION':
    case 'REQUEST_TIMED_OUT':
      return resetNow(event, why) ?? hanging(event, seen, why) ?? unreachable(event, seen, why);
    case 'UNKNOWN_MEMBER_ID':
      return thrownOut(event, client, why);
    case 'ILLEGAL_GENERATION':
    case 'REBALANCE_IN_PROGRESS':
    case 'FENCED_MEMBER_EPOCH':
    case 'STALE_MEMBER_EPOCH':
      return rebalance(event, client, why);
    case 'COORDINATOR_LOAD_IN_PROGRESS':
    case 'NOT_COORDINATOR':
    case 'COORDINATOR_NOT_AVAILABLE':
      return coordinator(event, seen, why);
    case 'PRODUCER_FENCED':
    case 'INVALID_PRODUCER_EPOCH': {
      const id = transactionalIdOf(client, event, why);
      const fenced = history.latestOf(
        'transaction-producer-fenced',
        event.id,
        (other) => id === undefined || text(other, 'transactionalId') === id,
      );
      return fenced ?? fencedBy(id, event, why);
    }
    case 'OFFSET_OUT_OF_RANGE':
      return outOfRange(event, seen, why);
    case 'FETCH_SESSION_ID_NOT_FOUND':
    case 'INVALID_FETCH_SESSION_EPOCH':
      return history.latest(event.id, ({ node, kind }) => node === broker && kind.name === 'process-started');
    default:
      return refusalOf(error, { of: of ?? '', api, client, node: broker ?? 'the broker' }, event, why);
  }
}

/** What brokers tell of a request that they refuse, or let wait in vain. */
const OF_ANSWERS: readonly string[] = [
  'produce-rejected',
  'produce-timed-out',
  'transaction-producer-fenced',
  'authentication-failed',
];

const isOf = (told: TraceEvent, of: string | undefined): boolean =>
  of === undefined || !told.kind.fields.includes('partition') || text(told, 'partition') === of;

/** Somebody broke the connections a moment ago. */
function resetNow(event: TraceEvent, why: Why): TraceEvent | undefined {
  const reset = latestCommand(event, why, /^reset\b/);
  return reset !== undefined && event.atUs - reset.atUs < 100_000 ? reset : undefined;
}

/** An answer that an injected fault keeps back leaves no trace at the client. */
function hanging(event: TraceEvent, { api, client }: SeenError, why: Why): TraceEvent | undefined {
  const asked = latestCommand(event, why, new RegExp(`^inject ${api}\\b.*--(hang|latency)`));
  const healed = latestCommand(event, why, /^heal\b/);
  if (asked === undefined || (healed !== undefined && healed.id > asked.id)) return undefined;
  const meant = /--client (\S+)/.exec(text(asked, 'text'))?.[1];
  return meant === undefined || client.startsWith(meant) ? asked : undefined;
}

/** Nobody answered: the broker is gone, stands still, or cannot be reached; or the client dropped the connection itself. */
function unreachable(event: TraceEvent, seen: SeenError, why: Why): Cause {
  const { node: listener, api } = seen;
  const node = seen.broker ?? askedBroker(event, seen, why);
  if (node === undefined)
    return why.history.latestOf(
      ['process-killed', 'process-paused', 'process-stopped', 'machine-powered-off', 'link-rule-installed'],
      event.id,
      ({ atUs }) => event.atUs - atUs < LOOK_BACK_US,
    );
  const found =
    stoppedBy(node, event, why) ??
    silencer(event, why, { node, sinceUs: event.atUs - LOOK_BACK_US / 2, listener, api });
  return found ?? droppedByClient(event, seen, why) ?? { ending: `${node} or the client ended the connection` };
}

/** Requests of groups and transactions go to a coordinator, which the client has found before. */
function askedBroker(event: TraceEvent, { client }: SeenError, { history }: Why): string | undefined {
  const found = history.latestOf('coordinator-found', event.id, ({ node }) => node === client);
  return found === undefined ? undefined : `broker-${number(found, 'broker')}`;
}

/** A client that begins again with its bootstrap servers drops its connections, those to living brokers too. */
function droppedByClient(event: TraceEvent, { client }: SeenError, { history }: Why): TraceEvent | undefined {
  return history.latestOf(
    'client-rebootstrapped',
    event.id,
    ({ node, atUs }) => node === client && event.atUs - atUs < 1_000_000,
  );
}

/** The member left, was thrown out, or its coordinator is new and never stored it. */
function thrownOut(event: TraceEvent, client: string, why: Why): Cause {
  const { history } = why;
  const group = groupOf(client, event, why);
  const ofGroup = (other: TraceEvent): boolean => group === undefined || text(other, 'group') === group;
  const left = history.latestOf(
    'group-member-left',
    event.id,
    (other) => ofGroup(other) && text(other, 'member').startsWith(`${client}-`),
  );
  const created = history.latestOf('group-created', undefined, ofGroup);
  const loaded = history.latestOf(['group-loaded', 'group-coordinator-loaded'], event.id, (other) =>
    other.kind.name === 'group-loaded'
      ? ofGroup(other)
      : created !== undefined && number(other, 'partition') === number(created, 'partition'),
  );
  return left !== undefined && (loaded === undefined || left.id > loaded.id) ? left : (loaded ?? left);
}

function rebalance(event: TraceEvent, client: string, why: Why): Cause {
  const group = groupOf(client, event, why);
  return why.history.latestOf(
    'group-state-changed',
    event.id,
    (other) => (group === undefined || text(other, 'group') === group) && /Preparing|Assigning/.test(text(other, 'to')),
  );
}

function coordinator(event: TraceEvent, { client, error, api, of }: SeenError, why: Why): Cause {
  const transactionalId = transactionalIdOf(client, event, why);
  const isTransactional =
    OF_TRANSACTIONS.test(api) || (api === 'FindCoordinator' && groupOf(client, event, why) === undefined);
  if (!isTransactional) return coordinatorMoved(OFFSETS, groupOf(client, event, why) ?? of, event, why);
  if (error === 'COORDINATOR_LOAD_IN_PROGRESS' && transactionalId === undefined)
    return { ending: 'the broker had no producer ids at hand yet, and asked the controller for a block (KIP-730)' };
  return coordinatorMoved(TRANSACTIONS, transactionalId, event, why);
}

/** The log ends earlier than that offset since it was cut, or begins later since its oldest records were deleted. */
function outOfRange(event: TraceEvent, { of, broker }: SeenError, why: Why): Cause {
  if (of === undefined) return undefined;
  const cut = why.history.latestOf('log-truncated', event.id, (other) => text(other, 'partition') === of);
  const deleted = startDecision(of, broker, why, event.id);
  const latest = cut !== undefined && deleted !== undefined ? (cut.id > deleted.id ? cut : deleted) : (cut ?? deleted);
  return latest ?? { ending: `${of} has no record of that offset, and never had` };
}

/** The settings that decided how long it took, or whether. */
export function settingsOf(error: string, api: string, client: string): readonly NamedSetting[] {
  switch (error) {
    case 'REQUEST_TIMED_OUT':
      return api === 'Produce'
        ? [ofClient(client, 'request.timeout.ms'), ofClient(client, 'delivery.timeout.ms')]
        : [ofClient(client, 'request.timeout.ms')];
    case 'NETWORK_EXCEPTION':
      return [ofClient(client, 'retry.backoff.ms')];
    default:
      return [];
  }
}
