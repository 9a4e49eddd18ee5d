import { BATCH_HEADER_SIZE, compressionId, MAGIC, magic, sizeInBytes } from '../protocol/batch-header.ts';
import { ErrorCode } from '../protocol/errors.ts';

const ZSTD = 4;
const FIRST_VERSION_WITH_ZSTD = 7;

/** What is wrong with the records of one partition before anybody looks at the partition (Kafka's `ProduceRequest.validateRecords`). */
export function recordsError(records: Uint8Array | null, version: number): number {
  if (records === null || records.length < BATCH_HEADER_SIZE) return ErrorCode.INVALID_RECORD;
  if (magic(records, 0) !== MAGIC)
    return version >= 3 ? ErrorCode.INVALID_RECORD : ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT;
  if (sizeInBytes(records, 0) !== records.length) return ErrorCode.INVALID_RECORD;
  if (compressionId(records, 0) === ZSTD && version < FIRST_VERSION_WITH_ZSTD)
    return ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
  return ErrorCode.NONE;
}
