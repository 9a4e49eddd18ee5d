import { string, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** The eligible leader replicas of a topic, or of all, were forgotten. */
export const ClearElrRecord = metadataRecord({
  key: 28,
  name: 'ClearElrRecord',
  versions: '0',
  schema: struct({
    topicName: string(),
  }),
});

export type ClearElrRecord = Value<typeof ClearElrRecord.schema>;
