/** Static settings of a KRaft cluster, in milliseconds where it is about time; the defaults are those of Kafka 4.2. */

import type { EffectiveTopicSettings } from '../../config/effective.ts';
import type { Hashing } from '../../protocol/ports.ts';
import { FEATURES, type Feature } from '../features.ts';
import type { AuthorityHandle } from '../index.ts';

export interface KraftSettings {
  /** `controller.quorum.election.timeout.ms`, `.fetch.timeout.ms`, `.election.backoff.max.ms`, `.request.timeout.ms` … */
  readonly electionTimeoutMs: number;
  readonly fetchTimeoutMs: number;
  readonly electionBackoffMaxMs: number;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly appendLingerMs: number;
  /** `metadata.max.idle.interval.ms` */
  readonly maxIdleIntervalMs: number;
  /** `broker.session.timeout.ms`, `broker.heartbeat.interval.ms`, `initial.broker.registration.timeout.ms` */
  readonly brokerSessionTimeoutMs: number;
  readonly brokerHeartbeatIntervalMs: number;
  readonly initialRegistrationTimeoutMs: number;
  /** `num.partitions`, `default.replication.factor`, `min.insync.replicas` */
  readonly defaultPartitions: number;
  readonly defaultReplicationFactor: number;
  readonly minInsyncReplicas: number;
  /** `unclean.leader.election.enable`, `unclean.leader.election.interval.ms`, `delete.topic.enable` */
  readonly uncleanLeaderElection: boolean;
  readonly uncleanElectionIntervalMs: number;
  readonly deleteTopicEnable: boolean;
  /** `auto.leader.rebalance.enable`, `leader.imbalance.check.interval.seconds` */
  readonly autoLeaderRebalance: boolean;
  readonly leaderImbalanceCheckIntervalMs: number;
  /** What the servers support, and a new cluster is formatted with. */
  readonly features: readonly Feature[];
  /** Null if the setting may have this value, else why not. */
  readonly checkTopicConfig: (name: string, value: string) => string | null;
  readonly checkBrokerConfig: (name: string, value: string) => string | null;
  readonly effectiveTopicSettings: EffectiveTopicSettings;
  readonly checkGroupConfig: (name: string, value: string) => string | null;
  /** Null if a broker, or all of them, may be given this setting while they run. */
  readonly checkDynamic: (name: string, of: 'one-broker' | 'all-brokers') => string | null;
  /** The default of a list; undefined: it is no list. */
  readonly listDefault: (name: string) => string | undefined;
  /** `authorizer.class.name` is set. */
  readonly hasAuthorizer: boolean;
}

export const defaultKraftSettings: KraftSettings = {
  electionTimeoutMs: 1000,
  fetchTimeoutMs: 2000,
  electionBackoffMaxMs: 1000,
  requestTimeoutMs: 2000,
  retryBackoffMs: 20,
  appendLingerMs: 25,
  maxIdleIntervalMs: 500,
  brokerSessionTimeoutMs: 9000,
  brokerHeartbeatIntervalMs: 2000,
  initialRegistrationTimeoutMs: 60_000,
  defaultPartitions: 1,
  defaultReplicationFactor: 1,
  minInsyncReplicas: 1,
  uncleanLeaderElection: false,
  uncleanElectionIntervalMs: 300_000,
  deleteTopicEnable: true,
  autoLeaderRebalance: true,
  leaderImbalanceCheckIntervalMs: 300_000,
  features: FEATURES['4.2'],
  checkTopicConfig: () => null,
  checkBrokerConfig: () => null,
  effectiveTopicSettings: () => [],
  checkGroupConfig: () => null,
  checkDynamic: () => null,
  listDefault: () => undefined,
  hasAuthorizer: false,
};

export interface Voter {
  readonly id: number;
  /** Kernel node on which it runs. */
  readonly node: string;
}

/** What every node of a KRaft cluster is told. */
export interface KraftCluster {
  readonly clusterId: string;
  /** `controller.quorum.voters`, by rising id. */
  readonly voters: readonly Voter[];
  readonly settings: KraftSettings;
  /** For SCRAM credentials; without it there are none to be had. */
  readonly hashing?: Hashing | undefined;
  /** Called at the start of every controller process with what an operator may do to it. */
  readonly onController?: (handle: AuthorityHandle) => void;
}

/** Port on which controllers listen. */
export const CONTROLLER_PORT = 'controller';
