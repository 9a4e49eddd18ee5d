import type { BrokerInfo } from '../coordinator/index.ts';
import { DiskError } from '../kernel/api.ts';
import { Fetch, type FetchResponse, type FetchResponsePartitionData } from '../protocol/apis/01-fetch.ts';
import { ListOffsets } from '../protocol/apis/02-list-offsets.ts';
import { ErrorCode, errorName } from '../protocol/errors.ts';
import type { RpcChannel, RpcFailure } from '../rpc/api.ts';
import { openChannel } from '../rpc/channel.ts';
import { brokerEvents } from './events.ts';
import { locate } from './fetch-locate.ts';
import { FetchRequestBuilder } from './fetch-request-builder.ts';
import { FetchState } from './fetch-state.ts';
import { applyFetched } from './fetched.ts';
import type { FetcherSettings } from './fetcher-manager.ts';
import type { Partition } from './partition.ts';
import type { ReplicaManager } from './replica-manager.ts';
import { FETCHED_US } from './service-times.ts';

/**
 * Copies partitions from one leader (Kafka's `ReplicaFetcherThread`): one request at a time, in a fetch session, so that a
 * round with nothing new costs the same for one partition and for ten thousand.
 */
export class ReplicaFetcher {
  readonly manager: ReplicaManager;
  readonly leaderId: number;
  readonly node: string;
  readonly channel: RpcChannel;
  readonly listOffsetsVersion: number;
  private readonly version: number;
  ended = false;
  private readonly states = new Map<Partition, FetchState>();
  private readonly byTopicId = new Map<string, (FetchState | undefined)[]>();
  private readonly builder: FetchRequestBuilder;
  private inFlight = false;
  private connected = true;

  constructor(manager: ReplicaManager, fetching: FetcherSettings, leader: BrokerInfo) {
    this.manager = manager;
    this.leaderId = leader.id;
    this.node = leader.node;
    this.version = Fetch.offered[fetching.release]!.max;
    this.listOffsetsVersion = ListOffsets.offered[fetching.release]!.max;
    this.builder = new FetchRequestBuilder(manager);
    const { settings } = manager;
    this.channel = openChannel(
      manager.context,
      leader.node,
      fetching.port,
      {
        clientId: `broker-${manager.brokerId}-fetcher-0`,
        requestTimeoutMs: settings.replicaSocketTimeoutMs,
        reconnectBackoffMs: 0,
        reconnectBackoffMaxMs: 0,
        maxInFlight: 1,
      },
      fetching.rpc,
    );
  }

  get size(): number {
    return this.states.size;
  }

  add(partition: Partition): void {
    this.remove(partition);
    const state = new FetchState(partition);
    const { log } = partition;
    if (state.lastFetchedEpoch < 0 && log.logEndOffset > state.fetchOffset) {
      if (!this.manager.guard(partition, () => log.truncateTo(state.fetchOffset))) return;
    }
    this.states.set(partition, state);
    let siblings = this.byTopicId.get(partition.topicId);
    if (siblings === undefined) {
      siblings = [];
      this.byTopicId.set(partition.topicId, siblings);
    }
    siblings[partition.index] = state;
    this.builder.name(state);
  }

  remove(partition: Partition): void {
    const state = this.states.get(partition);
    if (state === undefined) return;
    this.states.delete(partition);
    const siblings = this.byTopicId.get(partition.topicId);
    if (siblings !== undefined && siblings[partition.index] === state) siblings[partition.index] = undefined;
    state.mode = 'failed';
    this.builder.forget(state);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.channel.close();
  }

  /** Sends the next request, unless one is on its way or there is nothing to fetch. */
  run(): void {
    if (this.inFlight || this.ended) return;
    const body = this.builder.next();
    if (body === null) return;
    this.inFlight = true;
    this.channel.send(Fetch, this.version, body, this.onAnswer, this);
  }

