import { assert } from '../kernel/assert.ts';
import * as header from '../protocol/batch-header.ts';
import type { Compression } from '../protocol/ports.ts';
import { type Uuid, ZERO_UUID } from '../protocol/uuid.ts';
import type { AppendOrigin, AppendResult, LogConfig, PartitionLog, ReadResult, TransactionalAppend } from './api.ts';
import type { LogEnvironment } from './environment.ts';
import { storageEvents } from './events.ts';
import { Flusher } from './flusher.ts';
import { followable } from './follower-batches.ts';
import { noteIntact } from './intact.ts';
import type { LeaderEpochCache } from './leader-epoch-cache.ts';
import type { LogState } from './log-state.ts';
import { encodePartitionMetadata, PARTITION_METADATA_FILE } from './partition-metadata.ts';
import { checkProducers } from './producer-check.ts';
import { replayProducers } from './producer-replay.ts';
import { ProducerState } from './producer-state.ts';
import { noteRewriting } from './recompression.ts';
import { countDeletable, discard, type Reason, reasonsFor } from './retention.ts';
import { mustRoll } from './roll.ts';
import { NO_BYTES } from './segment.ts';
import type { SegmentList } from './segment-list.ts';
import { hasSnapshot, keepSnapshots, snapshotsAmong, writeSnapshot } from './snapshot-files.ts';
import { stamp } from './stamp.ts';
import { lookUpMaxTimestamp, lookUpTimestamp } from './timestamp-lookup.ts';
import { validate } from './validation.ts';
import type { VerificationGuard, VerifiedProducer } from './verification.ts';

/**
 * One replica's records (Kafka's UnifiedLog).
 *
 * 1. log start <= last stable offset <= high watermark <= log end.
 * 2. log start <= recovery point <= log end.
 * 3. Offsets rise from batch to batch; leader epochs never fall.
 */
export class Log implements PartitionLog {
  readonly topic: string;
  readonly partition: number;
  readonly name: string;
  readonly epochs: LeaderEpochCache;
  readonly #environment: LogEnvironment;
  readonly #segments: SegmentList;
  /** Null while nothing was ever written. */
  #flusherOrNull: Flusher | null;
  #config: LogConfig;
  #topicId: Uuid;
  #topicIdWritten: boolean;
  #producers: ProducerState | null;
  #logStartOffset: number;
  #logEndOffset: number;
  #highWatermark: number;

  constructor(environment: LogEnvironment, name: string, config: LogConfig, state: LogState) {
    this.topic = state.topic;
    this.partition = state.partition;
    this.name = name;
    this.epochs = state.epochs;
    this.#environment = environment;
    this.#segments = state.segments;
    this.#flusherOrNull = state.logEndOffset === 0 ? null : new Flusher(environment, name, state.recoveryPoint);
    this.#config = config;
    this.#topicId = state.topicId;
    this.#topicIdWritten = state.topicIdWritten;
    this.#producers = state.producers;
    this.#logStartOffset = state.logStartOffset;
    this.#logEndOffset = state.logEndOffset;
    this.#highWatermark = state.highWatermark;
    this.#producers?.transactions.onHighWatermark(state.highWatermark);
  }

  get config(): LogConfig {
    return this.#config;
  }

  setConfig(config: LogConfig): void {
    this.#config = config;
  }

  get compression(): Compression | undefined {
    return this.#environment.host.compression;
  }

  /** Index of the disk that it is on. */
  get diskIndex(): number {
    return this.#environment.host.disk.index;
  }

  get topicId(): Uuid {
    return this.#topicId;
  }

