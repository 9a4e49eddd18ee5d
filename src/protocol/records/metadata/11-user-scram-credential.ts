import { bytes, int8, int32, string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A SCRAM credential was set. */
export const UserScramCredentialRecord = metadataRecord({
  key: 11,
  name: 'UserScramCredentialRecord',
  versions: '0',
  schema: struct({
    name: string(),
    mechanism: int8(),
    salt: bytes(),
    storedKey: bytes(),
    serverKey: bytes(),
    iterations: int32(),
  }),
});

export type UserScramCredentialRecord = Value<typeof UserScramCredentialRecord.schema>;
