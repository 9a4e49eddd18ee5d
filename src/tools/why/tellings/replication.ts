/** What brokers do with their replicas: who leads, who lags, who cuts what off, who refuses a client. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { list, number, text } from '../fields.ts';
import { returnOf } from '../rules/departure.ts';
import { departuresBefore, latestChange, latestLeaderChange, latestShrink } from '../rules/leadership.ts';
import { isBelowMinimum, refusalOf } from '../rules/refusal.ts';
import { silencer, stoppedBy } from '../rules/silence.ts';
import { type Cause, ofBroker, ofTopic, type Telling, type Tellings, topicOf, type Why } from '../telling.ts';

const partitionOf = (event: TraceEvent): string => text(event, 'partition');

/** The decision that a replica follows: that of the leader epoch which it names. */
function decisionOf(event: TraceEvent, why: Why): Cause {
  const epoch = number(event, 'leaderEpoch');
  return latestChange(
    partitionOf(event),
    event.id,
    why,
    (change) => number(change, 'leaderEpoch') === epoch && !isLater(change, event),
  );
}

function isLater(change: TraceEvent, event: TraceEvent): boolean {
  const version = number(event, 'partitionEpoch');
  return number(change, 'partitionEpoch') > version;
}

/** Whose replica a reason of an ISR proposal names. */
const firstId = (reason: string): number => Number(/^\d+/.exec(reason)?.[0] ?? -1);

/** A replica that joins the ISR again: it has caught up, and it may be in it, whichever came last. */
function comeback(replica: number, event: TraceEvent, why: Why): Cause {
  const node = `broker-${replica}`;
  const back = returnOf(node, event, why);
  const ready = why.history.latest(event.id, (other) =>
    other.kind.name === 'replica-caught-up'
      ? other.node === node && partitionOf(other) === partitionOf(event)
      : other.kind.name === 'broker-unfenced' && number(other, 'broker') === replica,
  );
  return ready !== undefined && (back === undefined || ready.id > back.id) ? ready : back;
}

/** What kept a member of the ISR from fetching what a client waits for. */
function missedByFollower(event: TraceEvent, why: Why): Cause {
  const change = latestChange(partitionOf(event), event.id, why);
  const sinceUs = event.atUs - 40_000_000;
  const found = (change === undefined ? [] : list(change, 'isr')).flatMap((id) => {
    const node = `broker-${id}`;
    if (node === event.node) return [];
    return (
      stoppedBy(node, event, why) ?? silencer(event, why, { node, sinceUs, listener: event.node, api: 'Fetch' }) ?? []
    );
  });
  const [latest] = found.sort((a, b) => b.id - a.id);
  return latest ?? latestShrink(partitionOf(event), event.id, why);
}

const life = (say: Telling['say'], cause: Telling['cause'], read?: string): Telling =>
  read === undefined ? { say, cause } : { say, cause, read };

const isrRead = 'Kafka documentation, "Replication"; KIP-497 (AlterPartition)';
const epochRead = 'KIP-101 and KIP-279 (leader epochs and truncation)';

