/** First in, first out, in a ring that grows when it is full and is never given back. */
export class Fifo<T> {
  size = 0;
  private ring: (T | undefined)[] = new Array<T | undefined>(4).fill(undefined);
  private head = 0;

  push(item: T): void {
    if (this.size === this.ring.length) this.grow();
    this.ring[(this.head + this.size) & (this.ring.length - 1)] = item;
    this.size += 1;
  }

  peek(): T | undefined {
    return this.ring[this.head];
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.ring[this.head];
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.size -= 1;
    return item;
  }

  /** Takes everything out. */
  drain(): T[] {
    const drained = [...this];
    this.ring.fill(undefined);
    this.head = 0;
    this.size = 0;
    return drained;
  }

  /** Takes out what matches, in order. */
  extract(matches: (item: T) => boolean): T[] {
    const all = this.drain();
    for (const item of all) if (!matches(item)) this.push(item);
    return all.filter(matches);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = 0; index < this.size; index++) {
      yield this.ring[(this.head + index) & (this.ring.length - 1)] as T;
    }
  }

  private grow(): void {
    const items: (T | undefined)[] = [...this];
    const { length } = this.ring;
    this.ring = items.concat(new Array<undefined>(length).fill(undefined));
    this.head = 0;
  }
}
