import { int16At, int32At, putInt16, putInt32 } from './big-endian.ts';
import { encodeBatch } from './record-batch.ts';

/** What a control record says; the number stands in its key (`org.apache.kafka.common.record.ControlRecordType`). */
export const CONTROL_TYPES = [
  'abort',
  'commit',
  'leader-change',
  'snapshot-header',
  'snapshot-footer',
  'kraft-version',
  'kraft-voters',
] as const;

export type ControlType = (typeof CONTROL_TYPES)[number];

export function encodeControlKey(type: ControlType): Uint8Array {
  const key = new Uint8Array(4);
  putInt16(key, 2, CONTROL_TYPES.indexOf(type));
  return key;
}

/** Undefined for a type of the future, which readers pass over. */
export function decodeControlKey(key: Uint8Array | null): ControlType | undefined {
  return key === null || key.length < 4 ? undefined : CONTROL_TYPES[int16At(key, 2)];
}

/** A control record of the KRaft log; its value is a message of `records/quorum.ts`. */
export interface ControlRecord {
  readonly type: ControlType;
  readonly value: Uint8Array;
}

interface ControlBatch {
  readonly records: readonly ControlRecord[];
  readonly baseOffset: number;
  readonly partitionLeaderEpoch: number;
  readonly timestampMs: number;
}

export function encodeControlBatch({
  records,
  baseOffset,
  partitionLeaderEpoch,
  timestampMs,
}: ControlBatch): Uint8Array {
  return encodeBatch({
    baseOffset,
    partitionLeaderEpoch,
    control: true,
    records: records.map(({ type, value }) => ({ key: encodeControlKey(type), value, timestampMs })),
  });
}

/** The end of a transaction in a partition: one control record in a batch of its own. */
export interface TransactionMarker {
  readonly type: 'abort' | 'commit';
  readonly producerId: number;
  readonly producerEpoch: number;
  /** A marker of a coordinator that has been replaced is refused. */
  readonly coordinatorEpoch: number;
}

export function encodeTransactionMarker(marker: TransactionMarker, timestampMs: number): Uint8Array {
  const value = new Uint8Array(6);
  putInt32(value, 2, marker.coordinatorEpoch);
  return encodeBatch({
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    transactional: true,
    control: true,
    records: [{ key: encodeControlKey(marker.type), value, timestampMs }],
  });
}

/** The coordinator epoch in the value of an abort or commit marker. */
export function coordinatorEpochOf(value: Uint8Array): number {
  return int32At(value, 2);
}
