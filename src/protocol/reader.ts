import { readUtf8 } from './utf8.ts';
import { readUuid, type Uuid } from './uuid.ts';
import { MalformedMessage } from './wire-error.ts';

/**
 * Stands for Java's Long.MAX_VALUE (2^63 - 1), which Kafka uses to say "for ever" or "unknown" and which a JavaScript
 * number cannot hold: inside kzsim it is 2^63, and the codec turns one into the other. Any other int64 past the safe
 * integers is an error.
 */
export const LONG_MAX = 0x8000000000000000;

/** A cursor over the bytes of one message. Byte fields that it returns share memory with the message. */
export class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  position: number;
  readonly end: number;

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /** Moves on by `length` bytes and returns where they begin. */
  take(length: number): number {
    const at = this.position;
    if (length > this.end - at) {
      throw new MalformedMessage(`${length} bytes wanted at ${at}, but the message ends at ${this.end}`);
    }
    this.position = at + length;
    return at;
  }

  bool(): boolean {
    return this.#view.getInt8(this.take(1)) !== 0;
  }

  int8(): number {
    return this.#view.getInt8(this.take(1));
  }

  int16(): number {
    return this.#view.getInt16(this.take(2));
  }

  uint16(): number {
    return this.#view.getUint16(this.take(2));
  }

  int32(): number {
    return this.#view.getInt32(this.take(4));
  }

  uint32(): number {
    return this.#view.getUint32(this.take(4));
  }

  int64(): number {
    return readInt64(this.#view, this.take(8));
  }

  float64(): number {
    return this.#view.getFloat64(this.take(8));
  }

  uuid(): Uuid {
    return readUuid(this.bytes, this.take(16));
  }

  /** An unsigned number of up to 32 bits in groups of seven, lowest first. */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.take(1)]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new MalformedMessage('a varint of more than five bytes');
  }

  utf8(length: number): string {
    return readUtf8(this.bytes, this.take(length), length);
  }

  slice(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }
}

export function readInt64(view: DataView, at: number): number {
  const high = view.getInt32(at);
  const low = view.getUint32(at + 4);
  if (high < 0x200000 && high >= -0x200000) return high * 0x100000000 + low;
  if (high === 0x7fffffff && low === 0xffffffff) return LONG_MAX;
  throw new MalformedMessage(`an int64 past the safe integers: 0x${view.getBigUint64(at).toString(16)}`);
}
