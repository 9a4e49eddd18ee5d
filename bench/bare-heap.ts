/** The yardstick: a plain binary heap of events ordered by (time, sequence), popped, called and pushed again. */
export interface BareEvent {
  time: number;
  sequence: number;
  handler: (event: BareEvent) => void;
}

export class BareHeap {
  now = 0;
  private readonly heap: BareEvent[] = [];
  private sequence = 0;

  push(event: BareEvent, time: number): void {
    event.time = time;
    event.sequence = this.sequence++;
    const heap = this.heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex]!;
      if (isBefore(parent, event)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = event;
  }

  pop(): BareEvent {
    const heap = this.heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    const size = heap.length;
    if (size > 0) {
      let index = 0;
      for (;;) {
        let childIndex = 2 * index + 1;
        if (childIndex >= size) break;
        let child = heap[childIndex]!;
        if (childIndex + 1 < size && isBefore(heap[childIndex + 1]!, child)) {
          childIndex += 1;
          child = heap[childIndex]!;
        }
        if (isBefore(last, child)) break;
        heap[index] = child;
        index = childIndex;
      }
      heap[index] = last;
    }
    return top;
  }

  run(count: number): void {
    for (let executed = 0; executed < count; executed++) {
      const event = this.pop();
      this.now = event.time;
      event.handler(event);
    }
  }
}

function isBefore(a: BareEvent, b: BareEvent): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
}
