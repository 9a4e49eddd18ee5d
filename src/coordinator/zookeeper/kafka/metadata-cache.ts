/**
 * What a broker of a ZooKeeper-mode cluster believes of it: what the controller's last UpdateMetadata requests said (ZkMetadataCache),
 * and settings that it read itself. A broker that the controller cannot reach believes the same for ever.
 */

import type { AclBinding } from '../../../protocol/acl.ts';
import type { UpdateMetadataRequest, UpdateMetadataTopicState } from '../../../protocol/apis/06-update-metadata.ts';
import type { ConfigResourceType } from '../../../protocol/config-resource.ts';
import { partitionName } from '../../../protocol/partition-name.ts';
import { securityProtocolOf } from '../../../protocol/security-protocol.ts';
import type { BrokerInfo, MetadataImage, PartitionState, QuotaEntity, TopicInfo } from '../../index.ts';
import { SecurityState } from '../../security/security-state.ts';
import { type AclResource, credentialsIn, isSameResource, quotasIn } from './security-znodes.ts';

const NO_SETTINGS: ReadonlyMap<string, string> = new Map();
const NO_FEATURES: ReadonlyMap<string, number> = new Map();
/** Leader of a partition whose topic is being deleted: it is to be forgotten (LeaderAndIsr.LeaderDuringDelete). */
export const LEADER_DURING_DELETE = -2;
/** Of one topic. */
const MOST_PARTITIONS = 1_000_000;
const INTERNAL_TOPICS = ['__consumer_offsets', '__transaction_state'];
/** Listener that brokers use among themselves: its host is the kernel node. */
export const INTERNAL_LISTENER = 'INTERNAL';

interface Contents {
  readonly version: number;
  readonly controllerId: number;
  readonly brokers: ReadonlyMap<number, BrokerInfo>;
  readonly topics: ReadonlyMap<string, TopicInfo>;
  readonly topicNames: ReadonlyMap<string, string>;
  readonly configs: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly security: SecurityState;
}

export class ZooKeeperImage implements MetadataImage {
  readonly features: ReadonlyMap<string, number> = NO_FEATURES;
  readonly clusterId: string;
  readonly contents: Contents;

  constructor(clusterId: string, contents: Contents) {
    this.clusterId = clusterId;
    this.contents = contents;
  }

  get version(): number {
    return this.contents.version;
  }
  get controllerId(): number {
    return this.contents.controllerId;
  }
  get brokers(): ReadonlyMap<number, BrokerInfo> {
    return this.contents.brokers;
  }
  get security(): SecurityState {
    return this.contents.security;
  }
  get topics(): ReadonlyMap<string, TopicInfo> {
    return this.contents.topics;
  }
  topicById(id: string): TopicInfo | undefined {
    const name = this.contents.topicNames.get(id);
    return name === undefined ? undefined : this.contents.topics.get(name);
  }
  partition(topic: string, partition: number): PartitionState | undefined {
    return this.contents.topics.get(topic)?.partitions[partition];
  }
  config(type: ConfigResourceType, name: string): ReadonlyMap<string, string> {
    return this.contents.configs.get(`${type}/${name}`) ?? NO_SETTINGS;
  }
  /** Groups and client metrics have settings in KRaft mode alone. */
  configured(): readonly string[] {
    return [];
  }
}

/** Makes one image after another; each stays as it was. */
export class MetadataCache {
  image: ZooKeeperImage;

  constructor(clusterId: string) {
    this.image = new ZooKeeperImage(clusterId, {
      version: 0,
      controllerId: -1,
      brokers: new Map(),
      topics: new Map(),
      topicNames: new Map(),
      configs: new Map(),
      security: SecurityState.empty,
    });
  }

  private change(change: Partial<Contents>): void {
    const { clusterId, contents } = this.image;
    this.image = new ZooKeeperImage(clusterId, { ...contents, ...change, version: contents.version + 1 });
  }

  /** Takes an UpdateMetadata request over; returns the topics that it spoke of. */
  update(request: UpdateMetadataRequest): readonly string[] {
    const brokers = new Map<number, BrokerInfo>();
    for (const broker of [...request.liveBrokers].sort((a, b) => a.id - b.id)) {
      brokers.set(broker.id, brokerInfo(broker));
    }
    const { controllerId, topicStates } = request;
    if (topicStates.length === 0) {
      this.change({ brokers, controllerId });
      return [];
    }
    const topics = new Map(this.image.topics);
    const topicNames = new Map(this.image.contents.topicNames);
    for (const topic of topicStates) {
      const { topicName } = topic;
      const before = topics.get(topicName);
      const after = withStates(before, topic);
      if (before !== undefined && before.id !== after?.id) topicNames.delete(before.id);
      if (after === undefined) {
        topics.delete(topicName);
      } else {
        topics.set(topicName, after);
        topicNames.set(after.id, topicName);
      }
    }
    this.change({ brokers, controllerId, topics, topicNames });
    return topicStates.map(({ topicName }) => topicName);
  }

