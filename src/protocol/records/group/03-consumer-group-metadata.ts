import { int32, int64, string, struct, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

/** A consumer group of the new protocol (KIP-848): its group epoch. */
export const ConsumerGroupMetadata = coordinatorRecord({
  id: 3,
  name: 'ConsumerGroupMetadata',
  versions: '0',
  flexible: 0,
  key: struct({
    groupId: string(),
  }),
  value: struct({
    epoch: int32(),
    metadataHash: int64({ tag: 0 }),
  }),
});

export type ConsumerGroupMetadataKey = Value<typeof ConsumerGroupMetadata.key>;
export type ConsumerGroupMetadataValue = Value<typeof ConsumerGroupMetadata.value>;
