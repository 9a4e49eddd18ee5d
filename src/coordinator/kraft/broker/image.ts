/** What a broker believes of the cluster: an immutable view of the metadata up to some offset. */
import type { ConfigResourceType } from '../../../protocol/config-resource.ts';
import type { BrokerInfo, MetadataImage, PartitionState, SecurityImage, TopicInfo } from '../../index.ts';
import type { MetadataContents } from '../metadata/cluster-metadata.ts';

const NO_SETTINGS: ReadonlyMap<string, string> = new Map();

export class KraftImage implements MetadataImage {
  readonly clusterId: string;
  readonly version: number;
  readonly controllerId: number;
  readonly contents: MetadataContents;

  constructor(
    contents: MetadataContents,
    { clusterId, version, controllerId }: { clusterId: string; version: number; controllerId: number },
  ) {
    this.contents = contents;
    this.clusterId = clusterId;
    this.version = version;
    this.controllerId = controllerId;
  }

  get brokers(): ReadonlyMap<number, BrokerInfo> {
    return this.contents.brokers;
  }

  get topics(): ReadonlyMap<string, TopicInfo> {
    return this.contents.topics;
  }

  get features(): ReadonlyMap<string, number> {
    return this.contents.features;
  }

  get security(): SecurityImage {
    return this.contents.security;
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

  configured(type: ConfigResourceType): readonly string[] {
    const prefix = `${type}/`;
    const names: string[] = [];
    for (const key of this.contents.configs.keys()) if (key.startsWith(prefix)) names.push(key.slice(prefix.length));
    return names;
  }
}
