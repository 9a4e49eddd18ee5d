import type { BrokerCoordination, PartitionState } from '../coordinator/index.ts';
import type { Context } from '../kernel/api.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { AppendOrigin, AppendResult, PartitionLog, TransactionalAppend } from '../storage/api.ts';
import type { PendingAck } from './delayed-produce.ts';
import { brokerEvents } from './events.ts';
import type { FetchEntry } from './fetch-watch.ts';
import { highWatermarkCandidate, type WatermarkInput } from './high-watermark.ts';
import { proposeExpand, proposeShrink } from './isr-change.ts';
import { committedIsr, effectiveMinIsr, type IsrState, type LagLimits, laggards, mayJoin } from './isr-state.ts';
import type { RemoteReplica } from './remote-replica.ts';
import type { Wakes } from './wakes.ts';

/** What a partition asks of its broker. */
export interface PartitionHost {
  readonly brokerId: number;
  readonly context: Context;
  readonly coordination: BrokerCoordination;
  readonly wakes: Wakes;
  /** With `replica.lag.time.max.ms`; the rest is filled in at each use. */
  readonly limits: { -readonly [K in keyof LagLimits]: LagLimits[K] };
  /** The error for a partition that this broker does not host: offline directory, elsewhere, or unknown. */
  lookupError(topic: string, partition: number): number;
}

// What most partitions have none of: nobody pushes into these.
const NO_ACKS: PendingAck[] = [];
const NO_WATCHERS: FetchEntry[] = [];
const NO_REMOTES: readonly RemoteReplica[] = [];
/** What a follower knows of the ISR. */
export const NO_ISR = committedIsr([], false);

/**
 * One replica on this broker: its role, its log, and, while it leads, what it knows of its followers (Kafka's `Partition`).
 *
 * 1. `leaderEpoch` and `partitionEpoch` never fall.
 * 2. `remotes` and `leaderEpochStartOffset` mean something on a leader only; a follower's ISR is empty.
 * 3. At most one change of the ISR is on its way.
 */
export class Partition implements WatermarkInput {
  readonly host: PartitionHost;
  readonly topic: string;
  readonly topicId: string;
  readonly index: number;
  readonly name: string;
  readonly log: PartitionLog;
  /** Broker id, or -1. */
  leader = -1;
  leaderEpoch = -1;
  partitionEpoch = -1;
  leaderEpochStartOffset = -1;
  replicas: readonly number[] = [];
  isr: IsrState = NO_ISR;
  remotes: readonly RemoteReplica[] = NO_REMOTES;
  /** `min.insync.replicas` of its topic, bounded by the number of replicas. */
  effectiveMinIsr = 1;
  /** False once this broker has let go of it; then nobody may hold on to it. */
  hosted = true;
  /** acks=all requests that wait for the high watermark. */
  waitingAcks: PendingAck[] = NO_ACKS;
  queuedToWake = false;
  private followerWatchers: FetchEntry[] = NO_WATCHERS;
  private consumerWatchers: FetchEntry[] = NO_WATCHERS;

  constructor(host: PartitionHost, state: PartitionState, log: PartitionLog) {
    this.host = host;
    this.topic = state.topic;
    this.topicId = state.topicId;
    this.index = state.partition;
    this.name = log.name;
    this.log = log;
  }

  get leads(): boolean {
    return this.leader === this.host.brokerId;
  }

  // What the high watermark depends on.
  get isrSize(): number {
    return this.isr.isr.length;
  }
  get maximalIsr(): readonly number[] {
    return this.isr.maximal;
  }
  eligible(brokerId: number): boolean {
    const replica = this.remote(brokerId);
    return replica !== undefined && isEligible(this.host.coordination, replica);
  }

  remote(brokerId: number): RemoteReplica | undefined {
    const { remotes } = this;
    for (let i = 0; i < remotes.length; i++) if (remotes[i]!.brokerId === brokerId) return remotes[i];
    return undefined;
  }

  forgetRemotes(): void {
    this.remotes = NO_REMOTES;
  }

