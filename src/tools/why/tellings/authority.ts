/** What the authority decides, in either mode: leaders, in-sync replicas, brokers, topics, settings. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { list, number, text, value } from '../fields.ts';
import { directCommand, directWrite, latestCommand } from '../rules/command.ts';
import { arrivalOf, brokerOfSession, departureOf, returnOf } from '../rules/departure.ts';
import { type Change, changeOf, controllerAt, departuresBefore, latestChange } from '../rules/leadership.ts';
import { silencer } from '../rules/silence.ts';
import { type Cause, ofBroker, ofTopic, type Telling, type Tellings, topicOf, type Why } from '../telling.ts';

const set = (ids: readonly (number | string)[]): string => `[${ids.join(', ')}]`;
const brokers = (ids: readonly number[]): string => ids.map((id) => `broker-${id}`).join(' and ');

function sayChange(event: TraceEvent, why: Why): string {
  const change = changeOf(event, why);
  const { partition, leader, isr, before } = change;
  const controller = controllerAt(event, why);
  if (before === undefined)
    return `${partition} was created with leader ${leader < 0 ? 'none' : leader} and ISR ${set(isr)}`;
  if (leader < 0 && before.leader >= 0) {
    const eligible = list(event, 'elr');
    const later = eligible.length === 0 ? '' : `; of those that may still lead, ${set(eligible)}, none is either`;
    return `${controller} left ${partition} without a leader: no member of its ISR ${set(isr.length === 0 ? before.isr : isr)} is alive${later}`;
  }
  if (leader < 0 && change.ineligible.length > 0)
    return `${controller} counts ${brokers(change.ineligible)} no more among those that may lead ${partition}, which are ${set(list(event, 'elr'))} now: it had not shut down cleanly`;
  const shrunk = change.departed.length > 0 ? `; the ISR is ${set(isr)} now` : '';
  if (change.newLeader)
    return `${controller} made broker-${leader} leader of ${partition} (epoch ${number(event, 'leaderEpoch')}): ${whyThisOne(event, change, why)}${shrunk}`;
  if (change.departed.length > 0)
    return `${controller} took ${brokers(change.departed)} out of the ISR of ${partition}, which is ${set(isr)} now`;
  if (change.joined.length > 0)
    return `${controller} took ${brokers(change.joined)} into the ISR of ${partition}, which is ${set(isr)} now`;
  return `${controller} raised the epoch of ${partition} to ${number(event, 'leaderEpoch')} (${text(event, 'reason')})`;
}

/** The command that asked for an election, where it was a moment ago. */
function electionAsked(event: TraceEvent, why: Why): TraceEvent | undefined {
  const asked = latestCommand(event, why, /^(electLeaders|\S*kafka-leader-election)\b/);
  return asked !== undefined && event.atUs - asked.atUs < 10_000_000 ? asked : undefined;
}

const isUnclean = (event: TraceEvent): boolean => value(event, 'unclean') === true;

function whyThisOne(event: TraceEvent, { leader, before }: Change, why: Why): string {
  const replicas = list(event, 'replicas');
  if (isUnclean(event)) {
    const asked = electionAsked(event, why);
    const by = asked === undefined ? '' : `, by the command "${text(asked, 'text')}"`;
    const last =
      asked === undefined && text(event, 'reason') === 'broker-registered' ? ' of the last known leader' : '';
    return `an unclean election${last}${by}: it was not in sync, so acknowledged records may be lost`;
  }
  const earlier = latestChange(text(event, 'partition'), event.id, why);
  if (before?.isr.includes(leader) === false && earlier !== undefined && list(earlier, 'elr').includes(leader))
    return `an eligible leader replica: the ISR was empty, and it had everything when it left it`;
  if (leader === replicas[0]) return `it is the preferred replica, the first of ${set(replicas)}`;
  return `the first live in-sync replica of the assignment ${set(replicas)}`;
}

