import type { BrokerCoordination, MetadataDelta, MetadataImage, PartitionState } from '../coordinator/index.ts';
import { type Context, DiskError } from '../kernel/api.ts';
import { ByteSlab } from '../protocol/byte-slab.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { BrokerLogs } from '../storage/log-manager.ts';
import type { DelayedFetch } from './delayed-fetch.ts';
import { brokerEvents } from './events.ts';
import { FetchReader } from './fetch-read.ts';
import type { FetchEntry, FetchWatch } from './fetch-watch.ts';
import { FetcherManager, type FetcherSettings } from './fetcher-manager.ts';
import { type LogDirOwner, LogDirs } from './log-dirs.ts';
import { makeFollower } from './make-follower.ts';
import { makeLeader } from './make-leader.ts';
import { Partition, type PartitionHost } from './partition.ts';
import { Purgatory } from './purgatory.ts';
import type { BrokerSettings } from './settings.ts';
import type { TopicConfigs } from './topic-configs.ts';
import { Wakes } from './wakes.ts';

/** Told when this broker begins or ceases to lead a partition, in the order in which it happens. */
export interface LeadershipListener {
  onElected(partition: Partition): void;
  /** `leaderEpoch` of the new leadership; undefined if the replica went altogether. */
  onResigned(topic: string, partition: number, leaderEpoch: number | undefined): void;
}

export interface ReplicaManagerOptions {
  readonly context: Context;
  readonly brokerId: number;
  readonly coordination: BrokerCoordination;
  readonly settings: BrokerSettings;
  readonly logs: BrokerLogs;
  readonly topicConfigs: TopicConfigs;
  readonly fetching: FetcherSettings;
  readonly leadership: LeadershipListener;
}

/** All replicas of one broker (Kafka's `ReplicaManager`): finds them, gives them their roles, and lets go of them. */
export class ReplicaManager implements PartitionHost, LogDirOwner {
  readonly context: Context;
  readonly brokerId: number;
  readonly coordination: BrokerCoordination;
  readonly settings: BrokerSettings;
  readonly logs: BrokerLogs;
  readonly topicConfigs: TopicConfigs;
  readonly limits: PartitionHost['limits'];
  readonly wakes = new Wakes();
  /** Where appended batches are copied to. */
  readonly slab = new ByteSlab();
  readonly producePurgatory: Purgatory;
  readonly fetchPurgatory: Purgatory;
  readonly reader: FetchReader;
  readonly fetchers: FetcherManager;
  /** By name, in the order in which this broker came to host them. */
  readonly partitions = new Map<string, Partition>();
  private readonly byTopic = new Map<string, (Partition | undefined)[]>();
  private readonly leadership: LeadershipListener;
  /** Partitions in a failed log directory. */
  private readonly offline = new Set<string>();
  readonly logDirs = new LogDirs(this);
  private published = false;
  /**
   * This process is in its controlled shutdown. KRaft's metadata says the same of the broker, but also after a restart, until the
   * new registration is in: then nothing is to be stopped (Kafka's `ReplicaManager.beginControlledShutdown`).
   */
  leaving = false;

  constructor(options: ReplicaManagerOptions) {
    this.context = options.context;
    this.brokerId = options.brokerId;
    this.coordination = options.coordination;
    this.settings = options.settings;
    this.logs = options.logs;
    this.topicConfigs = options.topicConfigs;
    this.leadership = options.leadership;
    this.limits = { leaderEndOffset: 0, nowMs: 0, maxLagMs: options.settings.replicaLagTimeMaxMs };
    this.producePurgatory = new Purgatory(this.context);
    this.fetchPurgatory = new Purgatory(this.context);
    this.reader = new FetchReader(this);
    this.fetchers = new FetcherManager(this, options.fetching);
    this.wakes.recheckFetch = (watch: FetchWatch) => (watch.parked as DelayedFetch).recheck();
  }

  get(topic: string, partition: number): Partition | undefined {
    return this.byTopic.get(topic)?.[partition];
  }

