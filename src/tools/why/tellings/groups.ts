/** Groups: who joined, who left, who was not heard in time, and what each rebalance came from. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { counted, list, number, text } from '../fields.ts';
import { behindProcess, directCommand } from '../rules/command.ts';
import { latestChange, latestLeaderChange } from '../rules/leadership.ts';
import { latestBrokerFault } from '../rules/refusal.ts';
import { nodeOfClient, silencer } from '../rules/silence.ts';
import { type Cause, isEvent, ofBroker, ofClient, type Telling, type Tellings, topicOf, type Why } from '../telling.ts';

/** `billing[1]` of `billing[1]-6f235bac-2270-451e-96fd-08a0099026db`. */
export function clientOf(member: string): string {
  return member.replace(/-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, '');
}

const shortened = (reason: string): string =>
  reason.replace(/-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '');

const sameGroup = (a: TraceEvent, b: TraceEvent): boolean => text(a, 'group') === text(b, 'group');

const AGAIN = /^(.+) joined again/;

/** Why a member asks for a rebalance that it is in already: an error told it so, or its topics have more partitions. */
function joinedAgain(event: TraceEvent, why: Why): Cause {
  const client = clientOf(AGAIN.exec(text(event, 'reason'))?.[1] ?? '');
  const { history } = why;
  const ofGroup = (other: TraceEvent): boolean => sameGroup(other, event);
  const rebalanced = history.latestOf('group-rebalance-completed', event.id, ofGroup);
  const owned = history.latestOf('group-assignment-delivered', event.id, ofGroup);
  const topics = owned === undefined ? [] : list(owned, 'partitions').map((name) => topicOf(String(name)));
  const since = rebalanced?.id ?? 0;
  const added = history.latestOf(
    'partition-changed',
    event.id,
    (change) =>
      change.id > since &&
      topics.includes(topicOf(text(change, 'partition'))) &&
      latestChange(text(change, 'partition'), change.id, why) === undefined,
  );
  const error = history.latestError(
    event.id,
    (seen) => seen.node === client && seen.id > since && !/^(NONE|REBALANCE_IN_PROGRESS)$/.test(text(seen, 'error')),
  );
  return added ?? error;
}

/** What moved the group to rebalance: a member that came or went, a coordinator that changed. */
function behindState(event: TraceEvent, why: Why): Cause {
  const { history } = why;
  const to = text(event, 'to');
  if (AGAIN.test(text(event, 'reason'))) {
    const again = joinedAgain(event, why);
    if (again !== undefined) return again;
  }
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
  if (/session expired/.test(reason)) return unheard(event, client, 'session.timeout.ms', why);
  if (/rebalance time|timed out/.test(reason)) return unheard(event, client, 'max.poll.interval.ms', why);
  if (/could not be stored/.test(reason)) return latestBrokerFault(event, why);
  if (/full/.test(reason))
    return { ending: 'the group may have no more members', settings: [ofBroker('group.max.size')] };
  if (/fenced|came back/.test(reason))
    return why.history.latestOf('process-started', event.id, ({ node }) => node === client);
  return whyLeft(event, client, why);
}

const REAL_SILENCE: Cause = { ending: 'nothing here kept it from being heard: its process ended, or stood still' };

/** A member that was not heard in time: it was silenced, or was at work on records for too long. */
function unheard(event: TraceEvent, client: string, timeout: string, why: Why): Cause {
  const timeoutMs = Number(why.setting({ kind: 'client', name: client }, timeout) ?? 45_000);
  const sinceUs = event.atUs - timeoutMs * 1000 - 5_000_000;
  const node = nodeOfClient(client, why);
  return (
    silencer(event, why, { node, sinceUs, listener: event.node, api: 'Heartbeat' }) ??
    (node !== client ? REAL_SILENCE : undefined) ?? {
      ending: `${client} was still at work on what its last poll() had returned`,
      settings: [ofClient(client, 'max.poll.interval.ms'), ofClient(client, 'max.poll.records')],
    }
  );
}