  /** Gives a log that was made before topic ids its own; one that has an id keeps it. */
  assignTopicId(topicId: Uuid): void {
    if (this.#topicId === ZERO_UUID) this.#topicId = topicId;
  }

  get logStartOffset(): number {
    return this.#logStartOffset;
  }

  get logEndOffset(): number {
    return this.#logEndOffset;
  }

  get highWatermark(): number {
    return this.#highWatermark;
  }

  get lastStableOffset(): number {
    if (this.#producers === null) return this.#highWatermark;
    const { firstUnstableOffset } = this.#producers.transactions;
    return Math.min(this.#highWatermark, Math.max(this.#logStartOffset, firstUnstableOffset));
  }

  get recoveryPoint(): number {
    return this.#flusherOrNull?.recoveryPoint ?? 0;
  }

  get #flusher(): Flusher {
    this.#flusherOrNull ??= new Flusher(this.#environment, this.name, 0);
    return this.#flusherOrNull;
  }

  get sizeBytes(): number {
    return this.#segments.sizeBytes();
  }

  get segmentCount(): number {
    return this.#segments.count;
  }

  /** Base offset of the oldest segment: the log start that needs no checkpoint. */
  get firstSegmentOffset(): number {
    return this.#segments.firstOffset;
  }

  startVerification(producer: VerifiedProducer): VerificationGuard | undefined {
    if (!this.#config.verifyTransactions && !producer.bumpsEpoch) return undefined;
    this.#producers ??= new ProducerState();
    return this.#producers.startVerification(producer);
  }

  appendAsLeader(
    batches: Uint8Array,
    leaderEpoch: number,
    origin: AppendOrigin,
    transaction?: TransactionalAppend,
  ): AppendResult {
    const nowMs = this.#environment.host.wallMs();
    const checked = validate(batches, origin, this, nowMs);
    if (checked.kind === 'rejected') return checked;
    const { bytes, sentCrc } = checked;
    if (origin !== 'raft' && (this.#producers !== null || header.producerId(bytes, 0) >= 0)) {
      this.#producers ??= new ProducerState();
      const { verifyTransactions } = this.#config;
      this.#producers.expire(nowMs, this.#config);
      const append = { origin, name: this.name, verifyTransactions, transaction };
      const answered = checkProducers(this.#producers, bytes, append);
      if (answered !== undefined) return answered;
    }
    const stamped = this.#config.timestampType === 'LogAppendTime' && origin === 'client';
    const baseOffset = this.#logEndOffset;
    const end = stamp(bytes, baseOffset, leaderEpoch, stamped ? nowMs : -1);
    const written = end === bytes.length ? bytes : bytes.subarray(0, end);
    if (origin === 'client') {
      noteRewriting(this.#environment.host, this.name, bytes, sentCrc);
      noteIntact(written);
    }
    this.#write(written, 'leader', nowMs);
    const lastOffset = this.#logEndOffset - 1;
    return { kind: 'appended', baseOffset, lastOffset, logAppendTimeMs: stamped ? nowMs : -1 };
  }

  appendAsFollower(bytes: Uint8Array): number {
    let batches = followable(bytes, this.#logEndOffset, this.#segments.active.nextOffset);
    if (batches.kind === 'straddling' && this.#logEndOffset === this.#logStartOffset) {
      this.truncateFullyAndStartAt(batches.baseOffset);
      batches = followable(bytes, batches.baseOffset, batches.baseOffset);
    }
    if (batches.kind === 'whole') this.#write(batches.bytes, 'follower', this.#environment.host.wallMs());
    return this.#logEndOffset - 1;
  }

  #write(bytes: Uint8Array, origin: 'leader' | 'follower', nowMs: number): void {
    if (!this.#topicIdWritten) this.#writeTopicId();
    if (mustRoll(this.#segments.active, bytes, this.#config, nowMs)) {
      this.#roll(header.baseOffset(bytes, 0));
      if (this.#config.memoryBytes !== null) this.#deleteOldest('memory', nowMs);
    }
    const segment = this.#segments.active;
    segment.file.append(bytes);
    for (let at = 0; at < bytes.length; ) {
      const size = header.sizeInBytes(bytes, at);
      segment.add(bytes, at, size, this.#config.indexIntervalBytes);
      this.#logEndOffset = segment.nextOffset;
      this.#note(bytes, at, origin);
      at += size;
    }
    this.epochs.save();
    const { flushMessages } = this.#config;
    if (this.#logEndOffset >= flushMessages && this.#logEndOffset - this.#flusher.requested >= flushMessages)
      this.#flushTo(this.#logEndOffset);
  }

  /** Everything that must know of a new batch: epochs, producers, the trace. */
  #note(bytes: Uint8Array, at: number, origin: 'leader' | 'follower'): void {
    const baseOffset = header.baseOffset(bytes, at);
    const leaderEpoch = header.leaderEpoch(bytes, at);
    const producerId = header.producerId(bytes, at);
    if (leaderEpoch >= 0) this.epochs.assign(leaderEpoch, baseOffset);
    if (producerId >= 0) {
      this.#producers ??= new ProducerState();
      const aborted = this.#producers.update(bytes, at);
      if (aborted !== undefined) this.#segments.active.aborted.add(aborted);
    }
    this.#environment.host.emit(storageEvents['records-appended'], [
      this.name,
      baseOffset,
      this.#logEndOffset - 1,
      leaderEpoch,
      origin,
      producerId,
      header.baseSequence(bytes, at),
      header.storedCrc(bytes, at),
    ]);
  }

  #roll(firstOffset: number): void {
    const baseOffset = Math.max(firstOffset, this.#logEndOffset);
    this.#writeSnapshot(baseOffset);
    this.#segments.active.aborted.sync();
    this.#flushTo(baseOffset);
    this.#segments.add(baseOffset);
    this.#emit('segment-rolled', [this.name, baseOffset, this.#segments.count]);
  }

  deleteOldSegments(): number {
    const nowMs = this.#environment.host.wallMs();
    let deleted = 0;
    for (const reason of reasonsFor(this.#config)) deleted += this.#deleteOldest(reason, nowMs);
    return deleted;
  }

  #deleteOldest(reason: Reason, nowMs: number): number {
    const count = countDeletable(this.#segments, this, reason, nowMs);
    if (count === 0) return 0;
    if (count === this.#segments.count) this.#roll(this.#logEndOffset);
    discard(this.#environment, this, this.#segments.dropFirst(count), reason);
    this.incrementLogStartOffset(this.#segments.firstOffset);
    return count;
  }

  #writeSnapshot(offset: number): void {
    const state = this.#producers ?? new ProducerState();
    writeSnapshot(this.#environment.host.disk, this.name, offset, state.encode());
  }

  #writeTopicId(): void {
    this.#topicIdWritten = true;
    if (this.#topicId === ZERO_UUID) return;
    const path = `${this.name}/${PARTITION_METADATA_FILE}`;
    this.#environment.files.replace(path, encodePartitionMetadata(this.#topicId));
  }

  read(offset: number, maxBytes: number, upTo: number, minOne: boolean): ReadResult | undefined {
    if (offset < this.#logStartOffset || offset > this.#logEndOffset) return undefined;
    const limit = Math.min(upTo, this.#logEndOffset);
    if (offset < limit) {
      const segments = this.#segments;
      for (let i = segments.indexOf(offset); i < segments.count; i++) {
        const segment = segments.at(i)!;
        const from = segment.positionOf(offset);
        if (from === segment.size) continue;
        const to = limit >= segment.nextOffset ? segment.size : segment.positionOf(limit);
        const records = segment.read(from, to, maxBytes, minOne);
        return { records, firstOffset: records.length > 0 ? header.baseOffset(records, 0) : offset };
      }
    }
    return { records: NO_BYTES, firstOffset: offset };
  }

  abortedTransactions(from: number, to: number): readonly { producerId: number; firstOffset: number }[] {
    return this.#producers === null ? [] : this.#segments.abortedTransactions(from, to);
  }

  offsetForTimestamp(timestampMs: number): { offset: number; timestampMs: number; leaderEpoch: number } | undefined {
    return lookUpTimestamp(this.#segments.all(), timestampMs, this.#logStartOffset, this.compression);
  }

  maxTimestamp(): { offset: number; timestampMs: number; leaderEpoch: number } | undefined {
    return lookUpMaxTimestamp(this.#segments.all(), this.#logStartOffset, this.compression);
  }

  updateHighWatermark(offset: number): number {
    const bounded = Math.min(Math.max(offset, this.#logStartOffset), this.#logEndOffset);
    const before = this.#highWatermark;
    if (bounded === before) return before;
    this.#highWatermark = bounded;
    this.#environment.changed.highWatermarks = true;
    this.#producers?.transactions.onHighWatermark(bounded);
    const kind = storageEvents[bounded > before ? 'high-watermark-advanced' : 'high-watermark-lowered'];
    this.#environment.host.emit(kind, [this.name, bounded]);
    return bounded;
  }

  truncateTo(offset: number): boolean {
    if (offset >= this.#logEndOffset) {
      this.epochs.truncateFromEnd(this.#logEndOffset);
      return false;
    }
    if (offset < this.#segments.firstOffset) {
      this.truncateFullyAndStartAt(offset);
      return true;
    }
    this.#segments.truncateTo(offset);
    this.epochs.truncateFromEnd(offset);
    const start = Math.min(this.#logStartOffset, offset);
    const snapshots = this.#keepSnapshots((at) => at <= offset && at > start);
    this.#truncated(offset, start);
    if (this.#producers !== null) this.#replayProducers(snapshots);
    return true;
  }

  truncateFullyAndStartAt(offset: number): void {
    this.#segments.restartAt(offset);
    this.epochs.clear();
    this.#keepSnapshots(() => false);
    this.#producers = null;
    this.#truncated(offset, offset);
    this.#flusher.startedAt(offset);
    this.updateHighWatermark(offset);
  }

  #truncated(offset: number, start: number): void {
    const from = this.#logEndOffset;
    this.#logEndOffset = offset;
    this.#flusher.truncatedTo(offset);
    this.#emit('log-truncated', [this.name, from, offset, this.epochs.latestEpoch ?? -1]);
    if (start !== this.#logStartOffset) {
      this.#logStartOffset = start;
      this.#emit('log-start-advanced', [this.name, start]);
    }
    if (this.#highWatermark > offset) this.updateHighWatermark(offset);
  }

  #keepSnapshots(isKept: (offset: number) => boolean): readonly number[] {
    const { disk } = this.#environment.host;
    return keepSnapshots(disk, this.name, snapshotsAmong(disk.list(`${this.name}/`)), isKept);
  }

  #replayProducers(snapshots: readonly number[]): void {
    this.#producers = replayProducers(this.#environment, this.name, this.#segments, {
      logStartOffset: this.#logStartOffset,
      logEndOffset: this.#logEndOffset,
      expiredBeforeMs: this.#environment.host.wallMs() - this.#config.producerIdExpirationMs,
      indexFrom: Number.POSITIVE_INFINITY,
      snapshots,
    });
    this.#producers?.transactions.onHighWatermark(this.#highWatermark);
  }

  incrementLogStartOffset(offset: number): void {
    assert(offset <= this.#logEndOffset, `${this.name}: log start ${offset} beyond the end ${this.#logEndOffset}`);
    if (offset <= this.#logStartOffset) return;
    this.#logStartOffset = offset;
    this.#environment.changed.recoveryPoints = true;
    this.#emit('log-start-advanced', [this.name, offset]);
    if (this.#highWatermark < offset) this.updateHighWatermark(offset);
    this.#flusher.startedAt(offset);
    this.epochs.truncateFromStart(offset);
  }

  flush<A>(done: (arg: A, failed: boolean) => void, arg: A): void {
    this.#flusher.flush(this.#segments, this.#logEndOffset, done, arg);
  }

  #flushTo(offset: number): void {
    this.#flusher.flush(this.#segments, offset, null, null);
  }

  /** Writes what an orderly end leaves behind: topic id and producers. The batches themselves need a flush. */
  writeClosingState(): void {
    if (!this.#topicIdWritten) this.#writeTopicId();
    if (this.#producers === null) return;
    const { disk } = this.#environment.host;
    if (!hasSnapshot(disk, this.name, this.#logEndOffset)) this.#writeSnapshot(this.#logEndOffset);
  }

  producer(producerId: number): { readonly epoch: number; readonly lastSequence: number } | undefined {
    return this.#producers?.get(producerId);
  }

  activeProducers(): ReturnType<PartitionLog['activeProducers']> {
    this.#producers?.expire(this.#environment.host.wallMs(), this.#config);
    return this.#producers?.describe() ?? [];
  }

  #emit(kind: 'log-truncated' | 'log-start-advanced' | 'segment-rolled', values: readonly (string | number)[]): void {
    this.#environment.host.emit(storageEvents[kind], values);
  }
}
