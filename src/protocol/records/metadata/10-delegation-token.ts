import { array, int64, string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A delegation token was created or changed. */
export const DelegationTokenRecord = metadataRecord({
  key: 10,
  name: 'DelegationTokenRecord',
  versions: '0',
  schema: struct({
    owner: string(),
    requester: string(),
    renewers: array(string()),
    issueTimestamp: int64(),
    maxTimestamp: int64(),
    expirationTimestamp: int64(),
    tokenId: string(),
  }),
});

export type DelegationTokenRecord = Value<typeof DelegationTokenRecord.schema>;
