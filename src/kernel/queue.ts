import type { EventId, Micros } from './api.ts';
import { OverflowHeap } from './overflow.ts';
import { type Handler, isCancelled, type Owner } from './owner.ts';
import {
  argOf,
  causeOf,
  eraseRecord,
  FIRST_RECORD,
  handlerOf,
  newPage,
  nextPage,
  offsetOf,
  ownerOf,
  PAGE_END,
  type Page,
  payloadOf,
  RECORD_LENGTH,
  setNextPage,
  writeRecord,
} from './page.ts';

const SLOT_BITS = 10;
const SLOTS = 1 << SLOT_BITS;
const SLOT_MASK = SLOTS - 1;
const WORDS = SLOTS >> 5;
const LEVELS = 3;
/** One block is what three levels span: 2^30 µs, about 18 minutes. */
const BLOCK_US = 2 ** (SLOT_BITS * LEVELS);
/** Fewer cancelled events than this are not worth a sweep. */
const SWEEP_FROM = 4096;

/**
 * Pending events in order of (time, order of scheduling): a hierarchical wheel of 3 × 1,024 slots.
 *
 * Think of an odometer. The lowest wheel has a slot for each microsecond of the present millisecond, the next one for
 * each millisecond of the present second, and so on. An event lies on the wheel of the highest digit in which its time
 * differs from the present; when that digit turns up, the slot's events move down, in the order in which they came.
 * So each slot is first in, first out, and nothing is ever compared: an event costs the same with 100 or 100,000 pending.
 * What lies beyond the block waits in a heap until its block begins.
 *
 * Invariant: no event is earlier than `position`, which moves only towards an event that is about to run (or a limit
 * at which the world then stands).
 */
export class EventQueue {
  /** Events held, cancelled ones included. */
  size = 0;
  /** Where the event lies that `find` has found, and when it is due. */
  page: Page = newPage();
  at = FIRST_RECORD;
  timeUs: Micros = 0;
  private slot = 0;
  private blockStartUs = 0;
  private blockEndUs = BLOCK_US;
  /** Offset within the block of the latest event. */
  private position = 0;
  private readonly heads: (Page | null)[] = new Array<Page | null>(SLOTS * LEVELS).fill(null);
  private readonly tails: (Page | null)[] = new Array<Page | null>(SLOTS * LEVELS).fill(null);
  /** Where in its first page a slot's first event lies, and where in its last page the next one will. */
  private readonly headAt = new Int32Array(SLOTS * LEVELS);
  private readonly tailAt = new Int32Array(SLOTS * LEVELS);
  /** A bit for each slot that is not empty; `summary` has a bit for each word that is not zero. */
  private readonly words = new Int32Array(WORDS * LEVELS);
  private readonly summary = new Int32Array(LEVELS);
  private readonly overflow = new OverflowHeap();
  private freePages: Page | null = null;
  private cancelled = 0;

  push(timeUs: Micros, owner: Owner, handler: Handler, arg: unknown, payload: unknown, cause: EventId): void {
    this.size += 1;
    if (timeUs < this.blockEndUs) {
      this.place((timeUs - this.blockStartUs) | 0, owner, handler, arg, payload, cause);
    } else {
      this.overflow.push(timeUs, owner, handler, arg, payload, cause);
    }
  }

  /** Finds the next event due up to the limit; `remove` takes it out. `nowUs` is where the world stands. */
  find(limitUs: Micros, nowUs: Micros): boolean {
    const { summary } = this;
    for (;;) {
      const level0 = summary[0]!;
      if (level0 !== 0) {
        const wordIndex = 31 - Math.clz32(level0 & -level0);
        const word = this.words[wordIndex]!;
        const slot = (wordIndex << 5) | (31 - Math.clz32(word & -word));
        const offset = (this.position & ~SLOT_MASK) | slot;
        const timeUs = this.blockStartUs + offset;
        if (timeUs > limitUs) return false;
        this.timeUs = timeUs;
        this.position = offset;
        this.slot = slot;
        this.page = this.heads[slot]!;
        this.at = this.headAt[slot]!;
        return true;
      }
      if (!this.turn(limitUs)) {
        if (this.size === 0) this.restAt(nowUs);
        return false;
      }
    }
  }

