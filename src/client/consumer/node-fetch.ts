import type {
  FetchPartition,
  FetchRequest,
  FetchRequestForgottenTopic,
  FetchTopic,
} from '../../protocol/apis/01-fetch.ts';
import { LONG_MAX } from '../../protocol/reader.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { PartitionInfo } from '../metadata.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import type { ConsumerSettings } from './settings.ts';

const LAST_SESSION_EPOCH = 0x7fff_ffff;
const CONSUMER = -1;
const NO_REPLICA = { replicaId: -1, replicaEpoch: -1 };
const NO_TOPICS: readonly FetchTopic[] = [];
const NO_FORGOTTEN: readonly FetchRequestForgottenTopic[] = [];

/**
 * What is fetched from one broker: one request at a time, in a fetch session, so that each names only what changed since
 * the one before (KIP-227, FetchSessionHandler).
 */
export class NodeFetch {
  readonly nodeId: number;
  readonly members = new Set<AssignedPartition>();
  inFlight = false;
  /** Members whose data the application has not taken yet: no request until it has, so that none must be forgotten. */
  buffered = 0;
  private sessionId = 0;
  /** 0: the next request is a full one. */
  private epoch = 0;
  private changed = new Set<AssignedPartition>();
  private forgotten: PartitionInfo[] = [];

  constructor(nodeId: number) {
    this.nodeId = nodeId;
  }

  add(partition: AssignedPartition): void {
    this.members.add(partition);
    this.changed.add(partition);
    partition.node = this;
    partition.inSession = false;
  }

  remove(partition: AssignedPartition): void {
    if (!this.members.delete(partition)) return;
    this.changed.delete(partition);
    if (partition.inSession) this.forgotten.push(partition.info);
    if (partition.fetched !== null) this.buffered -= 1;
    partition.fetched = null;
    partition.node = null;
    partition.inSession = false;
  }

  /** The position of a member changed. */
  moved(partition: AssignedPartition): void {
    this.changed.add(partition);
  }

  /** The next request must name everything; the old session, if there was one, ends with it. */
  resetSession(sessionIsGone: boolean): void {
    if (sessionIsGone) this.sessionId = 0;
    this.epoch = 0;
    this.forgotten = [];
    for (const member of this.members) member.inSession = false;
  }

  /** The broker opened or continued the session. */
  answered(sessionId: number): void {
    if (sessionId === 0) {
      this.resetSession(true);
      return;
    }
    if (this.epoch === 0) this.epoch = 1;
    else this.epoch = this.epoch === LAST_SESSION_EPOCH ? 1 : this.epoch + 1;
    this.sessionId = sessionId;
  }

  request(settings: ConsumerSettings): FetchRequest {
    const full = this.epoch === 0;
    const named = full ? this.members : this.changed;
    const topics = named.size === 0 ? NO_TOPICS : this.topics(named, settings);
    const forgottenTopicsData = this.forgotten.length === 0 || full ? NO_FORGOTTEN : forgottenTopics(this.forgotten);
    if (named.size > 0) this.changed = new Set();
    if (this.forgotten.length > 0) this.forgotten = [];
    return {
      clusterId: null,
      replicaId: CONSUMER,
      replicaState: NO_REPLICA,
      maxWaitMs: settings.fetchMaxWaitMs,
      minBytes: settings.fetchMinBytes,
      maxBytes: settings.fetchMaxBytes,
      isolationLevel: settings.readCommitted ? 1 : 0,
      sessionId: this.sessionId,
      sessionEpoch: this.epoch,
      topics,
      forgottenTopicsData,
      rackId: '',
    };
  }

  private topics(named: Iterable<AssignedPartition>, settings: ConsumerSettings): readonly FetchTopic[] {
    const topics: (FetchTopic & { partitions: FetchPartition[] })[] = [];
    for (const partition of named) {
      const { topic, index } = partition.info;
      partition.inSession = true;
      partition.sentPosition = partition.position;
      let entry = topics.find((known) => known.topic === topic.name);
      if (entry === undefined) {
        entry = { topic: topic.name, topicId: topic.id === '' ? ZERO_UUID : topic.id, partitions: [] };
        topics.push(entry);
      }
      entry.partitions.push({
        partition: index,
        currentLeaderEpoch: partition.leaderEpoch,
        fetchOffset: partition.position,
        lastFetchedEpoch: -1,
        logStartOffset: -1,
        partitionMaxBytes: settings.partitionFetchBytes,
        replicaDirectoryId: ZERO_UUID,
        highWatermark: LONG_MAX,
      });
    }
    return topics;
  }
}

function forgottenTopics(partitions: readonly PartitionInfo[]): readonly FetchRequestForgottenTopic[] {
  const topics: (FetchRequestForgottenTopic & { partitions: number[] })[] = [];
  for (const { topic, index } of partitions) {
    let entry = topics.find((known) => known.topic === topic.name);
    if (entry === undefined) {
      entry = { topic: topic.name, topicId: topic.id === '' ? ZERO_UUID : topic.id, partitions: [] };
      topics.push(entry);
    }
    entry.partitions.push(index);
  }
  return topics;
}
