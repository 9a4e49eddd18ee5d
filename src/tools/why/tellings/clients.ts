/** What clients saw: an error is traced to who answered it, or who did not. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { clientOfError, counted, list, number, spanText, text, value } from '../fields.ts';
import { clientErrorCause, type SeenError, settingsOf } from '../rules/client-error.ts';
import { behindProcess, latestCommand } from '../rules/command.ts';
import { latestBrokerFault } from '../rules/refusal.ts';
import { ofClient, type Telling, type Tellings, type Why } from '../telling.ts';

/** The error that a client saw right then. */
function errorSeen(event: TraceEvent, why: Why): TraceEvent | undefined {
  const error = text(event, 'error');
  return why.history.latestError(
    event.id,
    (seen) =>
      seen.node === event.node &&
      text(seen, 'error') === error &&
      (seen.cause === event.cause || seen.atUs === event.atUs),
  );
}

/** Longer ago it does not decide what a client does. */
const RECENT_US = 5_000_000;

/** The error behind what a client did then. */
function recentError(event: TraceEvent, why: Why): TraceEvent | undefined {
  return why.history.latestError(
    event.id,
    ({ node, cause, atUs }) => node === event.node && (cause === event.cause || event.atUs - atUs < RECENT_US),
  );
}

const records = (event: TraceEvent): string => counted(list(event, 'serials').length, 'record');

/** A batch that did not come out well; its error says why. */
function batch(say: Telling['say']): Telling {
  return {
    say,
    cause: (event, why) =>
      errorSeen(event, why) ??
      clientErrorCause(
        event,
        {
          client: event.node,
          node: event.node,
          error: text(event, 'error'),
          of: text(event, 'partition'),
          broker: undefined,
          api: 'Produce',
        },
        why,
      ),
    settings: (event) =>
      text(event, 'error') === 'REQUEST_TIMED_OUT'
        ? [ofClient(event.node, 'request.timeout.ms'), ofClient(event.node, 'delivery.timeout.ms')]
        : [],
    read: 'KIP-91 (delivery.timeout.ms); Kafka documentation, "Producer Configs"',
  };
}

/** Who saw which error, of a simulated client or of a real one. */
function seenIn(event: TraceEvent): SeenError {
  const simulated = event.kind.name === 'client-error-seen';
  const broker = value(event, 'broker');
  const partition = value(event, 'partition');
  return {
    client: clientOfError(event),
    node: event.node,
    error: text(event, 'error'),
    of: partition === null || partition === '' ? undefined : String(partition),
    broker: simulated ? (typeof broker === 'number' && broker >= 0 ? `broker-${broker}` : undefined) : String(broker),
    api: text(event, 'api'),
  };
}

const errorTold: Telling = {
  say(event) {
    const { client, error, of, broker, api } = seenIn(event);
    const who = client === '' ? 'a client without client.id' : client;
    return `${who} got ${error}${broker === undefined ? '' : ` from ${broker}`} for ${api}${of === undefined ? '' : ` of ${of}`}`;
  },
  cause: (event, why) => clientErrorCause(event, seenIn(event), why),
  settings(event) {
    const { error, api, client } = seenIn(event);
    return event.kind.name === 'client-error-seen' ? settingsOf(error, api, client) : [];
  },
  read: 'reference of error codes',
};

const answered = (request: string): string => `answer ${request} so`;

/** What an injected fault has a broker do with a request. */
const INJECTED: Readonly<Record<string, (request: string) => string>> = {
  answer: answered,
  delay: (request) => `answer ${request} late`,
  disconnect: (request) => `close the connection instead of answering ${request}`,
  hang: (request) => `leave ${request} without an answer`,
};

