/** What a server counts of its clients' packets: of one connection, or of all (ServerStats, ServerCnxn). */

/** Short names of operations, by number (Request.op2String, as `cons` prints them). */
const OPERATIONS: ReadonlyMap<number, string> = new Map([
  [1, 'CREA'],
  [2, 'DELE'],
  [3, 'EXIS'],
  [4, 'GETD'],
  [5, 'SETD'],
  [6, 'GETA'],
  [7, 'SETA'],
  [8, 'GETC'],
  [9, 'SYNC'],
  [11, 'PING'],
  [12, 'GETC'],
  [14, 'MULT'],
  [15, 'CREA'],
  [18, 'REMW'],
  [19, 'CREA'],
  [21, 'CREA'],
  [101, 'SETW'],
  [103, 'GETE'],
  [104, 'GETACN'],
  [105, 'STW2'],
  [106, 'ADDW'],
  [107, 'HOMI'],
  [-10, 'SESS'],
  [-11, 'CLOS'],
]);

export class Traffic {
  received = 0;
  sent = 0;
  /** Requests that were answered, and how long that took, in milliseconds. */
  answered = 0;
  latencySumMs = 0;
  latencyMinMs = 0;
  latencyMaxMs = 0;
  latencyLastMs = 0;
  lastOperation = 'NA';
  /** The xid of the last request; negative: none had one. */
  lastCxid = -1;
  lastZxid = -1;
  lastResponseMs = 0;

  took(
    operation: number,
    xid: number,
    zxid: number,
    { nowMs, sinceMs }: { readonly nowMs: number; readonly sinceMs: number },
  ): void {
    const latencyMs = nowMs - sinceMs;
    this.latencyMinMs = this.answered === 0 ? latencyMs : Math.min(this.latencyMinMs, latencyMs);
    this.latencyMaxMs = Math.max(this.latencyMaxMs, latencyMs);
    this.latencyLastMs = latencyMs;
    this.latencySumMs += latencyMs;
    this.answered += 1;
    this.lastOperation = OPERATIONS.get(operation) ?? 'NA';
    if (xid >= 0) this.lastCxid = xid;
    this.lastZxid = zxid;
    this.lastResponseMs = nowMs;
  }

  get latencyAverageMs(): number {
    return this.answered === 0 ? 0 : this.latencySumMs / this.answered;
  }

  reset(): void {
    this.received = 0;
    this.sent = 0;
    this.answered = 0;
    this.latencySumMs = 0;
    this.latencyMinMs = 0;
    this.latencyMaxMs = 0;
    this.latencyLastMs = 0;
    this.lastOperation = 'NA';
    this.lastCxid = -1;
    this.lastZxid = -1;
  }
}

/** Of the txns that a server has logged, in bytes; -1: none yet (BufferStats). */
export class SizeStats {
  last = -1;
  least = -1;
  most = -1;

  add(size: number): void {
    this.last = size;
    this.least = this.least < 0 ? size : Math.min(this.least, size);
    this.most = Math.max(this.most, size);
  }

  reset(): void {
    this.last = -1;
    this.least = -1;
    this.most = -1;
  }
}
