import type { Config } from '../../config/config.ts';
import type { Release } from '../../protocol/schema.ts';
import { assignorName } from './consumer/assignors/index.ts';

const REGEX_REFRESH = 'group.consumer.regex.refresh.interval.ms';

/** What a group coordinator goes by; names are Kafka's. */
export interface GroupSettings {
  readonly release: Release;
  readonly initialRebalanceDelayMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly maxSize: number;
  /** Server-side assignors of consumer groups; the first is the default. */
  readonly consumerAssignors: readonly string[];
  readonly consumerMaxSize: number;
  readonly regexRefreshMs: number;
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
    consumerAssignors: config.list('group.consumer.assignors').map(assignorName),
    consumerMaxSize: config.number('group.consumer.max.size'),
    regexRefreshMs: config.has(REGEX_REFRESH) ? config.number(REGEX_REFRESH) : 0,
    maxSize: config.number('group.max.size'),
    offsetMetadataMaxBytes: config.number('offset.metadata.max.bytes'),
    offsetsRetentionMs: config.number('offsets.retention.minutes') * 60_000,
    offsetsRetentionCheckIntervalMs: config.number('offsets.retention.check.interval.ms'),
    offsetsCommitTimeoutMs: config.number('offsets.commit.timeout.ms'),
  };
}
