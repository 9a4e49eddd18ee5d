import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** Asks for the start offsets of share groups. */
export const DescribeShareGroupOffsets = api({
  key: 90,
  name: 'DescribeShareGroupOffsets',
  versions: '0-1',
  flexible: 0,
  offered: { '4.1': '0', '4.2': '0-1' },
  listeners: ['broker'],
  request: struct({
    groups: array(
      struct({
        groupId: string(),
        topics: array(
          struct({
            topicName: string(),
            partitions: array(int32()),
          }),
          { nullable: '0+' },
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    groups: array(
      struct({
        groupId: string(),
        topics: array(
          struct({
            topicName: string(),
            topicId: uuid(),
            partitions: array(
              struct({
                partitionIndex: int32(),
                startOffset: int64(),
                leaderEpoch: int32(),
                lag: int64({ versions: '1+', default: -1, ignorable: true }),
                errorCode: int16(),
                errorMessage: string({ nullable: '0+', default: null }),
              }),
            ),
          }),
        ),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+', default: null }),
      }),
    ),
  }),
});

export type DescribeShareGroupOffsetsRequest = Value<typeof DescribeShareGroupOffsets.request>;
export type DescribeShareGroupOffsetsRequestGroup = DescribeShareGroupOffsetsRequest['groups'][number];
export type DescribeShareGroupOffsetsRequestTopic = NonNullable<
  DescribeShareGroupOffsetsRequestGroup['topics']
>[number];

export type DescribeShareGroupOffsetsResponse = Value<typeof DescribeShareGroupOffsets.response>;
export type DescribeShareGroupOffsetsResponseGroup = DescribeShareGroupOffsetsResponse['groups'][number];
export type DescribeShareGroupOffsetsResponseTopic = DescribeShareGroupOffsetsResponseGroup['topics'][number];
export type DescribeShareGroupOffsetsResponsePartition = DescribeShareGroupOffsetsResponseTopic['partitions'][number];
