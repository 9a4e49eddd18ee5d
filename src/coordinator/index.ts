/**
 * Who leads, who is alive, what the cluster is: the one interface behind which the ZooKeeper ensemble and the KRaft quorum
 * stand. A broker names nothing else of this folder.
 */
import { defineEvents } from '../kernel/api.ts';
import type { AclBinding, AclFilter } from '../protocol/acl.ts';
import type { ComponentData } from '../protocol/apis/48-describe-client-quotas.ts';
import type { ConfigResourceType } from '../protocol/config-resource.ts';
import type { Api } from '../protocol/schema.ts';
import type { ScramCredential } from '../protocol/scram.ts';
import type { SecurityProtocol } from '../protocol/security-protocol.ts';
import type { ServerRequest } from '../rpc/api.ts';
import type { Feature } from './features.ts';

/** A partition as the authority registered it. Compared by (leaderEpoch, partitionEpoch); both only grow. */
export interface PartitionState {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** `orders-0`. */
  readonly name: string;
  /** Assigned replicas in order of preference; the first is the preferred leader. */
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly isr: readonly number[];
  /** Eligible leader replicas (KIP-966); empty where the feature is off and in ZooKeeper mode. */
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
  /** Broker id, or -1. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Version of this state: KRaft's partition epoch, or the version of the state znode. */
  readonly partitionEpoch: number;
  /** True after an unclean election, until the leader has recovered. */
  readonly recovering: boolean;
}

/** Where a broker advertises one of its listeners for clients. */
export interface ListenerEndpoint {
  /** `PLAINTEXT`, `SASL_SSL` … */
  readonly name: string;
  readonly securityProtocol: SecurityProtocol;
  readonly host: string;
  readonly port: number;
}

export interface BrokerInfo {
  readonly id: number;
  /** KRaft: metadata offset of the registration; ZooKeeper: czxid of its znode. */
  readonly epoch: number;
  /** Kernel node that runs it. */
  readonly node: string;
  /** Its listeners for clients, as it registered them. */
  readonly endpoints: readonly ListenerEndpoint[];
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
}

export interface TopicInfo {
  readonly name: string;
  readonly id: string;
  readonly internal: boolean;
  /** By partition number, without gaps. */
  readonly partitions: readonly PartitionState[];
}

/** Somebody who wants to do something to a resource. */
export interface AclWish {
  /** `User:alice`. */
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly resourceType: number;
  readonly resourceName: string;
}

/** What the ACLs say. Super users, and what holds where there are no ACLs, are the asker's affair. */
export interface AclRules {
  readonly size: number;
  /** A denial counts before any permission; `no-rules`: no ACL speaks of the resource at all. */
  decide(wish: AclWish): 'allowed' | 'denied' | 'no-rules';
  /** Whether there is any resource of the type to which it may be done (`authorizeByResourceType`). */
  allowsSomewhere(wish: Omit<AclWish, 'resourceName'>): boolean;
}

/** Types (`user`, `client-id`, `ip`) with names; null is the default of a type. */
export type QuotaEntity = ReadonlyMap<string, string | null>;

export interface ClientQuota {
  readonly entity: QuotaEntity;
  /** By setting: bytes a second, percent of a thread, changes a second. */
  readonly values: ReadonlyMap<string, number>;
}

/** Who may do what, how they prove who they are, and how much they may do, as one node knows it. Immutable. */
export interface SecurityImage {
  readonly acls: AclRules;
  /** By user, then by number of the mechanism. */
  readonly scram: ReadonlyMap<string, ReadonlyMap<number, ScramCredential>>;
  /** All quotas; another map whenever one has changed. */
  readonly quotas: ReadonlyMap<string, ClientQuota>;
  describeAcls(filter: AclFilter): readonly AclBinding[];
  /** Why a filter cannot be followed, or null. */
  quotaFilterError(components: readonly ComponentData[]): string | null;
  describeQuotas(components: readonly ComponentData[], strict: boolean): readonly ClientQuota[];
  /** Of exactly this entity; empty if it has none. */
  quotasOf(entity: QuotaEntity): ReadonlyMap<string, number>;
}

/** What one node believes of the cluster. Immutable per published state: read it anew after each publication. */
export interface MetadataImage {
  readonly clusterId: string;
  /** Metadata offset or zxid-like counter up to which it is true; only grows. */
  readonly version: number;
  readonly brokers: ReadonlyMap<number, BrokerInfo>;
  readonly topics: ReadonlyMap<string, TopicInfo>;
  topicById(id: string): TopicInfo | undefined;
  partition(topic: string, partition: number): PartitionState | undefined;
  /** Dynamic settings of a resource: topic, group and client metrics by name, broker by id ('' is the cluster-wide default). */
  config(type: ConfigResourceType, name: string): ReadonlyMap<string, string>;
  /** Names of the resources of a type that have settings of their own. */
  configured(type: ConfigResourceType): readonly string[];
  /** Finalized features (KIP-584) by name, without those of level 0; ZooKeeper mode has none. */
  readonly features: ReadonlyMap<string, number>;
  readonly security: SecurityImage;
  /** Id to put into Metadata answers, or -1. KRaft brokers name any live broker, ZooKeeper brokers the true controller. */
  readonly controllerId: number;
}

