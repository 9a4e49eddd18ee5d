import { api } from '../api.ts';
import { array, bool, int16, int32, string, struct, uuid, type Value } from '../schema.ts';

/** Asks for the partitions of topics page by page, with their eligible leader replicas (KIP-966). */
export const DescribeTopicPartitions = api({
  key: 75,
  name: 'DescribeTopicPartitions',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['broker'],
  request: struct({
    topics: array(
      struct({
        name: string(),
      }),
    ),
    responsePartitionLimit: int32({ default: 2000 }),
    cursor: struct(
      {
        topicName: string(),
        partitionIndex: int32(),
      },
      { nullable: '0+', default: null },
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    topics: array(
      struct({
        errorCode: int16(),
        name: string({ nullable: '0+' }),
        topicId: uuid(),
        isInternal: bool(),
        partitions: array(
          struct({
            errorCode: int16(),
            partitionIndex: int32(),
            leaderId: int32(),
            leaderEpoch: int32({ default: -1 }),
            replicaNodes: array(int32()),
            isrNodes: array(int32()),
            eligibleLeaderReplicas: array(int32(), { nullable: '0+', default: null }),
            lastKnownElr: array(int32(), { nullable: '0+', default: null }),
            offlineReplicas: array(int32()),
          }),
        ),
        topicAuthorizedOperations: int32({ default: -2147483648 }),
      }),
    ),
    nextCursor: struct(
      {
        topicName: string(),
        partitionIndex: int32(),
      },
      { nullable: '0+', default: null },
    ),
  }),
});

export type DescribeTopicPartitionsRequest = Value<typeof DescribeTopicPartitions.request>;
export type DescribeTopicPartitionsRequestTopicRequest = DescribeTopicPartitionsRequest['topics'][number];
export type DescribeTopicPartitionsRequestCursor = NonNullable<DescribeTopicPartitionsRequest['cursor']>;

export type DescribeTopicPartitionsResponse = Value<typeof DescribeTopicPartitions.response>;
export type DescribeTopicPartitionsResponseTopic = DescribeTopicPartitionsResponse['topics'][number];
export type DescribeTopicPartitionsResponsePartition = DescribeTopicPartitionsResponseTopic['partitions'][number];
export type DescribeTopicPartitionsResponseCursor = NonNullable<DescribeTopicPartitionsResponse['nextCursor']>;
