import type { Micros } from './api.ts';
import type { Entry } from './entry.ts';
import { OverflowHeap } from './overflow.ts';

const SLOT_BITS = 10;
const SLOTS = 1 << SLOT_BITS;
const SLOT_MASK = SLOTS - 1;
const WORDS = SLOTS >> 5;
const LEVELS = 3;
/** One block is what three levels span: 2^30 µs, about 18 minutes. */
const BLOCK_US = 2 ** (SLOT_BITS * LEVELS);

/**
 * Pending events in order of (time, order of scheduling): a hierarchical wheel of 3 × 1,024 slots.
 *
 * Think of an odometer. The lowest wheel has a slot for each microsecond of the present millisecond, the next one for
 * each millisecond of the present second, and so on. An event lies on the wheel of the highest digit in which its time
 * differs from the present; when that digit turns up, the slot's events move down, in the order in which they came.
 * So each slot is first in, first out, and nothing is ever compared: an event costs the same with 100 or 100,000 pending.
 * What lies beyond the block waits in a heap until its block begins.
 *
 * Invariant: no entry is earlier than `position`, which moves only towards an event that is about to run (or a limit
 * at which the world then stands).
 */
export class EventQueue {
  /** Entries held, cancelled ones included. */
  size = 0;
  /** When the entry that was popped last was due. */
  timeUs: Micros = 0;
  private blockStartUs = 0;
  private blockEndUs = BLOCK_US;
  /** Offset within the block of the latest event. */
  private position = 0;
  private readonly heads: (Entry | null)[] = new Array<Entry | null>(SLOTS * LEVELS).fill(null);
  private readonly tails: (Entry | null)[] = new Array<Entry | null>(SLOTS * LEVELS).fill(null);
  /** A bit for each slot that is not empty; `summary` has a bit for each word that is not zero. */
  private readonly words = new Int32Array(WORDS * LEVELS);
  private readonly summary = new Int32Array(LEVELS);
  private readonly overflow = new OverflowHeap();
  private cancelled = 0;

  push(entry: Entry, timeUs: Micros): void {
    this.size += 1;
    if (timeUs < this.blockEndUs) {
      entry.offset = (timeUs - this.blockStartUs) | 0;
      this.place(entry);
    } else {
      this.overflow.push(entry, timeUs);
    }
  }

  /** Removes and returns the next entry due up to the limit. `nowUs` is where the world stands. */
  pop(limitUs: Micros, nowUs: Micros): Entry | null {
    const summary = this.summary;
    for (;;) {
      const level0 = summary[0]!;
      if (level0 !== 0) {
        const wordIndex = 31 - Math.clz32(level0 & -level0);
        const word = this.words[wordIndex]!;
        const slot = (wordIndex << 5) | (31 - Math.clz32(word & -word));
        const offset = (this.position & ~SLOT_MASK) | slot;
        const timeUs = this.blockStartUs + offset;
        if (timeUs > limitUs) return null;
        this.timeUs = timeUs;
        const entry = this.heads[slot]!;
        const next = entry.next;
        this.heads[slot] = next;
        if (next === null) this.markEmpty(0, slot);
        this.position = offset;
        this.size -= 1;
        return entry;
      }
      if (!this.turn(limitUs)) {
        if (this.size === 0) this.restAt(nowUs);
        return null;
      }
    }
  }

  /** Time of the next entry that is not cancelled, without moving anything. */
  peekUs(): Micros | undefined {
    for (let level = 0; level < LEVELS; level++) {
      for (let wordIndex = level * WORDS; wordIndex < (level + 1) * WORDS; wordIndex++) {
        for (let word = this.words[wordIndex]!; word !== 0; word &= word - 1) {
          const slot = (wordIndex << 5) | (31 - Math.clz32(word & -word));
          const earliest = earliestIn(this.heads[slot]!);
          if (earliest !== undefined) return this.blockStartUs + earliest;
        }
      }
    }
    if (this.overflow.first?.entry.handler === null) this.sweep();
    return this.overflow.first?.timeUs;
  }

  /** Cancelled entries stay until their time comes, or until they are the larger half. */
  noteCancelled(): void {
    this.cancelled += 1;
    if (this.cancelled > 4096 && this.cancelled * 2 > this.size) this.sweep();
  }

  /** A cancelled entry came out by itself. */
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
      const slot = level * SLOTS + digit;
      let entry = this.heads[slot]!;
      this.heads[slot] = null;
      this.markEmpty(level, slot);
      for (;;) {
        const next = entry.next;
        this.place(entry);
        if (next === null) return true;
        entry = next;
      }
    }
    return this.openBlock(limitUs);
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
      next.entry.offset = next.timeUs - startUs;
      this.place(next.entry);
    }
    return true;
  }

  private place(entry: Entry): void {
    const { offset } = entry;
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
    entry.next = null;
    if (this.heads[slot] === null) {
      this.heads[slot] = entry;
      const wordIndex = slot >> 5;
      this.words[wordIndex]! |= 1 << (slot & 31);
      this.summary[level]! |= 1 << (wordIndex & 31);
    } else {
      this.tails[slot]!.next = entry;
    }
    this.tails[slot] = entry;
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

  private sweep(): void {
    for (let slot = 0; slot < SLOTS * LEVELS; slot++) {
      if (this.heads[slot] !== null) this.sweepSlot(slot);
    }
    this.size -= this.overflow.sweep();
    this.cancelled = 0;
  }

  private sweepSlot(slot: number): void {
    let head: Entry | null = null;
    let tail: Entry | null = null;
    for (let entry = this.heads[slot] ?? null; entry !== null; ) {
      const next: Entry | null = entry.next;
      if (entry.handler === null) {
        this.size -= 1;
      } else {
        entry.next = null;
        if (tail === null) head = entry;
        else tail.next = entry;
        tail = entry;
      }
      entry = next;
    }
    this.heads[slot] = head;
    this.tails[slot] = tail;
    if (head === null) this.markEmpty((slot / SLOTS) | 0, slot);
  }
}

/** The smallest offset of an entry that was not cancelled. */
/** The smallest offset of an entry that was not cancelled. */
function earliestIn(head: Entry): number | undefined {
  let earliest: number | undefined;
  for (let entry: Entry | null = head; entry !== null; entry = entry.next) {
    if (entry.handler !== null && (earliest === undefined || entry.offset < earliest)) earliest = entry.offset;
  }
  return earliest;
}
