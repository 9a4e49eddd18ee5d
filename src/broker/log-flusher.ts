import type { Context } from '../kernel/api.ts';
import type { PartitionLog } from '../storage/api.ts';

/** A log's `flush.ms`, as its topic has it now. */
export type FlushMs = (topic: string) => number;

/**
 * Makes logs durable by the clock (`log.flush.scheduler.interval.ms`, `flush.ms`). Both are off by default: then a log is flushed when
 * its segment rolls and at an orderly end, and what a power cut takes in between is for the other replicas to know.
 */
export class LogFlusher {
  private readonly context: Context;
  private readonly logs: ReadonlyMap<string, PartitionLog>;
  private readonly flushMs: FlushMs;
  /** When each log was flushed last, or first seen. */
  private readonly flushedAtMs = new Map<string, number>();

  constructor(context: Context, logs: ReadonlyMap<string, PartitionLog>, flushMs: FlushMs) {
    this.context = context;
    this.logs = logs;
    this.flushMs = flushMs;
  }

  flushDue(): void {
    const nowMs = this.context.wallMs();
    for (const log of this.logs.values()) {
      const lastMs = this.flushedAtMs.get(log.name);
      if (lastMs === undefined) this.flushedAtMs.set(log.name, nowMs);
      else if (nowMs - lastMs >= this.flushMs(log.topic) && log.recoveryPoint < log.logEndOffset) {
        this.flushedAtMs.set(log.name, nowMs);
        log.flush(ignore, null);
      }
    }
    for (const name of this.flushedAtMs.keys()) if (!this.logs.has(name)) this.flushedAtMs.delete(name);
  }
}

/** A sync that fails is told to the log directory, not to who asked for it. */
function ignore(): void {}
