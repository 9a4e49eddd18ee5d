import { baseOffset, completeBatchSize, lastOffset, verifyCrc } from '../protocol/batch-header.ts';
import { MalformedMessage } from '../protocol/wire-error.ts';
import { isIntact } from './intact.ts';

/** What a follower can do with the batches that its leader sent. */
export type Followable =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  /** Nothing that the log does not have already. */
  | { readonly kind: 'nothing-new' }
  /** The first batch begins before the log end, and ends behind it. */
  | { readonly kind: 'straddling'; readonly baseOffset: number }
  /** A checksum is wrong or offsets do not rise: none of it may be taken. */
  | { readonly kind: 'corrupt' };

/**
 * The whole batches at or after `logEndOffset`, checked one by one. `fileEndOffset` is where the last batch in the file
 * ends: it is lower than the log end after a truncation in the middle of a batch, which comes again whole.
 */
export function followable(bytes: Uint8Array, logEndOffset: number, fileEndOffset: number): Followable {
  try {
    return check(bytes, logEndOffset, fileEndOffset);
  } catch (thrown) {
    if (thrown instanceof MalformedMessage) return { kind: 'corrupt' };
    throw thrown;
  }
}

function check(bytes: Uint8Array, logEndOffset: number, fileEndOffset: number): Followable {
  let start = -1;
  let at = 0;
  let expected = fileEndOffset;
  const intact = isIntact(bytes);
  for (;;) {
    const size = completeBatchSize(bytes, at, bytes.length);
    if (size < 0) return { kind: 'corrupt' };
    if (size === 0) break;
    const last = lastOffset(bytes, at);
    if (last >= logEndOffset) {
      const base = baseOffset(bytes, at);
      if (!intact && !verifyCrc(bytes, at)) return { kind: 'corrupt' };
      if (base < expected) return start < 0 ? { kind: 'straddling', baseOffset: base } : { kind: 'corrupt' };
      if (start < 0) start = at;
      expected = last + 1;
    } else if (start >= 0) {
      return { kind: 'corrupt' };
    }
    at += size;
  }
  if (start < 0) return { kind: 'nothing-new' };
  return { kind: 'whole', bytes: start === 0 && at === bytes.length ? bytes : bytes.subarray(start, at) };
}
