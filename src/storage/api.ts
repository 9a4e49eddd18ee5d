/**
 * One replica's truth on disk: the contract of a partition's log. Bytes are Kafka's (record batch v2, checkpoint files,
 * segment names); every operation acts at once on the page cache, only `flush` waits for the platter.
 */
import type { Disk, DiskError, EventId, EventKind, FieldValue } from '../kernel/api.ts';
import type { Compression } from '../protocol/ports.ts';
import type { VerificationGuard, VerifiedProducer } from './verification.ts';

/** What a log needs of its process. */
export interface LogHost {
  readonly disk: Disk;
  wallMs(): number;
  emit(kind: EventKind, values: readonly FieldValue[], cause?: EventId): EventId;
  /** A timer of the process, for files that are removed later; without it they go at once. */
  after?<A>(delayUs: number, handler: (arg: A) => void, arg: A): void;
  /** Told when a sync failed that nobody waits for: the log directory is to go offline. What is done at once throws instead. */
  diskFailed?(error: DiskError): void;
  /** To look into compressed batches; without it they are judged by their headers. */
  readonly compression?: Compression;
}

/** Settings of one log; re-read at each use, so that a changed configuration takes effect. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly maxMessageBytes: number;
  readonly indexIntervalBytes: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  readonly compact: boolean;
  /** `cleanup.policy` has `delete`: retention by size and by time. */
  readonly deletes: boolean;
  /** -1: no limit, of both. */
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly fileDeleteDelayMs: number;
  /** Most bytes of it that are kept, whatever retention says; null: as many as there are. Then segments are an eighth of it. */
  readonly memoryBytes: number | null;
  /** What clients' batches are compressed with here (`compression.type`), by number; null: as they came (`producer`). */
  readonly compression: { readonly codec: number; readonly level: number } | null;
  readonly flushMessages: number;
  readonly producerIdExpirationMs: number;
  /** How often producers that expired are looked for. */
  readonly producerIdCheckIntervalMs: number;
  /** Whether the first batch of a transaction needs its coordinator's word (`transaction.partition.verification.enable`). */
  readonly verifyTransactions: boolean;
}

/** Where an append comes from: clients are checked, the coordinators and Raft write control batches. */
export type AppendOrigin = 'client' | 'coordinator' | 'raft';

/** What an append within a transaction brings along. */
export interface TransactionalAppend {
  /** Proof that the coordinator was asked. */
  readonly guard?: VerificationGuard | undefined;
  /** `transaction.version` of the coordinator that has a marker written; 0 where it did not say. */
  readonly transactionVersion?: number;
}

export type AppendResult =
  | {
      readonly kind: 'appended';
      readonly baseOffset: number;
      readonly lastOffset: number;
      /** Milliseconds, or -1 under CreateTime. */
      readonly logAppendTimeMs: number;
    }
  /** A batch that an idempotent producer sent again: nothing is written, these are its first offsets. */
  | {
      readonly kind: 'duplicate';
      readonly baseOffset: number;
      readonly lastOffset: number;
      readonly logAppendTimeMs: number;
    }
  | {
      readonly kind: 'rejected';
      readonly error: number;
      readonly message: string;
      readonly recordErrors: readonly { readonly index: number; readonly message: string }[];
    };

export interface ReadResult {
  /** Whole batches, the first of which contains or follows the asked offset; empty when there is nothing below the bound. */
  readonly records: Uint8Array;
  /** Base offset of the first batch returned, or the asked offset. */
  readonly firstOffset: number;
}

export interface EpochEnd {
  /** The largest known epoch that is not above the asked one; -1 when unknown. */
  readonly leaderEpoch: number;
  /** Where it ended (start of the next epoch, or the log end offset); -1 when unknown. */
  readonly endOffset: number;
}

export interface EpochCache {
  /** Latest epoch with an entry; undefined in an empty cache. */
  readonly latestEpoch: number | undefined;
  entries(): readonly { readonly epoch: number; readonly startOffset: number }[];
  assign(epoch: number, startOffset: number): void;
  /** `OffsetForLeaderEpoch`'s answer (KIP-101, KIP-279). */
  endOffsetFor(epoch: number, logEndOffset: number): EpochEnd;
  /** Epoch of the record at an offset; -1 when unknown. */
  epochForOffset(offset: number): number;
}

export interface PartitionLog {
  readonly topic: string;
  readonly partition: number;
  /** `orders-0`; also the directory's name. One string object for the log's life, so that events intern it cheaply. */
  readonly name: string;
  readonly topicId: string;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  /** First offset of the earliest open transaction below the high watermark's view, or the high watermark. */
  readonly lastStableOffset: number;
  readonly recoveryPoint: number;
  readonly sizeBytes: number;
  readonly segmentCount: number;
  readonly epochs: EpochCache;

