import type { Cpu, EventId, Micros } from './api.ts';
import type { Handler, Owner } from './owner.ts';
import type { Scheduler } from './scheduler.ts';

/** The machine's speed: 1 is normal, 2 takes twice as long. */
export interface Speed {
  factor: number;
}

interface Job {
  readonly costUs: Micros;
  readonly handler: Handler;
  readonly arg: unknown;
  readonly cause: EventId;
}

const WINDOW_US = 1_000_000;

/** A finite number of threads behind one queue, first come, first served. One belongs to each process. */
export class ThreadPool implements Cpu {
  private readonly scheduler: Scheduler;
  private readonly owner: Owner;
  private readonly threads: number;
  private readonly speed: Speed;
  private busy = 0;
  private queue: Job[] = [];
  private queueHead = 0;
  /** Integral of busy threads over time, now and at the beginning of the present and the previous window. */
  private busyThreadUs = 0;
  private countedUs: Micros;
  private windowUs: Micros;
  private atWindow = 0;
  private previousWindowUs: Micros;
  private atPreviousWindow = 0;

  constructor(scheduler: Scheduler, owner: Owner, threads: number, speed: Speed) {
    this.scheduler = scheduler;
    this.owner = owner;
    this.threads = threads;
    this.speed = speed;
    this.countedUs = scheduler.nowUs;
    this.windowUs = scheduler.nowUs;
    this.previousWindowUs = scheduler.nowUs;
  }

  run<A>(costUs: Micros, handler: (arg: A) => void, arg: A): void {
    const job: Job = { costUs, handler: asHandler(handler), arg, cause: this.scheduler.cause };
    if (this.busy < this.threads) this.begin(job);
    else this.queue.push(job);
  }

  get queued(): number {
    return this.queue.length - this.queueHead;
  }

  /** Per mille of the threads' time that was spent on service over the last one to two seconds. */
  get utilisation(): number {
    this.count();
    const spanUs = this.countedUs - this.previousWindowUs;
    if (spanUs === 0) return 0;
    return Math.round(((this.busyThreadUs - this.atPreviousWindow) * 1000) / (spanUs * this.threads));
  }

  /** Service given so far, over all threads. Looking changes nothing, so a dashboard may. */
  get givenUs(): Micros {
    return this.busyThreadUs + this.busy * (this.scheduler.nowUs - this.countedUs);
  }

  finish(job: Job): void {
    this.count();
    this.busy -= 1;
    if (this.queueHead < this.queue.length) this.begin(this.nextQueued());
    this.scheduler.cause = job.cause;
    job.handler(job.arg, undefined);
  }

  private begin(job: Job): void {
    this.count();
    this.busy += 1;
    const { scheduler } = this;
    const serviceUs = Math.ceil(job.costUs * this.speed.factor);
    scheduler.post(scheduler.nowUs + serviceUs, this.owner, serviceDone, this, job);
  }

  private nextQueued(): Job {
    const job = this.queue[this.queueHead]!;
    this.queueHead += 1;
    if (this.queueHead > 64 && this.queueHead * 2 > this.queue.length) {
      this.queue = this.queue.slice(this.queueHead);
      this.queueHead = 0;
    }
    return job;
  }

  private count(): void {
    const { nowUs } = this.scheduler;
    this.busyThreadUs += this.busy * (nowUs - this.countedUs);
    this.countedUs = nowUs;
    if (nowUs - this.windowUs < WINDOW_US) return;
    this.previousWindowUs = this.windowUs;
    this.atPreviousWindow = this.atWindow;
    this.windowUs = nowUs;
    this.atWindow = this.busyThreadUs;
  }
}

function serviceDone(pool: ThreadPool, job: Job): void {
  pool.finish(job);
}

function asHandler<A>(handler: (arg: A) => void): Handler {
  const box: { call(arg: unknown, payload: unknown): void } = { call: handler };
  return box.call;
}
