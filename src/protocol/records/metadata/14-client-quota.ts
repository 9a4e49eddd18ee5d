import { array, bool, float64, string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A quota was set or removed. */
export const ClientQuotaRecord = metadataRecord({
  key: 14,
  name: 'ClientQuotaRecord',
  versions: '0',
  schema: struct({
    entity: array(
      struct({
        entityType: string(),
        entityName: string({ nullable: '0+' }),
      }),
    ),
    key: string(),
    value: float64(),
    remove: bool(),
  }),
});

export type ClientQuotaRecord = Value<typeof ClientQuotaRecord.schema>;
export type EntityData = ClientQuotaRecord['entity'][number];
