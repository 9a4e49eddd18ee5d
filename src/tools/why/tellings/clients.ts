/** What clients saw: an error is traced to who answered it, or who did not. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { counted, list, number, text, value } from '../fields.ts';
import { behindProcess } from '../rules/command.ts';
import { clientErrorCause, latestBrokerFault, settingsOf } from '../rules/refusal.ts';
import { ofClient, type Telling, type Tellings, type Why } from '../telling.ts';

/** The error that a client saw right then. */
function errorSeen(event: TraceEvent, why: Why): TraceEvent | undefined {
  const error = text(event, 'error');
  return why.history.latestError(
    event.id,
    (seen) => seen.node === event.node && text(seen, 'error') === error && event.atUs - seen.atUs < 1_000_000,
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
        { error: text(event, 'error'), partition: text(event, 'partition'), broker: undefined, api: 'Produce' },
        why,
      ),
    settings: (event) =>
      text(event, 'error') === 'REQUEST_TIMED_OUT'
        ? [ofClient(event.node, 'request.timeout.ms'), ofClient(event.node, 'delivery.timeout.ms')]
        : [],
    read: 'KIP-91 (delivery.timeout.ms); Kafka documentation, "Producer Configs"',
  };
}

export const clientTellings: Tellings = {
  'client-error-seen': {
    say(event) {
      const partition = value(event, 'partition');
      const broker = value(event, 'broker');
      const from = typeof broker === 'number' && broker >= 0 ? ` from broker-${broker}` : '';
      return `${event.node} got ${text(event, 'error')}${from} for ${text(event, 'api')}${partition === null ? '' : ` of ${partition}`}`;
    },
    cause(event, why) {
      const broker = value(event, 'broker');
      const partition = value(event, 'partition');
      return clientErrorCause(
        event,
        {
          error: text(event, 'error'),
          partition: partition === null ? undefined : String(partition),
          broker: typeof broker === 'number' && broker >= 0 ? broker : undefined,
          api: text(event, 'api'),
        },
        why,
      );
    },
    settings: (event) => settingsOf(text(event, 'error'), text(event, 'api'), event.node),
    read: 'reference of error codes',
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
    cause: (event, why) =>
      why.history.latestError(event.id, ({ node }) => node === event.node) ?? behindProcess(event, why, /^start/),
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
    cause: (event, why) => why.history.latestError(event.id, ({ node }) => node === event.node),
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
