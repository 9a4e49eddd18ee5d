/**
 * CRC-32C (Castagnoli), the checksum of record batches. Sixteen bytes a step ("slicing by 16"): one table for each place
 * of a byte in the step, so that a step is sixteen look-ups that do not wait for each other.
 */
export type Crc32c = (bytes: Uint8Array, from: number, to: number) => number;

const POLYNOMIAL = 0x82f63b78;
const SLICES = 16;
const tables = makeTables();

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
  const t = tables;
  let crc = -1;
  let at = from;
  if (to - from >= 64) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const last = to - SLICES; at <= last; at += SLICES) {
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
  }
  for (; at < to; at++) crc = t[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

let implementation: Crc32c = crc32cOf;

/** The checksum of `bytes[from, to)` as an unsigned number. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  return implementation(bytes, from, to);
}

/** Lets the gateway bring a faster way to the same numbers, for the whole process. */
export function useCrc32c(faster: Crc32c): void {
  implementation = faster;
}
