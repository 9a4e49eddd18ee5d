import type { MetadataResponse, MetadataResponseTopic } from '../protocol/apis/03-metadata.ts';
import { ErrorCode, isInvalidMetadata } from '../protocol/errors.ts';
import { partitionName } from '../protocol/partition-name.ts';
import type { Address } from './environment.ts';

export interface NodeInfo extends Address {
  readonly id: number;
  readonly rack: string | null;
}

/** A partition as the client believes it to be. One object for as long as the topic is known: it may be kept. */
export interface PartitionInfo {
  readonly topic: TopicInfo;
  readonly index: number;
  /** `orders-0`. */
  readonly name: string;
  /** -1: nobody, or unknown. */
  leader: number;
  /** -1: unknown. */
  leaderEpoch: number;
}

export interface TopicInfo {
  readonly name: string;
  id: string;
  /** Empty: unknown as yet. */
  partitions: PartitionInfo[];
  /** What the latest metadata said of the topic as a whole. */
  error: number;
  /** False before the first answer, and after the picture was thrown away: `partitions` may not be counted then. */
  known: boolean;
}

/** What a metadata response changed. */
export interface MetadataChange {
  /** A leader epoch rose, or a partition is new: the cluster has moved on. */
  readonly newer: boolean;
  /** Something in it is missing or wrong, and should be asked again. */
  readonly incomplete: boolean;
}

/**
 * The client's picture of the cluster. Leader epochs never go back: what a broker that lags behind says of a partition is
 * passed over (KIP-320), even after the picture was thrown away in a rebootstrap.
 */
export class Metadata {
  nodes = new Map<number, NodeInfo>();
  controllerId = -1;
  /** Whether nothing but the bootstrap addresses is known. */
  onBootstrap = true;
  /** Grows with every response and hint taken. */
  version = 0;
  readonly topics = new Map<string, TopicInfo>();
  private readonly bootstrap: readonly Address[];

  constructor(bootstrap: readonly Address[]) {
    this.bootstrap = bootstrap;
    this.forgetCluster();
  }

  topic(name: string): TopicInfo | undefined {
    return this.topics.get(name);
  }

  topicById(id: string): TopicInfo | undefined {
    for (const topic of this.topics.values()) if (topic.id === id) return topic;
    return undefined;
  }

  /** The topic, made if it is not known. */
  ensureTopic(name: string): TopicInfo {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = { name, id: '', partitions: [], error: ErrorCode.NONE, known: false };
      this.topics.set(name, topic);
    }
    return topic;
  }

  /** Back to the bootstrap addresses, with ids -1, -2 …; leaders are forgotten, epochs are not. */
  forgetCluster(): void {
    this.nodes = new Map(
      this.bootstrap.map(({ host, port }, index) => [-1 - index, { id: -1 - index, host, port, rack: null }]),
    );
    this.onBootstrap = true;
    this.controllerId = -1;
    for (const topic of this.topics.values()) {
      topic.known = false;
      for (const partition of topic.partitions) partition.leader = -1;
    }
  }

  /** Takes a response over. One without brokers must not come here. */
  update(response: MetadataResponse): MetadataChange {
    this.version += 1;
    this.onBootstrap = false;
    this.nodes = new Map(
      response.brokers.map(({ nodeId, host, port, rack }) => [nodeId, { id: nodeId, host, port, rack }]),
    );
    this.controllerId = response.controllerId;
    let newer = false;
    let incomplete = false;
    for (const described of response.topics) {
      if (described.name === null) continue;
      const change = this.updateTopic(this.ensureTopic(described.name), described);
      newer ||= change.newer;
      incomplete ||= change.incomplete;
    }
    return { newer, incomplete };
  }

  /** A broker named another leader in its answer (KIP-951); true if that is news. */
  hintLeader(partition: PartitionInfo, leader: number, leaderEpoch: number): boolean {
    if (leaderEpoch <= partition.leaderEpoch || leader < 0 || !this.nodes.has(leader)) return false;
    partition.leader = leader;
    partition.leaderEpoch = leaderEpoch;
    this.version += 1;
    return true;
  }

  private updateTopic(topic: TopicInfo, described: MetadataResponseTopic): MetadataChange {
    topic.error = described.errorCode;
    if (described.errorCode !== ErrorCode.NONE) {
      return { newer: false, incomplete: isInvalidMetadata(described.errorCode) };
    }
    const recreated = topic.id !== '' && topic.id !== described.topicId;
    topic.id = described.topicId;
    topic.known = true;
    let newer = recreated;
    let incomplete = false;
    for (const { partitionIndex, leaderId, leaderEpoch, errorCode } of described.partitions) {
      if (isInvalidMetadata(errorCode)) incomplete = true;
      let partition = topic.partitions[partitionIndex];
      if (partition === undefined) {
        partition = {
          topic,
          index: partitionIndex,
          name: partitionName(topic.name, partitionIndex),
          leader: -1,
          leaderEpoch: -1,
        };
        topic.partitions[partitionIndex] = partition;
        newer = true;
      }
      if (!recreated && leaderEpoch >= 0 && leaderEpoch < partition.leaderEpoch) continue;
      if (leaderEpoch > partition.leaderEpoch) newer = true;
      partition.leader = leaderId;
      partition.leaderEpoch = leaderEpoch;
    }
    if (described.partitions.length < topic.partitions.length && recreated)
      topic.partitions.length = described.partitions.length;
    return { newer, incomplete };
  }
}
