import type { EventId, Micros } from './api.ts';
import { fail } from './assert.ts';
import { Alarm, GATE_OPEN, GATE_PAUSED, type Handler, type HeldCall, type Owner, ring } from './owner.ts';
import { alarmOf, argOf, causeOf, handlerOf, ownerOf, payloadOf } from './page.ts';
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
  onDropped: (handler: Handler, arg: unknown, payload: unknown) => void = () => {};
  private stopped = false;

  /** Schedules a call that nobody will cancel, at a whole microsecond from now on. */
  post(timeUs: Micros, owner: Owner, handler: Handler, arg: unknown, payload: unknown): void {
    this.queue.push(timeUs, owner, handler, arg, payload, this.cause);
  }

  /** Schedules a call that can be cancelled. */
  timer(timeUs: Micros, owner: Owner, handler: Handler, arg: unknown): Alarm {
    if (!(timeUs >= this.nowUs)) fail(`a timer is set to ${timeUs}, which is before now (${this.nowUs})`);
    const alarm = new Alarm(owner, handler, arg);
    this.queue.push(Math.ceil(timeUs), owner, ring, alarm, undefined, this.cause);
    return alarm;
  }

  /** Calls on behalf of an owner within the present step; if it is paused, when it resumes; if it is dead, never. */
  runFor(owner: Owner, handler: Handler, arg: unknown, payload: unknown): void {
    if (owner.gate === GATE_OPEN) handler(arg, payload);
    else if (owner.gate === GATE_PAUSED) owner.held.push({ handler, arg, payload, cause: this.cause });
  }

  /** Runs at most `limit` events due up to `timeUs`; returns how many. */
  run(timeUs: Micros, limit: number): number {
    const { queue } = this;
    let executed = 0;
    this.stopped = false;
    while (executed < limit && !this.stopped && queue.find(timeUs, this.nowUs)) {
      const { page, at } = queue;
      const handler = handlerOf(page, at);
      if (handler === ring && alarmOf(page, at).handler === null) {
        queue.remove();
        queue.noteCancelledGone();
        continue;
      }
      const owner = ownerOf(page, at);
      const arg = argOf(page, at);
      const payload = payloadOf(page, at);
      const cause = causeOf(page, at);
      queue.remove();
      this.nowUs = queue.timeUs;
      this.cause = cause;
      if (owner.gate === GATE_OPEN) {
        executed += 1;
        handler(arg, payload);
      } else if (owner.gate === GATE_PAUSED) {
        owner.held.push({ handler, arg, payload, cause });
      } else {
        this.onDropped(handler, arg, payload);
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

  /** Runs what is due up to a time, and stands no further than looking for it took: where the last event was, or within a second of the next. */
  runDue(timeUs: Micros, limit: number): number {
    const executed = this.run(timeUs, limit);
    if (executed < limit) this.nowUs = Math.max(this.nowUs, this.queue.positionUs);
    return executed;
  }

  stop(): void {
    this.stopped = true;
  }

  executeHeld({ handler, arg, payload, cause }: HeldCall): void {
    this.cause = cause;
    handler(arg, payload);
  }

  dropHeld({ handler, arg, payload, cause }: HeldCall): void {
    this.cause = cause;
    this.onDropped(handler, arg, payload);
  }
}