  /** Takes the assignment over: known replicas keep what is known of them. */
  assign(replicas: readonly number[], minInsyncReplicas: number): void {
    this.replicas = replicas;
    this.effectiveMinIsr = effectiveMinIsr(minInsyncReplicas, replicas.length);
  }

  /** Compares the epoch that a request carries with the replica's own; -1 skips (before leadership is looked at). */
  epochError(currentLeaderEpoch: number): number {
    if (currentLeaderEpoch < 0 || currentLeaderEpoch === this.leaderEpoch) return ErrorCode.NONE;
    return currentLeaderEpoch < this.leaderEpoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
  }

  /** Appends and raises the high watermark if that is enough; followers are woken at the end of the step. */
  append(batches: Uint8Array, origin: AppendOrigin, transaction?: TransactionalAppend): AppendResult {
    const result = this.log.appendAsLeader(batches, this.leaderEpoch, origin, transaction);
    if (result.kind !== 'appended') return result;
    this.raiseHighWatermark();
    const { wakes } = this.host;
    const watchers = this.followerWatchers;
    for (let i = 0; i < watchers.length; i++) {
      watchers[i]!.markDirty();
      wakes.fetch(watchers[i]!.watch);
    }
    return result;
  }

  /** Tries to raise the leader's high watermark; true if it rose. Wakes whoever waited for that. */
  raiseHighWatermark(): boolean {
    const { log } = this;
    const limits = this.currentLimits();
    const candidate = highWatermarkCandidate(this, limits);
    if (candidate === undefined || candidate <= log.highWatermark) return false;
    log.updateHighWatermark(candidate);
    this.highWatermarkMoved();
    return true;
  }

  /** Followers have to be told of it some time; consumers and producers at once. */
  highWatermarkMoved(): void {
    const followers = this.followerWatchers;
    for (let i = 0; i < followers.length; i++) followers[i]!.markDirty();
    const { wakes } = this.host;
    const consumers = this.consumerWatchers;
    for (let i = 0; i < consumers.length; i++) {
      consumers[i]!.markDirty();
      wakes.fetch(consumers[i]!.watch);
    }
    wakes.produce(this);
  }

  /** A follower fetched: moves what is known of it, perhaps the ISR, perhaps the high watermark. */
  followerFetched(replica: RemoteReplica, entry: FetchEntry, leaderEndOffset: number): void {
    const before = replica.logEndOffset;
    replica.update({
      fetchOffset: entry.fetchOffset,
      logStartOffset: entry.logStartOffset,
      leaderEndOffset,
      brokerEpoch: entry.watch.brokerEpoch,
      nowMs: this.host.context.wallMs(),
    });
    this.maybeExpand(replica);
    if (replica.logEndOffset !== before) this.raiseHighWatermark();
  }

  private maybeExpand(replica: RemoteReplica): void {
    const { isr } = this;
    if (isr.kind !== 'committed' || isr.isr.includes(replica.brokerId) || !this.replicas.includes(replica.brokerId))
      return;
    const bounds = { highWatermark: this.log.highWatermark, leaderEpochStartOffset: this.leaderEpochStartOffset };
    if (mayJoin(replica.logEndOffset, bounds) && isEligible(this.host.coordination, replica))
      proposeExpand(this, isr, replica);
  }

  /** The periodic check: members that have not been caught up for too long are to leave, all in one change. */
  shrinkIfLagging(): void {
    const { isr } = this;
    if (!this.leads || isr.kind !== 'committed' || isr.isr.length <= 1) return;
    const limits = this.currentLimits();
    const leaving = laggards(isr.isr, this.remotes, limits);
    if (leaving.length === 0) return;
    const { context } = this.host;
    const { cause } = context;
    for (const brokerId of leaving) {
      const { logEndOffset, lastCaughtUpMs } = this.remote(brokerId)!;
      const { leaderEndOffset, nowMs } = limits;
      context.cause = context.emit(brokerEvents['replica-fell-behind'], [
        this.name,
        brokerId,
        logEndOffset,
        leaderEndOffset,
        nowMs - lastCaughtUpMs,
      ]);
    }
    proposeShrink(this, isr, leaving);
    context.cause = cause;
  }

