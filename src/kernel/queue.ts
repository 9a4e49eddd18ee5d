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
/** Two of microseconds, taking turns; one of milliseconds (of 1,024 µs), one of seconds. */
const WHEELS = 4;
const MILLISECONDS = 2;
const SECONDS = 3;
/** One block is what the wheels span: 2^30 µs, about 18 minutes. */
const BLOCK_US = 2 ** (SLOT_BITS * 3);
/** Fewer cancelled events than this are not worth a sweep. */
const SWEEP_FROM = 4096;

/**
 * Pending events in order of (time, order of scheduling): hierarchical wheels of 1,024 slots.
 *
 * Think of an odometer. The lowest wheel has a slot for each microsecond of the present millisecond, the next one for
 * each millisecond of the present second, and so on. An event lies on the wheel of the highest digit in which its time
 * differs from the present; when that digit turns up, the slot's events move down, in the order in which they came.
 * So each slot is first in, first out, and nothing is ever compared: an event costs the same with 100 or 100,000 pending.
 * What lies beyond the block waits in a heap until its block begins.
 *
 * The next millisecond has its microseconds laid out already, on a second lowest wheel: messages, which take less than
 * a millisecond, never have to move.
 *
 * Invariants: no event is earlier than `position`, which moves only towards an event that is about to run (or a limit
 * at which the world then stands). On the wheel of milliseconds, the present and the next one are empty.
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
  private readonly heads: (Page | null)[] = new Array<Page | null>(SLOTS * WHEELS).fill(null);
  private readonly tails: (Page | null)[] = new Array<Page | null>(SLOTS * WHEELS).fill(null);
  /** Where in its first page a slot's first event lies, and where in its last page the next one will. */
  private readonly headAt = new Int32Array(SLOTS * WHEELS);
  private readonly tailAt = new Int32Array(SLOTS * WHEELS);
  /** A bit for each slot that is not empty; `summary` has a bit for each word that is not zero. */
  private readonly words = new Int32Array(WORDS * WHEELS);
  private readonly summary = new Int32Array(WHEELS);
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
    for (;;) {
      const wheel = (this.position >> SLOT_BITS) & 1;
      const summary = this.summary[wheel]!;
      if (summary !== 0) {
        const wordIndex = (wheel << 5) | (31 - Math.clz32(summary & -summary));
        const word = this.words[wordIndex]!;
        const slot = (wordIndex << 5) | (31 - Math.clz32(word & -word));
        const offset = (this.position & ~SLOT_MASK) | (slot & SLOT_MASK);
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

  /** Nothing may be pushed that is earlier than this; it is never beyond the limit of the last `find`. */
  get positionUs(): Micros {
    return this.blockStartUs + this.position;
  }

  /** Takes out the event that `find` has found. */
  remove(): void {
    const { slot, page, at } = this;
    eraseRecord(page, at);
    this.size -= 1;
    const next = at + RECORD_LENGTH;
    if (next === this.tailAt[slot] && page === this.tails[slot]) {
      this.heads[slot] = null;
      this.markEmpty(slot);
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
    const present = (this.position >> SLOT_BITS) & 1;
    for (const wheel of [present, present ^ 1, MILLISECONDS, SECONDS]) {
      for (let wordIndex = wheel * WORDS; wordIndex < (wheel + 1) * WORDS; wordIndex++) {
        for (let word = this.words[wordIndex]!; word !== 0; word &= word - 1) {
          const earliest = this.earliestIn((wordIndex << 5) | (31 - Math.clz32(word & -word)));
          if (earliest !== undefined) return this.blockStartUs + earliest;
        }
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

  /** Goes on to the next millisecond in which there is something. False if it begins beyond the limit. */
  private turn(limitUs: Micros): boolean {
    const next = (this.position & ~SLOT_MASK) + SLOTS;
    if (this.summary[((this.position >> SLOT_BITS) & 1) ^ 1] !== 0) return this.enter(next, limitUs);
    const millisecond = this.firstOf(MILLISECONDS);
    if (millisecond >= 0) {
      return this.enter((next & ~(SLOTS * SLOTS - 1)) | (millisecond << SLOT_BITS), limitUs);
    }
    const second = this.firstOf(SECONDS);
    if (second < 0) return this.openBlock(limitUs);
    const offset = second << (2 * SLOT_BITS);
    if (this.blockStartUs + offset > limitUs) return false;
    this.position = offset;
    this.empty(SECONDS * SLOTS + second);
    return true;
  }

  /** Begins a millisecond: its events, and those of the one after it, are laid out by microseconds. */
  private enter(offset: number, limitUs: Micros): boolean {
    if (this.blockStartUs + offset > limitUs) return false;
    this.position = offset;
    const slot = MILLISECONDS * SLOTS + ((offset >> SLOT_BITS) & SLOT_MASK);
    if (this.heads[slot] !== null) this.empty(slot);
    const isLastOfSecond = (slot & SLOT_MASK) === SLOT_MASK;
    if (!isLastOfSecond && this.heads[slot + 1] !== null) this.empty(slot + 1);
    return true;
  }

  /** The first slot of a wheel that is not empty; -1 if all are. */
  private firstOf(wheel: number): number {
    const summary = this.summary[wheel]!;
    if (summary === 0) return -1;
    const wordIndex = 31 - Math.clz32(summary & -summary);
    const word = this.words[wheel * WORDS + wordIndex]!;
    return (wordIndex << 5) | (31 - Math.clz32(word & -word));
  }

  /** Takes a slot's events out and places those that are not cancelled anew. */
  private empty(slot: number): void {
    const lastPage = this.tails[slot]!;
    const lastAt = this.tailAt[slot]!;
    let page = this.heads[slot]!;
    let at = this.headAt[slot]!;
    this.heads[slot] = null;
    this.markEmpty(slot);
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
    const { position } = this;
    const differs = offset ^ position;
    let slot: number;
    if (differs >= 1 << (2 * SLOT_BITS)) slot = (SECONDS * SLOTS) | (offset >> (2 * SLOT_BITS));
    else if ((offset >> SLOT_BITS) - (position >> SLOT_BITS) <= 1) slot = offset & (2 * SLOTS - 1);
    else slot = (MILLISECONDS * SLOTS) | ((offset >> SLOT_BITS) & SLOT_MASK);
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
      this.summary[slot >> SLOT_BITS]! |= 1 << (wordIndex & 31);
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

  private markEmpty(slot: number): void {
    this.tails[slot] = null;
    const wordIndex = slot >> 5;
    const word = this.words[wordIndex]! & ~(1 << (slot & 31));
    this.words[wordIndex] = word;
    if (word === 0) this.summary[slot >> SLOT_BITS]! &= ~(1 << (wordIndex & 31));
  }

  /** Nothing is pending: what comes next may be anything from now on. */
  private restAt(nowUs: Micros): void {
    this.blockStartUs = Math.floor(nowUs / BLOCK_US) * BLOCK_US;
    this.blockEndUs = this.blockStartUs + BLOCK_US;
    this.position = nowUs - this.blockStartUs;
  }

  /** An event that is placed anew lands in the slot that it was taken from: slots depend on its time and the present alone. */
  private sweep(): void {
    for (let slot = 0; slot < SLOTS * WHEELS; slot++) {
      if (this.heads[slot] !== null) this.empty(slot);
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