/** What a publication changed, in the order in which a broker must act on it. */
export interface MetadataDelta {
  readonly image: MetadataImage;
  /** Partitions whose log this broker must delete: their topic is gone, or they moved away. */
  readonly deleted: readonly {
    readonly name: string;
    readonly topic: string;
    readonly partition: number;
    readonly topicId: string;
  }[];
  /** Partitions that this broker leads in the new state, with a new partition epoch. */
  readonly leaders: readonly PartitionState[];
  /** Partitions that this broker follows in the new state, with a new partition epoch; `leader` may be -1. */
  readonly followers: readonly PartitionState[];
  /** Partitions to stop fetching and keep (controlled shutdown; ZooKeeper's StopReplica without deletion). */
  readonly stopped: readonly { readonly name: string; readonly leaderEpoch: number }[];
  /** Any partition of the cluster whose leader or ISR changed: caches and coordinators care. */
  readonly changedTopics: readonly string[];
  readonly changedConfigs: readonly { readonly type: ConfigResourceType; readonly name: string }[];
}

/** A leader's wish to change its ISR (AlterPartition, KIP-497). */
export interface IsrProposal {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** Members with the broker epochs that their fetches carried (-1: unknown). */
  readonly isr: readonly { readonly brokerId: number; readonly brokerEpoch: number }[];
  readonly recovering: boolean;
}

export type IsrAnswer =
  | {
      readonly kind: 'accepted';
      readonly isr: readonly number[];
      readonly leaderEpoch: number;
      readonly partitionEpoch: number;
      readonly recovering: boolean;
    }
  /** A Kafka error code for this partition; what to do with it is the broker's affair (replication.md §3.3). */
  | { readonly kind: 'refused'; readonly error: number };

/** Why a broker's start or life ended through its coordination. */
export type FatalReason = string;

/** What the coordination calls on its broker. All calls happen inside kernel callbacks of the broker's process. */
export interface BrokerHost {
  /** New metadata. The first one holds everything as new. Act in the order of the fields. */
  onMetadata(delta: MetadataDelta): void;
  /** The broker may answer clients (KRaft: it is unfenced; ZooKeeper: it is registered and started). */
  onServing(): void;
  /** The process must end (NodeExists at registration, cluster id mismatch …). */
  onFatal(reason: FatalReason): void;
  /** Log end offset and directory facts that a registration or a controlled shutdown carries. */
  readonly directoryIds: readonly string[];
  readonly previousBrokerEpoch: number;
}

/** Where a broker may find those who decide, and who it is. */
export interface BrokerIdentity {
  readonly id: number;
  readonly node: string;
  /** The listeners for clients that it registers; the first is the one of simulated clients. */
  readonly endpoints: readonly ListenerEndpoint[];
  readonly rack: string | null;
}

/** One broker's line to those who decide. Made anew with every process. */
export interface BrokerCoordination {
  readonly mode: 'kraft' | 'zookeeper';
  /** What this broker could be told to do (KIP-584); nothing in ZooKeeper mode. */
  readonly supportedFeatures: readonly Feature[];
  /** Registers and begins to follow. Call once. */
  start(host: BrokerHost): void;
  readonly image: MetadataImage;
  /** -1 before the registration. */
  readonly brokerEpoch: number;
  /**
   * Proposes a new ISR; retries through controller changes by itself until there is an answer for this partition
   * or the process ends. One pending proposal per partition.
   */
  proposeIsr(proposal: IsrProposal, done: (answer: IsrAnswer) => void): void;
  /** A block of producer ids [first, first + count); retried until there is one. */
  allocateProducerIds(done: (first: number, count: number) => void): void;
  /**
   * Passes an administrative request on to the active controller (CreateTopics, DeleteTopics, CreatePartitions, IncrementalAlterConfigs,
   * ElectLeaders, reassignments …) and calls back with its response, or an error code when none came in time.
   */
  forward(
    api: Api,
    version: number,
    body: unknown,
    timeoutMs: number,
    done: (response: unknown | null, error: number) => void,
  ): void;
  /** Whether `forward` takes this API in this mode. */
  forwards(apiKey: number): boolean;
  /**
   * A request that belongs to the coordination itself and arrived at this broker (ZooKeeper mode: LeaderAndIsr, UpdateMetadata, StopReplica,
   * and AlterPartition, AllocateProducerIds, ControlledShutdown, administration at the broker that is controller). False if it does not take it.
   */
  handle(request: ServerRequest): boolean;
  /** Keys and versions that `handle` takes, for ApiVersions. */
  readonly handles: readonly number[];
  /** Asks to hand over every leadership; calls back when the broker may stop its sockets (KRaft: told to shut down; ZooKeeper: accepted, or retries used up). */
  controlledShutdown(done: () => void): void;
  /** Ends registration and connections at the very end of an orderly stop. */
  close(): void;
}

