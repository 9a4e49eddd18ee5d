import type { EventId, Micros } from './api.ts';
import { type Handler, isCancelled, type Owner } from './owner.ts';

/** A pending event that lies far ahead. */
export interface FarEvent {
  readonly timeUs: Micros;
  readonly sequence: number;
  readonly owner: Owner;
  readonly handler: Handler;
  readonly arg: unknown;
  readonly payload: unknown;
  readonly cause: EventId;
}

/** A binary heap ordered by (time, sequence), for the few events that lie beyond the wheel's horizon. */
export class OverflowHeap {
  private heap: FarEvent[] = [];
  private nextSequence = 1;

  get first(): FarEvent | undefined {
    return this.heap[0];
  }

  push(timeUs: Micros, owner: Owner, handler: Handler, arg: unknown, payload: unknown, cause: EventId): void {
    const { heap } = this;
    const event = { timeUs, sequence: this.nextSequence++, owner, handler, arg, payload, cause };
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex]!;
      if (compare(parent, event) <= 0) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = event;
  }

  removeFirst(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    const half = heap.length >> 1;
    let index = 0;
    while (index < half) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex]!;
      const right = heap[childIndex + 1];
      if (right !== undefined && compare(right, child) < 0) {
        child = right;
        childIndex += 1;
      }
      if (compare(last, child) <= 0) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
  }

  /** Drops events that were cancelled; returns how many. */
  sweep(): number {
    const before = this.heap.length;
    // A sorted array is a heap.
    this.heap = this.heap.filter(({ handler, arg }) => !isCancelled(handler, arg)).sort(compare);
    return before - this.heap.length;
  }
}

function compare(a: FarEvent, b: FarEvent): number {
  return a.timeUs - b.timeUs || a.sequence - b.sequence;
}
