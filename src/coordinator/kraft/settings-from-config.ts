/** A KRaft cluster's settings, as `server.properties` has them. */
import type { Config } from '../../config/config.ts';
import { effectiveTopicSettings } from '../../config/effective.ts';
import { brokerConfigRefusal, configRefusal } from '../../config/java-words.ts';
import { dynamicProblem, listDefault } from '../../config/validate.ts';
import { FEATURES } from '../features.ts';
import type { KraftSettings } from './settings.ts';

/** From the settings that all nodes share; `config` is of scope `broker`. Each duration in the table's own unit. */
export function kraftSettings(config: Config): KraftSettings {
  const ms = (name: string) => config.number(name);
  const { version } = config.options;
  return {
    electionTimeoutMs: ms('controller.quorum.election.timeout.ms'),
    fetchTimeoutMs: ms('controller.quorum.fetch.timeout.ms'),
    electionBackoffMaxMs: ms('controller.quorum.election.backoff.max.ms'),
    requestTimeoutMs: ms('controller.quorum.request.timeout.ms'),
    retryBackoffMs: ms('controller.quorum.retry.backoff.ms'),
    appendLingerMs: ms('controller.quorum.append.linger.ms'),
    maxIdleIntervalMs: ms('metadata.max.idle.interval.ms'),
    brokerSessionTimeoutMs: ms('broker.session.timeout.ms'),
    brokerHeartbeatIntervalMs: ms('broker.heartbeat.interval.ms'),
    initialRegistrationTimeoutMs: ms('initial.broker.registration.timeout.ms'),
    defaultPartitions: config.number('num.partitions'),
    defaultReplicationFactor: config.number('default.replication.factor'),
    minInsyncReplicas: config.number('min.insync.replicas'),
    uncleanLeaderElection: config.boolean('unclean.leader.election.enable'),
    uncleanElectionIntervalMs: ms('unclean.leader.election.interval.ms'),
    deleteTopicEnable: config.boolean('delete.topic.enable'),
    autoLeaderRebalance: config.boolean('auto.leader.rebalance.enable'),
    leaderImbalanceCheckIntervalMs: ms('leader.imbalance.check.interval.seconds') * 1000,
    features: FEATURES[version],
    checkTopicConfig: (name, value) => configRefusal('topic', name, value, version),
    checkBrokerConfig: (name, value) => brokerConfigRefusal(name, value, version),
    effectiveTopicSettings: effectiveTopicSettings(config),
    checkGroupConfig: (name, value) => configRefusal('group', name, value, version),
    checkDynamic: dynamicProblem,
    listDefault: (name) => listDefault(name, version),
    hasAuthorizer: config.string('authorizer.class.name') !== '',
  };
}
