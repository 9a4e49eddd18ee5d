import type { Config } from '../../config/config.ts';
import type { Release } from '../../protocol/schema.ts';

/** What a transaction coordinator goes by; names are Kafka's. */
export interface TransactionSettings {
  readonly release: Release;
  readonly maxTimeoutMs: number;
  readonly abortTimedOutIntervalMs: number;
  readonly idExpirationMs: number;
  readonly removeExpiredIntervalMs: number;
  /** Of `__consumer_offsets`, when it is made. */
  readonly offsetsPartitions: number;
}

export function transactionSettings(config: Config): TransactionSettings {
  return {
    release: config.options.version,
    maxTimeoutMs: config.number('transaction.max.timeout.ms'),
    abortTimedOutIntervalMs: config.number('transaction.abort.timed.out.transaction.cleanup.interval.ms'),
    idExpirationMs: config.number('transactional.id.expiration.ms'),
    removeExpiredIntervalMs: config.number('transaction.remove.expired.transaction.cleanup.interval.ms'),
    offsetsPartitions: config.number('offsets.topic.num.partitions'),
  };
}
