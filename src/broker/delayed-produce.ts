import type { EventId } from '../kernel/api.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { Partition } from './partition.ts';
import type { Delayed } from './purgatory.ts';

/** One partition's part of a request with acks=all. `error` is what its answer will say. */
export interface PendingAck {
  readonly produce: DelayedProduce;
  readonly partition: Partition;
  /** The high watermark that must be reached. */
  readonly requiredOffset: number;
  error: number;
  done: boolean;
}

/** Who asked for it, and answers once every partition is done or the time is up; looks at `acks`, in the order of `add`. */
export interface ProduceOwner {
  produced(produce: DelayedProduce): void;
}

/**
 * An acks=all request whose records are in the leader's log, and wait there until the ISR has them (Kafka's `DelayedProduce`).
 * The leader epoch is not compared: a broker that lost and regained its leadership goes by the high watermark alone.
 */
export class DelayedProduce implements Delayed {
  completed = false;
  readonly cause: EventId;
  readonly acks: PendingAck[] = [];
  private readonly owner: ProduceOwner;
  private pending = 0;

  constructor(cause: EventId, owner: ProduceOwner) {
    this.cause = cause;
    this.owner = owner;
  }

  /** Adds a partition, before `begin`. */
  add(partition: Partition, requiredOffset: number): PendingAck {
    const ack: PendingAck = {
      produce: this,
      partition,
      requiredOffset,
      error: ErrorCode.REQUEST_TIMED_OUT,
      done: false,
    };
    this.acks.push(ack);
    return ack;
  }

  /** The first check, when all partitions are added. True if that was all. */
  begin(): boolean {
    this.pending = this.acks.length;
    for (const ack of this.acks) {
      const error = ack.partition.ackError(ack);
      if (error === undefined) ack.partition.awaitWatermark(ack);
      else this.settle(ack, error);
    }
    return this.completed;
  }

  settle(ack: PendingAck, error: number): void {
    ack.error = error;
    ack.done = true;
    this.pending--;
    if (this.pending === 0) this.complete();
  }

  onTimeout(): void {
    for (const ack of this.acks) if (!ack.done) ack.partition.giveUpAck(ack);
    this.complete();
  }

  private complete(): void {
    if (this.completed) return;
    this.completed = true;
    this.owner.produced(this);
  }
}
