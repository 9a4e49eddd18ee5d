import type { Entry } from './entry.ts';

/** A binary heap ordered by (time, sequence), for the few events that lie beyond the wheel's horizon. */
export class OverflowHeap {
  private heap: Entry[] = [];
  private nextSequence = 1;

  get size(): number {
    return this.heap.length;
  }

  peek(): Entry | undefined {
    return this.heap[0];
  }

  push(entry: Entry): void {
    entry.sequence = this.nextSequence++;
    entry.next = null;
    this.heap.push(entry);
    this.siftUp(this.heap.length - 1, entry);
  }

  pop(): Entry {
    const heap = this.heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) this.siftDown(last);
    return top;
  }

  /** Drops entries that were cancelled; calls back for each. */
  sweep(dropped: (entry: Entry) => void): void {
    const kept: Entry[] = [];
    for (const entry of this.heap) {
      if (entry.handler === null) dropped(entry);
      else kept.push(entry);
    }
    kept.sort(before);
    this.heap = kept;
  }

  private siftUp(from: number, entry: Entry): void {
    const heap = this.heap;
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex]!;
      if (before(parent, entry) <= 0) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  private siftDown(entry: Entry): void {
    const heap = this.heap;
    const half = heap.length >> 1;
    let index = 0;
    while (index < half) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex]!;
      const right = heap[childIndex + 1];
      if (right !== undefined && before(right, child) < 0) {
        child = right;
        childIndex += 1;
      }
      if (before(entry, child) <= 0) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = entry;
  }
}

function before(a: Entry, b: Entry): number {
  return a.timeUs - b.timeUs || a.sequence - b.sequence;
}
