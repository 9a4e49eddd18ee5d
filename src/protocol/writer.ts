import { LONG_MAX } from './reader.ts';
import { utf8Length, writeUtf8 } from './utf8.ts';
import { type Uuid, writeUuid } from './uuid.ts';
import { UnwritableValue } from './wire-error.ts';

/** A buffer that grows as a message is written into it. */
export class Writer {
  bytes: Uint8Array;
  #view: DataView;
  position = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** What was written so far, sharing memory with the writer. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.position);
  }

  /** Makes room for `length` bytes, moves on past them and returns where they begin. */
  reserve(length: number): number {
    const at = this.position;
    const end = at + length;
    if (end > this.bytes.length) this.#grow(end);
    this.position = end;
    return at;
  }

  #grow(needed: number): void {
    const bigger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bigger.set(this.bytes.subarray(0, this.position));
    this.bytes = bigger;
    this.#view = new DataView(bigger.buffer);
  }

  bool(value: boolean): void {
    const at = this.reserve(1);
    this.bytes[at] = value ? 1 : 0;
  }

  int8(value: number): void {
    const at = this.reserve(1);
    this.#view.setInt8(at, value);
    if (this.#view.getInt8(at) !== value) throw outOfRange('int8', value);
  }

  /** One byte, of which the low eight bits count. */
  uint8(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) throw outOfRange('int16', value);
    const at = this.reserve(2);
    this.#view.setInt16(at, value);
  }

  uint16(value: number): void {
    if ((value & 0xffff) !== value) throw outOfRange('uint16', value);
    const at = this.reserve(2);
    this.#view.setUint16(at, value);
  }

  int32(value: number): void {
    if ((value | 0) !== value) throw outOfRange('int32', value);
    const at = this.reserve(4);
    this.#view.setInt32(at, value);
  }

  uint32(value: number): void {
    if (value >>> 0 !== value) throw outOfRange('uint32', value);
    const at = this.reserve(4);
    this.#view.setUint32(at, value);
  }

  int64(value: number): void {
    const at = this.reserve(8);
    writeInt64(this.#view, at, value);
  }

  float64(value: number): void {
    const at = this.reserve(8);
    this.#view.setFloat64(at, value);
  }

  uuid(value: Uuid): void {
    const at = this.reserve(16);
    writeUuid(this.bytes, at, value);
  }

  uvarint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      const at = this.reserve(1);
      this.bytes[at] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    const at = this.reserve(1);
    this.bytes[at] = rest;
  }

  /** The bytes of `text`, without a length before them. */
  utf8(text: string): void {
    const length = utf8Length(text);
    const at = this.reserve(length);
    writeUtf8(this.bytes, at, text);
  }

  raw(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.bytes.set(bytes, at);
  }
}

export function writeInt64(view: DataView, at: number, value: number): void {
  if (Number.isSafeInteger(value)) {
    const high = Math.floor(value / 0x100000000);
    view.setInt32(at, high);
    view.setUint32(at + 4, value - high * 0x100000000);
    return;
  }
  if (value !== LONG_MAX) throw outOfRange('int64', value);
  view.setInt32(at, 0x7fffffff);
  view.setUint32(at + 4, 0xffffffff);
}

/** How many bytes a uvarint takes. */
export function uvarintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  return 5;
}

function outOfRange(type: string, value: unknown): UnwritableValue {
  return new UnwritableValue(`${String(value)} does not fit ${type}`);
}
