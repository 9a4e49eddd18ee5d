import type { DiskFile } from '../kernel/api.ts';
import { completeBatchSize, HEADER, LOG_OVERHEAD } from '../protocol/batch-header.ts';
import { int32At } from '../protocol/big-endian.ts';

/** What to do with a batch that stands whole at `bytes[at, at + size)` and at `position` in its file. False ends the scan. */
export type BatchVisitor = (bytes: Uint8Array, at: number, position: number, size: number) => boolean;

const CHUNK = 128 * 1024;

/**
 * Visits the batches of a file between two positions, in order. Returns where it stopped: `to`, the batch that the visitor
 * refused, or the first one that is cut or has an impossible length.
 */
export function scanBatches(file: DiskFile, from: number, to: number, visit: BatchVisitor, chunk = CHUNK): number {
  let position = from;
  while (position < to) {
    const bytes = file.read(position, Math.min(chunk, to - position));
    let at = 0;
    for (;;) {
      const size = completeBatchSize(bytes, at, bytes.length);
      if (size < 0) return position + at;
      if (size === 0) break;
      if (!visit(bytes, at, position + at, size)) return position + at;
      at += size;
    }
    position += at;
    if (at > 0) continue;
    const size = sizeOfFirst(bytes);
    if (size === undefined || size > to - position) return position;
    const whole = file.read(position, size);
    if (completeBatchSize(whole, 0, whole.length) !== size || !visit(whole, 0, position, size)) return position;
    position += size;
  }
  return position;
}

/** The size that the batch at the beginning claims, though it is not here whole; undefined where not even that is readable. */
export function sizeOfFirst(bytes: Uint8Array): number | undefined {
  if (bytes.length < HEADER.magic + 1) return undefined;
  const size = int32At(bytes, HEADER.length) + LOG_OVERHEAD;
  return size > LOG_OVERHEAD ? size : undefined;
}
