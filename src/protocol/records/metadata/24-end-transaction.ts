import { struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** The records since the beginning of the transaction count. */
export const EndTransactionRecord = metadataRecord({
  key: 24,
  name: 'EndTransactionRecord',
  versions: '0',
  schema: struct({}),
});

export type EndTransactionRecord = Value<typeof EndTransactionRecord.schema>;
