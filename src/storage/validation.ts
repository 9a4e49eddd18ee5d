import {
  BATCH_HEADER_SIZE,
  baseOffset,
  baseSequence,
  completeBatchSize,
  isControl,
  isLogAppendTime,
  lastOffsetDelta,
  MAGIC,
  magic,
  maxTimestamp,
  producerId,
  recordCount,
  storedCrc,
  verifyCrc,
} from '../protocol/batch-header.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { MalformedMessage } from '../protocol/wire-error.ts';
import type { AppendOrigin } from './api.ts';
import { asKept } from './recompression.ts';
import { type CheckedRecords, checkRecords } from './record-checks.ts';
import { type Rejection, type Rules, rejection } from './rejection.ts';

/** Bytes that a leader may append, which are not always those that came. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly bytes: Uint8Array;
  /** The checksum of the first batch as it came. */
  readonly sentCrc: number;
}

/**
 * What a leader checks before it takes batches into its log (Kafka's UnifiedLog.analyzeAndValidateRecords and LogValidator;
 * §1.1 rows 13-15 and §1.3 of the replication page). The coordinators and Raft are trusted with everything but the sizes.
 */
export function validate(bytes: Uint8Array, origin: AppendOrigin, rules: Rules, nowMs: number): Accepted | Rejection {
  const { config } = rules;
  const sentCrc = bytes.length < BATCH_HEADER_SIZE ? 0 : storedCrc(bytes, 0);
  let kept = bytes;
  let at = 0;
  for (;;) {
    const size = completeBatchSize(bytes, at, bytes.length);
    if (size < 0) return rejection(ErrorCode.CORRUPT_MESSAGE, 'a batch has an impossible length');
    if (size === 0) break;
    if (origin !== 'raft' && size > config.maxMessageBytes) return tooLarge(size, rules);
    if (origin === 'client') {
      if (at > 0) return rejection(ErrorCode.INVALID_RECORD, 'more than one batch for a partition');
      const checked = validateClientBatch(bytes, rules, nowMs);
      if (checked.kind === 'rejected') return checked;
      kept = asKept(bytes, checked, rules);
    }
    at += size;
  }
  if (at === 0) return rejection(ErrorCode.INVALID_RECORD, 'no whole batch');
  if (kept !== bytes) {
    at = kept.length;
    if (at > config.maxMessageBytes) return tooLarge(at, rules);
  }
  if (at > config.segmentBytes) {
    return rejection(ErrorCode.RECORD_LIST_TOO_LARGE, `${at} bytes do not fit a segment of ${config.segmentBytes}`);
  }
  return { kind: 'accepted', bytes: kept, sentCrc };
}

function tooLarge(size: number, { name, config }: Rules): Rejection {
  const message = `a batch of ${size} bytes in ${name}, where ${config.maxMessageBytes} are allowed`;
  return rejection(ErrorCode.MESSAGE_TOO_LARGE, message);
}

/** Numbers past 2^53 in a header are as good as a wrong checksum. */
function validateClientBatch(bytes: Uint8Array, rules: Rules, nowMs: number): CheckedRecords | Rejection {
  try {
    return checkHeader(bytes, rules) ?? checkRecords(bytes, rules, nowMs);
  } catch (thrown) {
    if (thrown instanceof MalformedMessage) return rejection(ErrorCode.CORRUPT_MESSAGE, thrown.message);
    throw thrown;
  }
}

function checkHeader(bytes: Uint8Array, { config }: Rules): Rejection | undefined {
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
  if (config.timestampType === 'CreateTime' && isLogAppendTime(bytes, 0)) {
    return rejection(ErrorCode.INVALID_TIMESTAMP, 'a producer may not claim the time of appending');
  }
  // Numbers past 2^53 are found here, before anything is computed with them.
  maxTimestamp(bytes, 0);
  return undefined;
}
