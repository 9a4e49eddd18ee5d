import { Fetch, type FetchResponse, type FetchResponsePartitionData } from '../../protocol/apis/01-fetch.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { failureCode, type RequestFailure } from '../connection.ts';
import type { ClientNetwork } from '../network.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import type { Assignment } from './assignment.ts';
import { NodeFetch } from './node-fetch.ts';
import type { ConsumerSettings } from './settings.ts';

/** What a fetcher tells its consumer. */
export interface FetcherOwner {
  /** Data came, or positions may need to be looked up: it is worth to look. */
  onFetched(): void;
  /** The position is outside the log. */
  onOutOfRange(partition: AssignedPartition): void;
  /** poll() must throw this. */
  onFatal(error: number, partition: AssignedPartition): void;
}

/**
 * Fetches the assigned partitions that have a position, from their leaders; one request in flight per broker, the next one
 * sent before the application gets what came (AbstractFetch).
 *
 * Not simulated: reading from the closest replica (KIP-392).
 */
export class Fetcher {
  private readonly network: ClientNetwork;
  private readonly settings: ConsumerSettings;
  private readonly assignment: Assignment;
  private readonly owner: FetcherOwner;
  private readonly nodes = new Map<number, NodeFetch>();
  /** What was fetched and waits for poll(), oldest first; what was displaced meanwhile has no data any more. */
  private readonly completed: AssignedPartition[] = [];

  constructor(network: ClientNetwork, settings: ConsumerSettings, assignment: Assignment, owner: FetcherOwner) {
    this.network = network;
    this.settings = settings;
    this.assignment = assignment;
    this.owner = owner;
  }

  /** A partition is to be fetched from its leader. */
  place(partition: AssignedPartition): void {
    this.displace(partition);
    if (partition.leader < 0) {
      this.network.refresher.request();
      return;
    }
    let node = this.nodes.get(partition.leader);
    if (node === undefined) {
      node = new NodeFetch(partition.leader);
      this.nodes.set(partition.leader, node);
    }
    node.add(partition);
  }

  /** A partition is not to be fetched any more; what was fetched and not taken is forgotten. */
  displace(partition: AssignedPartition): void {
    partition.node?.remove(partition);
    partition.fetched = null;
  }

  /** The partition whose data poll() returns next. */
  next(): AssignedPartition | undefined {
    for (;;) {
      const first = this.completed[0];
      if (first === undefined || first.fetched !== null) return first;
      this.completed.shift();
    }
  }

  /** The application took everything that had been fetched of a partition. */
  drained(partition: AssignedPartition): void {
    if (partition.fetched === null) return;
    partition.fetched = null;
    const { node } = partition;
    if (node === null) return;
    node.buffered -= 1;
    node.moved(partition);
  }

  /** Sends what can be sent. */
  run(): void {
    for (const node of this.nodes.values()) {
      if (node.inFlight || node.members.size === 0 || node.buffered > 0) continue;
      const connection = this.network.connectionTo(node.nodeId);
      if (connection === undefined) this.network.refresher.request();
      else if (!connection.canSend) connection.connect();
      else {
        node.inFlight = true;
        connection.send(Fetch, node.request(this.settings), fetched, { fetcher: this, node });
      }
    }
  }

  answered(node: NodeFetch, response: FetchResponse | null, failure: RequestFailure | null): void {
    node.inFlight = false;
    if (response === null) {
      node.resetSession(true);
      this.network.sawError(Fetch.name, failureCode(failure!), null, node.nodeId);
      this.network.refresher.request();
    } else if (response.errorCode !== ErrorCode.NONE) {
      this.network.sawError(Fetch.name, response.errorCode, null, node.nodeId);
      node.resetSession(response.errorCode === ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
      if (response.errorCode === ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR) this.network.refresher.request();
    } else {
      node.answered(response.sessionId);
      this.take(node, response);
    }
    this.owner.onFetched();
  }

  private take(node: NodeFetch, { responses }: FetchResponse): void {
    for (let t = 0; t < responses.length; t++) {
      const { topic, topicId, partitions } = responses[t]!;
      for (let p = 0; p < partitions.length; p++) {
        const data = partitions[p]!;
        const partition = this.assignment.find(topic === '' ? topicId : topic, data.partitionIndex);
        // The answer may be about a position that was left meanwhile.
        if (partition === undefined || partition.node !== node) continue;
        if (partition.fetched !== null || partition.position !== partition.sentPosition) continue;
        this.takePartition(node, partition, data);
      }
    }
  }

  private takePartition(node: NodeFetch, partition: AssignedPartition, data: FetchResponsePartitionData): void {
    if (data.errorCode === ErrorCode.NONE) {
      const { lastStableOffset, highWatermark, records } = data;
      partition.endOffset = this.settings.readCommitted && lastStableOffset >= 0 ? lastStableOffset : highWatermark;
      if (records === null || records.length === 0) return;
      partition.fetched = data;
      partition.fetchedAt = 0;
      node.buffered += 1;
      this.completed.push(partition);
      return;
    }
    this.network.sawError(Fetch.name, data.errorCode, partition.name, node.nodeId);
    node.moved(partition);
    this.react(partition, data);
  }

  private react(partition: AssignedPartition, { errorCode, currentLeader }: FetchResponsePartitionData): void {
    const { network } = this;
    switch (errorCode) {
      case ErrorCode.NOT_LEADER_OR_FOLLOWER:
      case ErrorCode.FENCED_LEADER_EPOCH:
        network.metadata.hintLeader(partition.info, currentLeader.leaderId, currentLeader.leaderEpoch);
        network.refresher.request();
        return;
      case ErrorCode.REPLICA_NOT_AVAILABLE:
      case ErrorCode.KAFKA_STORAGE_ERROR:
      case ErrorCode.OFFSET_NOT_AVAILABLE:
      case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
      case ErrorCode.UNKNOWN_TOPIC_ID:
      case ErrorCode.INCONSISTENT_TOPIC_ID:
      case ErrorCode.LEADER_NOT_AVAILABLE:
        network.refresher.request();
        return;
      case ErrorCode.OFFSET_OUT_OF_RANGE:
        this.owner.onOutOfRange(partition);
        return;
      case ErrorCode.UNKNOWN_LEADER_EPOCH:
      case ErrorCode.UNKNOWN_SERVER_ERROR:
        return;
      default:
        this.owner.onFatal(errorCode, partition);
    }
  }
}

interface Call {
  readonly fetcher: Fetcher;
  readonly node: NodeFetch;
}

function fetched({ fetcher, node }: Call, response: unknown, failure: RequestFailure | null): void {
  fetcher.answered(node, failure === null ? (response as FetchResponse) : null, failure);
}
