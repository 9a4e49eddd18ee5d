import {
  baseOffset,
  baseSequence,
  baseTimestamp,
  completeBatchSize,
  isControl,
  isLogAppendTime,
  lastOffsetDelta,
  MAGIC,
  magic,
  maxTimestamp,
  producerId,
  recordCount,
  verifyCrc,
} from '../protocol/batch-header.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { type Compression, noCompression } from '../protocol/ports.ts';
import type { LogRecord } from '../protocol/record.ts';
import { batchAt, decodeRecords } from '../protocol/record-batch.ts';
import { MalformedMessage } from '../protocol/wire-error.ts';
import type { AppendOrigin, AppendResult, LogConfig } from './api.ts';

export type Rejection = Extract<AppendResult, { kind: 'rejected' }>;
type RecordErrors = Rejection['recordErrors'];

/** What the rules of one log depend on. */
export interface Rules {
  readonly name: string;
  readonly config: LogConfig;
  readonly compression: Compression | undefined;
}

const NO_RECORD_ERRORS: RecordErrors = [];

export function rejection(error: number, message: string, recordErrors = NO_RECORD_ERRORS): Rejection {
  return { kind: 'rejected', error, message, recordErrors };
}

/**
 * What a leader checks before it takes batches into its log (Kafka's UnifiedLog.analyzeAndValidateRecords and LogValidator;
 * §1.1 rows 13-15 and §1.3 of the replication page). The coordinators and Raft are trusted with everything but the sizes.
 */
export function validate(bytes: Uint8Array, origin: AppendOrigin, rules: Rules, nowMs: number): Rejection | undefined {
  const { config } = rules;
  let at = 0;
  for (;;) {
    const size = completeBatchSize(bytes, at, bytes.length);
    if (size < 0) return rejection(ErrorCode.CORRUPT_MESSAGE, 'a batch has an impossible length');
    if (size === 0) break;
    if (origin !== 'raft' && size > config.maxMessageBytes) {
      const message = `a batch of ${size} bytes in ${rules.name}, where ${config.maxMessageBytes} are allowed`;
      return rejection(ErrorCode.MESSAGE_TOO_LARGE, message);
    }
    if (origin === 'client') {
      if (at > 0) return rejection(ErrorCode.INVALID_RECORD, 'more than one batch for a partition');
      const rejected = validateClientBatch(bytes, rules, nowMs);
      if (rejected !== undefined) return rejected;
    }
    at += size;
  }
  if (at === 0) return rejection(ErrorCode.INVALID_RECORD, 'no whole batch');
  if (at > config.segmentBytes) {
    return rejection(ErrorCode.RECORD_LIST_TOO_LARGE, `${at} bytes do not fit a segment of ${config.segmentBytes}`);
  }
  return undefined;
}

/** Numbers past 2^53 in a header are as good as a wrong checksum. */
function validateClientBatch(bytes: Uint8Array, rules: Rules, nowMs: number): Rejection | undefined {
  try {
    return checkHeader(bytes) ?? checkTimestamps(bytes, rules, nowMs) ?? checkKeys(bytes, rules);
  } catch (thrown) {
    if (thrown instanceof MalformedMessage) return rejection(ErrorCode.CORRUPT_MESSAGE, thrown.message);
    throw thrown;
  }
}

function checkHeader(bytes: Uint8Array): Rejection | undefined {
  if (magic(bytes, 0) !== MAGIC) return rejection(ErrorCode.INVALID_RECORD, `a batch of format ${magic(bytes, 0)}`);
  const base = baseOffset(bytes, 0);
  if (base !== 0) return rejection(ErrorCode.INVALID_RECORD, `the base offset of a producer's batch is ${base}, not 0`);
  if (!verifyCrc(bytes, 0)) return rejection(ErrorCode.CORRUPT_MESSAGE, 'a batch whose checksum is wrong');
  const count = recordCount(bytes, 0);
  if (count <= 0 || count !== lastOffsetDelta(bytes, 0) + 1) {
    const message = `a batch counts ${count} records over ${lastOffsetDelta(bytes, 0) + 1} offsets`;
    return rejection(ErrorCode.INVALID_RECORD, message);
  }
  if (isControl(bytes, 0)) return rejection(ErrorCode.INVALID_RECORD, 'clients may not write control batches');
  if (producerId(bytes, 0) >= 0 && baseSequence(bytes, 0) < 0) {
    return rejection(ErrorCode.INVALID_RECORD, `sequence ${baseSequence(bytes, 0)} of an idempotent producer`);
  }
  return undefined;
}

function checkTimestamps(bytes: Uint8Array, rules: Rules, nowMs: number): Rejection | undefined {
  const { config } = rules;
  if (config.timestampType === 'LogAppendTime') return undefined;
  if (isLogAppendTime(bytes, 0)) {
    return rejection(ErrorCode.INVALID_TIMESTAMP, 'a producer may not claim the time of appending');
  }
  const earliest = nowMs - config.timestampBeforeMaxMs;
  const latest = nowMs + config.timestampAfterMaxMs;
  // A record between two others may be older than the first one, so a lower bound asks for every record.
  if (earliest <= 0 && maxTimestamp(bytes, 0) <= latest && baseTimestamp(bytes, 0) <= latest) return undefined;
  const wrong: { index: number; message: string }[] = [];
  const records = recordsOf(bytes, rules) ?? [{ timestampMs: maxTimestamp(bytes, 0) }];
  records.forEach(({ timestampMs }, index) => {
    if (timestampMs === -1 || (timestampMs >= earliest && timestampMs <= latest)) return;
    wrong.push({ index, message: `Timestamp ${timestampMs} is not within [${earliest}, ${latest}]` });
  });
  return wrong.length === 0 ? undefined : rejection(ErrorCode.INVALID_TIMESTAMP, 'a timestamp is out of range', wrong);
}

/** A compacted log is a table: a record without a key is a row that nothing could ever replace. */
function checkKeys(bytes: Uint8Array, rules: Rules): Rejection | undefined {
  if (!rules.config.compact) return undefined;
  const wrong: { index: number; message: string }[] = [];
  const message = `Compacted topic cannot accept message without key in topic partition ${rules.name}.`;
  recordsOf(bytes, rules)?.forEach(({ key }, index) => {
    if (key === null) wrong.push({ index, message });
  });
  return wrong.length === 0 ? undefined : rejection(ErrorCode.INVALID_RECORD, 'a record lacks its key', wrong);
}

/** Undefined where this process lacks the codec: such a batch is taken as its header describes it. */
function recordsOf(bytes: Uint8Array, { compression }: Rules): readonly LogRecord[] | undefined {
  const decoded = decodeRecords(batchAt(bytes, 0), compression ?? noCompression);
  if (decoded.kind === 'corrupt') throw new MalformedMessage(decoded.message);
  return decoded.kind === 'records' ? decoded.records : undefined;
}
