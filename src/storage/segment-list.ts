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
  #segments: Segment[];

  constructor(environment: LogEnvironment, directory: string, segments: readonly Segment[]) {
    this.#environment = environment;
    this.#directory = directory;
    this.#segments = [...segments];
  }

  get active(): Segment {
    return this.#segments[this.#segments.length - 1]!;
  }

  get first(): Segment {
    return this.#segments[0]!;
  }

  get count(): number {
    return this.#segments.length;
  }

  all(): readonly Segment[] {
    return this.#segments;
  }

  at(index: number): Segment | undefined {
    return this.#segments[index];
  }

  sizeBytes(): number {
    let size = 0;
    for (const segment of this.#segments) size += segment.size;
    return size;
  }

  /** Index of the last segment that begins at or before `offset`; 0 if none does. */
  indexOf(offset: number): number {
    const segments = this.#segments;
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

  add(baseOffset: number): Segment {
    const { host } = this.#environment;
    const segment = new Segment(host.disk, this.#directory, baseOffset, host.wallMs());
    this.#segments.push(segment);
    return segment;
  }

  /** Removes segments above `offset`, and cuts the one that holds it. */
  truncateTo(offset: number): void {
    const last = this.indexOf(offset);
    for (const segment of this.#segments.splice(last + 1)) segment.remove();
    this.active.truncateTo(offset);
  }

  /** Removes everything and begins anew. */
  restartAt(offset: number): void {
    const old = this.#segments;
    this.#segments = [];
    for (const segment of old) segment.remove();
    this.add(offset);
  }
}
