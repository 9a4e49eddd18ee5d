import type { Micros } from './api.ts';
import type { Entry } from './entry.ts';

interface Item {
  readonly timeUs: Micros;
  readonly sequence: number;
  readonly entry: Entry;
}

/** A binary heap ordered by (time, sequence), for the few events that lie beyond the wheel's horizon. */
export class OverflowHeap {
  private heap: Item[] = [];
  private nextSequence = 1;

  get first(): Item | undefined {
    return this.heap[0];
  }

  push(entry: Entry, timeUs: Micros): void {
    entry.next = null;
    const { heap } = this;
    const item = { timeUs, sequence: this.nextSequence++, entry };
    let index = heap.length;
    heap.push(item);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex]!;
      if (compare(parent, item) <= 0) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = item;
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

  /** Drops entries that were cancelled; returns how many. */
  sweep(): number {
    const before = this.heap.length;
    // A sorted array is a heap.
    this.heap = this.heap.filter(({ entry }) => entry.handler !== null).sort(compare);
    return before - this.heap.length;
  }
}

function compare(a: Item, b: Item): number {
  return a.timeUs - b.timeUs || a.sequence - b.sequence;
}
