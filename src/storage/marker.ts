import { coordinatorEpochOf, decodeControlKey } from '../protocol/control-batch.ts';
import { batchAt, decodeRecords } from '../protocol/record-batch.ts';

/** The end of a transaction, as the coordinator wrote it into a partition. */
export interface Marker {
  readonly aborted: boolean;
  readonly coordinatorEpoch: number;
}

/** What a control batch says of a transaction; undefined for one that says something else (KRaft's). */
export function readMarker(bytes: Uint8Array, at: number): Marker | undefined {
  const decoded = decodeRecords(batchAt(bytes, at));
  const record = decoded.kind === 'records' ? decoded.records[0] : undefined;
  if (record === undefined || record.value === null) return undefined;
  const type = decodeControlKey(record.key);
  if (type !== 'abort' && type !== 'commit') return undefined;
  return { aborted: type === 'abort', coordinatorEpoch: coordinatorEpochOf(record.value) };
}