  /** Takes out the event that `find` has found. */
  remove(): void {
    const { slot, page, at } = this;
    eraseRecord(page, at);
    this.size -= 1;
    const next = at + RECORD_LENGTH;
    if (next === this.tailAt[slot] && page === this.tails[slot]) {
      this.heads[slot] = null;
      this.markEmpty(0, slot);
      this.recycle(page);
    } else if (next === PAGE_END) {
      this.heads[slot] = nextPage(page);
      this.headAt[slot] = FIRST_RECORD;
      this.recycle(page);
    } else {
      this.headAt[slot] = next;
    }
  }

  /** Time of the next event that is not cancelled, without moving anything. */
  peekUs(): Micros | undefined {
    for (let wordIndex = 0; wordIndex < WORDS * LEVELS; wordIndex++) {
      for (let word = this.words[wordIndex]!; word !== 0; word &= word - 1) {
        const earliest = this.earliestIn((wordIndex << 5) | (31 - Math.clz32(word & -word)));
        if (earliest !== undefined) return this.blockStartUs + earliest;
      }
    }
    const { first } = this.overflow;
    if (first !== undefined && isCancelled(first.handler, first.arg)) this.sweep();
    return this.overflow.first?.timeUs;
  }

  /** Cancelled events stay until their time comes, or until they are the larger half. */
  noteCancelled(): void {
    this.cancelled += 1;
    if (this.cancelled > SWEEP_FROM && this.cancelled * 2 > this.size) this.sweep();
  }

  /** A cancelled event came out by itself. */
  noteCancelledGone(): void {
    if (this.cancelled > 0) this.cancelled -= 1;
  }

  /** Moves the next occupied slot of a higher wheel down. False if it lies beyond the limit. */
  private turn(limitUs: Micros): boolean {
    for (let level = 1; level < LEVELS; level++) {
      const summary = this.summary[level]!;
      if (summary === 0) continue;
      const wordIndex = 31 - Math.clz32(summary & -summary);
      const word = this.words[level * WORDS + wordIndex]!;
      const digit = (wordIndex << 5) | (31 - Math.clz32(word & -word));
      const shift = SLOT_BITS * level;
      const offset = ((this.position >> (shift + SLOT_BITS)) << (shift + SLOT_BITS)) | (digit << shift);
      if (this.blockStartUs + offset > limitUs) return false;
      this.position = offset;
      this.empty(level, level * SLOTS + digit);
      return true;
    }
    return this.openBlock(limitUs);
  }

  /** Takes a slot's events out and places those that are not cancelled anew. */
  private empty(level: number, slot: number): void {
    const lastPage = this.tails[slot]!;
    const lastAt = this.tailAt[slot]!;
    let page = this.heads[slot]!;
    let at = this.headAt[slot]!;
    this.heads[slot] = null;
    this.markEmpty(level, slot);
    for (;;) {
      const handler = handlerOf(page, at);
      const arg = argOf(page, at);
      if (isCancelled(handler, arg)) {
        this.size -= 1;
        this.noteCancelledGone();
      } else {
        this.place(offsetOf(page, at), ownerOf(page, at), handler, arg, payloadOf(page, at), causeOf(page, at));
      }
      eraseRecord(page, at);
      at += RECORD_LENGTH;
      if (at === lastAt && page === lastPage) break;
      if (at === PAGE_END) {
        const next = nextPage(page)!;
        this.recycle(page);
        page = next;
        at = FIRST_RECORD;
      }
    }
    this.recycle(page);
  }

