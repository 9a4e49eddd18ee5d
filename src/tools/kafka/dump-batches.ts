/** Batches and records of a `.log` file, as DumpLogSegments prints them. */
import { completeBatchSize } from '../../protocol/batch-header.ts';
import { type ControlType, coordinatorEpochOf, decodeControlKey } from '../../protocol/control-batch.ts';
import type { Compression } from '../../protocol/ports.ts';
import type { LogRecord } from '../../protocol/record.ts';
import { type BatchView, batchAt, decodeRecords } from '../../protocol/record-batch.ts';
import {
  decodeQuorumControl,
  KRaftVersionRecord,
  LeaderChangeMessage,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
  VotersRecord,
} from '../../protocol/records/quorum.ts';
import type { Schema } from '../../protocol/schema.ts';
import type { Decoder } from './dump-decoders.ts';
import { schemaJson } from './schema-json.ts';

export interface DumpOptions {
  /** Record by record. */
  readonly deep: boolean;
  /** With keys and values, taken apart by this; undefined: without. */
  readonly decoder: Decoder | undefined;
  /** Only keys and values. */
  readonly bare: boolean;
  readonly maxBytes: number;
  /** The tool is that of 3.9. */
  readonly older: boolean;
  readonly compression: Compression;
}

const CODECS: readonly string[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** The lines of a file, and an object for each batch. */
export interface Dumped {
  readonly lines: string[];
  readonly batches: object[];
}

export function dumpBatches(bytes: Uint8Array, name: string, options: DumpOptions): Dumped {
  const dumped: Dumped = { lines: [], batches: [] };
  const limit = Math.min(bytes.length, options.maxBytes);
  let at = 0;
  for (let size = completeBatchSize(bytes, at, bytes.length); size > 0 && at < limit; ) {
    if (at + size > limit && limit < bytes.length) break;
    const batch = batchAt(bytes, at);
    dumped.lines.push(batchLine(batch));
    const records = options.deep ? recordsOf(batch, options) : [];
    dumped.lines.push(...records.map((record) => recordLine(batch, record, options)));
    dumped.batches.push({
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      count: batch.recordCount,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      leaderEpoch: batch.leaderEpoch,
      isTransactional: batch.isTransactional,
      isControl: batch.isControl,
      position: at,
      size,
      isValid: batch.verifyCrc(),
      ...(options.deep ? { records: records.map((record) => recordData(batch, record, options)) } : {}),
    });
    at += size;
    size = completeBatchSize(bytes, at, bytes.length);
  }
  if (at < bytes.length && limit === bytes.length)
    dumped.lines.push(`Found ${bytes.length - at} invalid bytes at the end of ${name}`);
  return dumped;
}

function recordsOf(batch: BatchView, { compression }: DumpOptions): readonly LogRecord[] {
  const decoded = decodeRecords(batch, compression);
  return decoded.kind === 'records' ? decoded.records : [];
}

function batchLine(batch: BatchView): string {
  const { deleteHorizonMs, baseSequence, lastSequence, recordCount } = batch;
  return [
    `baseOffset: ${batch.baseOffset}`,
    `lastOffset: ${batch.lastOffset}`,
    `count: ${recordCount}`,
    `baseSequence: ${baseSequence}`,
    `lastSequence: ${lastSequence}`,
    `producerId: ${batch.producerId}`,
    `producerEpoch: ${batch.producerEpoch}`,
    `partitionLeaderEpoch: ${batch.leaderEpoch}`,
    `isTransactional: ${batch.isTransactional}`,
    `isControl: ${batch.isControl}`,
    `deleteHorizonMs: ${deleteHorizonMs === undefined ? 'OptionalLong.empty' : `OptionalLong[${deleteHorizonMs}]`}`,
    `position: ${batch.position}`,
    `${timestampType(batch)}: ${batch.maxTimestampMs}`,
    `size: ${batch.sizeInBytes}`,
    `magic: ${batch.magic}`,
    `compresscodec: ${CODECS[batch.compressionId] ?? batch.compressionId}`,
    `crc: ${batch.crc}`,
    `isvalid: ${batch.verifyCrc()}`,
  ].join(' ');
}

function timestampType({ isLogAppendTime }: BatchView): string {
  return isLogAppendTime ? 'LogAppendTime' : 'CreateTime';
}

function recordLine(batch: BatchView, record: LogRecord, { decoder, bare, older }: DumpOptions): string {
  const { offset, key, value, headers, timestampMs } = record;
  const { baseSequence, baseOffset } = batch;
  const parts = [
    '| offset:',
    offset,
    `${timestampType(batch)}:`,
    timestampMs,
    'keySize:',
    key?.length ?? -1,
    'valueSize:',
    value?.length ?? -1,
    'sequence:',
    baseSequence < 0 ? -1 : (baseSequence + (offset - baseOffset)) % 0x80000000,
    'headerKeys:',
    `[${headers.map((header) => header.key).join(',')}]`,
  ];
  const described = bare ? '' : parts.join(' ');
  if (batch.isControl) return bare ? '' : `${described}${controlText(record, older)}`;
  if (decoder === undefined) return described;
  const { key: keyText, payload } = decoder(record);
  const start = bare ? (keyText === null ? '' : '|') : described;
  return `${start}${keyText === null ? '' : ` key: ${keyText}`}${payload === null ? '' : ` payload: ${payload}`}`;
}

function controlText({ key, value }: LogRecord, older: boolean): string {
  const type = decodeControlKey(key);
  if (type === 'commit' || type === 'abort')
    return ` endTxnMarker: ${type.toUpperCase()} coordinatorEpoch: ${coordinatorEpochOf(value!)}`;
  if (type === undefined) return ' controlType: UNKNOWN(-1)';
  if (older && type === 'leader-change') return ' controlType: LEADER_CHANGE(2)';
  const control = value === null ? undefined : decodeQuorumControl(key, value);
  const [title, schema] = QUORUM_CONTROLS[type];
  return ` ${title} ${JSON.stringify(schemaJson(schema, control?.value.version ?? 0, control?.value))}`;
}

const QUORUM_CONTROLS: Readonly<
  Record<Exclude<ControlType, 'abort' | 'commit'>, readonly [title: string, Schema<unknown>]>
> = {
  'leader-change': ['LeaderChange:', LeaderChangeMessage],
  'snapshot-header': ['SnapshotHeader', SnapshotHeaderRecord],
  'snapshot-footer': ['SnapshotFooter', SnapshotFooterRecord],
  'kraft-version': ['KRaftVersion', KRaftVersionRecord],
  'kraft-voters': ['KRaftVoters', VotersRecord],
};

function recordData(batch: BatchView, record: LogRecord, { decoder }: DumpOptions): object {
  const { offset, timestampMs, headers } = record;
  const shown = batch.isControl || decoder === undefined ? {} : decoder(record);
  return { offset, timestamp: timestampMs, headerKeys: headers.map(({ key }) => key), ...shown };
}
