import { Reader } from './reader.ts';
import { readVarint, readVarlong } from './varint.ts';
import { MalformedMessage } from './wire-error.ts';

/**
 * Walks over the records of a batch without making an object of each: what a leader asks of every record that a client sends
 * (DefaultRecordBatch's skipKeyValueIterator). Its fields speak of the record that `next` has read.
 */
export class RecordCursor {
  timestampDelta = 0;
  offsetDelta = 0;
  /** -1: no key. */
  keyLength = -1;
  readonly #reader: Reader;

  /** Of the records alone, decompressed. */
  constructor(bytes: Uint8Array, from: number, to: number) {
    this.#reader = new Reader(bytes, from, to);
  }

  get atEnd(): boolean {
    return this.#reader.remaining === 0;
  }

  /** Reads and checks one record. Throws MalformedMessage where there is none. */
  next(): void {
    const reader = this.#reader;
    const length = readVarint(reader);
    const end = reader.position + length;
    if (length < 0 || end > reader.end) throw new MalformedMessage(`a record claims ${length} bytes`);
    reader.take(1);
    this.timestampDelta = readVarlong(reader);
    this.offsetDelta = readVarint(reader);
    this.keyLength = readVarint(reader);
    if (this.keyLength > 0) reader.take(this.keyLength);
    skipBytes(reader);
    const headers = readVarint(reader);
    if (headers < 0 || headers > reader.remaining) throw new MalformedMessage(`a record claims ${headers} headers`);
    for (let i = 0; i < headers; i++) {
      const keyLength = readVarint(reader);
      if (keyLength < 0) throw new MalformedMessage('a record header without a key');
      reader.take(keyLength);
      skipBytes(reader);
    }
    if (reader.position !== end) throw new MalformedMessage('a record is not as long as it claims');
  }
}

function skipBytes(reader: Reader): void {
  const length = readVarint(reader);
  if (length > 0) reader.take(length);
}
