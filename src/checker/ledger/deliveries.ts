/** Which offsets each group was handed, and where it began; folded from the trace. */
import { clientEvents as kinds } from '../../client/events.ts';
import type { Trace } from '../../kernel/api.ts';

/** What one group was handed of one partition: disjoint ranges [from, to), in order. */
export class Delivered {
  /** Lowest offset from which the group should have read on; undefined before it had a position. */
  start: number | undefined;
  readonly ranges: { from: number; to: number }[] = [];
  /** Its members read what is committed only. */
  readCommitted = false;

  add(from: number, to: number): void {
    const { ranges } = this;
    let index = ranges.length;
    while (index > 0 && ranges[index - 1]!.to >= from) index -= 1;
    let end = index;
    let low = from;
    let high = to;
    while (end < ranges.length && ranges[end]!.from <= high) {
      low = Math.min(low, ranges[end]!.from);
      high = Math.max(high, ranges[end]!.to);
      end += 1;
    }
    ranges.splice(index, end - index, { from: low, to: high });
  }

  has(offset: number): boolean {
    const { ranges } = this;
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ranges[middle]!.to > offset) high = middle;
      else low = middle + 1;
    }
    return low < ranges.length && ranges[low]!.from <= offset;
  }

  /** What was handed at and after this offset is not what stands there now. */
  forgetFrom(offset: number): void {
    const { ranges } = this;
    while (ranges.length > 0 && ranges.at(-1)!.from >= offset) ranges.pop();
    const last = ranges.at(-1);
    if (last !== undefined && last.to > offset) last.to = offset;
  }
}

export class Deliveries {
  /** Group → partition → what it was handed. Consumers without a group are not followed. */
  readonly byGroup = new Map<string, Map<string, Delivered>>();

  /** Consumers that read what is committed only. */
  readonly #readCommitted = new Set<string>();
  /** Such a consumer was handed something: perhaps what it should not have been. */
  onCommittedRead: () => void = () => {};

  constructor(trace: Trace) {
    trace.subscribe([kinds['reads-committed']], ({ node }) => void this.#readCommitted.add(node));
    trace.subscribe([kinds['position-reset']], ({ node, values: [group, partition, offset, reason] }) => {
      if (group === null) return;
      const delivered = this.#of(group as string, partition as string);
      if (this.#readCommitted.has(node)) delivered.readCommitted = true;
      // The first position decides from where on the group should see everything; a reset moves it on.
      if (delivered.start === undefined || reason === 'latest' || reason === 'offset-out-of-range-latest')
        delivered.start = Math.max(delivered.start ?? 0, offset as number);
    });
    trace.subscribe([kinds['records-delivered']], ({ node, values: [group, partition, first, last] }) => {
      if (group === null) return;
      if (this.#readCommitted.has(node)) this.onCommittedRead();
      const delivered = this.#of(group as string, partition as string);
      delivered.start ??= first as number;
      delivered.add(first as number, (last as number) + 1);
    });
  }

  forgetFrom(partition: string, offset: number): void {
    for (const partitions of this.byGroup.values()) partitions.get(partition)?.forgetFrom(offset);
  }

  #of(group: string, partition: string): Delivered {
    let partitions = this.byGroup.get(group);
    if (partitions === undefined) {
      partitions = new Map();
      this.byGroup.set(group, partitions);
    }
    let delivered = partitions.get(partition);
    if (delivered === undefined) {
      delivered = new Delivered();
      partitions.set(partition, delivered);
    }
    return delivered;
  }
}
