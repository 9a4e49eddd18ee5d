import type { Config } from '../../config/config.ts';
import type { Assignor } from './assignors/assignor.ts';
import { assignorsOf } from './assignors/index.ts';

export type ResetPolicy = 'earliest' | 'latest' | 'none';

/** A consumer's configuration, resolved once. */
export interface ConsumerSettings {
  /** Null: it assigns its partitions itself, and commits nothing. */
  readonly group: string | null;
  readonly groupInstanceId: string | null;
  readonly assignors: readonly Assignor[];
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly maxPollIntervalMs: number;
  readonly maxPollRecords: number;
  readonly requestTimeoutMs: number;
  /** Null: the application commits. */
  readonly autoCommitIntervalMs: number | null;
  readonly resetPolicy: ResetPolicy;
  readonly readCommitted: boolean;
  readonly fetchMinBytes: number;
  readonly fetchMaxBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly partitionFetchBytes: number;
  readonly checkCrcs: boolean;
  readonly autoCreateTopics: boolean;
  readonly apiTimeoutMs: number;
}

export function consumerSettings(config: Config): ConsumerSettings {
  const group = config.stringOrNull('group.id');
  return {
    group,
    groupInstanceId: config.stringOrNull('group.instance.id'),
    assignors: assignorsOf(config.list('partition.assignment.strategy')),
    sessionTimeoutMs: config.number('session.timeout.ms'),
    heartbeatIntervalMs: config.number('heartbeat.interval.ms'),
    maxPollIntervalMs: config.number('max.poll.interval.ms'),
    maxPollRecords: config.number('max.poll.records'),
    requestTimeoutMs: config.number('request.timeout.ms'),
    autoCommitIntervalMs:
      group !== null && config.boolean('enable.auto.commit') ? config.number('auto.commit.interval.ms') : null,
    resetPolicy: resetPolicyOf(config.string('auto.offset.reset')),
    readCommitted: config.string('isolation.level') === 'read_committed',
    fetchMinBytes: config.number('fetch.min.bytes'),
    fetchMaxBytes: config.number('fetch.max.bytes'),
    fetchMaxWaitMs: config.number('fetch.max.wait.ms'),
    partitionFetchBytes: config.number('max.partition.fetch.bytes'),
    checkCrcs: config.boolean('check.crcs'),
    autoCreateTopics: config.boolean('allow.auto.create.topics'),
    apiTimeoutMs: config.number('default.api.timeout.ms'),
  };
}

/** Durations (`by_duration:…`) are not simulated and count as `latest`. */
function resetPolicyOf(text: string): ResetPolicy {
  return text === 'earliest' || text === 'none' ? text : 'latest';
}
