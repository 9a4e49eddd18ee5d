import { string, struct, uuid, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A topic was created. */
export const TopicRecord = metadataRecord({
  key: 2,
  name: 'TopicRecord',
  versions: '0',
  schema: struct({
    name: string(),
    topicId: uuid(),
  }),
});

export type TopicRecord = Value<typeof TopicRecord.schema>;