/** A member that left by itself: its application closed it, or came to poll() too late. */
function whyLeft(event: TraceEvent, client: string, why: Why): Cause {
  const { history } = why;
  const started = history.latestOf('process-started', event.id, ({ node }) => node === client);
  const ending = history.latest(
    event.id,
    ({ id, node, kind }) =>
      node === client &&
      ['termination-requested', 'process-stopped', 'consumer-failed'].includes(kind.name) &&
      (started === undefined || id > started.id),
  );
  if (ending !== undefined) return ending;
  return {
    ending:
      started === undefined
        ? 'it was closed, or its application came to poll() too late'
        : 'its application was still at work on what its last poll() had returned',
    settings:
      started === undefined ? [] : [ofClient(client, 'max.poll.interval.ms'), ofClient(client, 'max.poll.records')],
  };
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

/** Of who gets nothing the number of members and partitions says why; else the rebalance does. */
function delivered(event: TraceEvent, why: Why): Cause {
  const began = why.history.latestOf('group-rebalance-completed', event.id, (other) => sameGroup(other, event));
  if (list(event, 'partitions').length > 0 || began === undefined) return rebalance(event, why);
  const generation = number(event, 'generation');
  const shared = why.history.notable.filter(
    (other) => other.kind === event.kind && sameGroup(other, event) && number(other, 'generation') === generation,
  );
  const partitions = shared.flatMap((other) => list(other, 'partitions')).length;
  const members = list(began, 'members').length;
  return members > partitions
    ? {
        ending: `${members} members share ${counted(partitions, 'partition')}, and each partition has one reader in a group`,
      }
    : rebalance(event, why);
}

/** A client's view of its group follows the coordinator's. */
const seen = (say: Telling['say']): Telling => told(say, rebalance);

/** The group had an offset there once. */
function removedOffset(event: TraceEvent, why: Why): TraceEvent | undefined {
  return why.history.latestDetail(
    event.id,
    (removed) =>
      removed.kind.name === 'group-offset-removed' &&
      sameGroup(removed, event) &&
      text(removed, 'partition') === text(event, 'partition'),
  );
}

/** The error that poll() threw on, as the client saw it. */
function errorThrown(event: TraceEvent, why: Why): TraceEvent | undefined {
  return why.history.latestError(
    event.id,
    (error) => error.node === event.node && text(error, 'error') === text(event, 'error'),
  );
}

/** Nobody answered with an error: there was no offset to begin at. */
const isWithoutOffset = (event: TraceEvent, why: Why): boolean =>
  text(event, 'error') === 'OFFSET_OUT_OF_RANGE' && errorThrown(event, why) === undefined;

export const groupTellings: Tellings = {
  'group-created': told(
    (event) => `group ${text(event, 'group')} came to be`,
    (event, why) => behindProcess(event, why, /^startClient\b/),
  ),
  'group-state-changed': {
    say: (event) =>
      `group ${text(event, 'group')} went from ${text(event, 'from')} to ${text(event, 'to')}: ${shortened(text(event, 'reason'))}`,
    cause: behindState,
    settings(event, why) {
      const reason = text(event, 'reason');
      if (/initial delay/.test(reason)) return [ofBroker('group.initial.rebalance.delay.ms')];
      const client = AGAIN.exec(reason)?.[1];
      const behind = client === undefined ? undefined : joinedAgain(event, why);
      return isEvent(behind) && behind.kind.name === 'partition-changed'
        ? [ofClient(clientOf(client!), 'metadata.max.age.ms')]
        : [];
    },
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
      // It starts, it was thrown out or left, or it has found another coordinator: whichever came last.
      return why.history.latest(event.id, (other) =>
        other.kind.name === 'group-member-left'
          ? sameGroup(other, event) && clientOf(text(other, 'member')) === client
          : other.node === client && ['coordinator-lost', 'process-started'].includes(other.kind.name),
      );
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
    delivered,
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
  'partitions-lost': told(
    (event) => `${event.node} learned that ${list(event, 'partitions').join(', ')} are not its own any more`,
    (event, why) =>
      // It is out of the group itself, or others have rebalanced without it.
      why.history.latestOf(
        'group-member-left',
        event.id,
        (other) => sameGroup(other, event) && clientOf(text(other, 'member')) === event.node,
      ) ?? rebalance(event, why),
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
      if (/out-of-range/.test(text(event, 'reason')))
        return why.history.latestError(
          event.id,
          (error) => error.node === event.node && text(error, 'partition') === text(event, 'partition'),
        );
      const assigned = why.history.latestOf(
        ['partitions-assigned', 'process-started'],
        event.id,
        ({ node }) => node === event.node,
      );
      return (/^(earliest|latest)$/.test(text(event, 'reason')) ? removedOffset(event, why) : undefined) ?? assigned;
    },
    settings: (event) =>
      /earliest|latest/.test(text(event, 'reason')) ? [ofClient(event.node, 'auto.offset.reset')] : [],
    read: 'Kafka documentation, "Consumer Configs" (auto.offset.reset); KIP-320',
  },
  'group-offset-removed': {
    say: (event) =>
      `${event.node} forgot the committed offset of ${text(event, 'group')} in ${text(event, 'partition')}: ${text(event, 'reason')}`,
    cause: (event, why) =>
      /topic/.test(text(event, 'reason'))
        ? why.history.latestOf(
            'topic-deleted',
            event.id,
            (deleted) => text(deleted, 'topic') === topicOf(text(event, 'partition')),
          )
        : (directCommand(event, why) ??
          why.history.latestOf(
            'group-state-changed',
            event.id,
            (other) => sameGroup(other, event) && text(other, 'to') === 'Empty',
          )),
    settings: (event) => (/expired/.test(text(event, 'reason')) ? [ofBroker('offsets.retention.minutes')] : []),
    read: 'KIP-211 (expiration of offsets)',
  },
  'consumer-failed': {
    say: (event, why) =>
      isWithoutOffset(event, why)
        ? `poll() of ${event.node} threw NoOffsetForPartitionException: the group has no committed offset there`
        : `poll() of ${event.node} threw ${text(event, 'error')}`,
    cause: (event, why) =>
      isWithoutOffset(event, why)
        ? {
            ending: 'it was not told where to begin then',
            settings: [ofClient(event.node, 'auto.offset.reset')],
          }
        : errorThrown(event, why),
    read: 'Kafka documentation, "Consumer Configs" (auto.offset.reset)',
  },
};