function behindChange(event: TraceEvent, why: Why): Cause {
  const change = changeOf(event, why);
  const { partition, before, leader, departed, joined, ineligible } = change;
  const { history } = why;
  const reason = text(event, 'reason');
  if (leader < 0 && before?.leader === -1 && ineligible.length > 0)
    return arrivalOf(ineligible[0]!, event, why, ['broker-registered']);
  if (reason === 'topic-created' || before === undefined) {
    const topic = history.latestOf(
      'topic-created',
      event.id,
      (created) => text(created, 'topic') === topicOf(partition),
    );
    return topic !== undefined && event.atUs - topic.atUs < 1_000_000
      ? topic
      : (directCommand(event, why) ?? latestCommand(event, why, /^(addPartitions|\S*kafka-topics)\b/) ?? topic);
  }
  if (event.values[event.kind.fields.indexOf('unclean')] === true)
    return latestChange(partition, event.id, why, (other) => number(other, 'leader') < 0) ?? directCommand(event, why);
  if (change.newLeader && departed.includes(before.leader)) return departureOf(before.leader, event, why);
  if (/preferred|rebalance/.test(reason)) {
    const command = latestCommand(event, why, /^(electLeaders|rollingRestart|\S*kafka-leader-election)\b/);
    if (command !== undefined && event.atUs - command.atUs < 60_000_000) return command;
    return {
      ending: 'the controller brings leaders home by itself, now and then',
      settings: [ofBroker('auto.leader.rebalance.enable'), ofBroker('leader.imbalance.check.interval.seconds')],
    };
  }
  if (/^(alter-partition|isr-)/.test(reason))
    return history.latestOf(
      'isr-proposed',
      event.id,
      (proposed) =>
        text(proposed, 'partition') === partition &&
        proposed.atUs <= event.atUs &&
        list(proposed, 'isr').length === change.isr.length,
    );
  if (change.newLeader && before.leader >= 0)
    return departureOf(before.leader, event, why) ?? directCommand(event, why);
  if (departed.length > 0) return departureOf(departed[0]!, event, why);
  const arrived = leader >= 0 && before.leader < 0 ? leader : joined[0];
  return arrived === undefined ? directCommand(event, why) : arrivalOf(arrived, event, why);
}

/** A broker's znode goes with its session (ZooKeeper). */
function behindUnregistered(event: TraceEvent, why: Why): Cause {
  const { history } = why;
  const path = `/brokers/ids/${number(event, 'broker')}`;
  const closed = history.latestOf('session-closed', event.id, (other) => list(other, 'ephemerals').includes(path));
  if (closed === undefined) return undefined;
  const session = text(closed, 'session');
  return history.latestOf('session-expired', event.id, (expired) => text(expired, 'session') === session) ?? closed;
}

/** A command, the making of the topic, or how the cluster was set up. */
function behindSetting(event: TraceEvent, why: Why): Cause {
  const direct = directCommand(event, why);
  if (direct !== undefined) return direct;
  if (event.atUs <= why.zeroUs) return { ending: 'the cluster was set up with it' };
  const made = why.history.latestOf(
    'topic-created',
    event.id,
    (topic) => topic.atUs === event.atUs && text(topic, 'topic') === text(event, 'resource'),
  );
  return (
    made ??
    latestCommand(event, why, /^(alterConfig|\S*kafka-configs)\b/) ?? { ending: 'somebody set it (AlterConfigs)' }
  );
}

const command = (say: Telling['say'], verbs: RegExp): Telling => ({
  say,
  cause: (event, why) =>
    directCommand(event, why) ?? latestCommand(event, why, verbs) ?? { ending: 'a client asked for it' },
});

/** The line that deleted a broker's znode by hand. */
function deletion(event: TraceEvent, why: Why): TraceEvent | undefined {
  const path = `/brokers/ids/${number(event, 'broker')}`;
  const direct = directWrite(event, why);
  return direct !== undefined && text(direct, 'text').includes(path) ? direct : undefined;
}

