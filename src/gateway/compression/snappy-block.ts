import { MalformedMessage } from '../../protocol/wire-error.ts';
import { findMatches } from './matches.ts';
import type { Output } from './output.ts';

/** Raw Snappy blocks (google/snappy, format_description.txt): the length, then literals and copies. */
const LITERAL = 0;
const COPY_1 = 1;
const COPY_2 = 2;

/** Reads the length that a block begins with; the block's elements follow at `at`. */
function readLength(input: Uint8Array, from: number, to: number): { readonly length: number; readonly at: number } {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const at = from + i;
    if (at >= to) break;
    const byte = input[at]!;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { length, at: at + 1 };
  }
  throw new MalformedMessage('a Snappy block without a length');
}

export function decompressSnappyBlock(input: Uint8Array, from: number, to: number, output: Output): void {
  const { length, at: first } = readLength(input, from, to);
  // An element of three bytes makes at most 64: a larger claim is a lie.
  if (length > (to - first) * 64) throw new MalformedMessage(`a Snappy block claims ${length} bytes`);
  output.reserve(length);
  const start = output.size;
  const end = start + length;
  let at = first;
  while (at < to) {
    const tag = input[at++]!;
    let size = (tag >>> 2) + 1;
    let extra = 0;
    if ((tag & 3) === LITERAL) extra = size > 60 ? size - 60 : 0;
    else extra = (tag & 3) === COPY_1 ? 1 : (tag & 3) === COPY_2 ? 2 : 4;
    if (at + extra > to) throw new MalformedMessage('a Snappy block that ends inside an element');
    const number = littleEndian(input, at, extra);
    at += extra;
    if ((tag & 3) === LITERAL) {
      if (extra > 0) size = number + 1;
      if (at + size > to) throw new MalformedMessage('a Snappy literal longer than its block');
      output.append(input, at, at + size);
      at += size;
    } else if ((tag & 3) === COPY_1) output.repeat(number + ((tag >>> 5) << 8), ((tag >>> 2) & 7) + 4, start);
    else output.repeat(number, size, start);
    if (output.size > end) break;
  }
  if (output.size !== end)
    throw new MalformedMessage(`a Snappy block of ${output.size - start} bytes claims ${length}`);
}

/** An unsigned number of up to four bytes. */
function littleEndian(input: Uint8Array, at: number, size: number): number {
  let number = 0;
  for (let i = size - 1; i >= 0; i--) number = (number << 8) | input[at + i]!;
  return number >>> 0;
}

/** Appends `input[from, to)` as one block. */
export function compressSnappyBlock(input: Uint8Array, from: number, to: number, output: Output): void {
  output.reserve(worstSnappySize(to - from));
  const { bytes } = output;
  let size = output.size;
  let length = to - from;
  for (; length >= 0x80; length >>>= 7) bytes[size++] = (length & 0x7f) | 0x80;
  bytes[size++] = length;
  findMatches(input, from, to, (literalFrom, literalTo, distance, matchLength) => {
    size = putLiteral(bytes, size, input, literalFrom, literalTo);
    let left = matchLength;
    while (left > 0) {
      // No copy of fewer than four bytes may be left over.
      const now = left <= 64 ? left : left < 68 ? 60 : 64;
      bytes[size++] = COPY_2 | ((now - 1) << 2);
      bytes[size++] = distance & 0xff;
      bytes[size++] = distance >>> 8;
      left -= now;
    }
  });
  output.size = size;
}

export function worstSnappySize(length: number): number {
  return 32 + length + Math.ceil(length / 6);
}

function putLiteral(bytes: Uint8Array, at: number, input: Uint8Array, from: number, to: number): number {
  if (from === to) return at;
  const count = to - from - 1;
  let size = at;
  if (count < 60) bytes[size++] = LITERAL | (count << 2);
  else if (count < 0x100) {
    bytes[size++] = LITERAL | (60 << 2);
    bytes[size++] = count;
  } else {
    bytes[size++] = LITERAL | (61 << 2);
    bytes[size++] = count & 0xff;
    bytes[size++] = count >>> 8;
  }
  bytes.set(input.subarray(from, to), size);
  return size + to - from;
}
