/**
 * CRC-32C (Castagnoli), the checksum of record batches. Sixteen bytes a step ("slicing by 16"): one table for each place
 * of a byte in the step, so that a step is sixteen look-ups that do not wait for each other.
 */
export type Crc32c = (bytes: Uint8Array, from: number, to: number) => number;

const POLYNOMIAL = 0x82f63b78;
const SLICES = 16;
/** From this length on, words are read through a view. */
const VIEW_BYTES = 1024;
/** One table behind the other; the first is that of a single byte. */
export const crc32cTables = makeTables();

function makeTables(): Int32Array {
  const made = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
    made[byte] = crc;
  }
  for (let i = 256; i < made.length; i++) {
    const before = made[i - 256]!;
    made[i] = (before >>> 8) ^ made[before & 0xff]!;
  }
  return made;
}

/** The checksum of `bytes[from, to)` as an unsigned number, in plain JavaScript. */
export function crc32cOf(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  const steps = from + ((to - from) & -SLICES);
  if (to - from >= VIEW_BYTES) crc = throughView(crc, bytes, from, steps);
  else if (to - from >= SLICES) crc = byteByByte(crc, bytes, from, steps);
  for (let at = steps; at < to; at++) crc = crc32cTables[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** Four words a step. */
function throughView(start: number, bytes: Uint8Array, from: number, to: number): number {
  const t = crc32cTables;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = start;
  for (let at = from; at < to; at += SLICES) {
    const a = crc ^ view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    const c = view.getInt32(at + 8, true);
    const d = view.getInt32(at + 12, true);
    crc =
      t[3840 + (a & 0xff)]! ^
      t[3584 + ((a >>> 8) & 0xff)]! ^
      t[3328 + ((a >>> 16) & 0xff)]! ^
      t[3072 + (a >>> 24)]! ^
      t[2816 + (b & 0xff)]! ^
      t[2560 + ((b >>> 8) & 0xff)]! ^
      t[2304 + ((b >>> 16) & 0xff)]! ^
      t[2048 + (b >>> 24)]! ^
      t[1792 + (c & 0xff)]! ^
      t[1536 + ((c >>> 8) & 0xff)]! ^
      t[1280 + ((c >>> 16) & 0xff)]! ^
      t[1024 + (c >>> 24)]! ^
      t[768 + (d & 0xff)]! ^
      t[512 + ((d >>> 8) & 0xff)]! ^
      t[256 + ((d >>> 16) & 0xff)]! ^
      t[d >>> 24]!;
  }
  return crc;
}

/** The same without a view, which costs as much to make as a hundred bytes to read: most batches of a simulation are small. */
function byteByByte(start: number, bytes: Uint8Array, from: number, to: number): number {
  const t = crc32cTables;
  let crc = start;
  for (let at = from; at < to; at += SLICES) {
    crc =
      t[3840 + ((crc ^ bytes[at]!) & 0xff)]! ^
      t[3584 + (((crc >>> 8) ^ bytes[at + 1]!) & 0xff)]! ^
      t[3328 + (((crc >>> 16) ^ bytes[at + 2]!) & 0xff)]! ^
      t[3072 + ((crc >>> 24) ^ bytes[at + 3]!)]! ^
      t[2816 + bytes[at + 4]!]! ^
      t[2560 + bytes[at + 5]!]! ^
      t[2304 + bytes[at + 6]!]! ^
      t[2048 + bytes[at + 7]!]! ^
      t[1792 + bytes[at + 8]!]! ^
      t[1536 + bytes[at + 9]!]! ^
      t[1280 + bytes[at + 10]!]! ^
      t[1024 + bytes[at + 11]!]! ^
      t[768 + bytes[at + 12]!]! ^
      t[512 + bytes[at + 13]!]! ^
      t[256 + bytes[at + 14]!]! ^
      t[bytes[at + 15]!]!;
  }
  return crc;
}

let implementation: Crc32c = crc32cOf;

/** The checksum of `bytes[from, to)` as an unsigned number. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  return implementation(bytes, from, to);
}

/** Lets the gateway bring a faster way to the same numbers, for the whole process. */
export function replaceCrc32c(faster: Crc32c): void {
  implementation = faster;
}
