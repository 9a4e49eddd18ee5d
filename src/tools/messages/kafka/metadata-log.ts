/** What records of the metadata log decide, by their kinds. */
import { decodeBatch } from '../../../coordinator/kraft/metadata/record-codec.ts';
import { batches } from '../../../protocol/record-batch.ts';

/** More than these are not looked into: a replica that starts reads the whole log. */
const MOST_BYTES = 4096;

export const ONLY_NO_OPS = 'no-op';

/** `partition-change ×3, broker-registration-change`; empty where nothing is to be said. */
export function metadataText(bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) return '';
  const counts = new Map<string, number>();
  for (const batch of batches(bytes)) {
    if (batch.isControl) count(counts, 'leader-change');
    else for (const { kind } of decodeBatch(batch)) count(counts, kind);
  }
  if (counts.size === 1 && counts.has(ONLY_NO_OPS)) return ONLY_NO_OPS;
  return [...counts].map(([what, times]) => (times === 1 ? what : `${what} ×${times}`)).join(', ');
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