  /** Looks at every waiting acks=all request again, and keeps those that must wait on. */
  checkAcks(): void {
    const waiting = this.waitingAcks;
    if (waiting.length === 0) return;
    let kept = 0;
    const count = waiting.length;
    for (let i = 0; i < count; i++) {
      const ack = waiting[i]!;
      const error = ack.done ? ErrorCode.NONE : this.ackError(ack);
      if (error === undefined) waiting[kept++] = ack;
      else if (!ack.done) ack.produce.settle(ack, error);
    }
    for (let i = count; i < waiting.length; i++) waiting[kept++] = waiting[i]!;
    waiting.length = kept;
  }

  /** How a waiting request ends here; undefined while it has to wait. */
  ackError(ack: PendingAck): number | undefined {
    if (!this.hosted) return this.host.lookupError(this.topic, this.index);
    if (!this.leads) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    if (this.log.highWatermark < ack.requiredOffset) return undefined;
    return this.effectiveMinIsr <= this.isr.maximal.length
      ? ErrorCode.NONE
      : ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
  }

  awaitWatermark(ack: PendingAck): void {
    if (this.waitingAcks === NO_ACKS) this.waitingAcks = [];
    this.waitingAcks.push(ack);
  }

  giveUpAck(ack: PendingAck): void {
    const at = this.waitingAcks.indexOf(ack);
    if (at >= 0) this.waitingAcks.splice(at, 1);
  }

  /** The role changed, or the replica went: whoever waits here is answered by what is true now. */
  roleChanged(): void {
    this.refreshWatchers();
    for (const entry of this.followerWatchers) this.host.wakes.fetch(entry.watch);
    for (const entry of this.consumerWatchers) this.host.wakes.fetch(entry.watch);
    this.host.wakes.produce(this);
  }

  /** Everybody who watches looks again at the next occasion. */
  refreshWatchers(): void {
    for (const entry of this.followerWatchers) entry.markDirty();
    for (const entry of this.consumerWatchers) entry.markDirty();
  }

  /** Followers and consumers hear of a new log start with their next fetch. */
  logStartMoved(): void {
    this.refreshWatchers();
  }

  /** The broker lets go of this replica: nobody may hold on to it. */
  release(): void {
    this.hosted = false;
    this.roleChanged();
    for (const entry of this.followerWatchers) entry.partition = undefined;
    for (const entry of this.consumerWatchers) entry.partition = undefined;
    this.followerWatchers = NO_WATCHERS;
    this.consumerWatchers = NO_WATCHERS;
  }

  watch(entry: FetchEntry): void {
    if (entry.watch.replicaId >= 0) {
      // Few, and in every partition: without the room that a list which grows has to spare.
      this.followerWatchers = this.followerWatchers.concat(entry);
    } else {
      if (this.consumerWatchers === NO_WATCHERS) this.consumerWatchers = [];
      this.consumerWatchers.push(entry);
    }
  }

  unwatch(entry: FetchEntry): void {
    const list = entry.watch.replicaId >= 0 ? this.followerWatchers : this.consumerWatchers;
    const at = list.indexOf(entry);
    if (at >= 0) list.splice(at, 1);
  }

  private currentLimits(): LagLimits {
    const { limits, context } = this.host;
    limits.leaderEndOffset = this.log.logEndOffset;
    limits.nowMs = context.wallMs();
    return limits;
  }
}

/** Whether the authority would let the replica into an ISR (§3.2): ZooKeeper asks whether it lives, KRaft also for this very incarnation. */
function isEligible(coordination: BrokerCoordination, replica: RemoteReplica): boolean {
  const broker = coordination.image.brokers.get(replica.brokerId);
  if (broker === undefined) return false;
  if (coordination.mode === 'zookeeper') return true;
  const { brokerEpoch } = replica;
  if (broker.fenced || broker.inControlledShutdown || brokerEpoch === undefined) return false;
  return brokerEpoch === -1 || brokerEpoch === broker.epoch;
}
