/**
 * The records of the metadata log, as the controller writes and everybody reads them. Fields have the names of Kafka's
 * schemas; `record-codec.ts` turns a record into its frame and back.
 */
import type { AclBinding } from '../../../protocol/acl.ts';
import { RESOURCE } from '../../../protocol/config-resource.ts';
import type { ScramCredential } from '../../../protocol/scram.ts';

export interface RegisterBrokerRecord {
  readonly kind: 'register-broker';
  readonly brokerId: number;
  readonly incarnationId: string;
  readonly brokerEpoch: number;
  readonly endPoints: readonly Endpoint[];
  readonly features: readonly SupportedFeature[];
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly logDirs: readonly string[];
}
export interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly securityProtocol: number;
}
export interface SupportedFeature {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
}
export interface UnregisterBrokerRecord {
  readonly kind: 'unregister-broker';
  readonly brokerId: number;
  readonly brokerEpoch: number;
}
export interface TopicRecord {
  readonly kind: 'topic';
  readonly name: string;
  readonly topicId: string;
}
/** A whole partition. Leader recovery state: 0 recovered, 1 recovering. */
export interface PartitionRecord {
  readonly kind: 'partition';
  readonly partitionId: number;
  readonly topicId: string;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly leader: number;
  readonly leaderRecoveryState: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly eligibleLeaderReplicas: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
}
/** What changes of a partition: null, −2 for the leader and −1 for the recovery state mean "as before". */
export interface PartitionChangeRecord {
  readonly kind: 'partition-change';
  readonly partitionId: number;
  readonly topicId: string;
  readonly isr: readonly number[] | null;
  readonly leader: number;
  readonly replicas: readonly number[] | null;
  readonly removingReplicas: readonly number[] | null;
  readonly addingReplicas: readonly number[] | null;
  readonly leaderRecoveryState: number;
  readonly eligibleLeaderReplicas: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
}
export interface ConfigRecord {
  readonly kind: 'config';
  /** Kafka's ConfigResource type: 2 topic, 4 broker. */
  readonly resourceType: number;
  /** '' is the default of all brokers. */
  readonly resourceName: string;
  readonly name: string;
  /** Null takes the setting away. */
  readonly value: string | null;
}
export interface RemoveTopicRecord {
  readonly kind: 'remove-topic';
  readonly topicId: string;
}
export interface FeatureLevelRecord {
  readonly kind: 'feature-level';
  readonly name: string;
  readonly featureLevel: number;
}
export interface ProducerIdsRecord {
  readonly kind: 'producer-ids';
  readonly brokerId: number;
  readonly brokerEpoch: number;
  /** The first id that nobody has yet. */
  readonly nextProducerId: number;
}
export interface BrokerRegistrationChangeRecord {
  readonly kind: 'broker-registration-change';
  readonly brokerId: number;
  readonly brokerEpoch: number;
  /** 1 fences, −1 unfences, 0 leaves it. */
  readonly fenced: number;
  /** 1 sets it, 0 leaves it. */
  readonly inControlledShutdown: number;
  /** Those that still work; empty leaves them as they are. */
  readonly logDirs: readonly string[];
}
/** Keeps the high watermark moving in an idle cluster. */
export interface NoOpRecord {
  readonly kind: 'no-op';
}
/** The records of a fresh cluster stand between these two; kzsim writes them as one batch, so they are never torn apart. */
export interface BeginTransactionRecord {
  readonly kind: 'begin-transaction';
  readonly name: string | null;
}
export interface EndTransactionRecord {
  readonly kind: 'end-transaction';
}
/** The eligible leader replicas of a topic are forgotten, because its `min.insync.replicas` changed ('' for all). */
export interface ClearElrRecord {
  readonly kind: 'clear-elr';
  readonly topicName: string;
}

/** An ACL; its numbers are Kafka's. */
export interface AclRecord extends AclBinding {
  readonly kind: 'acl';
  readonly id: string;
}
export interface RemoveAclRecord {
  readonly kind: 'remove-acl';
  readonly id: string;
}
export interface UserScramCredentialRecord extends ScramCredential {
  readonly kind: 'user-scram-credential';
  readonly name: string;
  readonly mechanism: number;
}
export interface RemoveUserScramCredentialRecord {
  readonly kind: 'remove-user-scram-credential';
  readonly name: string;
  readonly mechanism: number;
}
export interface ClientQuotaRecord {
  readonly kind: 'client-quota';
  /** A null name is the default of its type. */
  readonly entity: readonly { readonly entityType: string; readonly entityName: string | null }[];
  readonly key: string;
  readonly value: number;
  readonly remove: boolean;
}

export type MetadataRecord =
  | RegisterBrokerRecord
  | UnregisterBrokerRecord
  | TopicRecord
  | PartitionRecord
  | PartitionChangeRecord
  | ConfigRecord
  | RemoveTopicRecord
  | FeatureLevelRecord
  | ProducerIdsRecord
  | BrokerRegistrationChangeRecord
  | NoOpRecord
  | BeginTransactionRecord
  | EndTransactionRecord
  | ClearElrRecord
  | AclRecord
  | RemoveAclRecord
  | UserScramCredentialRecord
  | RemoveUserScramCredentialRecord
  | ClientQuotaRecord;

export const CONFIG_TOPIC = RESOURCE.topic;
export const CONFIG_BROKER = RESOURCE.broker;

/** "The leader is as before" in a PartitionChangeRecord. */
export const NO_LEADER_CHANGE = -2;
export const NO_LEADER = -1;

/** The listener of brokers among themselves: its host is the kernel node. The other one is for clients. */
export const INTERNAL_LISTENER = 'INTERNAL';