export const replicationTellings: Tellings = {
  'broker-started': life(
    (event) => `${event.node} opened ${number(event, 'logs')} logs`,
    (event, why) => why.history.latestOf('process-started', event.id, ({ node }) => node === event.node),
  ),
  'broker-serving': life(
    (event) => `${event.node} answers clients`,
    (event, why) => returnOf(event.node, event, why),
    'KIP-631 (the life of a broker)',
  ),
  'broker-stopping': life(
    (event) => `${event.node} began its controlled shutdown`,
    (event, why) => why.history.latestOf('termination-requested', event.id, ({ node }) => node === event.node),
    'Kafka documentation, "Graceful shutdown"',
  ),
  'broker-stopped': life(
    (event) => `${event.node} flushed its logs and stopped`,
    (event, why) => why.history.latestOf('termination-requested', event.id, ({ node }) => node === event.node),
    'Kafka documentation, "Graceful shutdown"',
  ),
  'became-leader': life(
    (event) =>
      `${event.node} leads ${partitionOf(event)} from offset ${number(event, 'startOffset')} on (epoch ${number(event, 'leaderEpoch')})`,
    decisionOf,
    isrRead,
  ),
  'became-follower': life(
    (event) => {
      const leader = number(event, 'leader');
      return `${event.node} follows ${leader < 0 ? 'nobody' : `broker-${leader}`} in ${partitionOf(event)} (epoch ${number(event, 'leaderEpoch')})`;
    },
    decisionOf,
    isrRead,
  ),
  'replica-stopped': life(
    (event) => `${event.node} neither leads nor follows ${partitionOf(event)} any more`,
    (event, why) =>
      why.history.latestOf(
        ['termination-requested', 'topic-deleted', 'partition-changed'],
        event.id,
        (other) =>
          other.node === event.node ||
          text(other, 'topic') === topicOf(partitionOf(event)) ||
          partitionOf(other) === partitionOf(event),
      ),
  ),
  'isr-proposed': {
    say: (event) =>
      `${event.node}, its leader, proposed the ISR [${list(event, 'isr').join(', ')}] for ${partitionOf(event)}: ${text(event, 'reason')}`,
    cause(event, why) {
      const reason = text(event, 'reason');
      const replica = firstId(reason);
      if (/fell behind/.test(reason))
        return why.history.latestOf(
          'replica-fell-behind',
          event.id,
          (other) => partitionOf(other) === partitionOf(event) && number(other, 'replica') === replica,
        );
      return comeback(replica, event, why);
    },
    settings: (event) => (/fell behind/.test(text(event, 'reason')) ? [ofBroker('replica.lag.time.max.ms')] : []),
    read: isrRead,
  },
  'isr-proposal-refused': life(
    (event) =>
      `the controller refused the ISR that ${event.node} proposed for ${partitionOf(event)}: ${text(event, 'error')}`,
    (event, why) => latestChange(partitionOf(event), event.id, why),
    'KIP-841 (fenced replicas in the ISR), KIP-497',
  ),
  'isr-adopted': life(
    (event) => `${event.node} counts with the ISR [${list(event, 'isr').join(', ')}] of ${partitionOf(event)}`,
    (event, why) =>
      latestChange(
        partitionOf(event),
        event.id,
        why,
        (change) => number(change, 'partitionEpoch') === number(event, 'partitionEpoch'),
      ),
    isrRead,
  ),
  'authentication-failed': life(
    (event) => `${event.node} closed the connection of ${text(event, 'client')}: ${text(event, 'reason')}`,
    (event, why) =>
      why.history.latestOf('credential-changed', event.id) ?? {
        ending: 'its credentials are not those that the broker knows',
      },
    'KIP-43, KIP-84 (SASL, SCRAM)',
  ),
  'produce-rejected': {
    say(event, why) {
      const unverified =
        text(event, 'error') === 'NOT_ENOUGH_REPLICAS' && !isBelowMinimum(partitionOf(event), event, why)
          ? ': it could not ask the coordinator of the transaction (KIP-890)'
          : '';
      return `${event.node} refused records of ${text(event, 'clientId')} for ${partitionOf(event)}: ${text(event, 'error')}${unverified}`;
    },
    cause: (event, why) =>
      refusalOf(
        text(event, 'error'),
        { of: partitionOf(event), api: 'Produce', client: text(event, 'clientId'), node: event.node },
        event,
        why,
      ),
    also: (event, why) =>
      text(event, 'error').startsWith('NOT_ENOUGH_REPLICAS') && isBelowMinimum(partitionOf(event), event, why)
        ? departuresBefore(partitionOf(event), event.id, why)
        : [],
    settings(event, why) {
      if (!text(event, 'error').startsWith('NOT_ENOUGH_REPLICAS') || !isBelowMinimum(partitionOf(event), event, why))
        return [];
      return [
        ofTopic(topicOf(partitionOf(event)), 'min.insync.replicas'),
        { owner: { kind: 'client', name: text(event, 'clientId') }, name: 'acks' },
      ];
    },
    read: 'Kafka documentation, "Producer Configs"; reference of error codes',
  },
  'produce-timed-out': {
    say: (event) =>
      `${event.node} could not commit records of ${text(event, 'clientId')} in ${partitionOf(event)} in time: not every member of the ISR had fetched them`,
    cause: missedByFollower,
    settings: (event) => [{ owner: { kind: 'client', name: text(event, 'clientId') }, name: 'request.timeout.ms' }],
    read: 'Kafka documentation, "Producer Configs" (acks, request.timeout.ms)',
  },
  'replica-caught-up': life(
    (event) =>
      `${event.node} has everything that ${partitionOf(event)} has committed, up to ${number(event, 'offset')}`,
    (event, why) => returnOf(event.node, event, why),
    'Kafka documentation, "Replication"',
  ),
  'replica-fell-behind': {
    say: (event) =>
      `broker-${number(event, 'replica')} had not caught up with ${partitionOf(event)} for ${number(event, 'caughtUpMsAgo')} ms (its log ended at ${number(event, 'endOffset')}, the leader's at ${number(event, 'leaderEndOffset')})`,
    cause: (event, why) =>
      silencer(event, why, {
        node: `broker-${number(event, 'replica')}`,
        sinceUs: event.atUs - number(event, 'caughtUpMsAgo') * 1000,
        listener: event.node,
        api: 'Fetch',
      }),
    settings: () => [ofBroker('replica.lag.time.max.ms')],
    read: 'KIP-16 (replica.lag.time.max.ms); Kafka documentation, "Replication"',
  },
  'fetch-diverged': life(
    (event) =>
      `${event.node} found that its log of ${partitionOf(event)} and its leader's part at offset ${number(event, 'endOffset')} (epoch ${number(event, 'epoch')})`,
    (event, why) => latestLeaderChange(partitionOf(event), event.id, why),
    epochRead,
  ),
  'follower-out-of-range': life(
    (event) =>
      `${event.node} asked for offset ${number(event, 'offset')} of ${partitionOf(event)}, which its leader does not have, and began again at ${number(event, 'restartedAt')}`,
    (event, why) => latestLeaderChange(partitionOf(event), event.id, why),
    epochRead,
  ),
  'fetcher-disconnected': life(
    (event) =>
      `${event.node} found nobody at broker-${number(event, 'leader')}, from which it fetches (${text(event, 'reason')})`,
    (event, why) =>
      stoppedBy(`broker-${number(event, 'leader')}`, event, why) ??
      silencer(event, why, {
        node: `broker-${number(event, 'leader')}`,
        sinceUs: event.atUs - 30_000_000,
        listener: event.node,
      }),
    'Kafka documentation, "Replication"',
  ),
  'fetcher-reconnected': life(
    (event) => `${event.node} fetches from broker-${number(event, 'leader')} again`,
    (event, why) => returnOf(`broker-${number(event, 'leader')}`, event, why),
  ),
  'fetch-partition-failed': life(
    (event) =>
      `${event.node} gave up fetching ${partitionOf(event)} until it hears of a newer leader: ${text(event, 'reason')}`,
    (event, why) => latestLeaderChange(partitionOf(event), event.id, why),
    'KIP-320 (fencing by leader epoch)',
  ),
  'log-dir-failed': life(
    (event) =>
      `a log directory of ${event.node} failed (${text(event, 'fault')}): ${number(event, 'partitions')} partitions are offline there`,
    (event, why) => why.history.latestOf('disk-failed', event.id, ({ node }) => node === event.node),
    'KIP-112 (disk failures)',
  ),
  'topic-creation-requested': life(
    (event) => `${event.node} asked for topic ${text(event, 'topic')}: ${text(event, 'reason')}`,
    (event) =>
      text(event, 'topic').startsWith('__')
        ? { ending: 'a client used a group or a transaction for the first time' }
        : {
            ending: 'a client asked for a topic that was not there',
            settings: [ofBroker('auto.create.topics.enable')],
          },
  ),
  'topic-creation-refused': life(
    (event) => `topic ${text(event, 'topic')} could not be created: ${text(event, 'error')}`,
    (event, why) =>
      why.history.latestOf(
        'topic-creation-requested',
        event.id,
        (asked) => text(asked, 'topic') === text(event, 'topic'),
      ),
  ),
};
