/** Groups: who joined, who left, who was not heard in time, and what each rebalance came from. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { list, number, text } from '../fields.ts';
import { behindProcess } from '../rules/command.ts';
import { latestLeaderChange } from '../rules/leadership.ts';
import { silencer } from '../rules/silence.ts';
import { type Cause, ofBroker, ofClient, type Telling, type Tellings, type Why } from '../telling.ts';

/** `billing[1]` of `billing[1]-6f235bac-2270-451e-96fd-08a0099026db`. */
export function clientOf(member: string): string {
  return member.replace(/-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, '');
}

const shortened = (reason: string): string =>
  reason.replace(/-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '');

const sameGroup = (a: TraceEvent, b: TraceEvent): boolean => text(a, 'group') === text(b, 'group');

/** What moved the group to rebalance: a member that came or went, a coordinator that changed. */
function behindState(event: TraceEvent, why: Why): Cause {
  const { history } = why;
  const to = text(event, 'to');
  if (to === 'PreparingRebalance' || to === 'Empty' || to === 'Dead' || to === 'Assigning')
    return history.latestOf(
      ['group-member-left', 'group-member-joined', 'group-loaded', 'group-epoch-bumped'],
      event.id,
      (other) => sameGroup(other, event),
    );
  return (
    history.latestOf(
      'group-state-changed',
      event.id,
      (other) => sameGroup(other, event) && /Preparing|Assigning/.test(text(other, 'to')),
    ) ?? history.latestOf('group-member-joined', event.id, (other) => sameGroup(other, event))
  );
}

/** The rebalance in which this happened. */
function rebalance(event: TraceEvent, why: Why): Cause {
  return (
    why.history.latestOf(
      'group-state-changed',
      event.id,
      (other) => sameGroup(other, event) && text(other, 'to') === 'PreparingRebalance',
    ) ??
    why.history.latestOf(['group-epoch-bumped', 'group-loaded', 'group-member-joined'], event.id, (other) =>
      sameGroup(other, event),
    )
  );
}

function behindLeft(event: TraceEvent, why: Why): Cause {
  const client = clientOf(text(event, 'member'));
  const reason = text(event, 'reason');
  if (!/expired|missed/.test(reason))
    return (
      why.history.latest(
        event.id,
        ({ node, kind }) =>
          node === client && ['termination-requested', 'process-stopped', 'consumer-failed'].includes(kind.name),
      ) ?? behindProcess(event, why, /^(stop|restart|kill)\b/)
    );
  const timeoutMs = Number(why.setting({ kind: 'client', name: client }, 'session.timeout.ms') ?? 45_000);
  const sinceUs = event.atUs - timeoutMs * 1000 - 5_000_000;
  return (
    silencer(event, why, { node: client, sinceUs, listener: event.node, api: 'Heartbeat' }) ?? {
      ending: `${client} did not come to a poll in time`,
      settings: [ofClient(client, 'max.poll.interval.ms')],
    }
  );
}

/** A coordinator is the leader of a partition of the internal topic. */
function moved(topic: string): Telling['cause'] {
  return (event, why) => {
    const partition = `${topic}-${number(event, 'partition')}`;
    return (
      latestLeaderChange(partition, event.id, why) ??
      why.history.latestOf('topic-created', event.id, (created) => text(created, 'topic') === topic)
    );
  };
}

export const offsetsMoved = moved('__consumer_offsets');
export const transactionsMoved = moved('__transaction_state');

const coordinatorRead = 'Kafka documentation, "Offset tracking"';
const groupRead = 'Kafka documentation, "Consumer Configs"; KIP-62 (heartbeats), KIP-848 (the new protocol)';

const told = (say: Telling['say'], cause: Telling['cause'], read: string = groupRead): Telling => ({
  say,
  cause,
  read,
});

/** A client's view of its group follows the coordinator's. */
const seen = (say: Telling['say']): Telling => told(say, rebalance);

