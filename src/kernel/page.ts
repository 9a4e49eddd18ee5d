import type { EventId } from './api.ts';
import type { Alarm, Handler, Owner } from './owner.ts';

/**
 * Where pending events lie: plain arrays of a fixed length, each with room for some records, one after another, so that
 * walking through a crowded slot of the wheel is walking through memory. Element 0 is the page that follows. Pages are
 * used again.
 *
 * A page is untyped, for the sake of this layout; these functions are the only ones that know it.
 */
export type Page = unknown[];

const HANDLER = 0;
const OWNER = 1;
const ARG = 2;
const PAYLOAD = 3;
const CAUSE = 4;
const OFFSET = 5;
export const RECORD_LENGTH = 6;
export const FIRST_RECORD = 1;
const RECORDS = 8;
/** Where a page ends. */
export const PAGE_END = FIRST_RECORD + RECORD_LENGTH * RECORDS;

export function newPage(): Page {
  return new Array<unknown>(PAGE_END).fill(null);
}

export function nextPage(page: Page): Page | null {
  return page[0] as Page | null;
}

export function setNextPage(page: Page, next: Page | null): void {
  page[0] = next;
}

export function writeRecord(
  page: Page,
  at: number,
  offset: number,
  owner: Owner,
  handler: Handler,
  arg: unknown,
  payload: unknown,
  cause: EventId,
): void {
  page[at + HANDLER] = handler;
  page[at + OWNER] = owner;
  page[at + ARG] = arg;
  page[at + PAYLOAD] = payload;
  page[at + CAUSE] = cause;
  page[at + OFFSET] = offset;
}

export function handlerOf(page: Page, at: number): Handler {
  return page[at + HANDLER] as Handler;
}

export function ownerOf(page: Page, at: number): Owner {
  return page[at + OWNER] as Owner;
}

export function argOf(page: Page, at: number): unknown {
  return page[at + ARG];
}

/** The argument of `ring`. */
export function alarmOf(page: Page, at: number): Alarm {
  return page[at + ARG] as Alarm;
}

export function payloadOf(page: Page, at: number): unknown {
  return page[at + PAYLOAD];
}

export function causeOf(page: Page, at: number): EventId {
  return page[at + CAUSE] as EventId;
}

/** Microseconds since the beginning of the queue's present block. */
export function offsetOf(page: Page, at: number): number {
  return page[at + OFFSET] as number;
}

/** Lets go of what the record referred to. */
export function eraseRecord(page: Page, at: number): void {
  page[at + ARG] = null;
  page[at + PAYLOAD] = null;
}
