/**
 * The txn log as a server has it in mind: the latest committed txns, and behind them those of which it is not known yet
 * whether they will stay. Like a diary whose last page is still in pencil: a new leader may ask for that page to be torn out,
 * never for an earlier one.
 *
 * 1. Zxids rise.  2. `baseZxid` < first entry; nothing between them ever existed in this history.
 * 3. `committedZxid` ≤ `lastZxid`, and the tree has applied exactly what is committed.
 *
 * Real servers keep 500 committed txns in memory for followers that lag, and look into the log on disk for more, as long as that
 * is cheaper than a snapshot. Here the 500 are all.
 */
import { assert } from '../../../kernel/assert.ts';
import type { Txn } from './txn.ts';
import { makeZxid } from './zxid.ts';

const COMMITTED_KEPT = 500;

export class History {
  #entries: Txn[];
  #baseZxid: number;
  #committedZxid: number;
  /** How many of the entries are committed. */
  #committedCount = 0;
  #lastZxid: number;

  /** What was found on disk: a tree of `committedZxid`, and the log behind it. */
  constructor(committedZxid: number, tail: readonly Txn[]) {
    this.#entries = [...tail];
    this.#baseZxid = committedZxid;
    this.#committedZxid = committedZxid;
    this.#lastZxid = tail.at(-1)?.zxid ?? committedZxid;
  }

  get baseZxid(): number {
    return this.#baseZxid;
  }
  get committedZxid(): number {
    return this.#committedZxid;
  }
  /** Last logged, or the beginning of the epoch that this server leads. */
  get lastZxid(): number {
    return this.#lastZxid;
  }
  /** Zxid of the last entry; `baseZxid` without entries. */
  get lastEntryZxid(): number {
    return this.#entries.at(-1)?.zxid ?? this.#baseZxid;
  }
  get entries(): readonly Txn[] {
    return this.#entries;
  }
  get uncommitted(): readonly Txn[] {
    return this.#entries.slice(this.#committedCount);
  }

  append(txn: Txn): void {
    assert(txn.zxid > this.#lastZxid, `txn ${txn.zxid} appended behind ${this.#lastZxid}`);
    this.#entries.push(txn);
    this.#lastZxid = txn.zxid;
  }

  /** Entries up to here will stay. Returns those that are newly certain, in order. */
  commit(zxid: number): readonly Txn[] {
    const from = this.#committedCount;
    let to = from;
    while (to < this.#entries.length && this.#entries[to]!.zxid <= zxid) to++;
    const committed = this.#entries.slice(from, to);
    this.#committedCount = to;
    this.#committedZxid = Math.max(this.#committedZxid, committed.at(-1)?.zxid ?? 0);
    this.#trim();
    return committed;
  }

  /** Throws away what lies behind. Returns how many. */
  truncate(zxid: number): number {
    assert(zxid >= this.#committedZxid, `truncation to ${zxid} cuts into what is committed (${this.#committedZxid})`);
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((txn) => txn.zxid <= zxid);
    this.#lastZxid = this.lastEntryZxid;
    return before - this.#entries.length;
  }

  /** A snapshot took the place of everything. */
  reset(zxid: number): void {
    this.#entries = [];
    this.#committedCount = 0;
    this.#baseZxid = zxid;
    this.#committedZxid = zxid;
    this.#lastZxid = zxid;
  }

  /** This server leads from here on; an empty epoch counts as later than everything before it. */
  beginEpoch(epoch: number): void {
    this.#lastZxid = makeZxid(epoch, 0);
  }

  #trim(): void {
    const excess = this.#committedCount - 2 * COMMITTED_KEPT;
    if (excess < 0) return;
    const dropped = this.#committedCount - COMMITTED_KEPT;
    this.#baseZxid = this.#entries[dropped - 1]!.zxid;
    this.#entries = this.#entries.slice(dropped);
    this.#committedCount -= dropped;
  }
}
