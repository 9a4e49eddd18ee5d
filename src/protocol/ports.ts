/** A digest being computed, for the fingerprints of a trace; the gateway brings a real one (SHA-256). */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** The digest of all that was fed, in lower-case hexadecimal. Call it once. */
  hex(): string;
}

export type DigestFactory = () => Digest;

/** One way to compress the records of a batch. */
export interface CompressionCodec {
  /** As batches and Kafka's configuration name it: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly id: number;
  readonly name: string;
  /** The same bytes for the same input on every machine. `level` is the codec's own scale; undefined: its default. */
  compress(bytes: Uint8Array, level?: number): Uint8Array;
  /** Throws MalformedMessage where the bytes are not what this codec writes, or would become more than a batch may be. */
  decompress(bytes: Uint8Array): Uint8Array;
}

/** The codecs that this process has. */
export interface Compression {
  codec(id: number): CompressionCodec | undefined;
}

/** No codec but `none`: all that the core brings. The gateway adds the real ones. */
export const noCompression: Compression = { codec: () => undefined };

/** What a codec's number is called, by number. */
export const COMPRESSION_NAMES: readonly string[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

export type HashName = 'sha256' | 'sha512';

/** What SCRAM needs (RFC 5802); the gateway brings the host's. */
export interface Hashing {
  hash(name: HashName, bytes: Uint8Array): Uint8Array;
  hmac(name: HashName, key: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** As many bytes as the hash has. */
  pbkdf2(name: HashName, password: string, salt: Uint8Array, iterations: number): Uint8Array;
}
