/** The replica of `__cluster_metadata-0` on this node, as Raft and the readers of committed records see it. */
import { batches } from '../../../protocol/record-batch.ts';
import type { PartitionLog } from '../../../storage/api.ts';
import { decodeBatch } from '../metadata/record-codec.ts';
import type { MetadataRecord } from '../metadata/records.ts';
import type { EpochEnd } from '../raft/messages.ts';
import type { RaftLogView } from '../raft/types.ts';

/** As much as one answer to a fetch carries. */
const MAX_READ_BYTES = 8 * 1024 * 1024;

export class QuorumLog implements RaftLogView {
  private readonly log: PartitionLog;

  constructor(log: PartitionLog) {
    this.log = log;
  }

  get startOffset(): number {
    return this.log.logStartOffset;
  }
  get endOffset(): number {
    return this.log.logEndOffset;
  }
  get lastEpoch(): number {
    return this.log.epochs.latestEpoch ?? 0;
  }

  endOffsetForEpoch(epoch: number): EpochEnd {
    const { log } = this;
    const { leaderEpoch, endOffset } = log.epochs.endOffsetFor(epoch, log.logEndOffset);
    // An epoch above all that the log knows ends where the log ends.
    if (endOffset < 0) return { epoch: this.lastEpoch, endOffset: log.logEndOffset };
    return { epoch: leaderEpoch, endOffset };
  }

  /** Batches carry their offsets and epoch already, on the leader too. */
  append(records: Uint8Array): void {
    this.log.appendAsFollower(records);
  }

  truncate(toOffset: number): void {
    this.log.truncateTo(toOffset);
  }

  flush<A>(done: (arg: A, failed: boolean) => void, arg: A): void {
    this.log.flush(done, arg);
  }

  /** Whole batches from an offset, committed or not. */
  read(fromOffset: number): Uint8Array {
    return this.log.read(fromOffset, MAX_READ_BYTES, this.log.logEndOffset, true)?.records ?? new Uint8Array(0);
  }

  /** Visits the records in [from, upTo) in order; `upTo` is the start of a batch or the end of the log. Returns where it ended. */
  replay(from: number, upTo: number, visit: (record: MetadataRecord, offset: number) => void): number {
    let next = from;
    while (next < upTo) {
      const read = this.log.read(next, MAX_READ_BYTES, upTo, true);
      if (read === undefined || read.records.length === 0) break;
      for (const batch of batches(read.records)) {
        let offset = batch.baseOffset;
        for (const record of decodeBatch(batch)) visit(record, offset++);
        next = batch.nextOffset;
      }
    }
    return next;
  }
}
