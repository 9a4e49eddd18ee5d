/** Elections among those who decide: the Raft quorum, the ZooKeeper ensemble, and the brokers that want to be controller. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { list, number, text } from '../fields.ts';
import { directCommand, latestCommand } from '../rules/command.ts';
import { returnOf } from '../rules/departure.ts';
import { silencer, stoppedBy } from '../rules/silence.ts';
import { type Cause, ofBroker, type Telling, type Tellings, type Why } from '../telling.ts';

/** Long enough for any time-out of a quorum. */
const LOOK_BACK_US = 30_000_000;

/** What took the leader before from its quorum. */
function endOfLeader(event: TraceEvent, why: Why, elected: string, resigned: readonly string[]): Cause {
  const { history } = why;
  const before = history.latestOf(elected, event.id);
  if (before === undefined) return { ending: 'the quorum had no leader yet' };
  const gaveUp = history.latestOf(resigned, event.id, ({ id }) => id > before.id);
  return (
    gaveUp ??
    stoppedBy(before.node, event, why) ??
    silencer(event, why, { node: before.node, sinceUs: event.atUs - LOOK_BACK_US, listener: event.node })
  );
}

/** Which of the other members stopped or was cut off last: then there was no majority. */
function endOfMajority(event: TraceEvent, why: Why): Cause {
  const isMember = (node: string): boolean =>
    /^(controller|zk)-/.test(node) || (/^broker-/.test(node) && event.node.startsWith('broker-'));
  return (
    why.history.latest(
      event.id,
      ({ node, kind }) =>
        node !== event.node &&
        isMember(node) &&
        ['process-killed', 'process-paused', 'process-stopped', 'machine-powered-off'].includes(kind.name),
    ) ?? silencer(event, why, { node: event.node, sinceUs: event.atUs - LOOK_BACK_US })
  );
}

const raftRead = 'KIP-595 (Raft), KIP-996 (pre-vote)';

export const quorumTellings: Tellings = {
  'quorum-leader-elected': {
    say: (event) => `${event.node} won the election of the metadata quorum (epoch ${number(event, 'epoch')})`,
    cause: (event, why) =>
      why.history.latestOf('quorum-candidacy-started', event.id, ({ node }) => node === event.node),
    read: raftRead,
  },
  'quorum-candidacy-started': {
    say: (event) =>
      `${event.node} heard of no leader of the quorum, and asked for votes (epoch ${number(event, 'epoch')})`,
    cause: (event, why) => endOfLeader(event, why, 'quorum-leader-elected', ['quorum-leader-resigned']),
    settings: () => [ofBroker('controller.quorum.fetch.timeout.ms'), ofBroker('controller.quorum.election.timeout.ms')],
    read: raftRead,
  },
  'quorum-leader-resigned': {
    say(event) {
      const reason = text(event, 'reason');
      const because = reason === 'check-quorum' ? 'a majority of the voters had stopped fetching' : reason;
      return `${event.node} gave up the leadership of the metadata quorum: ${because}`;
    },
    cause(event, why) {
      const command = directCommand(event, why);
      if (command !== undefined) return command;
      if (text(event, 'reason') === 'check-quorum') return endOfMajority(event, why);
      return why.history.latest(
        event.id,
        ({ node, kind }) =>
          node === event.node && ['termination-requested', 'process-started', 'process-killed'].includes(kind.name),
      );
    },
    settings: (event) =>
      text(event, 'reason') === 'check-quorum' ? [ofBroker('controller.quorum.fetch.timeout.ms')] : [],
    read: 'KIP-595 (Raft), KIP-836 (check quorum)',
  },
  'metadata-log-truncated': {
    say: (event) => `${event.node} cut its metadata log from ${number(event, 'from')} to ${number(event, 'to')}`,
    cause: (event, why) => why.history.latestOf('quorum-leader-elected', event.id),
    read: raftRead,
  },
  'ensemble-leader-elected': {
    say: (event) =>
      `${event.node} leads the ZooKeeper ensemble (epoch ${number(event, 'epoch')}), with ${list(event, 'followers').join(', ')}`,
    cause(event, why) {
      const left = endOfLeader(event, why, 'ensemble-leader-elected', ['ensemble-leadership-lost']);
      return why.history.latestOf('ensemble-leadership-lost', event.id) === left
        ? (why.history.latest(
            event.id,
            ({ node, kind, id }) =>
              kind.name === 'process-started' && /^zk-/.test(node) && id > (left as TraceEvent).id,
          ) ?? left)
        : left;
    },
    settings: () => [],
    read: 'ZooKeeper Administrator’s Guide, "initLimit", "syncLimit"; Zab: Junqueira et al., 2011',
  },
  'ensemble-leadership-lost': {
    say: (event) => `${event.node} gave up the leadership of the ensemble: ${text(event, 'reason')}`,
    cause: endOfMajority,
    read: 'ZooKeeper Administrator’s Guide, "syncLimit"',
  },
  'ensemble-leader-left': {
    say: (event) => `${event.node} lost its leader ${text(event, 'leader')}: ${text(event, 'reason')}`,
    cause: (event, why) =>
      stoppedBy(text(event, 'leader'), event, why) ?? why.history.latestOf('ensemble-leadership-lost', event.id),
    read: 'ZooKeeper Administrator’s Guide, "syncLimit"',
  },
  'ensemble-follower-synced': {
    say: (event) => `${text(event, 'follower')} has the history of ${event.node} and serves`,
    cause: (event, why) => returnOf(text(event, 'follower'), event, why),
  },
  'ensemble-follower-lost': {
    say: (event) => `${event.node} does without its follower ${text(event, 'follower')}: ${text(event, 'reason')}`,
    cause: (event, why) =>
      stoppedBy(text(event, 'follower'), event, why) ??
      silencer(event, why, { node: text(event, 'follower'), sinceUs: event.atUs - LOOK_BACK_US, listener: event.node }),
    read: 'ZooKeeper Administrator’s Guide, "syncLimit"',
  },
  'ensemble-log-truncated': {
    say: (event) => `${event.node} threw away ${number(event, 'txns')} txns that were never committed`,
    cause: (event, why) => why.history.latestOf('ensemble-leader-elected', event.id),
  },
};

