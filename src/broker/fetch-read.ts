import { DiskError } from '../kernel/api.ts';
import type { FetchResponsePartitionData } from '../protocol/apis/01-fetch.ts';
import { completeBatchSize, nextOffset } from '../protocol/batch-header.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { FetchEntry, FetchWatch } from './fetch-watch.ts';
import type { Partition } from './partition.ts';
import { NONE_PREFERRED, preferredReplica } from './preferred-replica.ts';
import type { RemoteReplica } from './remote-replica.ts';
import type { ReplicaManager } from './replica-manager.ts';

/** An answer of more partitions than this, such as a session's first, is not held on to. */
const KEPT_ROOM = 256;
const NO_RECORDS = new Uint8Array(0);
const NO_DIVERGENCE = { epoch: -1, endOffset: -1 };
export const NO_LEADER = { leaderId: -1, leaderEpoch: -1 };
const NO_SNAPSHOT = { endOffset: -1, epoch: -1 };

/** How a fetch is looked at: on its arrival it moves what is known of a follower, later looks only read. */
export type Look = 'arrival' | 'again';

/**
 * Reads what a watch's dirty entries have to say (Kafka's `ReplicaManager.readFromLog` and `Partition.fetchRecords`). One
 * instance serves one broker: `found` and the counters are those of the latest `collect`.
 */
export class FetchReader {
  /** What the answer would hold, in order; `foundEntries` are the entries meant. */
  readonly found: FetchResponsePartitionData[] = [];
  readonly foundEntries: FetchEntry[] = [];
  /** How much of the two arrays above means something: they are used again. */
  count = 0;
  /** Bytes of records found. */
  bytes = 0;
  /** Something that must be answered at once: an error, or parted histories. */
  urgent = false;
  private readonly manager: ReplicaManager;
  private look: Look = 'again';
  private remaining = 0;

  constructor(manager: ReplicaManager) {
    this.manager = manager;
  }

  /** `everything`: also what is unchanged (a full answer); otherwise only what an incremental answer would hold. */
  collect(watch: FetchWatch, look: Look, everything: boolean, maxBytes: number): void {
    this.count = 0;
    this.bytes = 0;
    this.urgent = false;
    this.remaining = maxBytes;
    this.look = look;
    const { dirty } = watch;
    for (let i = 0; i < dirty.length; i++) {
      const entry = dirty[i]!;
      const data = this.read(entry);
      if (data.errorCode !== 0 || data.divergingEpoch !== NO_DIVERGENCE || data.preferredReadReplica >= 0)
        this.urgent = true;
      else if (!everything && (data.records as Uint8Array).length === 0 && isKnown(entry, data)) continue;
      this.found[this.count] = data;
      this.foundEntries[this.count++] = entry;
    }
  }

  /**
   * The answer is sent: notes what the reader knows now, and which entries need no further look. As in Kafka, the watermark of
   * an answer that shows a divergence counts as known, although a follower that cuts its log does not take it in.
   */
  commit(watch: FetchWatch): void {
    const { found, foundEntries } = this;
    for (let i = 0; i < this.count; i++) {
      foundEntries[i]!.sentHighWatermark = found[i]!.highWatermark;
      foundEntries[i]!.sentLogStartOffset = found[i]!.logStartOffset;
    }
    const { dirty } = watch;
    if (dirty.length === 0) return;
    let served: FetchEntry[] | undefined;
    let kept = 0;
    for (let i = 0; i < dirty.length; i++) {
      const entry = dirty[i]!;
      if (isSettled(entry)) entry.dirty = false;
      else if (hasReadable(entry)) {
        if (served === undefined) served = [entry];
        else served.push(entry);
      } else dirty[kept++] = entry;
    }
    if (kept < dirty.length) dirty.length = kept;
    if (served === undefined) return;
    // Those with data go last, so that under a small response limit every partition has its turn.
    for (const entry of served) dirty.push(entry);
  }

  /** What was found is in an answer now. */
  release(): void {
    if (this.found.length <= KEPT_ROOM) return;
    this.found.length = KEPT_ROOM;
    this.foundEntries.length = KEPT_ROOM;
  }

