interface Sample {
  startMs: number;
  total: number;
}

/**
 * How much a second, over the last windows (Kafka's `Rate` over a `SampledStat`): a window that has just begun does not make the rate look
 * larger, for as many windows as there are count as full but the last.
 */
export class SampledRate {
  private readonly windowMs: number;
  private readonly count: number;
  /** Oldest first. */
  private samples: Sample[] = [];

  constructor(windowMs: number, count: number) {
    this.windowMs = windowMs;
    this.count = count;
  }

  record(nowMs: number, amount: number): void {
    this.forget(nowMs);
    let last = this.samples.at(-1);
    if (last === undefined || nowMs - last.startMs >= this.windowMs) {
      last = { startMs: nowMs, total: 0 };
      this.samples.push(last);
      if (this.samples.length > this.count) this.samples.shift();
    }
    last.total += amount;
  }

  /** Time over which the rate is taken, in milliseconds. */
  spanMs(nowMs: number): number {
    this.forget(nowMs);
    const elapsedMs = nowMs - (this.samples[0]?.startMs ?? nowMs);
    const fullWindows = Math.floor(elapsedMs / this.windowMs);
    return elapsedMs + Math.max(0, this.count - 1 - fullWindows) * this.windowMs;
  }

  perSecond(nowMs: number): number {
    const spanMs = this.spanMs(nowMs);
    let total = 0;
    for (const sample of this.samples) total += sample.total;
    return spanMs === 0 ? 0 : (total * 1000) / spanMs;
  }

  /** How long nothing may come until the rate is down to the bound again. */
  throttleMs(nowMs: number, bound: number): number {
    const value = this.perSecond(nowMs);
    return value <= bound ? 0 : Math.round(((value - bound) / bound) * this.spanMs(nowMs));
  }

  private forget(nowMs: number): void {
    while (this.samples[0] !== undefined && nowMs - this.samples[0].startMs >= this.count * this.windowMs)
      this.samples.shift();
  }
}
