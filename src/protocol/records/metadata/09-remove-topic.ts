import { struct, uuid, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A topic was deleted, with its partitions. */
export const RemoveTopicRecord = metadataRecord({
  key: 9,
  name: 'RemoveTopicRecord',
  versions: '0',
  schema: struct({
    topicId: uuid(),
  }),
});

export type RemoveTopicRecord = Value<typeof RemoveTopicRecord.schema>;
