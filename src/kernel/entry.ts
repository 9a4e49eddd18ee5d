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
  readonly held: Entry[];
  readonly queue: { noteCancelled(): void };
}

/**
 * A pending event. Entries without a handle (messages, completions) are pooled and used again; an entry that was given
 * out as a `Timer` never is, so that an old handle cannot cancel somebody else's event.
 */
export class Entry implements Timer {
  /** When it is due, in microseconds since the beginning of the queue's present block: a small integer. */
  offset = 0;
  next: Entry | null;
  /** Null once it was cancelled or has fired. */
  handler: Handler | null;
  arg: unknown;
  payload: unknown;
  owner: Owner;
  cause: EventId;
  readonly pooled: boolean;

  constructor(owner: Owner, handler: Handler, arg: unknown, payload: unknown, cause: EventId, pooled: boolean) {
    this.next = null;
    this.handler = handler;
    this.arg = arg;
    this.payload = payload;
    this.owner = owner;
    this.cause = cause;
    this.pooled = pooled;
  }

  cancel(): void {
    if (this.handler === null) return;
    this.handler = null;
    this.arg = undefined;
    this.payload = undefined;
    this.owner.queue.noteCancelled();
  }
}
