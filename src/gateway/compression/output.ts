import { MalformedMessage } from '../../protocol/wire-error.ts';

/**
 * The most that one batch may decompress to. Kafka streams what it reads and has no such limit; here a batch of a few
 * kilobytes that claims gigabytes of zeros is refused, and a producer that meant it splits its batch and sends it again.
 */
export const MOST_DECOMPRESSED = 64 << 20;

/** Up to so many bytes a loop is faster than a call. */
const SHORT = 48;

export function tooLarge(): MalformedMessage {
  const message = `a batch decompresses to more than ${MOST_DECOMPRESSED} bytes`;
  return new MalformedMessage(message, 'too-large');
}

/** Bytes that grow as they are written, up to the limit. */
export class Output {
  bytes: Uint8Array;
  size = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(Math.min(capacity, MOST_DECOMPRESSED));
  }

  /** Makes room for so many more bytes. */
  reserve(length: number): void {
    const needed = this.size + length;
    if (needed <= this.bytes.length) return;
    if (needed > MOST_DECOMPRESSED) throw tooLarge();
    const grown = new Uint8Array(Math.min(Math.max(needed, this.bytes.length * 2), MOST_DECOMPRESSED));
    grown.set(this.bytes.subarray(0, this.size));
    this.bytes = grown;
  }

  append(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (this.size + length > this.bytes.length) this.reserve(length);
    const target = this.bytes;
    if (length > SHORT) target.set(bytes.subarray(from, to), this.size);
    else for (let i = 0, at = this.size; i < length; i++) target[at + i] = bytes[from + i]!;
    this.size += length;
  }

  /** Repeats what stands `distance` bytes before the end; the copy may run into itself, as in a run of one byte. */
  repeat(distance: number, length: number, blockStart: number): void {
    const from = this.size - distance;
    if (distance === 0 || from < blockStart)
      throw new MalformedMessage(`a copy from ${distance} bytes back, before the block`);
    if (this.size + length > this.bytes.length) this.reserve(length);
    const { bytes, size } = this;
    const end = size + length;
    this.size = end;
    let to = size;
    if (length > SHORT) {
      // What is copied is copied again, twice as much each time.
      for (let copied = distance; to < end; copied *= 2) {
        const chunk = Math.min(copied, end - to);
        bytes.copyWithin(to, from, from + chunk);
        to += chunk;
      }
    }
    for (; to < end; to++) bytes[to] = bytes[to - distance]!;
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.size);
  }
}
