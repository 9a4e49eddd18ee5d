/**
 * Where batches stand in a segment: a sparse list with an entry for each `index.interval.bytes`, as `.index` and
 * `.timeindex` have it (§3.2 of the storage page), and beside it the exact places of the last few batches, because almost
 * every read is of those. Empty until there is something to say, so that an idle segment costs nothing.
 */
export class SegmentIndex {
  /** Of entry i: first offset of a batch, its position, and the largest timestamp of all batches before it. */
  readonly #offsets: number[] = [];
  readonly #positions: number[] = [];
  readonly #timestamps: number[] = [];
  /** Pairs (offset after the batch, its position), a ring. A typed array would be the larger half of the index. */
  readonly #recent: number[] = [];
  #recentCount = 0;

  addEntry(baseOffset: number, position: number, maxTimestampBeforeMs: number): void {
    this.#offsets.push(baseOffset);
    this.#positions.push(position);
    this.#timestamps.push(maxTimestampBeforeMs);
  }

  addRecent(nextOffset: number, position: number): void {
    const at = 2 * (this.#recentCount++ % RECENT);
    this.#recent[at] = nextOffset;
    this.#recent[at + 1] = position;
  }

  /** Position of the batch that holds or follows `offset`, if it is one of the last few; -1 otherwise. */
  recentPosition(offset: number): number {
    const count = this.#recentCount;
    const oldest = count > RECENT ? count - RECENT : 0;
    let found = -1;
    for (let i = count - 1; i >= oldest; i--) {
      const at = 2 * (i % RECENT);
      if (this.#recent[at]! <= offset) return found;
      found = this.#recent[at + 1]!;
    }
    return oldest === 0 && found === 0 ? 0 : -1;
  }

  /** Position of a batch at or before the one that holds `offset`. */
  positionBefore(offset: number): number {
    const entry = lastNotAbove(this.#offsets, offset);
    return entry < 0 ? 0 : this.#positions[entry]!;
  }

  /** Position of a batch before which no batch has a timestamp at or after `timestampMs`. */
  positionBeforeTimestamp(timestampMs: number): number {
    const entry = lastNotAbove(this.#timestamps, timestampMs - 1);
    return entry < 0 ? 0 : this.#positions[entry]!;
  }

  /** Position and preceding timestamp of the last entry. */
  lastEntry(): { readonly position: number; readonly maxTimestampBeforeMs: number } {
    const last = this.#positions.length - 1;
    return last < 0
      ? { position: 0, maxTimestampBeforeMs: -1 }
      : { position: this.#positions[last]!, maxTimestampBeforeMs: this.#timestamps[last]! };
  }

  /** Forgets everything at and after a position. */
  truncateTo(position: number): void {
    let kept = this.#positions.length;
    while (kept > 0 && this.#positions[kept - 1]! >= position) kept--;
    this.#offsets.length = kept;
    this.#positions.length = kept;
    this.#timestamps.length = kept;
    this.#recentCount = 0;
  }
}

const RECENT = 8;

/** Index of the last element that is not above `value`, in an array that never falls; -1 where there is none. */
function lastNotAbove(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
