/** First in, first out, without moving what is left at each step. */
export class Fifo<T> {
  private items: (T | undefined)[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  peek(): T | undefined {
    return this.items[this.head];
  }

  shift(): T | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.items[this.head] = undefined;
    this.head += 1;
    if (this.head === this.items.length) {
      this.items.length = 0;
      this.head = 0;
    } else if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  /** Takes everything out. */
  drain(): T[] {
    const drained: T[] = [];
    for (let item = this.shift(); item !== undefined; item = this.shift()) drained.push(item);
    return drained;
  }

  /** Takes out what matches, in order. */
  extract(matches: (item: T) => boolean): T[] {
    const all = this.drain();
    for (const item of all) if (!matches(item)) this.items.push(item);
    return all.filter(matches);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = this.head; index < this.items.length; index++) yield this.items[index] as T;
  }
}
