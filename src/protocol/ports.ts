/** A digest being computed, for the fingerprints of a trace; the gateway brings a real one (SHA-256). */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** The digest of all that was fed, in lower-case hexadecimal. Call it once. */
  hex(): string;
}

export type DigestFactory = () => Digest;