  private read(entry: FetchEntry): FetchResponsePartitionData {
    // A topic that may not be read and one that is not there look the same, unless it is named by an id that is not known.
    if (entry.watch.mayRead !== null && entry.topic !== '' && !entry.watch.mayRead(entry.topic))
      return refusal(entry, ErrorCode.TOPIC_AUTHORIZATION_FAILED, undefined);
    const partition = entry.partition ?? this.manager.attach(entry);
    if (partition === undefined) {
      const known = this.manager.coordination.image.partition(entry.topic, entry.index);
      return refusal(entry, this.manager.fetchError(entry), known);
    }
    const { watch } = entry;
    const follows = watch.replicaId >= 0;
    let error = partition.epochError(entry.currentLeaderEpoch);
    if (error === ErrorCode.NONE && !partition.leads && (follows || !watch.anyReplica))
      error = ErrorCode.NOT_LEADER_OR_FOLLOWER;
    const remote = follows ? partition.remote(watch.replicaId) : undefined;
    if (error === ErrorCode.NONE && follows) error = this.followerError(entry, remote);
    if (error !== ErrorCode.NONE) return refusal(entry, error, partition);
    if (watch.rackId !== '' && partition.leads && this.manager.settings.rackAwareReads) {
      const preferred = preferredReplica(this.manager, partition, entry);
      if (preferred !== NONE_PREFERRED) return this.sendTo(entry, partition, preferred);
    }
    try {
      return this.readLog(entry, partition, remote);
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      this.manager.logDirFailed(partition, thrown);
      return refusal(entry, ErrorCode.KAFKA_STORAGE_ERROR, undefined);
    }
  }

  /** The consumer is to ask another replica, and gets nothing here. */
  private sendTo(entry: FetchEntry, partition: Partition, preferred: number): FetchResponsePartitionData {
    const data = this.answer(entry, partition, NO_RECORDS);
    data.preferredReadReplica = preferred;
    return data;
  }

  /** Followers outside the assignment, and those that were rebooted since, are not served. */
  private followerError(entry: FetchEntry, remote: RemoteReplica | undefined): number {
    const { replicaId, brokerEpoch } = entry.watch;
    if (remote === undefined)
      return entry.currentLeaderEpoch >= 0 ? ErrorCode.UNKNOWN_LEADER_EPOCH : ErrorCode.NOT_LEADER_OR_FOLLOWER;
    if (brokerEpoch === -1 || this.manager.coordination.mode === 'zookeeper') return ErrorCode.NONE;
    const known = this.manager.coordination.image.brokers.get(replicaId);
    return known !== undefined && known.epoch > brokerEpoch ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.NONE;
  }

  private readLog(
    entry: FetchEntry,
    partition: Partition,
    remote: RemoteReplica | undefined,
  ): FetchResponsePartitionData {
    const { log } = partition;
    const { fetchOffset, watch } = entry;
    const { logStartOffset, logEndOffset } = log;
    if (entry.lastFetchedEpoch >= 0) {
      const end = log.epochs.endOffsetFor(entry.lastFetchedEpoch, logEndOffset);
      if (end.endOffset < 0 || fetchOffset < logStartOffset)
        return refusal(entry, ErrorCode.OFFSET_OUT_OF_RANGE, partition);
      if (end.leaderEpoch < entry.lastFetchedEpoch || end.endOffset < fetchOffset) {
        const data = this.answer(entry, partition, NO_RECORDS);
        data.divergingEpoch = { epoch: end.leaderEpoch, endOffset: end.endOffset };
        return data;
      }
    }
    if (fetchOffset < logStartOffset || fetchOffset > logEndOffset)
      return refusal(entry, ErrorCode.OFFSET_OUT_OF_RANGE, partition);
    const bound = readBound(entry, partition);
    let records: Uint8Array = NO_RECORDS;
    if (fetchOffset < bound && (this.remaining > 0 || this.bytes === 0)) {
      const limit = Math.min(entry.maxBytes, this.remaining);
      records = log.read(fetchOffset, limit, bound, this.bytes === 0)?.records ?? NO_RECORDS;
      this.bytes += records.length;
      this.remaining -= records.length;
    }
    const data = this.answer(entry, partition, records);
    if (watch.readCommitted && watch.replicaId < 0) {
      data.abortedTransactions = records.length === 0 ? [] : log.abortedTransactions(fetchOffset, endOf(records));
    }
    if (remote !== undefined && this.look === 'arrival') partition.followerFetched(remote, entry, logEndOffset);
    return data;
  }

