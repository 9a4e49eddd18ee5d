/** From an error code to what lies behind it: each error of Kafka has its own kind of cause. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { list, number, text } from '../fields.ts';
import { type Cause, type NamedSetting, ofBroker, ofClient, ofTopic, topicOf, type Why } from '../telling.ts';
import { latestCommand } from './command.ts';
import { fencedBy } from './fencing.ts';
import { latestChange, latestLeaderChange, latestShrink } from './leadership.ts';
import { startDecision } from './log-start.ts';
import { silencer, stoppedBy } from './silence.ts';

/** Longer than any request waits. */
const LOOK_BACK_US = 60_000_000;

export interface Refusal {
  readonly partition: string;
  /** Its client id. */
  readonly client: string;
  /** The broker that refused. */
  readonly node: string;
}

/** What made a broker refuse records. */
export function refusalOf(error: string, { partition, client, node }: Refusal, event: TraceEvent, why: Why): Cause {
  const { history } = why;
  switch (error) {
    case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
      if (!isBelowMinimum(partition, event, why)) return latestBrokerFault(event, why);
      return (
        latestShrink(partition, event.id, why) ?? {
          ending: `${partition} has never had so many in-sync replicas`,
          settings: [ofTopic(topicOf(partition), 'min.insync.replicas')],
        }
      );
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'FENCED_LEADER_EPOCH':
    case 'UNKNOWN_LEADER_EPOCH':
    case 'LEADER_NOT_AVAILABLE':
      return latestLeaderChange(partition, event.id, why) ?? latestChange(partition, event.id, why);
    case 'OUT_OF_ORDER_SEQUENCE_NUMBER':
    case 'UNKNOWN_PRODUCER_ID':
      return gapBehind(partition, client, event, why) ?? { ending: `${node} does not hold the batches before` };
    case 'INVALID_PRODUCER_EPOCH':
    case 'PRODUCER_FENCED':
      return fencedBy(undefined, event, why);
    case 'CONCURRENT_TRANSACTIONS':
    case 'TRANSACTION_ABORTABLE':
      return history.latestOf('transaction-state-changed', event.id, (other) => /^Prepare/.test(text(other, 'to')));
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'UNKNOWN_TOPIC_ID':
      return (
        history.latestOf('topic-deleted', event.id, (deleted) => text(deleted, 'topic') === topicOf(partition)) ?? {
          ending: `there is no ${partition}`,
          settings: [ofBroker('auto.create.topics.enable')],
        }
      );
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      return {
        ending: 'the batch is larger than the topic takes',
        settings: [ofTopic(topicOf(partition), 'max.message.bytes')],
      };
    case 'KAFKA_STORAGE_ERROR':
      return history.latestOf(['log-dir-failed', 'disk-failed'], event.id, (other) => other.node === node);
    case 'TOPIC_AUTHORIZATION_FAILED':
    case 'CLUSTER_AUTHORIZATION_FAILED':
    case 'GROUP_AUTHORIZATION_FAILED':
      return history.latestOf('acl-changed', event.id) ?? { ending: `no ACL allows it to ${client}` };
    default:
      return latestCommand(event, why, new RegExp(`^inject\\b.*\\b${error}\\b`));
  }
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

export interface SeenError {
  readonly error: string;
  readonly partition: string | undefined;
  readonly broker: number | undefined;
  readonly api: string;
}

/** What is behind an error that a client saw: the broker that refused, or what kept the answer away. */
export function clientErrorCause(event: TraceEvent, seen: SeenError, why: Why): Cause {
  const { error, partition, broker, api } = seen;
  const { history } = why;
  const injected = injection(event, seen, why);
  if (injected !== undefined) return injected;
  const refused = history.latestOf(
    'produce-rejected',
    event.id,
    (other) =>
      text(other, 'error') === error &&
      text(other, 'clientId') === event.node &&
      (partition === undefined || text(other, 'partition') === partition) &&
      event.atUs - other.atUs < LOOK_BACK_US,
  );
  if (refused !== undefined && api === 'Produce') return refused;
  switch (error) {
    case 'NETWORK_EXCEPTION':
      return unreachable(event, broker, api, why);
    case 'REQUEST_TIMED_OUT':
      return (
        history.latestOf(
          'produce-timed-out',
          event.id,
          (other) => text(other, 'partition') === partition && event.atUs - other.atUs < 5_000_000,
        ) ?? unreachable(event, broker, api, why)
      );
    case 'UNKNOWN_MEMBER_ID':
    case 'ILLEGAL_GENERATION':
    case 'REBALANCE_IN_PROGRESS':
    case 'FENCED_MEMBER_EPOCH':
    case 'STALE_MEMBER_EPOCH':
      return groupMoved(event, error, why);
    case 'COORDINATOR_LOAD_IN_PROGRESS':
      if (api === 'InitProducerId' && why.setting({ kind: 'client', name: event.node }, 'transactional.id') === null)
        return { ending: 'the broker had no producer ids at hand yet, and asked the controller for a block (KIP-730)' };
      return coordinatorMoved(event, why);
    case 'NOT_COORDINATOR':
    case 'COORDINATOR_NOT_AVAILABLE':
      return coordinatorMoved(event, why);
    case 'PRODUCER_FENCED':
    case 'INVALID_PRODUCER_EPOCH':
      return history.latestOf('transaction-producer-fenced', event.id, () => true) ?? fencedBy(undefined, event, why);
    case 'OFFSET_OUT_OF_RANGE':
      return outOfRange(event, partition, broker, why);
    case 'FETCH_SESSION_ID_NOT_FOUND':
    case 'INVALID_FETCH_SESSION_EPOCH':
      return broker === undefined
        ? undefined
        : history.latest(event.id, ({ node, kind }) => node === `broker-${broker}` && kind.name === 'process-started');
    default:
      return refusalOf(
        error,
        { partition: partition ?? '', client: event.node, node: `broker-${broker ?? '?'}` },
        event,
        why,
      );
  }
}

/** The log ends earlier than that offset since it was cut, or begins later since its oldest records were deleted. */
function outOfRange(event: TraceEvent, partition: string | undefined, broker: number | undefined, why: Why): Cause {
  if (partition === undefined) return undefined;
  const cut = why.history.latestOf('log-truncated', event.id, (other) => text(other, 'partition') === partition);
  const deleted = startDecision(partition, broker === undefined ? undefined : `broker-${broker}`, why, event.id);
  const latest = cut !== undefined && deleted !== undefined ? (cut.id > deleted.id ? cut : deleted) : (cut ?? deleted);
  return latest ?? { ending: `${partition} has no record of that offset, and never had` };
}

/** A fault that was injected into requests, if the trace shows that it met this one. */
function injection(event: TraceEvent, { error, api }: SeenError, why: Why): TraceEvent | undefined {
  const asked = latestCommand(event, why, new RegExp(`^inject ${api}\\b`));
  if (asked === undefined) return undefined;
  const words = text(asked, 'text');
  if (words.includes(error)) return asked;
  const effect =
    error === 'NETWORK_EXCEPTION' ? /--disconnect/ : error === 'REQUEST_TIMED_OUT' ? /--(hang|latency)/ : /^$/;
  const client = /--client (\S+)/.exec(words)?.[1];
  const healed = latestCommand(event, why, /^heal\b/);
  const over = healed !== undefined && healed.id > asked.id;
  return effect.test(words) && !over && (client === undefined || event.node.startsWith(client)) ? asked : undefined;
}

/** Nobody answered: the broker is gone, stands still, or cannot be reached. */
function unreachable(event: TraceEvent, broker: number | undefined, api: string, why: Why): Cause {
  const { history } = why;
  const reset = latestCommand(event, why, /^reset\b/);
  if (broker === undefined) {
    const any = history.latestOf(
      ['process-killed', 'process-paused', 'process-stopped', 'machine-powered-off', 'link-rule-installed'],
      event.id,
      ({ atUs }) => event.atUs - atUs < LOOK_BACK_US,
    );
    return any ?? reset;
  }
  const node = `broker-${broker}`;
  const found =
    stoppedBy(node, event, why) ??
    silencer(event, why, { node, sinceUs: event.atUs - LOOK_BACK_US / 2, listener: event.node, api });
  if (reset !== undefined && (found === undefined || reset.id > found.id)) return reset;
  return found ?? droppedByClient(event, why) ?? latestBrokerFault(event, why);
}

/** A client that begins again with its bootstrap servers drops its connections, those to living brokers too. */
function droppedByClient(event: TraceEvent, { history }: Why): TraceEvent | undefined {
  return history.latestOf(
    'client-rebootstrapped',
    event.id,
    ({ node, atUs }) => node === event.node && event.atUs - atUs < 1_000_000,
  );
}

function groupMoved(event: TraceEvent, error: string, why: Why): Cause {
  const { history } = why;
  const joined = history.latestOf('group-member-joined', undefined, (other) => text(other, 'clientId') === event.node);
  const group = joined === undefined ? undefined : text(joined, 'group');
  const ofGroup = (other: TraceEvent): boolean => group === undefined || text(other, 'group') === group;
  if (error === 'UNKNOWN_MEMBER_ID') {
    const created = history.latestOf('group-created', undefined, ofGroup);
    const left = history.latestOf(
      'group-member-left',
      event.id,
      (other) => ofGroup(other) && text(other, 'member').startsWith(`${event.node}-`),
    );
    const loaded = history.latestOf(['group-loaded', 'group-coordinator-loaded'], event.id, (other) =>
      other.kind.name === 'group-loaded'
        ? ofGroup(other)
        : created !== undefined && number(other, 'partition') === number(created, 'partition'),
    );
    return left !== undefined && (loaded === undefined || left.id > loaded.id) ? left : (loaded ?? left);
  }
  return history.latestOf(
    'group-state-changed',
    event.id,
    (other) => ofGroup(other) && /Preparing|Assigning/.test(text(other, 'to')),
  );
}

/** A coordinator goes with the leadership of its partition; its writes wait for every member of the ISR. */
function coordinatorMoved(event: TraceEvent, why: Why): Cause {
  const { history } = why;
  const moved = history.latestOf(
    'partition-changed',
    event.id,
    (change) => text(change, 'partition').startsWith('__') && number(change, 'leaderEpoch') > 0,
  );
  const fault = latestBrokerFault(event, why);
  const latest = moved !== undefined && (fault === undefined || moved.id > fault.id) ? moved : fault;
  return (
    latest ??
    history.latestOf(['topic-creation-requested', 'topic-created'], event.id, (other) =>
      text(other, 'topic').startsWith('__'),
    )
  );
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
