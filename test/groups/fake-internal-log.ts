import type { InternalLog, InternalRecord, InternalTransaction, LoadListener } from '../../src/broker/api.ts';
import type { Appended, MarkerOrder } from '../../src/broker/replicated-append.ts';
import type { Context } from '../../src/kernel/api.ts';
import type { VerificationGuard, VerifiedProducer } from '../../src/storage/verification.ts';

const REQUEST_TIMED_OUT = 7;

type Entry =
  | { readonly kind: 'record'; readonly record: InternalRecord; readonly producerId: number }
  | { readonly kind: 'marker'; readonly order: MarkerOrder };

/** One partition of an internal topic that outlives its coordinators; the test says when and whether writes are committed. */
export class FakeInternalLog implements InternalLog {
  readonly entries: Entry[] = [];
  /** Batches as they were appended, by their number of records. */
  appends = 0;
  /** Kept from being committed. */
  holding = false;
  /** The error of the next write. */
  failNext = 0;
  held: ((error: number) => void)[] = [];
  context: Context | null = null;

  get records(): InternalRecord[] {
    return this.entries.flatMap((entry) => (entry.kind === 'record' ? [entry.record] : []));
  }

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
    done: Appended,
    within?: InternalTransaction,
  ): void {
    const producerId = within?.producerId ?? -1;
    this.write(
      records.map((record) => ({ kind: 'record', record, producerId })),
      done,
    );
  }

  appendMarker(_partition: number, order: MarkerOrder, _timeoutMs: number, done: Appended): void {
    this.write([{ kind: 'marker', order }], done);
  }

  startVerification(_partition: number, { producerId }: VerifiedProducer): VerificationGuard | undefined {
    return { producerId };
  }

  private write(entries: readonly Entry[], done: Appended): void {
    const error = this.failNext;
    this.failNext = 0;
    // Who waits in vain has his records in the log all the same.
    if (error === REQUEST_TIMED_OUT) {
      this.entries.push(...entries);
      this.appends++;
    }
    if (error !== 0) {
      done(error, -1);
      return;
    }
    this.appends++;
    this.entries.push(...entries);
    const lastOffset = this.entries.length - 1;
    this.held.push((code) => done(code, code === 0 ? lastOffset : -1));
    if (!this.holding) this.release();
  }

  /** What was held is committed, or meets an error. */
  release(error = 0): void {
    this.holding = false;
    for (const done of this.held.splice(0)) done(error);
  }

  load(_partition: number, listener: LoadListener): void {
    const read = (): void => {
      for (const [offset, entry] of this.entries.entries()) {
        if (entry.kind === 'record') listener.onRecord(offset, entry.record, entry.producerId);
        else listener.onMarker(entry.order.producerId, entry.order.type === 'commit');
      }
      listener.done(true);
    };
    this.context!.after(5000, read, undefined);
  }
}
