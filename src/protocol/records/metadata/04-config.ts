import { int8, string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A dynamic configuration value was set, or removed by null. */
export const ConfigRecord = metadataRecord({
  key: 4,
  name: 'ConfigRecord',
  versions: '0',
  schema: struct({
    resourceType: int8(),
    resourceName: string(),
    name: string(),
    value: string({ nullable: '0+' }),
  }),
});

export type ConfigRecord = Value<typeof ConfigRecord.schema>;