  private readonly onAnswer = (_: this, answer: unknown, failure: RpcFailure | null): void => {
    const response = answer as FetchResponse;
    if (failure === null && response.responses.length > 0) {
      // What was fetched has to be checked and written: a slow machine is a slow follower.
      this.manager.context.cpu.run(FETCHED_US, this.onProcessed, response);
      return;
    }
    this.inFlight = false;
    if (this.ended) return;
    if (failure !== null) this.failed(failure);
    else this.process(response);
    this.manager.wakes.settle();
    this.run();
  };

  private readonly onProcessed = (response: FetchResponse): void => {
    this.inFlight = false;
    if (this.ended) return;
    this.process(response);
    this.manager.wakes.settle();
    this.run();
  };

  private failed(failure: RpcFailure): void {
    this.builder.resetSession();
    if (this.connected) {
      this.connected = false;
      const reason = failure.kind === 'timeout' ? 'timeout' : failure.reason;
      this.manager.context.emit(brokerEvents['fetcher-disconnected'], [this.leaderId, reason, this.states.size]);
    }
    const ready: FetchState[] = [];
    for (const state of this.states.values()) if (state.mode === 'ready') ready.push(state);
    this.delay(ready);
  }

  private process(response: FetchResponse): void {
    if (!this.connected) {
      this.connected = true;
      this.manager.context.emit(brokerEvents['fetcher-reconnected'], [this.leaderId]);
    }
    if (response.errorCode !== ErrorCode.NONE) {
      this.builder.sessionRefused(response.errorCode);
      if (response.errorCode === ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR) this.delay([...this.states.values()]);
      return;
    }
    this.builder.sessionAnswered(response.sessionId);
    const { responses } = response;
    const refused: FetchState[] = [];
    for (let t = 0; t < responses.length; t++) {
      const topic = responses[t]!;
      const siblings = this.byTopicId.get(topic.topicId);
      if (siblings === undefined) continue;
      for (let p = 0; p < topic.partitions.length; p++) {
        const data = topic.partitions[p]!;
        const state = siblings[data.partitionIndex];
        if (state === undefined || state.mode !== 'ready' || state.sentOffset !== state.fetchOffset) continue;
        if (data.errorCode === ErrorCode.NONE) this.take(state, data);
        else if (this.refuse(state, data.errorCode)) refused.push(state);
      }
    }
    this.delay(refused);
  }

  private take(state: FetchState, data: FetchResponsePartitionData): void {
    try {
      const outcome = applyFetched(state, data);
      if (outcome === 'moved') this.builder.name(state);
      else if (outcome === 'mismatch') this.giveUp(state, 'offset mismatch');
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      this.manager.logDirFailed(state.partition, thrown);
    }
  }

  /** An error for one partition (§4.4). True if it is to be left alone for a while. */
  private refuse(state: FetchState, error: number): boolean {
    if (error === ErrorCode.OFFSET_OUT_OF_RANGE) {
      state.mode = 'locating';
      this.builder.forget(state);
      locate(this, state);
      return false;
    }
    if (error === ErrorCode.FENCED_LEADER_EPOCH && state.leaderEpoch === state.partition.leaderEpoch) {
      this.giveUp(state, errorName(error));
      return false;
    }
    const { context } = this.manager;
    context.emit(brokerEvents['fetcher-backed-off'], [state.partition.name, this.leaderId, errorName(error)]);
    return true;
  }

  giveUp(state: FetchState, reason: string): void {
    this.remove(state.partition);
    this.manager.context.emit(brokerEvents['fetch-partition-failed'], [state.partition.name, this.leaderId, reason]);
  }

  delay(states: readonly FetchState[]): void {
    if (states.length === 0) return;
    for (const state of states) {
      state.mode = 'delayed';
      this.builder.forget(state);
    }
    this.manager.context.after(this.manager.settings.replicaFetchBackoffMs * 1000, this.resume, states);
  }

  private readonly resume = (states: readonly FetchState[]): void => {
    if (this.ended) return;
    for (const state of states) if (state.mode === 'delayed') this.makeReady(state);
    this.run();
  };

  /** The state has an offset to fetch from again. */
  makeReady(state: FetchState): void {
    if (this.states.get(state.partition) !== state) return;
    state.mode = 'ready';
    this.builder.name(state);
  }
}