  /**
   * Appends a client's (or coordinator's) batches as leader: assigns offsets from the log end, stamps the leader epoch,
   * checks records and the producer's sequence. The bytes are stamped in place and kept, unless the log compresses them anew:
   * give a private copy if they are shared.
   */
  appendAsLeader(
    batches: Uint8Array,
    leaderEpoch: number,
    origin: AppendOrigin,
    transaction?: TransactionalAppend,
  ): AppendResult;
  /** Before a transaction's coordinator is asked: undefined if nobody need be, for a transaction of this producer is open. */
  startVerification(producer: VerifiedProducer): VerificationGuard | undefined;
  /**
   * Appends what a leader sent, as it is; the bytes are kept by reference. Batches below the log end are passed over. Returns
   * the last offset of the log now: the log end offset - 1 of before, if nothing was new, a checksum was wrong, or the batches
   * do not follow the log end (then none of them is taken).
   */
  appendAsFollower(batches: Uint8Array): number;
  /** Whole batches from `offset` up to (not past) `upTo`; at least one batch when `minOne`, however large. Undefined when the offset is outside [start, end]. */
  read(offset: number, maxBytes: number, upTo: number, minOne: boolean): ReadResult | undefined;
  /** Aborted transactions that overlap [from, to), for read_committed fetches. */
  abortedTransactions(
    from: number,
    to: number,
  ): readonly { readonly producerId: number; readonly firstOffset: number }[];
  /** First batch position with a timestamp at or after this one; undefined if there is none. */
  offsetForTimestamp(
    timestampMs: number,
  ): { readonly offset: number; readonly timestampMs: number; readonly leaderEpoch: number } | undefined;
  /** Offset and timestamp of the record with the largest timestamp; undefined in an empty log. */
  maxTimestamp(): { readonly offset: number; readonly timestampMs: number; readonly leaderEpoch: number } | undefined;

  /** Sets the high watermark within [start, end]; returns what it is now. */
  updateHighWatermark(offset: number): number;
  /** Cuts everything at and after `offset`. True if something was cut. */
  truncateTo(offset: number): boolean;
  /** Throws all away and begins anew at `offset` (the follower fell behind the leader's start). */
  truncateFullyAndStartAt(offset: number): void;
  incrementLogStartOffset(offset: number): void;
  /** Deletes segments that retention does not keep (Kafka's UnifiedLog.deleteOldSegments); returns how many. The log start follows. */
  deleteOldSegments(): number;
  /** Makes everything before the present log end durable; then the recovery point is there. */
  flush<A>(done: (arg: A, failed: boolean) => void, arg: A): void;
  /** The epoch of the producer that wrote last under this id, and its last sequence; undefined when unknown. */
  producer(producerId: number): { readonly epoch: number; readonly lastSequence: number } | undefined;
  activeProducers(): readonly {
    readonly producerId: number;
    readonly epoch: number;
    readonly lastSequence: number;
    readonly lastTimestampMs: number;
    readonly coordinatorEpoch: number;
    readonly currentTransactionStartOffset: number;
  }[];
  readonly config: LogConfig;
  setConfig(config: LogConfig): void;
}

/** All logs of one broker on its log directories (one kernel disk each). */
export interface LogManager {
  /** Logs found and recovered at start, and those created since. */
  readonly logs: ReadonlyMap<string, PartitionLog>;
  get(topicPartition: string): PartitionLog | undefined;
  getOrCreate(topic: string, partition: number, topicId: string, config: LogConfig): PartitionLog;
  /** Index of the disk that holds a log; idle logs have no files yet by which one could tell. */
  diskOf(topicPartition: string): number | undefined;
  /** Deletes a log and its files. */
  remove(topicPartition: string): void;
  /** Writes `replication-offset-checkpoint` (high watermarks) of every directory. */
  checkpointHighWatermarks(): void;
  /** Writes `recovery-point-offset-checkpoint` and `log-start-offset-checkpoint`. */
  checkpointRecoveryPoints(): void;
  /** True if the last shutdown left its marker behind (then no recovery was needed). */
  readonly cleanShutdown: boolean;
  /** Broker epoch that the clean shutdown wrote down (KIP-966), or -1. */
  readonly previousBrokerEpoch: number;
  /** Directory ids (`meta.properties`), in order of the disks. */
  readonly directoryIds: readonly string[];
  /** Flushes everything, writes checkpoints and the marker, then calls back. */
  shutdown<A>(brokerEpoch: number, done: (arg: A) => void, arg: A): void;
}
