/** What becomes of logs: what is cut off their end, and what is deleted at their beginning. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { counted, number, text } from '../fields.ts';
import { directCommand, latestCommand } from '../rules/command.ts';
import { latestChange, latestLeaderChange } from '../rules/leadership.ts';
import { startDecision } from '../rules/log-start.ts';
import { ofBroker, ofTopic, type Tellings, topicOf } from '../telling.ts';

const partitionOf = (event: TraceEvent): string => text(event, 'partition');
const epochRead = 'KIP-101 and KIP-279 (leader epochs and truncation)';

/** What a reason means, and the topic's setting behind it. */
const RETENTION: Readonly<Record<string, readonly [string, string?]>> = {
  time: ['all of its records were older than the topic keeps them', 'retention.ms'],
  size: ['the log was larger than the topic keeps', 'retention.bytes'],
  memory: ['kzsim keeps only so much of a partition in memory (--partition-memory)'],
  'log-start': ['its records lie below the start of the log'],
};

export const storageTellings: Tellings = {
  'log-truncated': {
    say(event) {
      const from = number(event, 'from');
      const to = number(event, 'to');
      return to < from
        ? `${event.node} cut ${from - to} records off its log of ${partitionOf(event)} (offsets ${to} to ${from - 1}): the leader does not have them`
        : `${event.node} emptied its log of ${partitionOf(event)}, which begins anew at ${to}`;
    },
    cause: (event, why) =>
      why.history.latestOf(
        ['fetch-diverged', 'follower-out-of-range'],
        event.id,
        (other) => other.node === event.node && partitionOf(other) === partitionOf(event) && other.atUs === event.atUs,
      ) ??
      latestLeaderChange(partitionOf(event), event.id, why) ??
      latestChange(partitionOf(event), event.id, why),
    read: epochRead,
  },
  'log-start-advanced': {
    say: (event) =>
      `the log of ${partitionOf(event)} on ${event.node} begins at offset ${number(event, 'logStartOffset')} now: what was before is deleted`,
    cause: (event, why) =>
      directCommand(event, why) ??
      latestCommand(event, why, /delete-?records/i) ?? {
        ending: 'somebody had the older records deleted (DeleteRecords)',
      },
    read: 'KIP-107 (DeleteRecords)',
  },
  'segments-deleted': {
    say(event) {
      const files = counted(number(event, 'segments'), 'segment file');
      const what = `${event.node} deleted ${files} of ${partitionOf(event)}`;
      return `${what}: ${RETENTION[text(event, 'reason')]?.[0] ?? text(event, 'reason')}`;
    },
    cause(event, why) {
      const reason = text(event, 'reason');
      if (reason === 'log-start') return startDecision(partitionOf(event), event.node, why, event.id);
      const [, setting] = RETENTION[reason] ?? [];
      return why.history.latestOf(
        'config-changed',
        event.id,
        (change) => text(change, 'name') === setting && text(change, 'resource') === topicOf(partitionOf(event)),
      );
    },
    settings(event) {
      const [, setting] = RETENTION[text(event, 'reason')] ?? [];
      return setting === undefined
        ? []
        : [ofTopic(topicOf(partitionOf(event)), setting), ofBroker('log.retention.check.interval.ms')];
    },
    read: 'Kafka documentation, "Log"; "Topic Configs" (retention.ms, retention.bytes)',
  },
  'partition-memory-full': {
    say: (event) =>
      `${event.node} keeps only ${number(event, 'memoryBytes')} bytes of ${partitionOf(event)}, and lets go of what is older`,
    cause: () => ({ ending: 'kzsim was started with that much memory for a partition (--partition-memory)' }),
  },
  'response-unsendable': {
    say: (event) =>
      `the answer of ${event.node} to ${text(event, 'from')} does not fit its version: ${text(event, 'problem')}`,
    cause: () => ({ ending: 'this is a bug of kzsim' }),
  },
  'client-bytes-refused': {
    say: (event) => `${event.node} closed the connection of ${text(event, 'from')}: ${text(event, 'reason')}`,
    cause: (event, why) =>
      directCommand(event, why) ??
      latestCommand(event, why, /^never$/) ?? { ending: 'the client does not speak Kafka’s protocol there' },
  },
};
