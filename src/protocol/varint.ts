import type { Reader } from './reader.ts';
import { MalformedMessage } from './wire-error.ts';
import type { Writer } from './writer.ts';

/**
 * The signed varints inside record batches: zig-zag (0, -1, 1, -2 …), then groups of seven bits, lowest first. They are
 * not the unsigned ones of flexible messages.
 */
export function readVarint(reader: Reader): number {
  const { bytes } = reader;
  const first = bytes[reader.position];
  if (first !== undefined && first < 0x80 && reader.position < reader.end) {
    reader.position++;
    return (first >>> 1) ^ -(first & 1);
  }
  const value = reader.uvarint();
  return (value >>> 1) ^ -(value & 1);
}

/** Up to 64 bits on the wire; a value past the safe integers is malformed. */
export function readVarlong(reader: Reader): number {
  let raw = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    const byte = reader.bytes[reader.take(1)]!;
    raw += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      if (raw > Number.MAX_SAFE_INTEGER) throw new MalformedMessage('a varlong past the safe integers');
      return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
    }
    scale *= 0x80;
  }
  throw new MalformedMessage('a varlong of more than ten bytes');
}

export function writeVarint(writer: Writer, value: number): void {
  writer.uvarint(((value << 1) ^ (value >> 31)) >>> 0);
}

/** For |value| below 2^52. */
export function writeVarlong(writer: Writer, value: number): void {
  let raw = value < 0 ? -value * 2 - 1 : value * 2;
  while (raw > 0xffffffff) {
    writer.uint8((raw % 0x80) | 0x80);
    raw = Math.floor(raw / 0x80);
  }
  writer.uvarint(raw);
}

export function varintSize(value: number): number {
  return varlongSize(value);
}

export function varlongSize(value: number): number {
  let raw = value < 0 ? -value * 2 - 1 : value * 2;
  let size = 1;
  while (raw >= 0x80) {
    raw = Math.floor(raw / 0x80);
    size++;
  }
  return size;
}
