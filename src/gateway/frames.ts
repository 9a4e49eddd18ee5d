/** Cuts a stream of bytes into Kafka's frames: four bytes of length, then so many bytes. */

const PREFIX_BYTES = 4;
const SMALL_BYTES = 4096;
const GATHERED_BYTES = 16_384;
const NOTHING = { bytes: new Uint8Array(0), used: 0 };

export class FrameSplitter {
  readonly #mostBytes: number;
  /** What came and is not taken yet, in order; the first chunk is read from `#at`. */
  readonly #chunks: Uint8Array[] = [];
  #at = 0;
  #buffered = 0;
  #gathering: { readonly bytes: Uint8Array; readonly used: number } | undefined;
  /** Of the frame that is being waited for; -1 while its prefix is not whole. */
  #length = -1;

  /** `mostBytes`: the largest frame that is allowed (`socket.request.max.bytes`). */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Bytes that came and were not taken. Never more than one frame and what the last chunks brought behind it. */
  get buffered(): number {
    return this.#buffered;
  }

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#buffered += chunk.length;
    if (this.#chunks.length === 0 || chunk.length >= SMALL_BYTES) this.#chunks.push(chunk);
    else this.#gather(chunk);
  }

  /** Somebody who sends a byte at a time shall not cost a buffer for each: small chunks that wait share one. */
  #gather(chunk: Uint8Array): void {
    const last = this.#chunks.length - 1;
    const used = this.#gathering?.used ?? 0;
    const { bytes } = this.#gathering ?? NOTHING;
    if (this.#chunks[last]!.buffer === bytes.buffer && used + chunk.length <= bytes.length) {
      bytes.set(chunk, used);
      this.#chunks[last] = bytes.subarray(0, used + chunk.length);
      this.#gathering = { bytes, used: used + chunk.length };
      return;
    }
    const fresh = new Uint8Array(GATHERED_BYTES);
    fresh.set(chunk);
    this.#chunks.push(fresh.subarray(0, chunk.length));
    this.#gathering = { bytes: fresh, used: chunk.length };
  }

  /** The next whole frame, without its length; null if it has not come; a text that says why, if none can come any more. */
  next(): Uint8Array | null | string {
    if (this.#length < 0) {
      if (this.#buffered < PREFIX_BYTES) return null;
      const prefix = this.#take(PREFIX_BYTES);
      const length = (prefix[0]! << 24) | (prefix[1]! << 16) | (prefix[2]! << 8) | prefix[3]!;
      if (length < 0) return `a request of ${length} bytes was announced`;
      if (length > this.#mostBytes)
        return `a request of ${length} bytes was announced, and socket.request.max.bytes is ${this.#mostBytes}`;
      this.#length = length;
    }
    if (this.#buffered < this.#length) return null;
    const frame = this.#take(this.#length);
    this.#length = -1;
    return frame;
  }

  /** A view into a chunk where it lies in one, a copy otherwise. */
  #take(length: number): Uint8Array {
    this.#buffered -= length;
    const first = this.#chunks[0];
    if (first !== undefined && first.length - this.#at >= length) {
      const part = first.subarray(this.#at, this.#at + length);
      this.#advance(length);
      return part;
    }
    // All of it is written below, so that it need not be cleared first.
    const whole = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    let filled = 0;
    while (filled < length) {
      const chunk = this.#chunks[0]!;
      const part = chunk.subarray(this.#at, this.#at + length - filled);
      whole.set(part, filled);
      filled += part.length;
      this.#advance(part.length);
    }
    return whole;
  }

  #advance(length: number): void {
    this.#at += length;
    if (this.#at < this.#chunks[0]!.length) return;
    this.#chunks.shift();
    this.#at = 0;
  }
}
