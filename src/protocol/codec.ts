import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** A schema at one version: what reads, writes and measures its values. */
export interface Codec<T> {
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
  /** How many bytes `write` would write. */
  size(value: T): number;
}

/** Which version of a message is meant, and whether that version is a flexible one (KIP-482). */
export interface MessageVersion {
  readonly version: number;
  readonly flexible: boolean;
}
