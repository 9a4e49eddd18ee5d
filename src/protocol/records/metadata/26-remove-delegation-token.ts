import { string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A delegation token was removed. */
export const RemoveDelegationTokenRecord = metadataRecord({
  key: 26,
  name: 'RemoveDelegationTokenRecord',
  versions: '0',
  schema: struct({
    tokenId: string(),
  }),
});

export type RemoveDelegationTokenRecord = Value<typeof RemoveDelegationTokenRecord.schema>;
