import { int8, string, struct, uuid, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** An ACL was created. */
export const AccessControlEntryRecord = metadataRecord({
  key: 18,
  name: 'AccessControlEntryRecord',
  versions: '0',
  schema: struct({
    id: uuid(),
    resourceType: int8(),
    resourceName: string(),
    patternType: int8(),
    principal: string(),
    host: string(),
    operation: int8(),
    permissionType: int8(),
  }),
});

export type AccessControlEntryRecord = Value<typeof AccessControlEntryRecord.schema>;
