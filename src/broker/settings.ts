import type { Config } from '../config/config.ts';
import { topicConfig } from '../config/resources.ts';
import type { MetadataImage } from '../coordinator/index.ts';
import { COMPRESSION_NAMES } from '../protocol/ports.ts';
import type { LogConfig } from '../storage/api.ts';
import { RACK_AWARE_SELECTOR } from './preferred-replica.ts';
import type { BrokerServices } from './services.ts';
import type { TopicConfig } from './topic-configs.ts';

/** The static settings that a broker works with, resolved once at its start. Names are Kafka's, in camel case. */
export interface BrokerSettings {
  readonly replicaLagTimeMaxMs: number;
  readonly replicaFetchWaitMaxMs: number;
  readonly replicaFetchMinBytes: number;
  readonly replicaFetchBackoffMs: number;
  readonly replicaFetchMaxBytes: number;
  readonly replicaFetchResponseMaxBytes: number;
  readonly replicaSocketTimeoutMs: number;
  readonly numReplicaFetchers: number;
  readonly highWatermarkCheckpointIntervalMs: number;
  readonly flushOffsetCheckpointIntervalMs: number;
  readonly fetchMaxBytes: number;
  readonly fetchSessionSlots: number;
  /** Whether consumers are sent to the replica in their own rack (KIP-392). */
  readonly rackAwareReads: boolean;
  readonly autoCreateTopics: boolean;
  readonly numPartitions: number;
  readonly defaultReplicationFactor: number;
  readonly requestTimeoutMs: number;
}

export function brokerSettings(config: Config): BrokerSettings {
  return {
    replicaLagTimeMaxMs: config.number('replica.lag.time.max.ms'),
    replicaFetchWaitMaxMs: config.number('replica.fetch.wait.max.ms'),
    replicaFetchMinBytes: config.number('replica.fetch.min.bytes'),
    replicaFetchBackoffMs: config.number('replica.fetch.backoff.ms'),
    replicaFetchMaxBytes: config.number('replica.fetch.max.bytes'),
    replicaFetchResponseMaxBytes: config.number('replica.fetch.response.max.bytes'),
    replicaSocketTimeoutMs: config.number('replica.socket.timeout.ms'),
    numReplicaFetchers: config.number('num.replica.fetchers'),
    highWatermarkCheckpointIntervalMs: config.number('replica.high.watermark.checkpoint.interval.ms'),
    flushOffsetCheckpointIntervalMs: config.number('log.flush.offset.checkpoint.interval.ms'),
    fetchMaxBytes: config.number('fetch.max.bytes'),
    fetchSessionSlots: config.number('max.incremental.fetch.session.cache.slots'),
    rackAwareReads: config.stringOrNull('replica.selector.class') === RACK_AWARE_SELECTOR,
    autoCreateTopics: config.boolean('auto.create.topics.enable'),
    numPartitions: config.number('num.partitions'),
    defaultReplicationFactor: config.number('default.replication.factor'),
    requestTimeoutMs: config.number('request.timeout.ms'),
  };
}

/** The broker's settings with what was changed while it runs: for all brokers, and on top of that for this one. */
export function dynamicBrokerConfig(config: Config, image: MetadataImage, brokerId: number): Config {
  const everywhere = image.config('broker', '');
  const here = image.config('broker', String(brokerId));
  if (everywhere.size === 0 && here.size === 0) return config;
  return config.with({ ...Object.fromEntries(everywhere), ...Object.fromEntries(here) });
}

export function resolveTopicConfig(config: Config, image: MetadataImage, brokerId: number, topic: string): Config {
  return topicConfig(Object.fromEntries(image.config('topic', topic)), dynamicBrokerConfig(config, image, brokerId));
}

/** The settings of a topic as this broker has them now. */
export function topicSettings(
  { config, coordination, identity }: Pick<BrokerServices, 'config' | 'coordination' | 'identity'>,
  topic: string,
): Config {
  return resolveTopicConfig(config, coordination.image, identity.id, topic);
}

/** What a topic's own settings do not say of its logs. */
export interface BrokerSide {
  readonly broker: Config;
  /** Most bytes of a log that are kept; null: as many as there are. */
  readonly memoryBytes: number | null;
}

/** What a topic's settings mean for its logs and its leaders; some are the broker's. */
export function replicaConfig(topic: Config, { broker, memoryBytes }: BrokerSide): TopicConfig {
  return {
    minInsyncReplicas: topic.number('min.insync.replicas'),
    log: {
      segmentBytes: topic.number('segment.bytes'),
      segmentMs: topic.number('segment.ms'),
      maxMessageBytes: topic.number('max.message.bytes'),
      indexIntervalBytes: topic.number('index.interval.bytes'),
      timestampType: topic.string('message.timestamp.type') === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
      timestampBeforeMaxMs: topic.number('message.timestamp.before.max.ms'),
      timestampAfterMaxMs: topic.number('message.timestamp.after.max.ms'),
      compact: topic.list('cleanup.policy').includes('compact'),
      deletes: topic.list('cleanup.policy').includes('delete'),
      compression: targetCompression(topic),
      flushMessages: topic.number('flush.messages'),
      retentionMs: topic.number('retention.ms'),
      retentionBytes: topic.number('retention.bytes'),
      fileDeleteDelayMs: topic.number('file.delete.delay.ms'),
      memoryBytes,
      producerIdExpirationMs: broker.number('producer.id.expiration.ms'),
      producerIdCheckIntervalMs: broker.number('producer.id.expiration.check.interval.ms'),
      verifyTransactions: broker.boolean('transaction.partition.verification.enable'),
    },
  };
}

/** What batches of a topic are compressed with, whatever their producers chose; null: as they came. */
function targetCompression(topic: Config): LogConfig['compression'] {
  const type = topic.string('compression.type');
  if (type === 'producer') return null;
  const codec = type === 'uncompressed' ? 0 : COMPRESSION_NAMES.indexOf(type);
  return { codec, level: topic.has(`compression.${type}.level`) ? topic.number(`compression.${type}.level`) : -1 };
}
