import { int8, string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A SCRAM credential was deleted. */
export const RemoveUserScramCredentialRecord = metadataRecord({
  key: 22,
  name: 'RemoveUserScramCredentialRecord',
  versions: '0',
  schema: struct({
    name: string(),
    mechanism: int8(),
  }),
});

export type RemoveUserScramCredentialRecord = Value<typeof RemoveUserScramCredentialRecord.schema>;
