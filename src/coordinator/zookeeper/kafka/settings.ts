/** What a broker of ZooKeeper mode has to know of its configuration. Durations in milliseconds. */
import type { Config } from '../../../config/config.ts';
import { type EffectiveTopicSettings, effectiveTopicSettings } from '../../../config/effective.ts';
import { brokerConfigRefusal, configRefusal } from '../../../config/java-words.ts';
import { topicConfig } from '../../../config/resources.ts';
import { dynamicProblem, listDefault } from '../../../config/validate.ts';

export interface ZooKeeperModeSettings {
  readonly sessionTimeoutMs: number;
  /** How long a broker that starts waits for ZooKeeper. */
  readonly connectionTimeoutMs: number;
  readonly controllerSocketTimeoutMs: number;
  readonly controlledShutdownRetries: number;
  readonly controlledShutdownBackoffMs: number;
  readonly autoLeaderRebalance: boolean;
  readonly imbalanceCheckIntervalMs: number;
  /** Percent of a preferred leader's partitions. */
  readonly imbalancePerBroker: number;
  readonly deleteTopicEnable: boolean;
  readonly defaultPartitions: number;
  readonly defaultReplicationFactor: number;
  /** Whether a topic with these settings of its own, below these dynamic ones of all brokers, may elect uncleanly. */
  readonly uncleanElection: (topic: ReadonlyMap<string, string>, brokers: ReadonlyMap<string, string>) => boolean;
  /** Why a value will not do, or null. */
  readonly checkTopicConfig: (name: string, value: string) => string | null;
  readonly checkBrokerConfig: (name: string, value: string) => string | null;
  readonly effectiveTopicSettings: EffectiveTopicSettings;
  readonly checkDynamic: (name: string, of: 'one-broker' | 'all-brokers') => string | null;
  /** The default of a list; undefined: it is no list. */
  readonly listDefault: (name: string) => string | undefined;
  /** `authorizer.class.name` is set. */
  readonly hasAuthorizer: boolean;
}

export const UNCLEAN_ELECTION = 'unclean.leader.election.enable';

export function zooKeeperModeSettings(config: Config): ZooKeeperModeSettings {
  const sessionTimeoutMs = config.number('zookeeper.session.timeout.ms');
  const { version } = config.options;
  return {
    sessionTimeoutMs,
    connectionTimeoutMs: config.numberOrNull('zookeeper.connection.timeout.ms') ?? sessionTimeoutMs,
    controllerSocketTimeoutMs: config.number('controller.socket.timeout.ms'),
    controlledShutdownRetries: config.number('controlled.shutdown.max.retries'),
    controlledShutdownBackoffMs: config.number('controlled.shutdown.retry.backoff.ms'),
    autoLeaderRebalance: config.boolean('auto.leader.rebalance.enable'),
    imbalanceCheckIntervalMs: config.number('leader.imbalance.check.interval.seconds') * 1000,
    imbalancePerBroker: config.number('leader.imbalance.per.broker.percentage'),
    deleteTopicEnable: config.boolean('delete.topic.enable'),
    defaultPartitions: config.number('num.partitions'),
    defaultReplicationFactor: config.number('default.replication.factor'),
    uncleanElection: (topic, brokers) => {
      const own = topic.get(UNCLEAN_ELECTION);
      if (own !== undefined) return own === 'true';
      const dynamic = brokers.get(UNCLEAN_ELECTION);
      return dynamic === undefined ? topicConfig({}, config).boolean(UNCLEAN_ELECTION) : dynamic === 'true';
    },
    checkTopicConfig: (name, value) => configRefusal('topic', name, value, version),
    checkBrokerConfig: (name, value) => brokerConfigRefusal(name, value, version),
    effectiveTopicSettings: effectiveTopicSettings(config),
    checkDynamic: dynamicProblem,
    listDefault: (name) => listDefault(name, version),
    hasAuthorizer: config.string('authorizer.class.name') !== '',
  };
}
