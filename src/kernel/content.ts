/**
 * The bytes of a file, as a list of the arrays that were written: nothing is copied on the way in, and a read that lies
 * within one of them is a view.
 */
export class Content {
  size = 0;
  private chunks: Uint8Array[] = [];
  /** Position at which each chunk begins. */
  private starts: number[] = [];

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.chunks.push(bytes);
    this.starts.push(this.size);
    this.size += bytes.length;
  }

  read(position: number, length: number): Uint8Array {
    const end = Math.min(position + length, this.size);
    if (position >= end) return EMPTY;
    let index = this.chunkAt(position);
    const first = this.chunks[index]!;
    const offset = position - this.starts[index]!;
    if (offset === 0 && end - position === first.length) return first;
    if (end - position <= first.length - offset) return first.subarray(offset, offset + end - position);
    const copy = new Uint8Array(end - position);
    let filled = 0;
    let part = first.subarray(offset);
    for (;;) {
      copy.set(part, filled);
      filled += part.length;
      if (filled === copy.length) return copy;
      index += 1;
      part = this.chunks[index]!;
      if (part.length > copy.length - filled) part = part.subarray(0, copy.length - filled);
    }
  }

  truncate(size: number): void {
    if (size >= this.size) return;
    const kept = size === 0 ? 0 : this.chunkAt(size - 1) + 1;
    this.chunks.length = kept;
    this.starts.length = kept;
    if (kept > 0) {
      const last = kept - 1;
      this.chunks[last] = this.chunks[last]!.subarray(0, size - this.starts[last]!);
    }
    this.size = size;
  }

  /** Puts bytes in the place of others, and beyond the end if they reach so far. The old arrays are not written to. */
  overwrite(position: number, bytes: Uint8Array): void {
    if (position >= this.size) {
      if (position > this.size) this.append(new Uint8Array(position - this.size));
      this.append(bytes);
      return;
    }
    const end = position + bytes.length;
    if (bytes.length === 0) return;
    const after = end < this.size ? this.parts(end) : [];
    this.truncate(position);
    this.append(bytes);
    for (const part of after) this.append(part);
  }

  /** Everything from a position on, as views. */
  private parts(from: number): Uint8Array[] {
    const index = this.chunkAt(from);
    const parts = this.chunks.slice(index);
    parts[0] = parts[0]!.subarray(from - this.starts[index]!);
    return parts;
  }

  private chunkAt(position: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const EMPTY = new Uint8Array(0);
