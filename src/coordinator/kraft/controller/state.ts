/** What the active controller decides from. Managers (one file each) read it and answer with records; only `apply` writes. */
import type { EffectiveTopicSettings } from '../../../config/effective.ts';
import { ELR_VERSION, type Feature } from '../../features.ts';
import type { PartitionState } from '../../index.ts';
import type { ClusterMetadata } from '../metadata/cluster-metadata.ts';
import type { MetadataRecord } from '../metadata/records.ts';
import type { Heartbeats } from './heartbeats.ts';

/** Static settings of the controllers. */
export interface ControllerConfig {
  readonly clusterId: string;
  readonly voters: readonly number[];
  /** `broker.session.timeout.ms` */
  readonly sessionTimeoutMs: number;
  /** `num.partitions`, `default.replication.factor` */
  readonly defaultPartitions: number;
  readonly defaultReplicationFactor: number;
  /** `min.insync.replicas`, `unclean.leader.election.enable`, `delete.topic.enable` */
  readonly minInsyncReplicas: number;
  readonly uncleanLeaderElection: boolean;
  readonly deleteTopicEnable: boolean;
  /** `auto.leader.rebalance.enable`, `leader.imbalance.check.interval.seconds`, `unclean.leader.election.interval.ms` */
  readonly autoLeaderRebalance: boolean;
  readonly leaderImbalanceCheckIntervalMs: number;
  readonly uncleanElectionIntervalMs: number;
  /** `metadata.max.idle.interval.ms`: how often a NoOpRecord is written; 0 for never. */
  readonly maxIdleIntervalMs: number;
  /** Features finalized when the cluster is formatted, by name. */
  readonly features: ReadonlyMap<string, number>;
  /** What this release knows. */
  readonly supportedFeatures: readonly Feature[];
  /** Null if a topic may have this setting, else why not. */
  readonly checkTopicConfig: (name: string, value: string) => string | null;
  readonly checkBrokerConfig: (name: string, value: string) => string | null;
  readonly effectiveTopicSettings: EffectiveTopicSettings;
  readonly checkGroupConfig: (name: string, value: string) => string | null;
  readonly checkDynamic: (name: string, of: 'one-broker' | 'all-brokers') => string | null;
  /** Settings whose value is a list. */
  readonly listDefault: (name: string) => string | undefined;
  /** `authorizer.class.name` is set. */
  readonly hasAuthorizer: boolean;
}

export interface ControllerState {
  readonly config: ControllerConfig;
  /** With what is decided and not committed yet. */
  readonly metadata: ClusterMetadata;
  /** Who was heard of lately. Not replicated: it dies with the controllership. */
  readonly heartbeats: Heartbeats;
  /** Offset that the next decided record will have. */
  nextOffset: number;
}

/** What a manager decided: these records, for this reason (it goes into the trace), and then this answer. */
export interface Decision<Response> {
  readonly records: readonly MetadataRecord[];
  readonly reason: string;
  readonly response: Response;
}

/** A broker that may lead and be in an ISR: registered, unfenced, and not on its way out. */
export function isActive(state: ControllerState, brokerId: number): boolean {
  const broker = state.metadata.brokers.get(brokerId);
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}

export function elrEnabled(state: ControllerState): boolean {
  return (state.metadata.features.get(ELR_VERSION) ?? 0) > 0;
}

/** The topic's own setting, else the cluster-wide dynamic one, else the controllers' static one; never above the replica count. */
export function minInsyncReplicas(state: ControllerState, partition: PartitionState): number {
  const { metadata, config } = state;
  const name = 'min.insync.replicas';
  const dynamic = metadata.config(`topic/${partition.topic}`, name) ?? metadata.config('broker/', name);
  const wanted = dynamic === undefined ? config.minInsyncReplicas : Number(dynamic);
  return Math.min(wanted, partition.replicas.length);
}

export function uncleanElectionEnabled(state: ControllerState, topic: string): boolean {
  const { metadata, config } = state;
  const name = 'unclean.leader.election.enable';
  const dynamic = metadata.config(`topic/${topic}`, name) ?? metadata.config('broker/', name);
  return dynamic === undefined ? config.uncleanLeaderElection : dynamic === 'true';
}
