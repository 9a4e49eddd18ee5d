import type { Context } from '../../kernel/api.ts';
import { completeBatchSize } from '../../protocol/batch-header.ts';
import type { Compression } from '../../protocol/ports.ts';
import { type BatchView, batchAt, decodeRecords } from '../../protocol/record-batch.ts';
import { clientEvents } from '../events.ts';
import { AbortedTransactions } from './aborted-transactions.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import type { ConsumerSettings } from './settings.ts';

/** Gets the records of a poll, batch by batch: those with offsets from `from` to `to`. */
export type RecordSink = (partition: AssignedPartition, batch: BatchView, from: number, to: number) => void;

/** A stretch of offsets without a gap that goes to the application. */
interface Run {
  first: number;
  last: number;
}

/** Hands fetched records to the application, moves the position past them, and past what is not for it. */
export class Delivery {
  private readonly context: Context;
  private readonly settings: ConsumerSettings;
  private readonly sink: RecordSink | null;
  private readonly compression: Compression;

  constructor(context: Context, settings: ConsumerSettings, sink: RecordSink | null, compression: Compression) {
    this.context = context;
    this.settings = settings;
    this.sink = sink;
    this.compression = compression;
  }

  /**
   * Takes up to `limit` records of a partition. `exhausted`: nothing is left of what was fetched. `corrupt`: the next batch
   * has a wrong checksum, and will have it again.
   */
  take(partition: AssignedPartition, limit: number): { count: number; exhausted: boolean; corrupt: boolean } {
    const fetched = partition.fetched!;
    const bytes = fetched.records!;
    const startedAt = partition.position;
    const aborted = this.settings.readCommitted ? new AbortedTransactions(fetched.abortedTransactions ?? []) : null;
    const run: Run = { first: -1, last: -2 };
    let count = 0;
    let corrupt = false;
    let skipped = false;
    let at = aborted === null ? partition.fetchedAt : 0;
    for (
      let size = completeBatchSize(bytes, at, bytes.length);
      size > 0;
      size = completeBatchSize(bytes, at, bytes.length)
    ) {
      const batch = batchAt(bytes, at);
      const { lastOffset } = batch;
      const hidden = aborted?.hides(batch) ?? false;
      if (lastOffset >= partition.position) {
        if (count >= limit) break;
        if (this.settings.checkCrcs && partition.position <= batch.baseOffset && !batch.verifyCrc()) {
          corrupt = true;
          break;
        }
        if (batch.isControl || hidden) skipped = true;
        else count += this.deliver(partition, batch, limit - count, run);
        if (count >= limit && partition.position <= lastOffset) break;
        partition.position = lastOffset + 1;
        partition.positionEpoch = batch.leaderEpoch;
      }
      at += size;
      partition.fetchedAt = at;
    }
    this.endRun(partition, run);
    if (skipped && partition.position > startedAt && partition.position > run.last + 1) {
      this.context.emit(clientEvents['position-advanced'], [this.settings.group, partition.name, partition.position]);
    }
    return { count, exhausted: completeBatchSize(bytes, at, bytes.length) <= 0, corrupt };
  }

  /** Up to `limit` records of one batch, from the position on. */
  private deliver(partition: AssignedPartition, batch: BatchView, limit: number, run: Run): number {
    const from = Math.max(partition.position, batch.baseOffset);
    const { lastOffset } = batch;
    if (batch.recordCount !== lastOffset - batch.baseOffset + 1)
      return this.deliverCompacted(partition, batch, limit, run);
    const to = Math.min(lastOffset, from + limit - 1);
    if (run.last + 1 !== from) {
      this.endRun(partition, run);
      run.first = from;
    }
    run.last = to;
    this.sink?.(partition, batch, from, to);
    partition.position = to + 1;
    partition.positionEpoch = batch.leaderEpoch;
    return to - from + 1;
  }

  /** A cleaned batch has gaps: its offsets must be read. */
  private deliverCompacted(partition: AssignedPartition, batch: BatchView, limit: number, run: Run): number {
    const result = decodeRecords(batch, this.compression);
    const offsets = result.kind === 'records' ? result.records.map(({ offset }) => offset) : [];
    let count = 0;
    for (const offset of offsets) {
      if (offset < partition.position) continue;
      if (count >= limit) break;
      if (run.last + 1 !== offset) {
        this.endRun(partition, run);
        run.first = offset;
      }
      run.last = offset;
      this.sink?.(partition, batch, offset, offset);
      partition.position = offset + 1;
      count += 1;
    }
    return count;
  }

  private endRun(partition: AssignedPartition, run: Run): void {
    if (run.last < run.first || run.first < 0) return;
    const values = [this.settings.group, partition.name, run.first, run.last];
    this.context.emit(clientEvents['records-delivered'], values);
    run.first = -1;
  }
}
