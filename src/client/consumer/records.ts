import type { Compression } from '../../protocol/ports.ts';
import type { LogRecord } from '../../protocol/record.ts';
import { type BatchView, decodeRecords } from '../../protocol/record-batch.ts';

/** The records of a batch with offsets from `from` to `to`. None, where the batch is compressed with a codec that is not there. */
export function recordsBetween(
  batch: BatchView,
  { from, to }: { readonly from: number; readonly to: number },
  compression: Compression,
): readonly LogRecord[] {
  const result = decodeRecords(batch, compression);
  return result.kind === 'records' ? result.records.filter(({ offset }) => offset >= from && offset <= to) : [];
}