function ofNode(say: Telling['say'], cause: Telling['cause'], read?: string): Telling {
  return read === undefined ? { say, cause } : { say, cause, read };
}

/** A broker that was started or came back, or another client. */
function askedForSession(event: TraceEvent, why: Why): Cause {
  const session = text(event, 'session');
  const established = why.history.latestOf(
    'zookeeper-session-established',
    undefined,
    (other) => text(other, 'session') === session,
  );
  const back = established && returnOf(`broker-${number(established, 'broker')}`, event, why);
  return back ?? { ending: 'a client of ZooKeeper asked for it' };
}

/** Brokers and ZooKeeper. */
export const zookeeperModeTellings: Tellings = {
  'session-created': ofNode(
    (event) => `ZooKeeper opened session ${text(event, 'session')} (${number(event, 'timeoutMs')} ms)`,
    askedForSession,
  ),
  'zookeeper-session-established': ofNode(
    (event) => `broker-${number(event, 'broker')} has a new ZooKeeper session`,
    (event, why) => returnOf(event.node, event, why),
    'ZooKeeper Programmer’s Guide, "ZooKeeper Sessions"',
  ),
  'zookeeper-disconnected': ofNode(
    (event) => `${event.node} lost its connection to ZooKeeper`,
    (event, why) =>
      why.history.latest(event.id, ({ node, kind }) => node === event.node && kind.name === 'process-resumed') ??
      silencer(event, why, { node: event.node, sinceUs: event.atUs - LOOK_BACK_US }) ??
      why.history.latestOf('ensemble-leadership-lost', event.id),
  ),
  'zookeeper-reconnected': ofNode(
    (event) => `${event.node} is back at ${text(event, 'server')} with the session that it had`,
    (event, why) => why.history.latestOf('zookeeper-disconnected', event.id, ({ node }) => node === event.node),
  ),
  'zookeeper-session-lost': ofNode(
    (event) => `${event.node} learned that its session is over`,
    (event, why) =>
      why.history.latestOf(
        'broker-unregistered',
        event.id,
        (other) => number(other, 'broker') === number(event, 'broker'),
      ),
    'ZooKeeper Programmer’s Guide, "ZooKeeper Sessions"',
  ),
  'zookeeper-registered': ofNode(
    (event) => `broker-${number(event, 'broker')} made its znode (broker epoch ${number(event, 'brokerEpoch')})`,
    (event, why) => returnOf(event.node, event, why),
  ),
  'control-request-refused': ofNode(
    (event) =>
      `${event.node} refused ${text(event, 'api')} of controller broker-${number(event, 'controller')}: ${text(event, 'error')}`,
    (event, why) =>
      why.history.latestOf(
        ['zookeeper-registered', 'controller-elected'],
        event.id,
        (other) => other.node === event.node || text(event, 'error').includes('CONTROLLER'),
      ),
    'KIP-380 (broker epochs)',
  ),
  'controller-failover-began': ofNode(
    (event) => `${event.node} was the first to make /controller anew (epoch ${number(event, 'controllerEpoch')})`,
    (event, why) => {
      const { history } = why;
      const freed = history.latest(
        event.id,
        (other) =>
          (other.kind.name === 'session-closed' && list(other, 'ephemerals').includes('/controller')) ||
          other.kind.name === 'controller-resigned',
      );
      return (
        freed ??
        (event.atUs < why.zeroUs
          ? { ending: 'the cluster was started' }
          : latestCommand(event, why, /^moveController\b/))
      );
    },
    'Kafka documentation, "Replicated logs"',
  ),
  'controller-failover-finished': ofNode(
    (event) => `${event.node} has read the state of the cluster, and elects leaders`,
    (event, why) => why.history.latestOf('controller-failover-began', event.id, ({ node }) => node === event.node),
  ),
  'controller-fenced': ofNode(
    (event) =>
      `${event.node} found that it is the controller no more: a write of epoch ${number(event, 'controllerEpoch')} failed`,
    (event, why) => why.history.latestOf('controller-failover-began', event.id, ({ node }) => node !== event.node),
  ),
  'broker-change-seen': ofNode(
    (event) => {
      const parts = (['started', 'failed', 'bounced'] as const).flatMap((what) => {
        const ids = list(event, what);
        return ids.length === 0 ? [] : [`${what} ${ids.map((id) => `broker-${id}`).join(', ')}`];
      });
      return `the controller saw the list of brokers change: ${parts.join('; ')}`;
    },
    (event, why) => {
      const failed = list(event, 'failed')[0];
      const kinds = failed === undefined ? ['zookeeper-registered', 'broker-registered'] : ['broker-unregistered'];
      const broker = Number(failed ?? list(event, 'started')[0] ?? list(event, 'bounced')[0]);
      return why.history.latestOf(kinds, event.id, (other) => number(other, 'broker') === broker);
    },
  ),
};
