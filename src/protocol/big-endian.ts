import { LONG_MAX } from './reader.ts';
import { MalformedMessage, UnwritableValue } from './wire-error.ts';

/**
 * Numbers at fixed places of a byte array, as Kafka's files and batches hold them. Unlike `Reader` and `Writer` these
 * need no object, so that a scan over batches allocates nothing.
 */
export function int16At(bytes: Uint8Array, at: number): number {
  return (((bytes[at]! << 8) | bytes[at + 1]!) << 16) >> 16;
}

export function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

export function uint32At(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at) >>> 0;
}

/** A safe integer or LONG_MAX; anything else is malformed. */
export function int64At(bytes: Uint8Array, at: number): number {
  const high = int32At(bytes, at);
  const low = uint32At(bytes, at + 4);
  if (high < 0x200000 && high >= -0x200000) return high * 0x100000000 + low;
  if (high === 0x7fffffff && low === 0xffffffff) return LONG_MAX;
  throw new MalformedMessage(`an int64 past the safe integers at ${at}`);
}

/** Whether `int64At` returns a number here. */
export function isSafeInt64(bytes: Uint8Array, at: number): boolean {
  const high = int32At(bytes, at);
  return (high < 0x200000 && high >= -0x200000) || (high === 0x7fffffff && uint32At(bytes, at + 4) === 0xffffffff);
}

export function putInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export function putInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
}

export function putInt64(bytes: Uint8Array, at: number, value: number): void {
  if (value === LONG_MAX) {
    putInt32(bytes, at, 0x7fffffff);
    putInt32(bytes, at + 4, -1);
    return;
  }
  if (!Number.isSafeInteger(value)) throw new UnwritableValue(`${value} does not fit int64`);
  const high = Math.floor(value / 0x100000000);
  putInt32(bytes, at, high);
  putInt32(bytes, at + 4, value - high * 0x100000000);
}
