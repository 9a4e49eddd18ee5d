import type { ClockControl, Micros } from './api.ts';
import { kernelEvents } from './events.ts';
import type { Scheduler } from './scheduler.ts';
import type { TraceRecorder } from './trace.ts';
import type { Named } from './trace-codec.ts';

/** A machine's wall clock: virtual time, an epoch, and what is wrong with it. */
export class WallClock implements ClockControl {
  private readonly scheduler: Scheduler;
  private readonly trace: TraceRecorder;
  private readonly source: Named;
  private readonly epochUs: Micros;
  private offsetUs: Micros = 0;
  private driftPpm = 0;
  private driftSinceUs: Micros = 0;

  constructor(scheduler: Scheduler, trace: TraceRecorder, source: Named, epochMs: number) {
    this.scheduler = scheduler;
    this.trace = trace;
    this.source = source;
    this.epochUs = epochMs * 1000;
  }

  nowMs(): number {
    return Math.floor((this.epochUs + this.scheduler.nowUs + this.offsetUs + this.driftedUs()) / 1000);
  }

  skew(deltaMs: number): void {
    this.offsetUs += Math.round(deltaMs * 1000);
    this.record('clock-skewed', deltaMs);
  }

  drift(ppm: number): void {
    this.offsetUs += this.driftedUs();
    this.driftSinceUs = this.scheduler.nowUs;
    this.driftPpm = ppm;
    this.record('clock-drifted', ppm);
  }

  private driftedUs(): Micros {
    if (this.driftPpm === 0) return 0;
    return Math.floor(((this.scheduler.nowUs - this.driftSinceUs) * this.driftPpm) / 1_000_000);
  }

  private record(kind: 'clock-skewed' | 'clock-drifted', value: number): void {
    const { scheduler } = this;
    this.trace.record(scheduler.nowUs, this.source, kernelEvents[kind], [value], scheduler.cause);
  }
}
