/** From the error of a broker to what made it refuse. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { list, text, value } from '../fields.ts';
import { type Cause, ofBroker, ofTopic, topicOf, type Why } from '../telling.ts';
import { latestCommand } from './command.ts';
import { fencedBy, transactionalIdOf } from './fencing.ts';
import { latestChange, latestLeaderChange, latestShrink } from './leadership.ts';

/** Longer than any request waits. */
export const LOOK_BACK_US = 60_000_000;

export interface Refusal {
  /** A partition, or a topic, a group or a transactional id; empty: none. */
  readonly of: string;
  readonly api: string;
  /** Its client id. */
  readonly client: string;
  /** The broker that refused. */
  readonly node: string;
}

export function refusalOf(error: string, refusal: Refusal, event: TraceEvent, why: Why): Cause {
  const { of, api, client, node } = refusal;
  const { history } = why;
  switch (error) {
    case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
      if (!isBelowMinimum(of, event, why)) return latestBrokerFault(event, why);
      return (
        latestShrink(of, event.id, why) ?? {
          ending: `${of} has never had so many in-sync replicas`,
          settings: [ofTopic(topicOf(of), 'min.insync.replicas')],
        }
      );
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'FENCED_LEADER_EPOCH':
    case 'UNKNOWN_LEADER_EPOCH':
    case 'LEADER_NOT_AVAILABLE':
      return latestLeaderChange(of, event.id, why) ?? latestChange(of, event.id, why) ?? created(of, event, why);
    case 'OUT_OF_ORDER_SEQUENCE_NUMBER':
    case 'UNKNOWN_PRODUCER_ID':
      return gapBehind(of, client, event, why) ?? { ending: `${node} does not hold the batches before` };
    case 'INVALID_PRODUCER_EPOCH':
    case 'PRODUCER_FENCED':
      return fencedBy(transactionalIdOf(client, event, why), event, why);
    case 'CONCURRENT_TRANSACTIONS':
    case 'TRANSACTION_ABORTABLE':
      return stillEnding(transactionalIdOf(client, event, why), event, why);
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'UNKNOWN_TOPIC_ID':
      return deleted(of, event, why) ?? missing(of, why);
    case 'TOPIC_ALREADY_EXISTS':
      return history.latestOf('topic-created', event.id, (topic) => text(topic, 'topic') === of);
    case 'INVALID_REPLICATION_FACTOR':
      return tooFewBrokers(event, why);
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      return {
        ending: 'the batch is larger than the topic takes',
        settings: [ofTopic(topicOf(of), 'max.message.bytes')],
      };
    case 'KAFKA_STORAGE_ERROR':
      return history.latestOf(['log-dir-failed', 'disk-failed'], event.id, (other) => other.node === node);
    case 'TOPIC_AUTHORIZATION_FAILED':
    case 'CLUSTER_AUTHORIZATION_FAILED':
    case 'GROUP_AUTHORIZATION_FAILED':
    case 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED':
      return denied(error, refusal, event, why);
    case 'SASL_AUTHENTICATION_FAILED':
      return history.latestOf('authentication-failed', event.id, (failed) => failed.node === node) ?? unproven;
    default:
      return latestCommand(event, why, new RegExp(`^inject ${api}\\b.*\\b${error}\\b`));
  }
}

const unproven = { ending: 'its credentials are not those that the broker knows' };

const created = (of: string, event: TraceEvent, { history }: Why): TraceEvent | undefined =>
  history.latestOf('topic-created', event.id, (topic) => isOf(of, text(topic, 'topic')));

/** A partition of the topic, or the topic itself. */
const isOf = (name: string, topic: string): boolean => name === topic || topicOf(name) === topic;

function deleted(of: string, event: TraceEvent, { history }: Why): TraceEvent | undefined {
  const gone = history.latestOf('topic-deleted', event.id, (topic) => isOf(of, text(topic, 'topic')));
  const made = history.latestOf('topic-created', event.id, (topic) => isOf(of, text(topic, 'topic')));
  return gone !== undefined && (made === undefined || gone.id > made.id) ? gone : undefined;
}

