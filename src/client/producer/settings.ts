import type { Config } from '../../config/config.ts';
import { COMPRESSION_NAMES } from '../../protocol/ports.ts';

/** A producer's configuration, resolved once. */
export interface ProducerSettings {
  /** -1 for all. */
  readonly acks: -1 | 0 | 1;
  readonly idempotent: boolean;
  /** Null: without transactions. */
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  readonly batchSize: number;
  readonly lingerUs: number;
  readonly bufferMemory: number;
  readonly maxBlockUs: number;
  readonly maxRequestSize: number;
  readonly maxInFlight: number;
  readonly retries: number;
  readonly deliveryTimeoutUs: number;
  readonly requestTimeoutMs: number;
  readonly ignoreKeys: boolean;
  /** Number of the codec of `compression.type`, and its level. */
  readonly compression: { readonly codec: number; readonly level: number };
}

/** With more unanswered requests a broker could not tell an old record from a new one. */
const MAX_IN_FLIGHT_IDEMPOTENT = 5;

/**
 * Idempotence is on by default and is given up silently where acks, retries or max.in.flight forbid it; a default
 * delivery time-out is raised to what linger and one request need (ProducerConfig.postProcessAndValidateIdempotenceConfigs,
 * KafkaProducer.configureDeliveryTimeout).
 */
export function producerSettings(config: Config): ProducerSettings {
  const acks = acksOf(config.string('acks'));
  const retries = config.number('retries');
  const maxInFlight = config.number('max.in.flight.requests.per.connection');
  const lingerMs = config.number('linger.ms');
  const requestTimeoutMs = config.number('request.timeout.ms');
  const deliveryMs = config.number('delivery.timeout.ms');
  const raised = config.isOverridden('delivery.timeout.ms')
    ? deliveryMs
    : Math.max(deliveryMs, lingerMs + requestTimeoutMs);
  const possible = acks === -1 && retries > 0 && maxInFlight <= MAX_IN_FLIGHT_IDEMPOTENT;
  const transactionalId = config.stringOrNull('transactional.id') || null;
  return {
    acks,
    idempotent: (possible && config.boolean('enable.idempotence')) || transactionalId !== null,
    transactionalId,
    transactionTimeoutMs: config.number('transaction.timeout.ms'),
    batchSize: Math.max(1, config.number('batch.size')),
    lingerUs: lingerMs * 1000,
    bufferMemory: config.number('buffer.memory'),
    maxBlockUs: config.number('max.block.ms') * 1000,
    maxRequestSize: config.number('max.request.size'),
    maxInFlight,
    retries,
    deliveryTimeoutUs: raised * 1000,
    requestTimeoutMs,
    ignoreKeys: config.boolean('partitioner.ignore.keys'),
    compression: compressionOf(config),
  };
}

function compressionOf(config: Config): ProducerSettings['compression'] {
  const type = config.string('compression.type');
  const level = `compression.${type}.level`;
  return { codec: COMPRESSION_NAMES.indexOf(type), level: config.has(level) ? config.number(level) : -1 };
}

function acksOf(text: string): -1 | 0 | 1 {
  if (text === '0') return 0;
  return text === '1' ? 1 : -1;
}
