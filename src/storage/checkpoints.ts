import type { Disk } from '../kernel/api.ts';
import { utf8Decode, utf8Encode } from '../protocol/utf8.ts';

/**
 * Kafka's text checkpoints: a version (0), the number of entries, then one entry on each line
 * (`org.apache.kafka.server.common.CheckpointFile`).
 */
export const HIGH_WATERMARK_CHECKPOINT = 'replication-offset-checkpoint';
export const RECOVERY_POINT_CHECKPOINT = 'recovery-point-offset-checkpoint';
export const LOG_START_CHECKPOINT = 'log-start-offset-checkpoint';

/** One offset for each log of a directory. */
export interface OffsetEntry {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

export function encodeOffsets(entries: readonly OffsetEntry[]): Uint8Array {
  let text = `0\n${entries.length}\n`;
  for (const { topic, partition, offset } of entries) text += `${topic} ${partition} ${offset}\n`;
  return utf8Encode(text);
}

/** Offsets by log name; undefined where the bytes are no checkpoint. An empty file has no entries. */
export function decodeOffsets(bytes: Uint8Array): Map<string, number> | undefined {
  const rows = rowsOf(bytes, 3);
  if (rows === undefined) return undefined;
  const offsets = new Map<string, number>();
  for (const [topic, partition, offset] of rows) {
    const value = integer(offset);
    if (value === undefined || integer(partition) === undefined) return undefined;
    offsets.set(`${topic}-${partition}`, value);
  }
  return offsets;
}

export function encodeEpochs(entries: readonly EpochEntry[]): Uint8Array {
  let text = `0\n${entries.length}\n`;
  for (const { epoch, startOffset } of entries) text += `${epoch} ${startOffset}\n`;
  return utf8Encode(text);
}

export function decodeEpochs(bytes: Uint8Array): EpochEntry[] | undefined {
  const rows = rowsOf(bytes, 2);
  if (rows === undefined) return undefined;
  const entries: EpochEntry[] = [];
  for (const row of rows) {
    const epoch = integer(row[0]);
    const startOffset = integer(row[1]);
    if (epoch === undefined || startOffset === undefined) return undefined;
    entries.push({ epoch, startOffset });
  }
  return entries;
}

/** The whole of a file, or undefined where there is none. */
export function readWhole(disk: Disk, path: string): Uint8Array | undefined {
  if (!disk.exists(path)) return undefined;
  const file = disk.open(path);
  return file.read(0, file.size);
}

function rowsOf(bytes: Uint8Array, columns: number): string[][] | undefined {
  if (bytes.length === 0) return [];
  const lines = utf8Decode(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const [version, count, ...rows] = lines;
  if (version?.trim() !== '0' || integer(count?.trim()) !== rows.length) return undefined;
  const cells = rows.map((row) => row.trim().split(/\s+/));
  return cells.every((row) => row.length === columns) ? cells : undefined;
}

function integer(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