export const authorityTellings: Tellings = {
  'partition-changed': {
    say: sayChange,
    cause: behindChange,
    also(event, why) {
      if (number(event, 'leader') >= 0) return [];
      const { partition, before } = changeOf(event, why);
      if (before === undefined || before.leader >= 0) return departuresBefore(partition, event.id, why);
      const left = latestChange(partition, event.id, why, (other) => changeOf(other, why).newLeader);
      return left === undefined ? [] : [left];
    },
    settings(event, why) {
      const { leader, before } = changeOf(event, why);
      const unclean = isUnclean(event) && electionAsked(event, why) === undefined;
      return unclean || (leader < 0 && before !== undefined)
        ? [ofTopic(topicOf(text(event, 'partition')), 'unclean.leader.election.enable')]
        : [];
    },
    read: 'Kafka documentation, "Replication"; KIP-497 (AlterPartition), KIP-966 (eligible leader replicas)',
  },
  'broker-registered': {
    say: (event) => `broker-${number(event, 'broker')} registered (broker epoch ${number(event, 'brokerEpoch')})`,
    cause: (event, why) => returnOf(`broker-${number(event, 'broker')}`, event, why),
    read: 'KIP-631 (registration)',
  },
  'broker-unregistered': {
    say: (event, why) =>
      `broker-${number(event, 'broker')} is unknown to the cluster: its znode ${deletion(event, why) === undefined ? 'went with its session' : 'was deleted'}`,
    cause: (event, why) => deletion(event, why) ?? behindUnregistered(event, why),
    read: 'ZooKeeper Programmer’s Guide, "Ephemeral Nodes"',
  },
  'broker-fenced': {
    say(event) {
      const broker = `broker-${number(event, 'broker')}`;
      const reason = text(event, 'reason');
      if (reason === 'session-expired') return `${broker} was fenced: no heartbeat in time`;
      return reason === 'registered'
        ? `${broker} is fenced until it has caught up`
        : `${broker} was fenced: it shuts down`;
    },
    cause: (event, why) =>
      text(event, 'reason') === 'registered'
        ? why.history.latestOf(
            'broker-registered',
            event.id,
            (other) => number(other, 'broker') === number(event, 'broker'),
          )
        : departureOf(number(event, 'broker'), event, why),
    read: 'KIP-631 (broker fencing)',
  },
  'broker-unfenced': {
    say: (event) => `broker-${number(event, 'broker')} may lead and follow again: it has caught up with the metadata`,
    cause: (event, why) =>
      why.history.latestOf(
        'broker-registered',
        event.id,
        (other) => number(other, 'broker') === number(event, 'broker') && laterThanFence(other, event, why),
      ) ?? returnOf(`broker-${number(event, 'broker')}`, event, why),
    read: 'KIP-631 (broker fencing)',
  },
  'broker-shutting-down': {
    say: (event) => `broker-${number(event, 'broker')} asked for a controlled shutdown`,
    cause: (event, why) =>
      why.history.latestOf(
        'termination-requested',
        event.id,
        ({ node }) => node === `broker-${number(event, 'broker')}`,
      ),
    settings: () => [ofBroker('controlled.shutdown.enable')],
    read: 'Kafka documentation, "Graceful shutdown"',
  },
  'topic-created': {
    say: (event) => `topic ${text(event, 'topic')} was created`,
    cause: (event, why) =>
      why.history.latestOf(
        'topic-creation-requested',
        event.id,
        (asked) => text(asked, 'topic') === text(event, 'topic'),
      ) ??
      (event.atUs <= why.zeroUs
        ? { ending: 'the cluster was set up with it' }
        : latestCommand(event, why, /^(createTopic\b|\S*kafka-topics\b.*--create)/)),
  },
  'topic-deleted': command(
    (event) => `topic ${text(event, 'topic')} was deleted`,
    /^(deleteTopic\b|\S*kafka-topics\b.*--delete)/,
  ),
  'config-changed': {
    say(event) {
      const resource = text(event, 'resource');
      const whose = resource === '' ? `all ${text(event, 'type')}s` : `${text(event, 'type')} ${resource}`;
      return `${text(event, 'name')} of ${whose} is ${text(event, 'value') || 'back to its default'} now`;
    },
    cause: behindSetting,
  },
  'acl-changed': command(
    (event) =>
      `an ACL was ${event.values[8] === true ? 'added' : 'deleted'}: ${text(event, 'permission')} ${text(event, 'principal')} ${text(event, 'operation')} on ${text(event, 'resource')} ${text(event, 'name')}`,
    /^(acl|\S*kafka-acls)\b/,
  ),
  'credential-changed': command(
    (event) =>
      `the ${text(event, 'mechanism')} credential of ${text(event, 'user')} was ${event.values[3] === true ? 'set' : 'deleted'}`,
    /^\S*kafka-configs\b/,
  ),
  'quota-changed': command(
    (event) => `${text(event, 'name')} of ${text(event, 'entity')} is ${text(event, 'value') || 'without a limit'} now`,
    /^(quota|\S*kafka-configs)\b/,
  ),
  'controller-elected': {
    say: (event) =>
      `${text(event, 'controller')} became the active controller (epoch ${number(event, 'controllerEpoch')})`,
    cause: (event, why) =>
      why.history.latestOf(
        ['quorum-leader-elected', 'controller-failover-began'],
        event.id,
        ({ node }) => node === event.node,
      ),
    read: 'KIP-631 (the quorum controller); Kafka documentation, "Replicated logs"',
  },
  'controller-resigned': {
    say: (event) => `${text(event, 'controller')} is not the active controller any more: ${text(event, 'reason')}`,
    cause: (event, why) =>
      directCommand(event, why) ??
      why.history.latest(
        event.id,
        ({ node, kind }) =>
          node === event.node &&
          ['quorum-leader-resigned', 'termination-requested', 'zookeeper-session-lost', 'process-started'].includes(
            kind.name,
          ),
      ),
    read: 'KIP-595 (Raft), KIP-631 (the quorum controller)',
  },
};