/** What an operator may do to those who decide, besides their requests. Each process that may be active hands one out at its start. */
export interface AuthorityHandle {
  readonly node: string;
  /** It is the active one, by its own belief. */
  readonly active: boolean;
  /** Ends a broker's session as if it had been silent for its time-out. False, and nothing happens, if this one cannot. */
  expireSession(brokerId: number): boolean;
  /** The same with a session of ZooKeeper by its id, `0x…`, whosever it is. */
  endSession?(session: string): boolean;
  /** Gives the controllership up. False, and nothing happens, if it has none. */
  resign(): boolean;
  /** Watches of clients that wait at it; only a server of ZooKeeper has any. */
  readonly watches?: number;
  /** Sessions that wait at it for something about a znode: `0x…`; only a server of ZooKeeper has any. */
  watchersOf?(path: string): readonly string[];
}

/**
 * What the authority decided, in one vocabulary for both modes. `version` grows with every decision (metadata offset, or zxid):
 * a reader that sees one twice (a new leader commits what its predecessor had committed) ignores the second.
 */
export const authorityEvents = defineEvents({
  'broker-registered': {
    fields: ['version', 'broker', 'brokerEpoch', 'rack'],
    level: 'notable',
    about: 'A broker is known to the authority: its registration committed, or its znode stands.',
  },
  'broker-unregistered': {
    fields: ['version', 'broker', 'reason'],
    level: 'notable',
    about: 'A broker is unknown from here on: its znode went (ZooKeeper), or it was removed.',
  },
  'broker-fenced': {
    fields: ['version', 'broker', 'reason'],
    level: 'notable',
    about: 'A registered broker may not lead or be in an ISR (KRaft).',
  },
  'broker-unfenced': { fields: ['version', 'broker'], level: 'notable', about: 'A registered broker serves (KRaft).' },
  'broker-shutting-down': {
    fields: ['version', 'broker'],
    level: 'notable',
    about: 'A broker asked for a controlled shutdown; it leads nothing new.',
  },
  'topic-created': {
    fields: ['version', 'topic', 'topicId', 'partitions', 'replicationFactor'],
    level: 'notable',
    about: 'A topic exists.',
  },
  'topic-deleted': {
    fields: ['version', 'topic', 'topicId'],
    level: 'notable',
    about: 'A topic is gone for the authority.',
  },
  'partition-changed': {
    fields: [
      'version',
      'partition',
      'topicId',
      'leader',
      'leaderEpoch',
      'partitionEpoch',
      'isr',
      'replicas',
      'elr',
      'unclean',
      'reason',
    ],
    level: 'notable',
    about:
      'Leader, ISR or replicas of a partition as the authority has them from here on. `leader` -1: none. `reason` names the rule that decided.',
  },
  'config-changed': {
    fields: ['version', 'type', 'resource', 'name', 'value'],
    level: 'notable',
    about: 'A dynamic setting has a new value; null: back to its default.',
  },
  'acl-changed': {
    fields: ['version', 'principal', 'host', 'permission', 'operation', 'resource', 'name', 'pattern', 'exists'],
    level: 'notable',
    about: 'An ACL was created (`exists` true) or deleted.',
  },
  'credential-changed': {
    fields: ['version', 'user', 'mechanism', 'exists'],
    level: 'notable',
    about: 'A user has a SCRAM credential, or none any more. The credential itself is not told.',
  },
  'quota-changed': {
    fields: ['version', 'entity', 'name', 'value'],
    level: 'notable',
    about:
      'A quota of clients has a new value; null: there is none any more. `entity` reads `user=alice,client-id=web`.',
  },
  'controller-elected': {
    fields: ['controller', 'controllerEpoch'],
    level: 'notable',
    about:
      'A node believes that it is the active controller (KRaft: it leads and has caught up; ZooKeeper: it created /controller and read the state).',
  },
  'controller-resigned': {
    fields: ['controller', 'controllerEpoch', 'reason'],
    level: 'notable',
    about: 'A node ceased to be the active controller, by its own belief.',
  },
  'metadata-published': {
    fields: ['version', 'partitions'],
    level: 'detail',
    about: 'A broker acts on metadata up to this version; `partitions` counts those it leads or follows that changed.',
  },
});
