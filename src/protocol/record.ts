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

/** What a record holds beside its place in the log. */
export interface RecordContent {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
}

/** Writes a record; the deltas are to its batch's base timestamp and base offset. */
export function writeRecord(
  writer: Writer,
  { key, value, headers = NO_HEADERS }: RecordContent,
  timestampDelta: number,
  offsetDelta: number,
): void {
  const placeSize = varlongSize(timestampDelta) + varintSize(offsetDelta);
  writeVarint(writer, 1 + placeSize + bytesSize(key) + bytesSize(value) + headersSize(headers));
  writer.uint8(0);
  writeVarlong(writer, timestampDelta);
  writeVarint(writer, offsetDelta);
  writeBytes(writer, key);
  writeBytes(writer, value);
  writeVarint(writer, headers.length);
  for (const header of headers) {
    writeVarint(writer, utf8Length(header.key));
    writer.utf8(header.key);
    writeBytes(writer, header.value);
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

function headersSize(headers: readonly RecordHeader[]): number {
  let size = varintSize(headers.length);
  for (const { key, value } of headers) {
    const length = utf8Length(key);
    size += varintSize(length) + length + bytesSize(value);
  }
  return size;
}

function bytesSize(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : varintSize(bytes.length) + bytes.length;
}
