/** What is in record batches, read from their headers. */
import * as header from '../../../protocol/batch-header.ts';
import { plural } from './describe.ts';

export interface RecordsSeen {
  readonly count: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** -1: its producer is not idempotent. */
  readonly sequence: number;
  readonly control: boolean;
}

/** Undefined where there is no whole batch. Batches of the old formats are counted as one record each. */
export function recordsIn(bytes: Uint8Array | null): RecordsSeen | undefined {
  if (bytes === null) return undefined;
  let at = 0;
  let count = 0;
  let first: { readonly offset: number; readonly sequence: number; readonly control: boolean } | undefined;
  let lastOffset = -1;
  for (;;) {
    const size = header.completeBatchSize(bytes, at, bytes.length);
    if (size <= 0) break;
    const modern = header.magic(bytes, at) === header.MAGIC;
    first ??= {
      offset: header.baseOffset(bytes, at),
      sequence: modern && header.producerId(bytes, at) >= 0 ? header.baseSequence(bytes, at) : -1,
      control: modern && header.isControl(bytes, at),
    };
    count += modern ? header.recordCount(bytes, at) : 1;
    lastOffset = modern ? header.lastOffset(bytes, at) : header.baseOffset(bytes, at);
    at += size;
  }
  if (first === undefined) return undefined;
  return { count, firstOffset: first.offset, lastOffset, sequence: first.sequence, control: first.control };
}

export const countText = (count: number): string => plural(count, 'record');
