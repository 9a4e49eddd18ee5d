import { string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** The records up to the end or abort of this transaction hold together (KIP-868). */
export const BeginTransactionRecord = metadataRecord({
  key: 23,
  name: 'BeginTransactionRecord',
  versions: '0',
  schema: struct({
    name: string({ nullable: '0+', tag: 0, default: null }),
  }),
});

export type BeginTransactionRecord = Value<typeof BeginTransactionRecord.schema>;
