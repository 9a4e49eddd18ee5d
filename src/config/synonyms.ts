import type { Config, Fallback } from './config.ts';
import type { ConfigEntry } from './entry.ts';
import type { ParsedValue } from './value.ts';

interface Synonym {
  readonly broker: string;
  /** What the broker's unit is in that of the topic. */
  readonly factor?: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const own = (name: string): readonly Synonym[] => [{ broker: name }];

/**
 * Under which names a broker gives the default of a topic's setting; the first that is set counts
 * (`org.apache.kafka.server.config.ServerTopicConfigSynonyms`).
 */
const SYNONYMS: { readonly [topic: string]: readonly Synonym[] } = {
  'segment.bytes': own('log.segment.bytes'),
  'segment.ms': [{ broker: 'log.roll.ms' }, { broker: 'log.roll.hours', factor: HOUR_MS }],
  'segment.jitter.ms': [{ broker: 'log.roll.jitter.ms' }, { broker: 'log.roll.jitter.hours', factor: HOUR_MS }],
  'segment.index.bytes': own('log.index.size.max.bytes'),
  'flush.messages': own('log.flush.interval.messages'),
  'flush.ms': [{ broker: 'log.flush.interval.ms' }, { broker: 'log.flush.scheduler.interval.ms' }],
  'retention.bytes': own('log.retention.bytes'),
  'retention.ms': [
    { broker: 'log.retention.ms' },
    { broker: 'log.retention.minutes', factor: MINUTE_MS },
    { broker: 'log.retention.hours', factor: HOUR_MS },
  ],
  'local.retention.bytes': own('log.local.retention.bytes'),
  'local.retention.ms': own('log.local.retention.ms'),
  'max.message.bytes': own('message.max.bytes'),
  'index.interval.bytes': own('log.index.interval.bytes'),
  'delete.retention.ms': own('log.cleaner.delete.retention.ms'),
  'min.compaction.lag.ms': own('log.cleaner.min.compaction.lag.ms'),
  'max.compaction.lag.ms': own('log.cleaner.max.compaction.lag.ms'),
  'file.delete.delay.ms': own('log.segment.delete.delay.ms'),
  'min.cleanable.dirty.ratio': own('log.cleaner.min.cleanable.ratio'),
  'cleanup.policy': own('log.cleanup.policy'),
  'unclean.leader.election.enable': own('unclean.leader.election.enable'),
  'min.insync.replicas': own('min.insync.replicas'),
  'compression.type': own('compression.type'),
  'compression.gzip.level': own('compression.gzip.level'),
  'compression.lz4.level': own('compression.lz4.level'),
  'compression.zstd.level': own('compression.zstd.level'),
  preallocate: own('log.preallocate'),
  'message.format.version': own('log.message.format.version'),
  'message.timestamp.type': own('log.message.timestamp.type'),
  'message.timestamp.difference.max.ms': own('log.message.timestamp.difference.max.ms'),
  'message.timestamp.before.max.ms': own('log.message.timestamp.before.max.ms'),
  'message.timestamp.after.max.ms': own('log.message.timestamp.after.max.ms'),
  'message.downconversion.enable': own('log.message.downconversion.enable'),
};

/** The broker's names for a topic's setting, in the order in which they count. */
export function brokerSynonyms(topicSetting: string): readonly string[] {
  return (SYNONYMS[topicSetting] ?? []).map(({ broker }) => broker);
}

/** Gives a topic what its broker's settings say. */
export function topicFallback(broker: Config): Fallback {
  return (entry: ConfigEntry): ParsedValue | undefined => {
    for (const { broker: name, factor = 1 } of SYNONYMS[entry.name] ?? []) {
      const value = broker.has(name) ? read(broker, name, entry) : null;
      if (value === null) continue;
      return typeof value === 'number' && value > 0 ? value * factor : value;
    }
    return undefined;
  };
}

function read(broker: Config, name: string, { type }: ConfigEntry): ParsedValue {
  if (broker.text(name) === null) return null;
  switch (type) {
    case 'boolean':
      return broker.boolean(name);
    case 'list':
      return broker.list(name);
    case 'short':
    case 'int':
    case 'long':
    case 'double':
      return broker.number(name);
    default:
      return broker.string(name);
  }
}