export const groupTellings: Tellings = {
  'group-created': told(
    (event) => `group ${text(event, 'group')} came to be`,
    (event, why) => behindProcess(event, why, /^startClient\b/),
  ),
  'group-state-changed': {
    say: (event) =>
      `group ${text(event, 'group')} went from ${text(event, 'from')} to ${text(event, 'to')}: ${shortened(text(event, 'reason'))}`,
    cause: behindState,
    settings: (event) =>
      /initial delay/.test(text(event, 'reason')) ? [ofBroker('group.initial.rebalance.delay.ms')] : [],
    read: groupRead,
  },
  'group-epoch-bumped': told(
    (event) => `group ${text(event, 'group')} has epoch ${number(event, 'epoch')}: ${shortened(text(event, 'reason'))}`,
    (event, why) =>
      why.history.latestOf(['group-member-left', 'group-member-joined'], event.id, (other) => sameGroup(other, event)),
    'KIP-848 (group epochs)',
  ),
  'group-target-assigned': told(
    (event) => `the ${text(event, 'assignor')} assignor of ${text(event, 'group')} computed who should own what`,
    (event, why) => why.history.latestOf('group-epoch-bumped', event.id, (other) => sameGroup(other, event)),
    'KIP-848 (target assignment)',
  ),
  'group-member-joined': told(
    (event) => `${text(event, 'clientId')} joined group ${text(event, 'group')}`,
    (event, why) => {
      const client = text(event, 'clientId');
      const lost = why.history.latestOf('coordinator-lost', event.id, ({ node }) => node === client);
      const started = why.history.latestOf('process-started', event.id, ({ node }) => node === client);
      return lost !== undefined && (started === undefined || lost.id > started.id) ? lost : started;
    },
  ),
  'group-member-left': {
    say: (event) =>
      `${clientOf(text(event, 'member'))} is out of group ${text(event, 'group')}: ${shortened(text(event, 'reason'))}`,
    cause: behindLeft,
    settings(event) {
      const client = clientOf(text(event, 'member'));
      if (!/expired/.test(text(event, 'reason'))) return [];
      return [ofClient(client, 'session.timeout.ms'), ofClient(client, 'heartbeat.interval.ms')];
    },
    read: groupRead,
  },
  'group-rebalance-completed': told(
    (event) =>
      `every member of ${text(event, 'group')} had joined: generation ${number(event, 'generation')} began with ${list(event, 'members').length}`,
    rebalance,
  ),
  'group-assignment-delivered': told(
    (event) =>
      `${clientOf(text(event, 'member'))} was told to own ${list(event, 'partitions').join(', ') || 'nothing'} (generation ${number(event, 'generation')})`,
    rebalance,
  ),
  'group-loaded': told(
    (event) => `${event.node} read group ${text(event, 'group')} from the log and coordinates it now`,
    offsetsMoved,
    coordinatorRead,
  ),
  'group-coordinator-loaded': told(
    (event) => `${event.node} coordinates the groups of __consumer_offsets-${number(event, 'partition')}`,
    offsetsMoved,
    coordinatorRead,
  ),
  'group-coordinator-unloaded': told(
    (event) =>
      `${event.node} does not coordinate the groups of __consumer_offsets-${number(event, 'partition')} any more`,
    offsetsMoved,
    coordinatorRead,
  ),
  'coordinator-found': told(
    (event) => `${event.node} learned that broker-${number(event, 'broker')} coordinates ${text(event, 'group')}`,
    (event, why) =>
      why.history.latestOf('coordinator-lost', event.id, ({ node }) => node === event.node) ??
      why.history.latestOf('process-started', event.id, ({ node }) => node === event.node),
    coordinatorRead,
  ),
  'coordinator-lost': told(
    (event) =>
      `${event.node} lost broker-${number(event, 'broker')}, the coordinator of ${text(event, 'group')}: ${text(event, 'reason')}`,
    (event, why) => {
      const node = `broker-${number(event, 'broker')}`;
      const unloaded = why.history.latestOf('group-coordinator-unloaded', event.id, (other) => other.node === node);
      const silent = silencer(event, why, { node, sinceUs: event.atUs - 50_000_000, listener: event.node });
      return text(event, 'reason') === 'it says so' ? (unloaded ?? silent) : (silent ?? unloaded);
    },
    coordinatorRead,
  ),
  'group-joined': seen(
    (event) => `${event.node} was admitted to generation ${number(event, 'generation')} of ${text(event, 'group')}`,
  ),
  'partitions-assigned': seen(
    (event) => `${event.node} owns ${list(event, 'partitions').join(', ') || 'nothing more'}`,
  ),
  'partitions-revoked': seen((event) => `${event.node} gave up ${list(event, 'partitions').join(', ')}`),
  'partitions-lost': seen(
    (event) => `${event.node} learned that ${list(event, 'partitions').join(', ')} are not its own any more`,
  ),
  'position-reset': {
    say: (event) =>
      `${event.node} reads ${text(event, 'partition')} from offset ${number(event, 'offset')} on (${text(event, 'reason')})`,
    cause(event, why) {
      if (text(event, 'reason') === 'truncated')
        return (
          why.history.latestOf(
            'log-truncated',
            event.id,
            (other) => text(other, 'partition') === text(event, 'partition'),
          ) ?? latestLeaderChange(text(event, 'partition'), event.id, why)
        );
      return why.history.latestOf(
        ['partitions-assigned', 'process-started'],
        event.id,
        ({ node }) => node === event.node,
      );
    },
    settings: (event) =>
      /earliest|latest/.test(text(event, 'reason')) ? [ofClient(event.node, 'auto.offset.reset')] : [],
    read: 'Kafka documentation, "Consumer Configs" (auto.offset.reset); KIP-320',
  },
  'consumer-failed': told(
    (event) => `poll() of ${event.node} threw ${text(event, 'error')}`,
    (event, why) =>
      why.history.latestError(
        event.id,
        (error) => error.node === event.node && text(error, 'error') === text(event, 'error'),
      ),
  ),
};