/** Brokers make topics only for who asks them to, in a Metadata request. */
function missing(of: string, why: Why): Cause {
  const ending = `there is no ${of === '' ? 'such topic' : of}`;
  const makes = why.setting({ kind: 'broker' }, 'auto.create.topics.enable') === 'true';
  return makes
    ? { ending: `${ending}, and the request did not ask for it to be made` }
    : { ending, settings: [ofBroker('auto.create.topics.enable')] };
}

/** A batch before it was not stored there: it was refused itself and waits for its retry, or the leader is new. */
function gapBehind(partition: string, client: string, event: TraceEvent, why: Why): TraceEvent | undefined {
  const retried = why.history.latestOf(
    'batch-retried',
    event.id,
    (other) =>
      other.node === client &&
      text(other, 'partition') === partition &&
      text(other, 'error') !== text(event, 'error') &&
      event.atUs - other.atUs < LOOK_BACK_US,
  );
  const changed = latestLeaderChange(partition, event.id, why);
  return retried !== undefined && (changed === undefined || retried.id > changed.id) ? retried : changed;
}

/** The transaction before is not over: its markers are under way. */
function stillEnding(transactionalId: string | undefined, event: TraceEvent, { history }: Why): Cause {
  return history.latestOf(
    'transaction-state-changed',
    event.id,
    (other) =>
      /^Prepare/.test(text(other, 'to')) &&
      (transactionalId === undefined || text(other, 'transactionalId') === transactionalId),
  );
}

function tooFewBrokers(event: TraceEvent, { history }: Why): Cause {
  const gone = history.latestOf(
    ['broker-fenced', 'broker-unregistered', 'broker-unfenced', 'broker-registered'],
    event.id,
    ({ atUs }) => event.atUs - atUs < LOOK_BACK_US,
  );
  if (gone !== undefined && /fenced|unregistered/.test(gone.kind.name) && gone.kind.name !== 'broker-unfenced')
    return gone;
  return { ending: 'it asked for more replicas than there are brokers to hold them' };
}

const TYPES: Readonly<Record<string, string>> = {
  TOPIC_AUTHORIZATION_FAILED: 'topic',
  CLUSTER_AUTHORIZATION_FAILED: 'cluster',
  GROUP_AUTHORIZATION_FAILED: 'group',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'transactional',
};

/** The latest ACL of the very resource that denies, or that does not allow any more; else there is none. */
function denied(error: string, { of, client }: Refusal, event: TraceEvent, { history }: Why): Cause {
  const type = TYPES[error]!;
  const changed = history.latestOf('acl-changed', event.id, (acl) => {
    const takes = /deny/i.test(text(acl, 'permission')) === (value(acl, 'exists') === true);
    return takes && text(acl, 'resource').toLowerCase().startsWith(type) && concerns(acl, of, type);
  });
  return (
    changed ?? {
      ending: `no ACL allows it to ${client === '' ? 'its user' : client}`,
      settings: [ofBroker('authorizer.class.name'), ofBroker('allow.everyone.if.no.acl.found')],
    }
  );
}

function concerns(acl: TraceEvent, of: string, type: string): boolean {
  const name = text(acl, 'name');
  if (type === 'cluster' || name === '*' || of === '') return true;
  return /prefixed/i.test(text(acl, 'pattern')) ? of.startsWith(name) : type === 'topic' ? isOf(of, name) : of === name;
}

/** The latest broker that died, stopped, stood still or was cut off. */
export function latestBrokerFault(event: TraceEvent, { history }: Why): TraceEvent | undefined {
  return history.latest(event.id, ({ node, kind }) =>
    node.startsWith('broker-') ? STOPS.includes(kind.name) : kind.name === 'link-rule-installed',
  );
}

const STOPS: readonly string[] = ['process-killed', 'process-paused', 'process-stopped', 'machine-powered-off'];

/**
 * Whether the ISR was too small just then. If not, NOT_ENOUGH_REPLICAS is what a broker says of a transaction whose coordinator it
 * could not ask (KIP-890).
 */
export function isBelowMinimum(partition: string, event: TraceEvent, why: Why): boolean {
  const change = latestChange(partition, event.id, why);
  const minimum = Number(why.setting({ kind: 'topic', name: topicOf(partition) }, 'min.insync.replicas') ?? 1);
  return change === undefined || list(change, 'isr').length < minimum;
}
