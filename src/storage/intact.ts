/**
 * Arrays of whole batches whose checksums were found right, and into which nobody writes what a checksum covers: what lies in a log.
 * A follower in the same process is handed the leader's own array where nothing was encoded on the way; computing the same sum
 * of the same bytes again would say nothing new. Damage to a disk is done to a copy, which is not known here.
 */
const intact = new WeakSet<Uint8Array>();

/** For small arrays, remembering costs more than the sum. */
const LEAST_BYTES = 4_096;

export function noteIntact(bytes: Uint8Array): void {
  if (bytes.length >= LEAST_BYTES) intact.add(bytes);
}

export function isIntact(bytes: Uint8Array): boolean {
  return bytes.length >= LEAST_BYTES && intact.has(bytes);
}
