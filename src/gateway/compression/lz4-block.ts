import { MalformedMessage } from '../../protocol/wire-error.ts';
import { findMatches } from './matches.ts';
import type { Output } from './output.ts';

/** LZ4 blocks (lz4_Block_format.md): a token, literals, and a copy, again and again; the last has no copy. */
const SHORTEST = 4;
const MORE = 15;

export function decompressLz4Block(input: Uint8Array, from: number, to: number, output: Output): void {
  const start = output.size;
  let at = from;
  for (;;) {
    if (at >= to) throw new MalformedMessage('an LZ4 block that ends before its last literals');
    const token = input[at++]!;
    let literals = token >>> 4;
    if (literals === MORE) {
      let byte = 255;
      while (byte === 255) {
        if (at >= to) throw new MalformedMessage('an LZ4 block that ends in a length');
        byte = input[at++]!;
        literals += byte;
      }
    }
    if (at + literals > to) throw new MalformedMessage('an LZ4 literal longer than its block');
    output.append(input, at, at + literals);
    at += literals;
    if (at === to) return;
    if (at + 2 > to) throw new MalformedMessage('an LZ4 block that ends in a distance');
    const distance = input[at]! | (input[at + 1]! << 8);
    at += 2;
    let length = (token & 0x0f) + SHORTEST;
    if (length === MORE + SHORTEST) {
      let byte = 255;
      while (byte === 255) {
        if (at >= to) throw new MalformedMessage('an LZ4 block that ends in a length');
        byte = input[at++]!;
        length += byte;
      }
    }
    output.repeat(distance, length, start);
  }
}

/** Appends `input[from, to)` as one block; at most 64 KiB, so that every distance fits. */
export function compressLz4Block(input: Uint8Array, from: number, to: number, output: Output): void {
  output.reserve(worstLz4Size(to - from));
  const { bytes } = output;
  let size = output.size;
  const putLength = (length: number): void => {
    if (length < MORE) return;
    let left = length - MORE;
    for (; left >= 255; left -= 255) bytes[size++] = 255;
    bytes[size++] = left;
  };
  findMatches(input, from, to, (literalFrom, literalTo, distance, length) => {
    const literals = literalTo - literalFrom;
    const more = length === 0 ? 0 : length - SHORTEST;
    bytes[size++] = (Math.min(literals, MORE) << 4) | Math.min(more, MORE);
    putLength(literals);
    bytes.set(input.subarray(literalFrom, literalTo), size);
    size += literals;
    if (length === 0) return;
    bytes[size++] = distance & 0xff;
    bytes[size++] = distance >>> 8;
    putLength(more);
  });
  output.size = size;
}

export function worstLz4Size(length: number): number {
  return length + Math.ceil(length / 255) + 16;
}
