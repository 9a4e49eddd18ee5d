/**
 * The cluster as the metadata log tells it, up to some offset. Controllers and brokers hold one each and change it in one
 * way only: by applying records in the order of the log.
 *
 * What it holds are immutable values in maps that are copied at the first write after a `share`, so that an image that
 * was handed out stays as it was.
 */
import type { ConfigKey } from '../../config-resources.ts';
import type { BrokerInfo, PartitionState, TopicInfo } from '../../index.ts';
import { SecurityState } from '../../security/security-state.ts';
import type { SupportedFeature } from './records.ts';
import { sharedState } from './shared-states.ts';

export interface BrokerRegistration extends BrokerInfo {
  readonly incarnationId: string;
  readonly features: readonly SupportedFeature[];
  readonly directories: readonly string[];
}

/** Topics that belong to the brokers' own coordinators. */
const INTERNAL_TOPICS: readonly string[] = ['__consumer_offsets', '__transaction_state', '__share_group_state'];

export interface MetadataContents {
  readonly brokers: ReadonlyMap<number, BrokerRegistration>;
  /** By name. */
  readonly topics: ReadonlyMap<string, TopicInfo>;
  readonly topicNames: ReadonlyMap<string, string>;
  readonly configs: ReadonlyMap<ConfigKey, ReadonlyMap<string, string>>;
  readonly features: ReadonlyMap<string, number>;
  readonly nextProducerId: number;
  readonly security: SecurityState;
}

type Part = 'brokers' | 'topics' | 'configs' | 'features';

export class ClusterMetadata implements MetadataContents {
  brokers: Map<number, BrokerRegistration>;
  topics: Map<string, TopicInfo>;
  /** By id. */
  topicNames: Map<string, string>;
  configs: Map<ConfigKey, ReadonlyMap<string, string>>;
  features: Map<string, number>;
  nextProducerId: number;
  /** ACLs, credentials and quotas; each value stays as it is. */
  security: SecurityState;
  /** Offset of the last record that was applied; −1 at first. */
  offset: number;
  private readonly owned = new Set<Part>(['brokers', 'topics', 'configs', 'features']);
  /** The arrays of partitions, by topic, that are not shared. */
  private readonly ownedPartitions = new Map<string, PartitionState[]>();

  constructor() {
    this.brokers = new Map();
    this.topics = new Map();
    this.topicNames = new Map();
    this.configs = new Map();
    this.features = new Map();
    this.nextProducerId = 0;
    this.security = SecurityState.empty;
    this.offset = -1;
  }

  /** The present contents; later changes leave them alone. */
  share(): MetadataContents {
    this.owned.clear();
    this.ownedPartitions.clear();
    const { brokers, topics, topicNames, configs, features, nextProducerId, security } = this;
    return { brokers, topics, topicNames, configs, features, nextProducerId, security };
  }

  /** A second copy that goes its own way. */
  fork(): ClusterMetadata {
    this.share();
    const copy = new ClusterMetadata();
    copy.brokers = this.brokers;
    copy.topics = this.topics;
    copy.topicNames = this.topicNames;
    copy.configs = this.configs;
    copy.features = this.features;
    copy.nextProducerId = this.nextProducerId;
    copy.security = this.security;
    copy.offset = this.offset;
    copy.owned.clear();
    return copy;
  }

  topicById(id: string): TopicInfo | undefined {
    const name = this.topicNames.get(id);
    return name === undefined ? undefined : this.topics.get(name);
  }

  config(key: ConfigKey, name: string): string | undefined {
    return this.configs.get(key)?.get(name);
  }

  setBroker(registration: BrokerRegistration): void {
    this.ownBrokers().set(registration.id, registration);
  }

  removeBroker(id: number): void {
    this.ownBrokers().delete(id);
  }

  addTopic(name: string, id: string): void {
    this.ownTopics();
    const partitions: PartitionState[] = [];
    this.topics.set(name, { name, id, internal: INTERNAL_TOPICS.includes(name), partitions });
    this.topicNames.set(id, name);
    this.ownedPartitions.set(name, partitions);
  }

  removeTopic(topic: TopicInfo): void {
    this.ownTopics();
    this.topics.delete(topic.name);
    this.topicNames.delete(topic.id);
    this.ownedPartitions.delete(topic.name);
    const key: ConfigKey = `topic/${topic.name}`;
    if (this.configs.has(key)) this.ownConfigs().delete(key);
  }

  setPartition(topic: TopicInfo, state: PartitionState): void {
    this.ownTopics();
    const { name } = topic;
    let partitions = this.ownedPartitions.get(name);
    if (partitions === undefined) {
      partitions = [...topic.partitions];
      this.topics.set(name, { ...topic, partitions });
      this.ownedPartitions.set(name, partitions);
    }
    partitions[state.partition] = sharedState(state);
  }

  setConfig(key: ConfigKey, name: string, value: string | null): void {
    const configs = this.ownConfigs();
    const settings = new Map(configs.get(key));
    if (value === null) settings.delete(name);
    else settings.set(name, value);
    if (settings.size === 0) configs.delete(key);
    else configs.set(key, settings);
  }

  setFeature(name: string, level: number): void {
    if (!this.owned.has('features')) this.features = new Map(this.features);
    this.owned.add('features');
    if (level === 0) this.features.delete(name);
    else this.features.set(name, level);
  }

  private ownBrokers(): Map<number, BrokerRegistration> {
    if (!this.owned.has('brokers')) this.brokers = new Map(this.brokers);
    this.owned.add('brokers');
    return this.brokers;
  }

  private ownTopics(): void {
    if (this.owned.has('topics')) return;
    this.topics = new Map(this.topics);
    this.topicNames = new Map(this.topicNames);
    this.owned.add('topics');
  }

  private ownConfigs(): Map<ConfigKey, ReadonlyMap<string, string>> {
    if (!this.owned.has('configs')) this.configs = new Map(this.configs);
    this.owned.add('configs');
    return this.configs;
  }
}
