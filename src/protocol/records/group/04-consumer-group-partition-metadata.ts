import { array, int32, string, struct, uuid, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

/** The partitions of the topics that a consumer group is subscribed to; no longer written since 4.1. */
export const ConsumerGroupPartitionMetadata = coordinatorRecord({
  id: 4,
  name: 'ConsumerGroupPartitionMetadata',
  versions: '0',
  flexible: 0,
  key: struct({
    groupId: string(),
  }),
  value: struct({
    topics: array(
      struct({
        topicId: uuid(),
        topicName: string(),
        numPartitions: int32(),
        partitionMetadata: array(
          struct({
            partition: int32(),
            racks: array(string()),
          }),
        ),
      }),
    ),
  }),
});

export type ConsumerGroupPartitionMetadataKey = Value<typeof ConsumerGroupPartitionMetadata.key>;
export type ConsumerGroupPartitionMetadataValue = Value<typeof ConsumerGroupPartitionMetadata.value>;
export type TopicMetadata = ConsumerGroupPartitionMetadataValue['topics'][number];
export type PartitionMetadata = TopicMetadata['partitionMetadata'][number];
