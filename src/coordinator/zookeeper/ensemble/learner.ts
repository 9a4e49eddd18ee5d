/** What a leader remembers of one server that follows it, or is about to. */
export class Learner {
  readonly sid: number;
  /** Last logged zxid, once it has told; decides how it is synchronised. */
  lastZxid: number | null = null;
  /** Gets every proposal from now on. */
  forwarding = false;
  /** Has acknowledged NEWLEADER. */
  synced = false;
  lastHeardMs: number;
  /** Tick by which it must have acknowledged something to count for the majority. */
  ackDeadlineTick: number;
  /** The proposal whose acknowledgement is timed, and the first one sent after it (SyncLimitCheck). */
  #timed: { readonly zxid: number; readonly sinceMs: number } | null = null;
  #next: { readonly zxid: number; readonly sinceMs: number } | null = null;

  constructor(sid: number, ackDeadlineTick: number, nowMs: number) {
    this.sid = sid;
    this.ackDeadlineTick = ackDeadlineTick;
    this.lastHeardMs = nowMs;
  }

  proposed(zxid: number, nowMs: number): void {
    if (this.#timed === null) this.#timed = { zxid, sinceMs: nowMs };
    else this.#next ??= { zxid, sinceMs: nowMs };
  }

  acked(zxid: number): void {
    if (this.#timed !== null && zxid >= this.#timed.zxid) {
      this.#timed = this.#next !== null && this.#next.zxid > zxid ? this.#next : null;
      this.#next = null;
    }
  }

  isBehind(nowMs: number, limitMs: number): boolean {
    return this.#timed !== null && nowMs - this.#timed.sinceMs >= limitMs;
  }
}