export const clientTellings: Tellings = {
  'client-error-seen': errorTold,
  'client-error-told': errorTold,
  'client-request-unanswered': {
    say(event) {
      const { client, broker, api, error } = seenIn(event);
      const waited = spanText(number(event, 'waitedMs') * 1000);
      const how =
        error === 'NETWORK_EXCEPTION'
          ? `lost its connection to ${broker} (${text(event, 'reason')})`
          : `gave up after ${waited} without an answer of ${broker}`;
      return `${client} ${how}, with ${api} under way`;
    },
    cause: (event, why) => clientErrorCause(event, seenIn(event), why),
    read: 'Kafka documentation, "Producer Configs" (request.timeout.ms)',
  },
  'request-intercepted': {
    say(event) {
      const request = `${text(event, 'api')} of ${text(event, 'from')}`;
      const kind = text(event, 'with');
      const done = value(event, 'handled') === true && kind !== 'delay' ? ', but did what was asked' : '';
      return `${event.node} was made to ${(INJECTED[kind] ?? answered)(request)}${done}`;
    },
    cause: (event, why) => latestCommand(event, why, new RegExp(`^(inject ${text(event, 'api')}|staleMetadata)\\b`)),
  },
  'client-throttled': {
    say: (event) =>
      `${event.node} answers ${text(event, 'clientId')} at once, and does not listen to it for ${number(event, 'throttleMs')} ms: ${text(event, 'api')} was above a quota`,
    cause: (event, why) => why.history.latestOf('quota-changed', event.id),
    read: 'Kafka documentation, "Quotas"; KIP-219 (throttling)',
  },
  'batch-retried': batch(
    (event) =>
      `${event.node} has to send ${records(event)} for ${text(event, 'partition')} again: attempt ${number(event, 'attempt')} ended with ${text(event, 'error')}`,
  ),
  'batch-failed': batch(
    (event) => `${event.node} gave up ${records(event)} for ${text(event, 'partition')}: ${text(event, 'error')}`,
  ),
  'batch-split': {
    say: (event) =>
      `${event.node} split a batch for ${text(event, 'partition')} into ${number(event, 'parts')}: it was too large for the broker`,
    cause: () => ({ ending: 'the broker takes no larger ones' }),
    settings: (event) => [
      { owner: { kind: 'topic', name: text(event, 'partition').replace(/-\d+$/, '') }, name: 'max.message.bytes' },
    ],
    read: 'KIP-126 (splitting batches)',
  },
  'send-blocked': {
    say: (event) => `send() of ${event.node} waits: ${text(event, 'reason')}`,
    cause: (event, why) => recentError(event, why) ?? behindProcess(event, why, /^start/),
    settings: (event) => [ofClient(event.node, 'max.block.ms')],
    read: 'Kafka documentation, "Producer Configs" (max.block.ms, buffer.memory)',
  },
  'send-failed': {
    say: (event) => `send() of ${event.node} failed before the record was in a batch: ${text(event, 'error')}`,
    cause: (event, why) =>
      errorSeen(event, why) ?? why.history.latestOf('send-blocked', event.id, ({ node }) => node === event.node),
    settings: (event) => [ofClient(event.node, 'max.block.ms')],
    read: 'Kafka documentation, "Producer Configs" (max.block.ms)',
  },
  'sending-started': {
    say: (event) => `${event.node} began to send to ${text(event, 'topic')}`,
    cause: (event, why) => behindProcess(event, why, /^(start|startClient|produce|set)\b/),
  },
  'sending-stopped': {
    say: (event) => `${event.node} sends no more by itself`,
    cause: (event, why) => behindProcess(event, why, /^(stop|stopClient|produce|set|settle)\b/),
  },
  'producer-id-received': {
    say: (event) =>
      `${event.node} has producer id ${number(event, 'producerId')}, epoch ${number(event, 'producerEpoch')}`,
    cause: (event, why) => why.history.latestOf('process-started', event.id, ({ node }) => node === event.node),
    read: 'KIP-98 (idempotence)',
  },
  'producer-epoch-bumped': {
    say: (event) => `${event.node} began its sequences anew in epoch ${number(event, 'producerEpoch')}`,
    cause: recentError,
    read: 'KIP-360 (recovery of idempotent producers)',
  },
  'client-rebootstrapped': {
    say: (event) => `${event.node} knew no broker that it could ask, and began again with its bootstrap servers`,
    cause: (event, why) =>
      latestBrokerFault(event, why) ?? why.history.latestError(event.id, ({ node }) => node === event.node),
    settings: (event) => [ofClient(event.node, 'metadata.recovery.strategy')],
    read: 'KIP-899 (rebootstrapping clients)',
  },
};