  /** The error for what `get` does not find: its directory failed, it lives elsewhere, or nobody knows it. */
  lookupError(topic: string, partition: number): number {
    const state = this.coordination.image.partition(topic, partition);
    if (this.offline.has(state?.name ?? `${topic}-${partition}`)) return ErrorCode.KAFKA_STORAGE_ERROR;
    return state === undefined ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NOT_LEADER_OR_FOLLOWER;
  }

  /** Finds the replica that a fetch entry means, and lets it watch; undefined if there is none. */
  attach(entry: FetchEntry): Partition | undefined {
    if (entry.topic === '') entry.topic = this.coordination.image.topicById(entry.topicId)?.name ?? '';
    const partition = this.get(entry.topic, entry.index);
    if (partition === undefined || (entry.topicId !== '' && entry.topicId !== partition.topicId)) return undefined;
    entry.partition = partition;
    partition.watch(entry);
    return partition;
  }

  /** Why `attach` found nothing. */
  fetchError(entry: FetchEntry): number {
    if (entry.topic === '') return ErrorCode.UNKNOWN_TOPIC_ID;
    if (this.get(entry.topic, entry.index) !== undefined) return ErrorCode.INCONSISTENT_TOPIC_ID;
    return this.lookupError(entry.topic, entry.index);
  }

  /** Acts on new metadata: first what goes, then leaders, then followers (§4). */
  apply(delta: MetadataDelta): void {
    if (!this.published && this.coordination.mode === 'kraft') this.removeStrays(delta.image);
    this.published = true;
    for (const { topic, partition } of delta.deleted) this.stop(topic, partition, 'delete');
    for (const state of delta.leaders) this.lead(state);
    for (const state of delta.followers) this.follow(state);
    if (this.leaving || this.coordination.mode === 'zookeeper') this.stopNamed(delta.stopped);
    for (const change of delta.changedConfigs) if (change.type === 'topic') this.configChanged(change.name);
    if (delta.changedConfigs.some((change) => change.type === 'broker')) this.brokerConfigChanged();
    this.fetchers.start();
    this.wakes.settle();
  }

  private stopNamed(stopped: MetadataDelta['stopped']): void {
    for (const { name, leaderEpoch } of stopped) {
      const partition = this.partitions.get(name);
      if (partition === undefined || leaderEpoch < partition.leaderEpoch) continue;
      this.stop(partition.topic, partition.index, 'keep');
    }
  }

  /** Logs that this broker kept while their topics were deleted, or moved elsewhere (KRaft; Kafka's "stray" partitions). */
  private removeStrays(image: MetadataImage): void {
    for (const log of [...this.logs.logs.values()]) {
      const state = image.partition(log.topic, log.partition);
      const other = state !== undefined && log.topicId !== ZERO_UUID && log.topicId !== state.topicId;
      if (state === undefined || other || !state.replicas.includes(this.brokerId))
        this.stop(log.topic, log.partition, 'delete');
    }
  }

  private lead(state: PartitionState): void {
    const partition = this.host(state);
    if (partition === undefined) return;
    if (state.leaderEpoch > partition.leaderEpoch) this.fetchers.remove(partition);
    this.guard(partition, () => {
      if (makeLeader(partition, state, this.topicConfigs.of(state.topic).minInsyncReplicas) === 'elected')
        this.leadership.onElected(partition);
    });
  }

  private follow(state: PartitionState): void {
    const partition = this.host(state);
    if (partition === undefined) return;
    const { mode, image } = this.coordination;
    const leaderKnown = image.brokers.has(state.leader);
    // In ZooKeeper mode a leader that is not alive (or -1) changes nothing: the controller will send the state again.
    if (mode === 'zookeeper' && !leaderKnown) return;
    const led = partition.leads;
    const minInsync = this.topicConfigs.of(state.topic).minInsyncReplicas;
    if (makeFollower(partition, state, minInsync) !== 'elected') return;
    this.fetchers.remove(partition);
    if (led) this.leadership.onResigned(partition.topic, partition.index, state.leaderEpoch);
    if (leaderKnown) this.fetchers.add(partition);
  }

