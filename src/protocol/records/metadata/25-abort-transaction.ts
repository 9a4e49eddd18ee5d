import { string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** The records since the beginning of the transaction do not count. */
export const AbortTransactionRecord = metadataRecord({
  key: 25,
  name: 'AbortTransactionRecord',
  versions: '0',
  schema: struct({
    reason: string({ nullable: '0+', tag: 0, default: null }),
  }),
});

export type AbortTransactionRecord = Value<typeof AbortTransactionRecord.schema>;
