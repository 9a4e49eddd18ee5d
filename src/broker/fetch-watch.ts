import type { Partition } from './partition.ts';
import type { Delayed } from './purgatory.ts';

/** A fetch request that waits, as its watch knows it. */
export interface ParkedFetch extends Delayed {
  readonly minBytes: number;
}

/** What a fetch asks of one partition. */
export interface FetchPosition {
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
}

/**
 * The partitions that one reader asks for: a fetch session's (KIP-227), for as long as it lives, or those of a single request.
 *
 * A follower with a thousand idle partitions fetches twice a second and has nothing to say of any. So nobody goes through a
 * list: each partition knows who watches it, and when something happens to it, puts itself on the watch's list of what to
 * look at (`dirty`). What is not on that list is as the reader last saw it, and the reader has all of it.
 */
export class FetchWatch {
  /** Broker id of a follower; -1 for consumers. */
  readonly replicaId: number;
  /** From the latest request. */
  brokerEpoch = -1;
  /** Bounds reads to the last stable offset, rather than to the high watermark. */
  readCommitted = false;
  /** False for consumers too old to read from followers (before version 11). */
  anyReplica = false;
  /** Where a consumer stands (`client.rack`); empty for followers and for who does not say. */
  rackId = '';
  /** Keyed by topic id, or by topic name for versions before 13; then by partition. */
  readonly topics = new Map<string, (FetchEntry | undefined)[]>();
  /** Entries in the order in which they were asked for. */
  readonly entries = new Set<FetchEntry>();
  /** Entries to look at: invariant: an entry is on the list exactly if its flag is set. */
  dirty: FetchEntry[] = [];
  parked: ParkedFetch | null = null;
  /** Whether the reader may read a topic; null: nobody asks. */
  mayRead: ((topic: string) => boolean) | null = null;
  /** The ACLs by which its entries were looked at; when there are others, all are looked at again. */
  private acls: unknown = null;
  queuedToWake = false;
  /** When its latest request came, by the wall clock. What is not dirty was caught up then. */
  lastFetchMs = 0;

  constructor(replicaId: number) {
    this.replicaId = replicaId;
  }

  get(topicKey: string, partition: number): FetchEntry | undefined {
    return this.topics.get(topicKey)?.[partition];
  }

  add(entry: FetchEntry): void {
    let partitions = this.topics.get(entry.topicKey);
    if (partitions === undefined) {
      partitions = [];
      this.topics.set(entry.topicKey, partitions);
    }
    partitions[entry.index] = entry;
    this.entries.add(entry);
    entry.markDirty();
  }

  remove(entry: FetchEntry): void {
    const partitions = this.topics.get(entry.topicKey);
    if (partitions !== undefined) partitions[entry.index] = undefined;
    this.entries.delete(entry);
    if (entry.dirty) {
      entry.dirty = false;
      const at = this.dirty.indexOf(entry);
      if (at >= 0) this.dirty.splice(at, 1);
    } else {
      entry.settleProgress();
    }
    entry.partition?.unwatch(entry);
    entry.partition = undefined;
  }

  /** From the latest request. */
  authorize(mayRead: (topic: string) => boolean, acls: unknown): void {
    this.mayRead = mayRead;
    if (this.acls !== acls && this.acls !== null) for (const entry of this.entries) entry.markDirty();
    this.acls = acls;
  }

  clear(): void {
    for (const entry of [...this.entries]) this.remove(entry);
    this.topics.clear();
  }
}

/** One partition of a watch. */
export class FetchEntry {
  readonly watch: FetchWatch;
  readonly topicKey: string;
  /** Empty while the topic id is unknown here. */
  topic: string;
  /** Empty where the reader names topics by name alone. */
  readonly topicId: string;
  readonly index: number;
  /** The replica on this broker that it watches, if there is one. */
  partition: Partition | undefined = undefined;
  currentLeaderEpoch = -1;
  fetchOffset = 0;
  lastFetchedEpoch = -1;
  logStartOffset = -1;
  maxBytes = 0;
  /** What the reader was told last; an answer that differs must say so. */
  sentHighWatermark = -1;
  sentLogStartOffset = -1;
  dirty = false;

  constructor(
    watch: FetchWatch,
    topicKey: string,
    topic: { readonly name: string; readonly id: string },
    index: number,
  ) {
    this.watch = watch;
    this.topicKey = topicKey;
    this.topic = topic.name;
    this.topicId = topic.id;
    this.index = index;
  }

  moveTo(position: FetchPosition): void {
    this.currentLeaderEpoch = position.currentLeaderEpoch;
    this.fetchOffset = position.fetchOffset;
    this.lastFetchedEpoch = position.lastFetchedEpoch;
    this.logStartOffset = position.logStartOffset;
    this.maxBytes = position.partitionMaxBytes;
    this.markDirty();
  }

  markDirty(): void {
    if (this.dirty) return;
    this.dirty = true;
    this.settleProgress();
    this.watch.dirty.push(this);
  }

  /** Writes down what its follower's silent fetches have meant: until the latest of them it was caught up. */
  settleProgress(): void {
    const { replicaId, lastFetchMs } = this.watch;
    if (replicaId >= 0) this.partition?.remote(replicaId)?.stillCaughtUpAt(lastFetchMs);
  }
}