  /** The replica, made with its log if this broker has none yet; undefined if its directory failed. */
  private host(state: PartitionState): Partition | undefined {
    const known = this.get(state.topic, state.partition);
    if (known !== undefined && known.topicId === state.topicId) return known;
    if (known !== undefined) this.stop(known.topic, known.index, 'delete');
    if (this.offline.has(state.name)) return undefined;
    try {
      const log = this.logs.getOrCreate(
        state.topic,
        state.partition,
        state.topicId,
        this.topicConfigs.of(state.topic).log,
      );
      const partition = new Partition(this, state, log);
      this.partitions.set(partition.name, partition);
      let siblings = this.byTopic.get(state.topic);
      if (siblings === undefined) {
        siblings = [];
        this.byTopic.set(state.topic, siblings);
      }
      siblings[state.partition] = partition;
      return partition;
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      this.offline.add(state.name);
      this.logDirs.someFailed(thrown);
      return undefined;
    }
  }

  private stop(topic: string, index: number, fate: 'delete' | 'keep'): void {
    const partition = this.get(topic, index);
    const name = partition?.name ?? `${topic}-${index}`;
    if (partition !== undefined) this.letGo(partition);
    if (fate === 'delete') {
      this.offline.delete(name);
      try {
        if (this.logs.get(name) !== undefined) this.logs.remove(name);
      } catch (thrown) {
        if (!(thrown instanceof DiskError)) throw thrown;
        this.logDirs.someFailed(thrown);
      }
    }
    if (partition !== undefined || fate === 'delete')
      this.context.emit(brokerEvents['replica-stopped'], [name, fate === 'delete']);
  }

  private letGo(partition: Partition): void {
    this.fetchers.remove(partition);
    this.partitions.delete(partition.name);
    const siblings = this.byTopic.get(partition.topic);
    if (siblings !== undefined) siblings[partition.index] = undefined;
    const led = partition.leads;
    partition.release();
    if (led) this.leadership.onResigned(partition.topic, partition.index, undefined);
  }

  private configChanged(topic: string): void {
    this.topicConfigs.forget(topic);
    for (const partition of this.byTopic.get(topic) ?? []) if (partition !== undefined) this.reconfigure(partition);
  }

  private brokerConfigChanged(): void {
    this.topicConfigs.forgetAll();
    for (const partition of this.partitions.values()) this.reconfigure(partition);
  }

  private reconfigure(partition: Partition): void {
    const config = this.topicConfigs.of(partition.topic);
    partition.log.setConfig(config.log);
    partition.assign(partition.replicas, config.minInsyncReplicas);
  }

  /** The timer of `replica.lag.time.max.ms` / 2. */
  shrinkIsrs(): void {
    for (const partition of this.partitions.values()) partition.shrinkIfLagging();
    this.wakes.settle();
  }

  /** The timer of `log.retention.check.interval.ms`. */
  deleteOldSegments(): void {
    for (const partition of this.partitions.values())
      this.guard(partition, () => {
        if (partition.log.deleteOldSegments() > 0) partition.logStartMoved();
      });
    this.wakes.settle();
  }

  checkpointHighWatermarks(): void {
    try {
      this.logs.checkpointHighWatermarks();
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      this.logDirs.someFailed(thrown);
    }
  }

  checkpointRecoveryPoints(): void {
    try {
      this.logs.checkpointRecoveryPoints();
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      this.logDirs.someFailed(thrown);
    }
  }

  logDirFailed(partition: Partition, error: DiskError): void {
    this.logDirs.partitionFailed(partition.log, error);
  }

  partitionOffline(partition: Partition): void {
    this.offline.add(partition.name);
    this.letGo(partition);
    this.context.emit(brokerEvents['replica-stopped'], [partition.name, false]);
  }

  /** Does something with a partition's log; a disk that fails takes its directory offline. True if it was done. */
  guard(partition: Partition, action: () => void): boolean {
    try {
      action();
      return true;
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      this.logDirFailed(partition, thrown);
      return false;
    }
  }
}
