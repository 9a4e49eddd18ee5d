/** Cuts a stream of bytes into Kafka's frames: four bytes of length, then so many bytes. */

const PREFIX_BYTES = 4;
/** Frames up to this size lie side by side in blocks. */
const SMALL_BYTES = 4096;
const BLOCK_BYTES = 64 * 1024;
/** Of a longer frame that was only announced, no more than this is made room for. A batch of a producer's default size fits. */
const TRUSTED_BYTES = 1024 * 1024 + BLOCK_BYTES;
const GROWTH = 4;
const EMPTY: Uint8Array = new Uint8Array(0);

export class FrameSplitter {
  readonly #mostBytes: number;
  /** Whole frames that were not taken yet; behind them, perhaps, why none can come any more. */
  readonly #ready: (Uint8Array | string)[] = [];
  #readyBytes = 0;
  #prefix = 0;
  #prefixBytes = 0;
  /** Of the frame that is being filled; -1 while its prefix is not whole. */
  #length = -1;
  #frame = EMPTY;
  #filled = 0;
  /** Where small frames go. */
  #block = EMPTY;
  #used = 0;
  #failed = false;

  /** `mostBytes`: the largest frame that is allowed (`socket.request.max.bytes`). */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Bytes that came and were not taken. */
  get buffered(): number {
    return this.#readyBytes + this.#prefixBytes + this.#filled;
  }

  /** Copies what came: the chunk is the caller's again afterwards. */
  add(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.#failed) {
      if (this.#length < 0) {
        this.#prefix = (this.#prefix << 8) | chunk[at++]!;
        this.#prefixBytes += 1;
        if (this.#prefixBytes === PREFIX_BYTES) this.#begin();
        continue;
      }
      const taken = Math.min(chunk.length - at, this.#length - this.#filled);
      if (this.#filled + taken > this.#frame.length) this.#grow(this.#filled + taken);
      if (at === 0 && taken === chunk.length) this.#frame.set(chunk, this.#filled);
      else this.#frame.set(chunk.subarray(at, at + taken), this.#filled);
      at += taken;
      this.#filled += taken;
      if (this.#filled === this.#length) this.#end();
    }
  }

  /** The next whole frame, without its length; null if it has not come; a text that says why, if none can come any more. */
  next(): Uint8Array | null | string {
    const [next] = this.#ready;
    if (next === undefined) return null;
    if (typeof next === 'string') return next;
    this.#ready.shift();
    this.#readyBytes -= PREFIX_BYTES + next.length;
    return next;
  }

  #begin(): void {
    const length = this.#prefix;
    if (length < 0) return this.#refuse(`a request of ${length} bytes was announced`);
    if (length > this.#mostBytes)
      return this.#refuse(
        `a request of ${length} bytes was announced, and socket.request.max.bytes is ${this.#mostBytes}`,
      );
    this.#length = length;
    this.#frame = length <= SMALL_BYTES ? this.#small(length) : room(Math.min(length, TRUSTED_BYTES));
    if (length === 0) this.#end();
  }

  #small(length: number): Uint8Array {
    if (this.#used + length > this.#block.length) {
      this.#block = room(BLOCK_BYTES);
      this.#used = 0;
    }
    this.#used += length;
    return this.#block.subarray(this.#used - length, this.#used);
  }

  #grow(wanted: number): void {
    const larger = room(Math.min(this.#length, Math.max(wanted, this.#frame.length * GROWTH)));
    larger.set(this.#frame.subarray(0, this.#filled));
    this.#frame = larger;
  }

  #end(): void {
    this.#ready.push(this.#frame);
    this.#readyBytes += PREFIX_BYTES + this.#length;
    this.#frame = EMPTY;
    this.#length = -1;
    this.#filled = 0;
    this.#prefix = 0;
    this.#prefixBytes = 0;
  }

  #refuse(why: string): void {
    this.#failed = true;
    this.#prefixBytes = 0;
    this.#ready.push(why);
  }
}

/** Memory that need not be cleared, because all of it is written before it is read; and no `Buffer`, whose `slice` is a view. */
function room(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}
