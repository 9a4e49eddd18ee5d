import type { EventId, Micros } from './api.ts';
import { fail } from './assert.ts';
import { Entry, GATE_OPEN, GATE_PAUSED, type Handler, type Owner } from './entry.ts';
import { EventQueue } from './queue.ts';

/**
 * Virtual time, the pending events, and the cause of the present step. An event captures the cause that holds when it
 * is scheduled, and brings it back when it runs.
 */
export class Scheduler {
  nowUs: Micros = 0;
  cause: EventId = 0;
  readonly queue = new EventQueue();
  /** Owner of what belongs to no process: the operator's schedule, the network's and the machines' own work. */
  readonly world: Owner = { gate: GATE_OPEN, held: [], queue: this.queue };
  /** Told of each event whose owner is dead. */
  onDropped: (handler: Handler, arg: unknown) => void = () => {};
  private free: Entry | null = null;
  private stopped = false;

  /** Schedules a call that nobody will cancel. */
  post(timeUs: Micros, owner: Owner, handler: Handler, arg: unknown, payload: unknown): void {
    this.queue.push(this.take(owner, handler, arg, payload), timeUs);
  }

  /** Schedules a call that can be cancelled. */
  timer(timeUs: Micros, owner: Owner, handler: Handler, arg: unknown): Entry {
    if (!(timeUs >= this.nowUs)) fail(`a timer is set to ${timeUs}, which is before now (${this.nowUs})`);
    const entry = new Entry(owner, handler, arg, undefined, this.cause, false);
    this.queue.push(entry, Math.ceil(timeUs));
    return entry;
  }

  /** Calls on behalf of an owner within the present step; if it is paused, when it resumes; if it is dead, never. */
  runFor(owner: Owner, handler: Handler, arg: unknown, payload: unknown): void {
    if (owner.gate === GATE_OPEN) handler(arg, payload);
    else if (owner.gate === GATE_PAUSED) owner.held.push(this.take(owner, handler, arg, payload));
  }

  /** Runs at most `limit` events due up to `timeUs`; returns how many. */
  run(timeUs: Micros, limit: number): number {
    const queue = this.queue;
    let executed = 0;
    this.stopped = false;
    while (executed < limit && !this.stopped) {
      const entry = queue.pop(timeUs, this.nowUs);
      if (entry === null) break;
      if (entry.handler === null) {
        queue.noteCancelledGone();
        continue;
      }
      this.nowUs = queue.timeUs;
      if (entry.owner.gate === GATE_OPEN) {
        executed += 1;
        this.execute(entry);
      } else if (entry.owner.gate === GATE_PAUSED) {
        entry.owner.held.push(entry);
      } else {
        this.drop(entry);
      }
    }
    this.cause = 0;
    return executed;
  }

  /** Runs everything due up to a time and stands there, unless it is stopped. */
  runUntil(timeUs: Micros, limit: number): number {
    const executed = this.run(timeUs, limit);
    const ranOut = executed < limit && !this.stopped;
    if (ranOut && this.nowUs < timeUs && timeUs !== Number.POSITIVE_INFINITY) this.nowUs = timeUs;
    return executed;
  }

  stop(): void {
    this.stopped = true;
  }

  execute(entry: Entry): void {
    const handler = entry.handler;
    if (handler === null) return;
    const arg = entry.arg;
    const payload = entry.payload;
    this.cause = entry.cause;
    this.release(entry);
    handler(arg, payload);
  }

  drop(entry: Entry): void {
    const handler = entry.handler;
    const arg = entry.arg;
    if (handler === null) return;
    this.cause = entry.cause;
    this.release(entry);
    this.onDropped(handler, arg);
  }

  private take(owner: Owner, handler: Handler, arg: unknown, payload: unknown): Entry {
    const entry = this.free;
    if (entry === null) return new Entry(owner, handler, arg, payload, this.cause, true);
    this.free = entry.next;
    entry.handler = handler;
    entry.arg = arg;
    entry.payload = payload;
    entry.owner = owner;
    entry.cause = this.cause;
    return entry;
  }

  private release(entry: Entry): void {
    entry.handler = null;
    entry.arg = undefined;
    entry.payload = undefined;
    if (entry.pooled) {
      entry.next = this.free;
      this.free = entry;
    }
  }
}