function laterThanFence(registered: TraceEvent, unfenced: TraceEvent, { history }: Why): boolean {
  const fenced = history.latestOf(
    'broker-fenced',
    unfenced.id,
    (event) => number(event, 'broker') === number(unfenced, 'broker'),
  );
  return fenced === undefined || text(fenced, 'reason') === 'registered' || registered.id > fenced.id;
}

/** The sessions of brokers, in either mode. */
export const sessionTellings: Tellings = {
  'broker-session-expired': {
    say: (event) =>
      `${event.node} had not heard of broker-${number(event, 'broker')} for ${number(event, 'silentMs')} ms`,
    cause: (event, why) =>
      latestExpiry(event, why) ??
      silencer(event, why, {
        node: `broker-${number(event, 'broker')}`,
        sinceUs: event.atUs - number(event, 'silentMs') * 1000,
        listener: event.node,
        api: 'BrokerHeartbeat',
      }) ?? { ending: 'nobody broke anything that is kept: the broker was too slow' },
    settings: () => [ofBroker('broker.session.timeout.ms'), ofBroker('broker.heartbeat.interval.ms')],
    read: 'KIP-631 (broker fencing)',
  },
  'session-expired': {
    say(event, why) {
      const broker = brokerOfSession(text(event, 'session'), event, why);
      const whose =
        broker === undefined ? `session ${text(event, 'session')}` : `the ZooKeeper session of broker-${broker}`;
      return `${whose} expired: nothing heard of it for ${number(event, 'timeoutMs')} ms`;
    },
    cause(event, why) {
      const expired = latestExpiry(event, why);
      if (expired !== undefined) return expired;
      const broker = brokerOfSession(text(event, 'session'), event, why);
      if (broker === undefined) return undefined;
      const sinceUs = event.atUs - number(event, 'timeoutMs') * 1000 - 2_500_000;
      return silencer(event, why, { node: `broker-${broker}`, sinceUs, listener: event.node });
    },
    settings: () => [ofBroker('zookeeper.session.timeout.ms')],
    read: 'ZooKeeper Programmer’s Guide, "ZooKeeper Sessions"',
  },
  'session-closed': {
    say(event, why) {
      const ephemerals = list(event, 'ephemerals');
      const broker = brokerOfSession(text(event, 'session'), event, why);
      const whose = broker === undefined ? text(event, 'session') : `of broker-${broker}`;
      return `the session ${whose} ended, and with it ${ephemerals.length === 0 ? 'no znode' : ephemerals.join(', ')}`;
    },
    cause(event, why) {
      const session = text(event, 'session');
      const broker = brokerOfSession(session, event, why);
      return (
        why.history.latestOf('session-expired', event.id, (expired) => text(expired, 'session') === session) ??
        (broker === undefined ? undefined : departureOf(broker, event, why))
      );
    },
    read: 'ZooKeeper Programmer’s Guide, "Ephemeral Nodes"',
  },
};

/** The operator ended the session by hand. */
function latestExpiry(event: TraceEvent, why: Why): TraceEvent | undefined {
  const asked = directCommand(event, why) ?? latestCommand(event, why, /^expireSession\b/);
  const by = asked !== undefined && /^expireSession\b/.test(text(asked, 'text')) ? asked : undefined;
  return by !== undefined && event.atUs - by.atUs < 1_000_000 ? by : undefined;
}
