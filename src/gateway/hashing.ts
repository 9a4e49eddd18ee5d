import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Hashing, HashName } from '../protocol/ports.ts';

const LENGTHS: Readonly<Record<HashName, number>> = { sha256: 32, sha512: 64 };

/** The host's hashes, for SCRAM. */
export const hostHashing: Hashing = {
  hash: (name, bytes) => new Uint8Array(createHash(name).update(bytes).digest()),
  hmac: (name, key, bytes) => new Uint8Array(createHmac(name, key).update(bytes).digest()),
  pbkdf2: (name, password, salt, iterations) =>
    new Uint8Array(pbkdf2Sync(password, salt, iterations, LENGTHS[name], name)),
};
