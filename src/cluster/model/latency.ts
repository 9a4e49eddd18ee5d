/**
 * Counts durations in buckets that grow with them, so that a quantile of millions costs a few hundred numbers. A value read back
 * is at most 1/64 too large (and never too small); integers only, so that every machine reads the same.
 */
const SUB_BUCKET_BITS = 6;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
const MAGNITUDES = 40;

export class LatencyHistogram {
  readonly #counts = new Float64Array(MAGNITUDES * SUB_BUCKETS);
  #total = 0;

  get count(): number {
    return this.#total;
  }

  /** `us` in microseconds, seen `times` times. */
  add(us: number, times: number): void {
    const index = bucketOf(us);
    this.#counts[index] = this.#counts[index]! + times;
    this.#total += times;
  }

  /** The smallest duration that at least `perMille` of a thousand do not exceed; null where nothing was counted. */
  quantileUs(perMille: number): number | null {
    if (this.#total === 0) return null;
    const rank = Math.max(1, Math.ceil((this.#total * perMille) / 1000));
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index++) {
      seen += this.#counts[index]!;
      if (seen >= rank) return upperEdge(index);
    }
    return upperEdge(this.#counts.length - 1);
  }
}

/** Below 64 each value has a bucket of its own; above, each doubling has 64. */
function bucketOf(us: number): number {
  let rest = us;
  let magnitude = 0;
  while (rest >= 2 * SUB_BUCKETS) {
    rest = Math.floor(rest / 2);
    magnitude += 1;
  }
  if (rest < SUB_BUCKETS) return rest;
  return Math.min((magnitude + 1) * SUB_BUCKETS + (rest - SUB_BUCKETS), MAGNITUDES * SUB_BUCKETS - 1);
}

function upperEdge(index: number): number {
  if (index < SUB_BUCKETS) return index;
  const magnitude = Math.floor(index / SUB_BUCKETS) - 1;
  const rest = SUB_BUCKETS + (index % SUB_BUCKETS);
  return (rest + 1) * 2 ** magnitude - 1;
}
