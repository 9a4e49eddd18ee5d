import { BATCH_HEADER_SIZE, baseTimestamp, compressionId, recordCount, sizeInBytes } from '../protocol/batch-header.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { COMPRESSION_NAMES } from '../protocol/ports.ts';
import { RecordCursor } from '../protocol/record-cursor.ts';
import { MalformedMessage } from '../protocol/wire-error.ts';
import { type Rejection, type Rules, rejection } from './rejection.ts';

/** A client's batch whose records were all looked at and found good. */
export interface CheckedRecords {
  readonly kind: 'checked';
  /** The records alone, as they are without compression; null where this process lacks the codec and knows only the header. */
  readonly plain: Uint8Array | null;
  /** Largest timestamp of the records, whatever the header says; -1: none. */
  readonly maxTimestampMs: number;
}

interface RecordError {
  readonly index: number;
  readonly message: string;
}

/**
 * Looks at every record of a client's batch, inside compression too (Kafka's LogValidator, `validateRecord`). One that is wrong
 * refuses the whole batch, and all that are wrong are named.
 */
export function checkRecords(bytes: Uint8Array, rules: Rules, nowMs: number): CheckedRecords | Rejection {
  const opened = plainRecords(bytes, rules);
  if (!(opened instanceof Uint8Array)) return opened;
  const { config } = rules;
  const createTime = config.timestampType === 'CreateTime';
  const earliestMs = createTime ? nowMs - config.timestampBeforeMaxMs : Number.NEGATIVE_INFINITY;
  const latestMs = createTime ? nowMs + config.timestampAfterMaxMs : Number.POSITIVE_INFINITY;
  const base = baseTimestamp(bytes, 0);
  const count = recordCount(bytes, 0);
  const compressed = compressionId(bytes, 0) !== 0;
  const cursor = new RecordCursor(opened, 0, opened.length);
  let maxTimestampMs = -1;
  let untimely: RecordError[] | null = null;
  let keyless: RecordError[] | null = null;
  for (let index = 0; index < count; index++) {
    try {
      cursor.next();
    } catch (thrown) {
      if (!(thrown instanceof MalformedMessage)) throw thrown;
      return rejection(ErrorCode.INVALID_RECORD, `record ${index} of ${count}: ${thrown.message}`);
    }
    if (compressed && cursor.offsetDelta !== index)
      return rejection(ErrorCode.INVALID_RECORD, `record ${index} says that it is number ${cursor.offsetDelta}`);
    const timestampMs = base + cursor.timestampDelta;
    if (!Number.isSafeInteger(timestampMs))
      return rejection(ErrorCode.CORRUPT_MESSAGE, `record ${index} has a timestamp that no clock shows`);
    if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs;
    if ((timestampMs < earliestMs || timestampMs > latestMs) && timestampMs !== -1) {
      untimely ??= [];
      untimely.push({ index, message: `Timestamp ${timestampMs} is not within [${earliestMs}, ${latestMs}]` });
    }
    if (config.compact && cursor.keyLength < 0) {
      keyless ??= [];
      keyless.push({
        index,
        message: `Compacted topic cannot accept message without key in topic partition ${rules.name}.`,
      });
    }
  }
  if (!cursor.atEnd) return rejection(ErrorCode.INVALID_RECORD, `more records than the ${count} that the batch counts`);
  if (untimely !== null) return rejection(ErrorCode.INVALID_TIMESTAMP, 'a timestamp is out of range', untimely);
  if (keyless !== null) return rejection(ErrorCode.INVALID_RECORD, 'a record lacks its key', keyless);
  return { kind: 'checked', plain: opened, maxTimestampMs };
}

function plainRecords(bytes: Uint8Array, { compression }: Rules): Uint8Array | Rejection | CheckedRecords {
  const records = bytes.subarray(BATCH_HEADER_SIZE, sizeInBytes(bytes, 0));
  const id = compressionId(bytes, 0);
  if (id === 0) return records;
  const codec = compression?.codec(id);
  if (codec === undefined) {
    const name = COMPRESSION_NAMES[id];
    if (compression !== undefined || name === undefined)
      return rejection(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, `a batch compressed with ${name ?? `codec ${id}`}`);
    return { kind: 'checked', plain: null, maxTimestampMs: -1 };
  }
  try {
    return codec.decompress(records);
  } catch (thrown) {
    if (!(thrown instanceof MalformedMessage)) throw thrown;
    const error = thrown.problem === 'too-large' ? ErrorCode.MESSAGE_TOO_LARGE : ErrorCode.CORRUPT_MESSAGE;
    return rejection(error, thrown.message);
  }
}
