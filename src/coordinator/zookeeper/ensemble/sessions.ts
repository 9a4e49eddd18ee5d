/**
 * Sessions: their names, their passwords, and, on the leader, when they end. Modelled on SessionTrackerImpl and ExpiryQueue.
 *
 * A real session id is 64 bits: the server's number, 40 bits of milliseconds, 16 bits of counting. Here it is a safe integer:
 * 8 bits of server, 29 bits of milliseconds (they come round after six days), 16 bits of counting, in the same order.
 */
import { ZkCode } from './codes.ts';
import type { SessionTouch } from './messages.ts';
import type { SessionGate } from './prep.ts';

const COUNTS = 0x1_0000;
const MILLIS = 0x2000_0000;

/** The first session id that a server gives out after a start at this moment; the following ones add 1. */
export function firstSessionId(sid: number, nowMs: number): number {
  return (sid * MILLIS + (nowMs % MILLIS)) * COUNTS;
}

/** The number of the server that gave the id out. */
export function serverOfSession(sessionId: number): number {
  return Math.floor(sessionId / (MILLIS * COUNTS));
}

/** The id of a session whose printed form is in the trace. */
export function parseSessionId(text: string): number {
  return Number.parseInt(text.slice(2), 16);
}

export function formatSessionId(sessionId: number): string {
  return `0x${sessionId.toString(16)}`;
}

/** 16 bytes that follow from the id, so that every server can check them. (A real password comes out of java.util.Random in the same manner.) */
export function sessionPassword(sessionId: number): Uint8Array {
  const password = new Uint8Array(16);
  let state = ((sessionId % 0x1_0000_0000) ^ Math.floor(sessionId / 0x1_0000_0000) ^ 0xb3415c00) >>> 0;
  for (let i = 0; i < 16; i++) {
    state = (state + 0x9e37_79b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    password[i] = (mixed ^ (mixed >>> 15)) & 0xff;
  }
  return password;
}

export function isPasswordOf(sessionId: number, password: Uint8Array): boolean {
  const right = sessionPassword(sessionId);
  return password.length === right.length && right.every((byte, i) => byte === password[i]);
}

/** What a client gets of what it asked for: between 2 and 20 ticks. */
export function negotiateTimeout(askedMs: number, tickTimeMs: number): number {
  return Math.min(Math.max(askedMs, 2 * tickTimeMs), 20 * tickTimeMs);
}

interface Tracked {
  timeoutMs: number;
  /** Moment of its bucket; the session ends when the leader's clock passes it. */
  deadlineMs: number;
  /** Server that the client is connected to; 0 until the first request tells. */
  owner: number;
  closing: boolean;
}

/** The leader's watch over all sessions. Deadlines are rounded up to whole ticks, so that sessions end in batches. */
export class SessionTracker implements SessionGate {
  readonly #tickTimeMs: number;
  readonly #sessions = new Map<number, Tracked>();
  readonly #buckets = new Map<number, Set<number>>();
  #nowMs: number;

  /** A new leader begins with every session in full, however long ago it was last heard of. */
  constructor(tickTimeMs: number, sessions: ReadonlyMap<number, number>, nowMs: number) {
    this.#tickTimeMs = tickTimeMs;
    this.#nowMs = nowMs;
    for (const [sessionId, timeoutMs] of sessions) this.#track(sessionId, timeoutMs, 0);
  }

  /** Everything that follows happens at this moment of the leader's monotonic clock. */
  at(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  open(sessionId: number, timeoutMs: number, owner: number): void {
    this.#track(sessionId, timeoutMs, owner);
  }

  /** A sign of life. False if the session is over, or about to be. */
  touch(sessionId: number, timeoutMs: number): boolean {
    const session = this.#sessions.get(sessionId);
    if (session === undefined || session.closing) return false;
    session.timeoutMs = timeoutMs;
    this.#schedule(sessionId, session);
    return true;
  }

  /** The client of a living session is at this server now. */
  reown(sessionId: number, owner: number): void {
    const session = this.#sessions.get(sessionId);
    if (session !== undefined) session.owner = owner;
  }

  check(sessionId: number, owner: number): ZkCode {
    const session = this.#sessions.get(sessionId);
    if (session === undefined || session.closing) return ZkCode.SESSION_EXPIRED;
    if (session.owner === 0) session.owner = owner;
    return session.owner === owner ? ZkCode.OK : ZkCode.SESSION_MOVED;
  }

  closing(sessionId: number): void {
    const session = this.#sessions.get(sessionId);
    if (session !== undefined) session.closing = true;
  }

  /** Its end has been agreed on. */
  remove(sessionId: number): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return;
    this.#sessions.delete(sessionId);
    this.#unschedule(sessionId, session);
  }

  /** Sessions whose time has come. Each is named once; the leader then proposes its end. */
  expire(nowMs: number): readonly number[] {
    this.#nowMs = nowMs;
    const due = [...this.#buckets.keys()].filter((deadline) => deadline <= nowMs).sort((a, b) => a - b);
    const expired: number[] = [];
    for (const deadline of due) {
      for (const sessionId of this.#buckets.get(deadline)!) {
        const session = this.#sessions.get(sessionId)!;
        if (!session.closing) expired.push(sessionId);
        session.closing = true;
      }
      this.#buckets.delete(deadline);
    }
    return expired;
  }

  /** Which sessions end when, if nothing is heard of them: in the order of their ends. */
  get sets(): readonly { readonly deadlineMs: number; readonly sessionIds: readonly number[] }[] {
    return [...this.#buckets]
      .map(([deadlineMs, sessionIds]) => ({ deadlineMs, sessionIds: [...sessionIds] }))
      .sort((a, b) => a.deadlineMs - b.deadlineMs);
  }

  /** When the tracker has to look next: the coming whole tick. */
  nextCheckMs(): number {
    return (Math.floor(this.#nowMs / this.#tickTimeMs) + 1) * this.#tickTimeMs;
  }

  #track(sessionId: number, timeoutMs: number, owner: number): void {
    this.remove(sessionId);
    const session = { timeoutMs, deadlineMs: -1, owner, closing: false };
    this.#sessions.set(sessionId, session);
    this.#schedule(sessionId, session);
  }

  #schedule(sessionId: number, session: Tracked): void {
    const deadlineMs = (Math.floor((this.#nowMs + session.timeoutMs) / this.#tickTimeMs) + 1) * this.#tickTimeMs;
    if (deadlineMs === session.deadlineMs) return;
    this.#unschedule(sessionId, session);
    session.deadlineMs = deadlineMs;
    const bucket = this.#buckets.get(deadlineMs);
    if (bucket === undefined) this.#buckets.set(deadlineMs, new Set([sessionId]));
    else bucket.add(sessionId);
  }

  #unschedule(sessionId: number, session: Tracked): void {
    const bucket = this.#buckets.get(session.deadlineMs);
    bucket?.delete(sessionId);
    if (bucket?.size === 0) this.#buckets.delete(session.deadlineMs);
  }
}

/** A follower's list of sessions heard of since the leader's last PING; the answer to the next one takes it along. */
export class TouchTable {
  #touched = new Map<number, number>();

  touch(sessionId: number, timeout: number): void {
    this.#touched.set(sessionId, timeout);
  }

  take(): readonly SessionTouch[] {
    const taken = [...this.#touched].map(([sessionId, timeout]) => ({ sessionId, timeout }));
    this.#touched = new Map();
    return taken;
  }
}
