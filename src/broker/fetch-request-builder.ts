import type { FetchPartition, FetchRequest } from '../protocol/apis/01-fetch.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { LONG_MAX } from '../protocol/reader.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { FetchState } from './fetch-state.ts';
import type { ReplicaManager } from './replica-manager.ts';

interface NamedTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: FetchPartition[];
}

interface ForgottenTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: number[];
}

const NOTHING: readonly never[] = [];

/** A follower's half of a fetch session: what the next request has to name (Kafka's `FetchSessionHandler`). */
export class FetchRequestBuilder {
  private readonly manager: ReplicaManager;
  private sessionId = 0;
  /** Epoch of the next request; 0 asks for a new session. */
  private sessionEpoch = 0;
  /** Everything ready, in the order in which it came. */
  private readonly ready = new Set<FetchState>();
  /** An array that is used again: the count says how much of it means something. */
  private readonly changed: (FetchState | undefined)[] = [];
  private changedCount = 0;
  private forgotten: FetchState[] = [];

  constructor(manager: ReplicaManager) {
    this.manager = manager;
  }

  /** The state is ready, or its position changed. */
  name(state: FetchState): void {
    if (!state.inSession) this.ready.add(state);
    if (state.changed) return;
    state.changed = true;
    this.changed[this.changedCount++] = state;
  }

  /** The state is not to be fetched for now. */
  forget(state: FetchState): void {
    this.ready.delete(state);
    if (!state.inSession) return;
    state.inSession = false;
    this.forgotten.push(state);
  }

  /** The request was lost: nobody knows what the leader knows. The old session is closed and a new one asked for. */
  resetSession(): void {
    this.sessionEpoch = 0;
  }

  sessionRefused(error: number): void {
    if (error === ErrorCode.FETCH_SESSION_ID_NOT_FOUND) this.sessionId = 0;
    this.sessionEpoch = 0;
  }

  sessionAnswered(sessionId: number): void {
    this.sessionId = sessionId;
    if (sessionId === 0) this.sessionEpoch = 0;
    else this.sessionEpoch = this.sessionEpoch === 0x7fffffff ? 1 : this.sessionEpoch + 1;
  }

  /** The next request; null if there is nothing to fetch. */
  next(): FetchRequest | null {
    const full = this.sessionEpoch === 0;
    if (this.ready.size === 0) {
      if (!full) this.resetSession();
      this.forgotten.length = 0;
      return null;
    }
    const { settings, brokerId, coordination } = this.manager;
    const topics = full ? this.nameAll() : this.nameChanged();
    const forgottenTopicsData = full ? NOTHING : this.nameForgotten();
    if (this.forgotten.length > 0) this.forgotten.length = 0;
    return {
      clusterId: null,
      replicaId: -1,
      replicaState: { replicaId: brokerId, replicaEpoch: coordination.brokerEpoch },
      maxWaitMs: settings.replicaFetchWaitMaxMs,
      minBytes: settings.replicaFetchMinBytes,
      maxBytes: settings.replicaFetchResponseMaxBytes,
      isolationLevel: 0,
      sessionId: this.sessionId,
      sessionEpoch: this.sessionEpoch,
      topics,
      forgottenTopicsData,
      rackId: '',
    };
  }

  private nameAll(): NamedTopic[] {
    const topics: NamedTopic[] = [];
    for (let i = 0; i < this.changedCount; i++) this.takeChanged(i);
    this.changedCount = 0;
    for (const state of this.ready) this.put(topics, state);
    return topics;
  }

  private nameChanged(): readonly NamedTopic[] {
    if (this.changedCount === 0) return NOTHING;
    const topics: NamedTopic[] = [];
    for (let i = 0; i < this.changedCount; i++) {
      const state = this.takeChanged(i);
      if (state.mode === 'ready') this.put(topics, state);
    }
    this.changedCount = 0;
    return topics;
  }

  private takeChanged(i: number): FetchState {
    const state = this.changed[i]!;
    this.changed[i] = undefined;
    state.changed = false;
    return state;
  }

  private put(topics: NamedTopic[], state: FetchState): void {
    const { partition } = state;
    let topic = topics[topics.length - 1];
    if (topic === undefined || topic.topicId !== partition.topicId) {
      topic = { topic: '', topicId: partition.topicId, partitions: [] };
      topics.push(topic);
    }
    state.sentOffset = state.fetchOffset;
    state.inSession = true;
    topic.partitions.push({
      partition: partition.index,
      currentLeaderEpoch: state.leaderEpoch,
      fetchOffset: state.fetchOffset,
      lastFetchedEpoch: state.lastFetchedEpoch,
      logStartOffset: partition.log.logStartOffset,
      partitionMaxBytes: this.manager.settings.replicaFetchMaxBytes,
      replicaDirectoryId: ZERO_UUID,
      highWatermark: LONG_MAX,
    });
  }

  private nameForgotten(): readonly ForgottenTopic[] {
    if (this.forgotten.length === 0) return NOTHING;
    const topics: ForgottenTopic[] = [];
    for (const { partition, inSession } of this.forgotten) {
      if (inSession) continue;
      const last = topics[topics.length - 1];
      if (last !== undefined && last.topicId === partition.topicId) last.partitions.push(partition.index);
      else topics.push({ topic: '', topicId: partition.topicId, partitions: [partition.index] });
    }
    return topics;
  }
}
