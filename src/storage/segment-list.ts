import type { LogEnvironment } from './environment.ts';
import { Segment } from './segment.ts';

/**
 * The segments of a log (Kafka's LogSegments).
 *
 * 1. There is always at least one; the last one is active.
 * 2. Base offsets rise strictly.
 */
export class SegmentList {
  readonly #environment: LogEnvironment;
  readonly #directory: string;
  /** Null in a new log until somebody looks: most partitions of a large cluster are idle. */
  #segments: readonly Segment[] | null;
  /** The last one, once somebody has asked for it. */
  #active: Segment | null = null;

  constructor(environment: LogEnvironment, directory: string, segments: readonly Segment[] | null) {
    this.#environment = environment;
    this.#directory = directory;
    this.#segments = segments;
  }

  get active(): Segment {
    this.#active ??= this.all().at(-1)!;
    return this.#active;
  }

  get firstOffset(): number {
    return this.#segments?.[0]?.baseOffset ?? 0;
  }

  get count(): number {
    return this.#segments?.length ?? 1;
  }

  all(): readonly Segment[] {
    this.#segments ??= [this.#make(0)];
    return this.#segments;
  }

  at(index: number): Segment | undefined {
    return this.all()[index];
  }

  sizeBytes(): number {
    let size = 0;
    for (const segment of this.#segments ?? []) size += segment.size;
    return size;
  }

  /** Index of the last segment that begins at or before `offset`; 0 if none does. */
  indexOf(offset: number): number {
    const segments = this.all();
    let index = segments.length - 1;
    if (segments[index]!.baseOffset <= offset) return index;
    let low = 0;
    while (low < index) {
      const middle = (low + index) >>> 1;
      if (segments[middle]!.baseOffset <= offset) low = middle + 1;
      else index = middle;
    }
    return Math.max(0, low - 1);
  }

  /** Aborted transactions that overlap [from, to), in order of their markers. */
  abortedTransactions(from: number, to: number): { producerId: number; firstOffset: number }[] {
    const found: { producerId: number; firstOffset: number }[] = [];
    for (let i = this.indexOf(from); i < this.count; i++) {
      for (const { producerId, firstOffset, lastOffset, lastStableOffset } of this.at(i)!.aborted.entries) {
        if (lastOffset >= from && firstOffset < to) found.push({ producerId, firstOffset });
        if (lastStableOffset >= to) return found;
      }
    }
    return found;
  }

  /** Lets go of the oldest ones, and returns them; at least one stays. */
  dropFirst(count: number): readonly Segment[] {
    const segments = this.all();
    this.#segments = segments.slice(count);
    return segments.slice(0, count);
  }

  add(baseOffset: number): void {
    this.#segments = [...this.all(), this.#make(baseOffset)];
    this.#active = null;
  }

  /** Removes segments above `offset`, and cuts the one that holds it. */
  truncateTo(offset: number): void {
    const count = this.indexOf(offset) + 1;
    const segments = this.all();
    this.#segments = segments.slice(0, count);
    this.#active = null;
    for (const segment of segments.slice(count)) segment.remove();
    this.active.truncateTo(offset);
  }

  /** Removes everything and begins anew. */
  restartAt(offset: number): void {
    for (const segment of this.#segments ?? []) segment.remove();
    this.#segments = [this.#make(offset)];
    this.#active = null;
  }

  #make(baseOffset: number): Segment {
    const { host } = this.#environment;
    return new Segment(host.disk, this.#directory, baseOffset, host.wallMs());
  }
}
