import { createHash } from 'node:crypto';
import type { Digest } from '../protocol/ports.ts';

/** SHA-256 of the host, for the fingerprint of traces. */
export function sha256(): Digest {
  const hash = createHash('sha256');
  return {
    update(bytes) {
      hash.update(bytes);
    },
    hex: () => hash.digest('hex'),
  };
}
