import type { EventId, Timer } from './api.ts';

/**
 * What a pending event calls. It is declared as a method's type, so that a handler of any argument type can be
 * scheduled together with its argument; the scheduler's functions check that the two fit.
 */
export type Handler = { call(arg: unknown, payload: unknown): void }['call'];

/** Whether what is due for an owner runs, waits, or is dropped. */
export const GATE_OPEN = 0;
export const GATE_PAUSED = 1;
export const GATE_DEAD = 2;
export type Gate = typeof GATE_OPEN | typeof GATE_PAUSED | typeof GATE_DEAD;

/** Whom a pending event belongs to: one incarnation of a process, or the world. */
export interface Owner {
  readonly gate: Gate;
  /** What came due while the gate was paused, in order. */
  readonly held: HeldCall[];
  readonly queue: { noteCancelled(): void };
}

/** A call that came due while its owner was paused. */
export interface HeldCall {
  readonly handler: Handler;
  readonly arg: unknown;
  readonly payload: unknown;
  readonly cause: EventId;
}

/** The handle of a call that can be cancelled. It is what lies in the queue as `arg` of `ring`. */
export class Alarm implements Timer {
  /** Null once it was cancelled or has fired. */
  handler: Handler | null;
  arg: unknown;
  private readonly owner: Owner;

  constructor(owner: Owner, handler: Handler, arg: unknown) {
    this.owner = owner;
    this.handler = handler;
    this.arg = arg;
  }

  cancel(): void {
    if (this.handler === null) return;
    this.handler = null;
    this.arg = undefined;
    this.owner.queue.noteCancelled();
  }
}

/** What the queue calls for an alarm. */
export function ring(alarm: Alarm): void {
  const { handler, arg } = alarm;
  if (handler === null) return;
  alarm.handler = null;
  alarm.arg = undefined;
  handler(arg, undefined);
}

/** Whether a pending call is an alarm that was cancelled. */
export function isCancelled(handler: Handler, arg: unknown): boolean {
  return handler === ring && arg instanceof Alarm && arg.handler === null;
}
