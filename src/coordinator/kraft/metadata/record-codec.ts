/** Metadata records to the values of log records, and whole batches of them. */

import { assert } from '../../../kernel/assert.ts';
import { type BatchView, decodeRecords, encodeBatch } from '../../../protocol/record-batch.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordName,
  metadataRecords,
  type MetadataRecord as WireRecord,
} from '../../../protocol/records/metadata/index.ts';
import type { MetadataRecord } from './records.ts';

/** Which of Kafka's records a kind is, in which version at metadata version 4.0-IV1 and later. */
const FORMS: {
  readonly [K in MetadataRecord['kind']]: { readonly type: MetadataRecordName; readonly version: number };
} = {
  'register-broker': { type: 'RegisterBrokerRecord', version: 3 },
  'unregister-broker': { type: 'UnregisterBrokerRecord', version: 0 },
  topic: { type: 'TopicRecord', version: 0 },
  partition: { type: 'PartitionRecord', version: 2 },
  'partition-change': { type: 'PartitionChangeRecord', version: 2 },
  config: { type: 'ConfigRecord', version: 0 },
  'remove-topic': { type: 'RemoveTopicRecord', version: 0 },
  'feature-level': { type: 'FeatureLevelRecord', version: 0 },
  'producer-ids': { type: 'ProducerIdsRecord', version: 0 },
  'broker-registration-change': { type: 'BrokerRegistrationChangeRecord', version: 2 },
  'no-op': { type: 'NoOpRecord', version: 0 },
  'begin-transaction': { type: 'BeginTransactionRecord', version: 0 },
  'end-transaction': { type: 'EndTransactionRecord', version: 0 },
  acl: { type: 'AccessControlEntryRecord', version: 0 },
  'remove-acl': { type: 'RemoveAccessControlEntryRecord', version: 0 },
  'user-scram-credential': { type: 'UserScramCredentialRecord', version: 0 },
  'remove-user-scram-credential': { type: 'RemoveUserScramCredentialRecord', version: 0 },
  'client-quota': { type: 'ClientQuotaRecord', version: 0 },
  'clear-elr': { type: 'ClearElrRecord', version: 0 },
};

const KIND_OF = new Map<MetadataRecordName, MetadataRecord['kind']>();
for (const [kind, { type }] of Object.entries(FORMS)) KIND_OF.set(type, kind as MetadataRecord['kind']);

export function encodeRecord(record: MetadataRecord): Uint8Array {
  const { type, version } = FORMS[record.kind];
  const value = metadataRecords[type].schema.make(record as never);
  return encodeMetadataRecord({ type, version, value } as WireRecord);
}

export function decodeRecord(bytes: Uint8Array): MetadataRecord {
  const { type, value } = decodeMetadataRecord(bytes);
  const kind = KIND_OF.get(type);
  assert(kind !== undefined, `the metadata log holds a ${type}, which no controller of kzsim writes`);
  return { ...value, kind } as MetadataRecord;
}

/** One batch: what one drain of the controller's accumulator writes. */
export function encodeRecords(
  records: readonly MetadataRecord[],
  at: { readonly baseOffset: number; readonly leaderEpoch: number; readonly timestampMs: number },
): Uint8Array {
  const { baseOffset, leaderEpoch, timestampMs } = at;
  return encodeBatch({
    baseOffset,
    partitionLeaderEpoch: leaderEpoch,
    records: records.map((record) => ({ key: null, value: encodeRecord(record), timestampMs })),
  });
}

const NO_OP: MetadataRecord = { kind: 'no-op' };
const NO_OPS: readonly MetadataRecord[] = [NO_OP];
/** How the batch of a single NoOpRecord ends: the length of its value, the value, no headers. */
const NO_OP_END = [8, ...encodeRecord(NO_OP), 0];
const NO_OP_BATCH_SIZE = encodeRecords(NO_OPS, { baseOffset: 0, leaderEpoch: 0, timestampMs: 0 }).length;

/** An idle cluster writes nothing else, and every node reads it: worth a look at the bytes. */
function isNoOp(batch: BatchView): boolean {
  const { bytes, position } = batch;
  if (batch.sizeInBytes !== NO_OP_BATCH_SIZE || batch.recordCount !== 1) return false;
  const from = position + NO_OP_BATCH_SIZE - NO_OP_END.length;
  return NO_OP_END.every((byte, i) => bytes[from + i] === byte);
}

/** The records of a batch; none for a control batch. */
export function decodeBatch(batch: BatchView): readonly MetadataRecord[] {
  if (batch.isControl) return [];
  if (isNoOp(batch)) return NO_OPS;
  const result = decodeRecords(batch);
  assert(result.kind === 'records', `a batch of the metadata log at offset ${batch.baseOffset} cannot be read`);
  return result.records.map(({ value }) => {
    assert(value !== null, `a record of the metadata log at ${batch.baseOffset} is empty`);
    return decodeRecord(value);
  });
}
