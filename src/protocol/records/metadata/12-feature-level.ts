import { int16, string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A feature was set to a level, or to 0 to remove it. */
export const FeatureLevelRecord = metadataRecord({
  key: 12,
  name: 'FeatureLevelRecord',
  versions: '0',
  schema: struct({
    name: string(),
    featureLevel: int16(),
  }),
});

export type FeatureLevelRecord = Value<typeof FeatureLevelRecord.schema>;
