import type { DiskError } from '../kernel/api.ts';
import type { LogEnvironment } from './environment.ts';
import { storageEvents } from './events.ts';
import type { SegmentList } from './segment-list.ts';

interface Flush {
  readonly flusher: Flusher;
  readonly upTo: number;
  readonly generation: number;
  readonly done: ((arg: unknown, failed: boolean) => void) | null;
  readonly arg: unknown;
  segmentsLeft: number;
  failed: boolean;
}

/** What of a log is on the platter (§4.3 of the storage page). */
export class Flusher {
  /** Everything below it is durable. */
  recoveryPoint: number;
  readonly #environment: LogEnvironment;
  readonly #name: string;
  /** How often the log was cut: a flush that began before says nothing about what was written since. */
  #generation = 0;
  #requested: number;

  constructor(environment: LogEnvironment, name: string, recoveryPoint: number) {
    this.#environment = environment;
    this.#name = name;
    this.recoveryPoint = recoveryPoint;
    this.#requested = recoveryPoint;
  }

  /** The offset up to which somebody has already asked for durability. */
  get requested(): number {
    return this.#requested;
  }

  /** Never calls back before it returns. Without a callback it is the log's own affair, as at a roll. */
  flush<A>(segments: SegmentList, upTo: number, done: ((arg: A, failed: boolean) => void) | null, arg: A): void {
    if (upTo > this.#requested) this.#requested = upTo;
    const first = segments.indexOf(this.recoveryPoint);
    const last = Math.max(first, segments.indexOf(upTo - 1));
    const flush: Flush = {
      flusher: this,
      upTo,
      generation: this.#generation,
      done: done as Flush['done'],
      arg,
      segmentsLeft: last - first + 1,
      failed: false,
    };
    for (let i = first; i <= last; i++) segments.at(i)!.file.sync(onSynced, flush);
  }

  /** The log ends here now; what was durable beyond it is not worth knowing. */
  truncatedTo(offset: number): void {
    this.#generation++;
    this.#requested = Math.min(this.#requested, offset);
    this.#set(Math.min(this.recoveryPoint, offset));
  }

  /** The log begins here now. */
  startedAt(offset: number): void {
    if (offset > this.recoveryPoint) this.#set(offset);
    if (offset > this.#requested) this.#requested = offset;
  }

  finish(flush: Flush): void {
    const { upTo, generation, done, arg, failed } = flush;
    if (!failed && generation === this.#generation && upTo > this.recoveryPoint) this.#set(upTo);
    if (done === null) return;
    if (!failed) this.#environment.host.emit(storageEvents['log-flushed'], [this.#name, this.recoveryPoint]);
    done(arg, failed);
  }

  fail(error: DiskError): void {
    this.#environment.host.diskFailed?.(error);
  }

  #set(recoveryPoint: number): void {
    if (recoveryPoint === this.recoveryPoint) return;
    this.recoveryPoint = recoveryPoint;
    this.#environment.changed.recoveryPoints = true;
  }
}

function onSynced(flush: Flush, error: DiskError | null): void {
  if (error !== null) {
    flush.failed = true;
    flush.flusher.fail(error);
  }
  if (--flush.segmentsLeft === 0) flush.flusher.finish(flush);
}