  private openBlock(limitUs: Micros): boolean {
    const { overflow } = this;
    const { first } = overflow;
    if (first === undefined) return false;
    const startUs = Math.floor(first.timeUs / BLOCK_US) * BLOCK_US;
    if (startUs > limitUs) return false;
    this.blockStartUs = startUs;
    this.blockEndUs = startUs + BLOCK_US;
    this.position = 0;
    for (let next = overflow.first; next !== undefined && next.timeUs < this.blockEndUs; next = overflow.first) {
      overflow.removeFirst();
      this.place(next.timeUs - startUs, next.owner, next.handler, next.arg, next.payload, next.cause);
    }
    return true;
  }

  private place(offset: number, owner: Owner, handler: Handler, arg: unknown, payload: unknown, cause: EventId): void {
    const differs = offset ^ this.position;
    let slot: number;
    let level: number;
    if (differs < 1 << SLOT_BITS) {
      slot = offset & SLOT_MASK;
      level = 0;
    } else if (differs < 1 << (SLOT_BITS * 2)) {
      slot = SLOTS | ((offset >> SLOT_BITS) & SLOT_MASK);
      level = 1;
    } else {
      slot = (SLOTS * 2) | (offset >> (SLOT_BITS * 2));
      level = 2;
    }
    let page = this.tails[slot]!;
    let at = this.tailAt[slot]!;
    if (page === null) {
      page = this.takePage();
      at = FIRST_RECORD;
      this.heads[slot] = page;
      this.tails[slot] = page;
      this.headAt[slot] = at;
      const wordIndex = slot >> 5;
      this.words[wordIndex]! |= 1 << (slot & 31);
      this.summary[level]! |= 1 << (wordIndex & 31);
    } else if (at === PAGE_END) {
      const fresh = this.takePage();
      setNextPage(page, fresh);
      this.tails[slot] = fresh;
      page = fresh;
      at = FIRST_RECORD;
    }
    writeRecord(page, at, offset, owner, handler, arg, payload, cause);
    this.tailAt[slot] = at + RECORD_LENGTH;
  }

  private takePage(): Page {
    const page = this.freePages;
    if (page === null) return newPage();
    this.freePages = nextPage(page);
    return page;
  }

  private recycle(page: Page): void {
    setNextPage(page, this.freePages);
    this.freePages = page;
  }

  private markEmpty(level: number, slot: number): void {
    this.tails[slot] = null;
    const wordIndex = slot >> 5;
    const word = this.words[wordIndex]! & ~(1 << (slot & 31));
    this.words[wordIndex] = word;
    if (word === 0) this.summary[level]! &= ~(1 << (wordIndex & 31));
  }

  /** Nothing is pending: what comes next may be anything from now on. */
  private restAt(nowUs: Micros): void {
    this.blockStartUs = Math.floor(nowUs / BLOCK_US) * BLOCK_US;
    this.blockEndUs = this.blockStartUs + BLOCK_US;
    this.position = nowUs - this.blockStartUs;
  }

  /** An event that is placed anew lands in the slot that it was taken from: its distance from the present is the same. */
  private sweep(): void {
    for (let slot = 0; slot < SLOTS * LEVELS; slot++) {
      if (this.heads[slot] !== null) this.empty((slot / SLOTS) | 0, slot);
    }
    this.size -= this.overflow.sweep();
    this.cancelled = 0;
  }

  /** The smallest offset of an event in a slot that was not cancelled. */
  private earliestIn(slot: number): number | undefined {
    const lastPage = this.tails[slot]!;
    const lastAt = this.tailAt[slot]!;
    let page = this.heads[slot]!;
    let at = this.headAt[slot]!;
    let earliest: number | undefined;
    for (;;) {
      const offset = offsetOf(page, at);
      const isLive = !isCancelled(handlerOf(page, at), argOf(page, at));
      if (isLive && (earliest === undefined || offset < earliest)) earliest = offset;
      at += RECORD_LENGTH;
      if (at === lastAt && page === lastPage) return earliest;
      if (at === PAGE_END) {
        page = nextPage(page)!;
        at = FIRST_RECORD;
      }
    }
  }
}
