import type { InternalLog, InternalRecord } from '../../src/broker/api.ts';
import type { Context } from '../../src/kernel/api.ts';

const REQUEST_TIMED_OUT = 7;

interface Held {
  readonly records: readonly InternalRecord[];
  readonly done: (error: number, lastOffset: number) => void;
}

/** One partition of `__consumer_offsets` that outlives its coordinators; the test says when and whether writes are committed. */
export class FakeInternalLog implements InternalLog {
  readonly records: InternalRecord[] = [];
  /** Batches as they were appended, by their number of records. */
  appends = 0;
  /** Kept from being committed. */
  holding = false;
  /** The error of the next write. */
  failNext = 0;
  held: Held[] = [];
  context: Context | null = null;

  partitionCount(): number {
    return 1;
  }

  leaderEpoch(): number {
    return 0;
  }

  append(
    _partition: number,
    records: readonly InternalRecord[],
    _timeoutMs: number,
    done: (error: number, lastOffset: number) => void,
  ): void {
    const error = this.failNext;
    this.failNext = 0;
    // Who waits in vain has his records in the log all the same.
    if (error === REQUEST_TIMED_OUT) {
      this.records.push(...records);
      this.appends++;
    }
    if (error !== 0) {
      done(error, -1);
      return;
    }
    this.appends++;
    this.records.push(...records);
    this.held.push({
      records,
      done: (code) => done(code, code === 0 ? this.records.lastIndexOf(records.at(-1)!) : -1),
    });
    if (!this.holding) this.release();
  }

  /** What was held is committed, or meets an error. */
  release(error = 0): void {
    this.holding = false;
    for (const { done } of this.held.splice(0)) done(error, 0);
  }

  load(
    _partition: number,
    onRecord: (offset: number, record: InternalRecord) => void,
    done: (complete: boolean) => void,
  ): void {
    const read = (): void => {
      for (const [offset, record] of this.records.entries()) onRecord(offset, record);
      done(true);
    };
    this.context!.after(5000, read, undefined);
  }
}
