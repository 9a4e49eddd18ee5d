/**
 * ZooKeeper's encoding: big-endian, no tags; strings and buffers with an int length, -1 for null. Reading throws MalformedMessage
 * where the bytes end too early.
 */
import { MalformedMessage } from '../../../protocol/wire-error.ts';

export class JuteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  int(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  /** A safe integer in 64 bits. */
  long(value: number): void {
    this.#reserve(8);
    this.#view.setInt32(this.#length, Math.floor(value / 0x1_0000_0000));
    this.#view.setUint32(this.#length + 4, ((value % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000);
    this.#length += 8;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  buffer(bytes: Uint8Array | null): void {
    this.int(bytes === null ? -1 : bytes.length);
    if (bytes !== null) this.raw(bytes);
  }

  ustring(text: string): void {
    this.buffer(encoder.encode(text));
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

export class JuteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.position;
  }

  int(): number {
    return this.#view.getInt32(this.#take(4));
  }

  long(): number {
    const at = this.#take(8);
    return this.#view.getInt32(at) * 0x1_0000_0000 + this.#view.getUint32(at + 4);
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  /** How many elements follow, each of at least so many bytes. */
  count(leastBytes: number): number {
    const count = this.int();
    if (count < 0 || count * leastBytes > this.left) throw new MalformedMessage(`${count} elements are claimed`);
    return count;
  }

  buffer(): Uint8Array | null {
    const length = this.int();
    return length < 0 ? null : this.raw(length);
  }

  ustring(): string {
    return decoder.decode(this.buffer() ?? new Uint8Array(0));
  }

  raw(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  #take(length: number): number {
    const at = this.position;
    if (length > this.left) throw new MalformedMessage(`${length} bytes wanted at ${at} of ${this.#bytes.length}`);
    this.position = at + length;
    return at;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The checksum of log entries and snapshots. */
export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let i = 0; i < bytes.length; i++) {
    low = (low + bytes[i]!) % 65521;
    high = (high + low) % 65521;
  }
  return high * 0x1_0000 + low;
}