  setConfig(type: 'topic' | 'broker', name: string, settings: ReadonlyMap<string, string> | null): void {
    const configs = new Map(this.image.contents.configs);
    if (settings === null) configs.delete(`${type}/${name}`);
    else configs.set(`${type}/${name}`, settings);
    this.change({ configs });
  }

  /** In the place of all that a user, a client id or an address had. */
  setClientSettings(entity: QuotaEntity, settings: ReadonlyMap<string, string>): void {
    let security = this.image.security.withQuotas(entity, quotasIn(settings));
    const user = entity.get('user');
    if (entity.size === 1 && typeof user === 'string') {
      const credentials = credentialsIn(settings);
      for (const mechanism of security.scram.get(user)?.keys() ?? []) {
        if (!credentials.has(mechanism)) security = security.withCredential(user, mechanism, null);
      }
      for (const [mechanism, credential] of credentials) {
        security = security.withCredential(user, mechanism, credential);
      }
    }
    this.change({ security });
  }

  /** In the place of all ACLs that a resource had. */
  setAcls(resource: AclResource, acls: ReadonlyMap<string, AclBinding>): void {
    const security = this.image.security.withAclsInPlaceOf((acl) => isSameResource(acl, resource), acls);
    this.change({ security });
  }

  /** Whether the settings of this resource were read, if only to find that there are none. */
  hasConfig(type: 'topic' | 'broker', name: string): boolean {
    return this.image.contents.configs.has(`${type}/${name}`);
  }
}

function brokerInfo({ id, endpoints, rack }: UpdateMetadataRequest['liveBrokers'][number]): BrokerInfo {
  const internal = endpoints.find(({ listener }) => listener === INTERNAL_LISTENER);
  return {
    id,
    // Brokers are not told each other's epochs.
    epoch: -1,
    node: internal?.host ?? endpoints[0]?.host ?? '',
    endpoints: endpoints
      .filter(({ listener }) => listener !== INTERNAL_LISTENER)
      .map(({ listener, host, port, securityProtocol }) => ({
        name: listener,
        securityProtocol: securityProtocolOf(securityProtocol) ?? 'PLAINTEXT',
        host,
        port,
      })),
    rack,
    fenced: false,
    inControlledShutdown: false,
  };
}

/** The topic with what a request says of it; undefined when nothing of it is left. */
function withStates(
  before: TopicInfo | undefined,
  { topicName, topicId, partitionStates }: UpdateMetadataTopicState,
): TopicInfo | undefined {
  const known = before?.id === topicId ? before.partitions : [];
  const partitions: (PartitionState | undefined)[] = [...known];
  for (const state of partitionStates) {
    const { partitionIndex, leader, leaderEpoch, isr, replicas, zkVersion } = state;
    // No controller says that; a client that is let in to speak like one may.
    if (partitionIndex < 0 || partitionIndex > MOST_PARTITIONS) continue;
    const previous = partitions[partitionIndex];
    partitions[partitionIndex] =
      leader === LEADER_DURING_DELETE
        ? undefined
        : partitionState(topicName, topicId, partitionIndex, {
            leader,
            leaderEpoch,
            isr,
            replicas,
            partitionEpoch: zkVersion,
            addingReplicas: previous?.addingReplicas ?? [],
            removingReplicas: previous?.removingReplicas ?? [],
            recovering: false,
          });
  }
  while (partitions.length > 0 && partitions.at(-1) === undefined) partitions.pop();
  if (partitions.length === 0) return undefined;
  return {
    name: topicName,
    id: topicId,
    internal: INTERNAL_TOPICS.includes(topicName),
    // A partition that never had a live replica has no state: the list has no gaps, so it stands there without anything.
    partitions: Array.from(partitions, (state, index) => state ?? partitionState(topicName, topicId, index, NOTHING)),
  };
}

type Stated = Omit<PartitionState, 'topic' | 'topicId' | 'partition' | 'name' | 'elr' | 'lastKnownElr'>;

const NOTHING: Stated = {
  leader: -1,
  leaderEpoch: -1,
  isr: [],
  replicas: [],
  partitionEpoch: -1,
  addingReplicas: [],
  removingReplicas: [],
  recovering: false,
};

/** ELR is KRaft's. */
export function partitionState(topic: string, topicId: string, partition: number, stated: Stated): PartitionState {
  return { topic, topicId, partition, name: partitionName(topic, partition), elr: [], lastKnownElr: [], ...stated };
}
