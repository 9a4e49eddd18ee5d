import { struct, uuid, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** An ACL was deleted. */
export const RemoveAccessControlEntryRecord = metadataRecord({
  key: 19,
  name: 'RemoveAccessControlEntryRecord',
  versions: '0',
  schema: struct({
    id: uuid(),
  }),
});

export type RemoveAccessControlEntryRecord = Value<typeof RemoveAccessControlEntryRecord.schema>;
