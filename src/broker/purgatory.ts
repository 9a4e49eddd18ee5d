import type { Context, EventId } from '../kernel/api.ts';

/** A request that waits for a condition, at most until its time is up (Kafka's `DelayedOperation`). */
export interface Delayed {
  /** Set by whoever completes it; a completed one is never timed out. */
  completed: boolean;
  /** Why it waits: the cause of its arrival, and so of its time-out. */
  readonly cause: EventId;
  /** Not called once it is completed. */
  onTimeout(): void;
}

interface Waiting {
  readonly dueUs: number;
  readonly operation: Delayed;
}

/** A queue in an array that is used again: what stands in [head, tail) counts. */
interface Lane {
  readonly timeoutUs: number;
  waiting: (Waiting | undefined)[];
  head: number;
  tail: number;
  armed: boolean;
}

/**
 * Time-outs of waiting requests. Most of one kind have the same time-out, so they stand in lanes by its length, each lane in
 * order of arrival with one timer for its head: parking costs no timer, completing costs nothing.
 */
export class Purgatory {
  private readonly context: Context;
  private readonly lanes = new Map<number, Lane>();

  constructor(context: Context) {
    this.context = context;
  }

  park(operation: Delayed, timeoutMs: number): void {
    let lane = this.lanes.get(timeoutMs);
    if (lane === undefined) {
      lane = { timeoutUs: timeoutMs * 1000, waiting: [], head: 0, tail: 0, armed: false };
      this.lanes.set(timeoutMs, lane);
    }
    dropCompleted(lane);
    lane.waiting[lane.tail++] = { dueUs: this.context.nowUs() + lane.timeoutUs, operation };
    if (!lane.armed) this.arm(lane);
  }

  private arm(lane: Lane): void {
    lane.armed = true;
    this.context.after(lane.waiting[lane.head]!.dueUs - this.context.nowUs(), this.expire, lane);
  }

  private readonly expire = (lane: Lane): void => {
    lane.armed = false;
    const nowUs = this.context.nowUs();
    for (;;) {
      dropCompleted(lane);
      const first = lane.waiting[lane.head];
      if (first === undefined) {
        this.lanes.delete(lane.timeoutUs / 1000);
        break;
      }
      if (first.dueUs > nowUs) {
        this.arm(lane);
        break;
      }
      drop(lane);
      this.context.cause = first.operation.cause;
      first.operation.onTimeout();
    }
  };
}

function dropCompleted(lane: Lane): void {
  while (lane.head < lane.tail && lane.waiting[lane.head]!.operation.completed) drop(lane);
}

function drop(lane: Lane): void {
  lane.waiting[lane.head++] = undefined;
  if (lane.head === lane.tail) {
    lane.head = 0;
    lane.tail = 0;
  } else if (lane.head > 256 && lane.head * 2 > lane.tail) {
    lane.waiting = lane.waiting.slice(lane.head, lane.tail);
    lane.tail -= lane.head;
    lane.head = 0;
  }
}