  private answer(entry: FetchEntry, partition: Partition, records: Uint8Array): FetchResponsePartitionData {
    const { log } = partition;
    return {
      partitionIndex: entry.index,
      errorCode: 0,
      highWatermark: log.highWatermark,
      lastStableOffset: log.lastStableOffset,
      logStartOffset: log.logStartOffset,
      divergingEpoch: NO_DIVERGENCE,
      currentLeader: NO_LEADER,
      snapshotId: NO_SNAPSHOT,
      abortedTransactions: null,
      preferredReadReplica: -1,
      records,
    };
  }
}

/** The offset after the last whole batch. */
function endOf(records: Uint8Array): number {
  let end = 0;
  for (let at = 0, size = 1; size > 0; at += size) {
    size = completeBatchSize(records, at, records.length);
    if (size > 0) end = nextOffset(records, at);
  }
  return end;
}

/** A follower reads to the end of the log, a consumer what is committed. */
function readBound(entry: FetchEntry, partition: Partition): number {
  const { watch } = entry;
  if (watch.replicaId >= 0) return partition.log.logEndOffset;
  return watch.readCommitted ? partition.log.lastStableOffset : partition.log.highWatermark;
}

function isKnown(entry: FetchEntry, data: FetchResponsePartitionData): boolean {
  return data.highWatermark === entry.sentHighWatermark && data.logStartOffset === entry.sentLogStartOffset;
}

function hasReadable(entry: FetchEntry): boolean {
  return entry.partition !== undefined && entry.fetchOffset < readBound(entry, entry.partition);
}

/** Whether nothing can be said of the entry before something happens to its partition, or the reader asks for something else. */
function isSettled(entry: FetchEntry): boolean {
  const { partition, watch } = entry;
  if (partition === undefined || partition.epochError(entry.currentLeaderEpoch) !== ErrorCode.NONE) return false;
  const { log } = partition;
  if (log.highWatermark !== entry.sentHighWatermark || log.logStartOffset !== entry.sentLogStartOffset) return false;
  if (watch.replicaId >= 0) {
    // A replica outside the ISR may come in at any fetch.
    return (
      partition.leads &&
      entry.fetchOffset === log.logEndOffset &&
      partition.isr.isr.includes(watch.replicaId) &&
      isSynced(entry, partition)
    );
  }
  return (partition.leads || watch.anyReplica) && entry.fetchOffset === readBound(entry, partition);
}

/** Whether the leader has taken in where the follower stands. */
function isSynced(entry: FetchEntry, partition: Partition): boolean {
  return partition.remote(entry.watch.replicaId)?.logEndOffset === entry.fetchOffset;
}

type Leadership = { readonly leader: number; readonly leaderEpoch: number };

/** Who is sent away because of leadership is told who leads (KIP-951). */
function refusal(entry: FetchEntry, error: number, leadership: Leadership | undefined): FetchResponsePartitionData {
  const tellsLeader = error === ErrorCode.NOT_LEADER_OR_FOLLOWER || error === ErrorCode.FENCED_LEADER_EPOCH;
  return {
    partitionIndex: entry.index,
    errorCode: error,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: NO_DIVERGENCE,
    currentLeader:
      tellsLeader && leadership !== undefined
        ? { leaderId: leadership.leader, leaderEpoch: leadership.leaderEpoch }
        : NO_LEADER,
    snapshotId: NO_SNAPSHOT,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: NO_RECORDS,
  };
}
