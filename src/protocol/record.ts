import type { Reader } from './reader.ts';
import { utf8Length } from './utf8.ts';
import { readVarint, readVarlong, varintSize, varlongSize, writeVarint, writeVarlong } from './varint.ts';
import { MalformedMessage } from './wire-error.ts';
import type { Writer } from './writer.ts';

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** A record as a reader of a log sees it. Key and values share memory with the batch, unless that was compressed. */
export interface LogRecord {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** What all records of a batch are relative to. */
export interface RecordBase {
  readonly baseOffset: number;
  readonly baseTimestampMs: number;
  /** The timestamp of every record, where the log gave it (LogAppendTime). */
  readonly logAppendTimeMs: number | null;
}

const NO_HEADERS: readonly RecordHeader[] = [];

export function readRecord(reader: Reader, base: RecordBase): LogRecord {
  const length = readVarint(reader);
  const end = reader.position + length;
  if (length < 0 || end > reader.end) throw new MalformedMessage(`a record claims ${length} bytes`);
  reader.int8();
  const timestampDelta = readVarlong(reader);
  const offset = base.baseOffset + readVarint(reader);
  const key = readBytes(reader);
  const value = readBytes(reader);
  const headers = readHeaders(reader);
  if (reader.position !== end) throw new MalformedMessage('a record is not as long as it claims');
  const timestampMs = base.logAppendTimeMs ?? base.baseTimestampMs + timestampDelta;
  return { offset, timestampMs, key, value, headers };
}

function readBytes(reader: Reader): Uint8Array | null {
  const length = readVarint(reader);
  return length < 0 ? null : reader.slice(length);
}

function readHeaders(reader: Reader): readonly RecordHeader[] {
  const count = readVarint(reader);
  if (count === 0) return NO_HEADERS;
  if (count < 0 || count > reader.remaining) throw new MalformedMessage(`a record claims ${count} headers`);
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const length = readVarint(reader);
    if (length < 0) throw new MalformedMessage('a record header without a key');
    const key = reader.utf8(length);
    headers.push({ key, value: readBytes(reader) });
  }
  return headers;
}

/** A record to be written; `timestampMs` and `offset` are absolute. */
export function writeRecord(writer: Writer, record: LogRecord, base: RecordBase): void {
  const timestampDelta = record.timestampMs - base.baseTimestampMs;
  const offsetDelta = record.offset - base.baseOffset;
  writeVarint(writer, bodySize(record, timestampDelta, offsetDelta));
  writer.uint8(0);
  writeVarlong(writer, timestampDelta);
  writeVarint(writer, offsetDelta);
  writeBytes(writer, record.key);
  writeBytes(writer, record.value);
  writeVarint(writer, record.headers.length);
  for (const { key, value } of record.headers) {
    writeVarint(writer, utf8Length(key));
    writer.utf8(key);
    writeBytes(writer, value);
  }
}

function writeBytes(writer: Writer, bytes: Uint8Array | null): void {
  if (bytes === null) {
    writeVarint(writer, -1);
  } else {
    writeVarint(writer, bytes.length);
    writer.raw(bytes);
  }
}

function bodySize(record: LogRecord, timestampDelta: number, offsetDelta: number): number {
  let size = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta);
  size += bytesSize(record.key) + bytesSize(record.value) + varintSize(record.headers.length);
  for (const { key, value } of record.headers) {
    const length = utf8Length(key);
    size += varintSize(length) + length + bytesSize(value);
  }
  return size;
}

function bytesSize(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : varintSize(bytes.length) + bytes.length;
}
