import type { Config } from '../../config/config.ts';
import type { Release } from '../../protocol/schema.ts';

/** What a group coordinator goes by; names are Kafka's. */
export interface GroupSettings {
  readonly release: Release;
  readonly initialRebalanceDelayMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly maxSize: number;
  readonly offsetMetadataMaxBytes: number;
  readonly offsetsRetentionMs: number;
  readonly offsetsRetentionCheckIntervalMs: number;
  /** How long a write waits for its replicas. */
  readonly offsetsCommitTimeoutMs: number;
}

export function groupSettings(config: Config): GroupSettings {
  return {
    release: config.options.version,
    initialRebalanceDelayMs: config.number('group.initial.rebalance.delay.ms'),
    minSessionTimeoutMs: config.number('group.min.session.timeout.ms'),
    maxSessionTimeoutMs: config.number('group.max.session.timeout.ms'),
    maxSize: config.number('group.max.size'),
    offsetMetadataMaxBytes: config.number('offset.metadata.max.bytes'),
    offsetsRetentionMs: config.number('offsets.retention.minutes') * 60_000,
    offsetsRetentionCheckIntervalMs: config.number('offsets.retention.check.interval.ms'),
    offsetsCommitTimeoutMs: config.number('offsets.commit.timeout.ms'),
  };
}
