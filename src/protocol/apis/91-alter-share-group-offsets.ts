import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** Changes the start offsets of a share group. */
export const AlterShareGroupOffsets = api({
  key: 91,
  name: 'AlterShareGroupOffsets',
  versions: '0',
  flexible: 0,
  offered: { '4.1': '0', '4.2': '0' },
  listeners: ['broker'],
  request: struct({
    groupId: string(),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            startOffset: int64(),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    responses: array(
      struct({
        topicName: string(),
        topicId: uuid(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: '0+', default: null }),
          }),
        ),
      }),
    ),
  }),
});

export type AlterShareGroupOffsetsRequest = Value<typeof AlterShareGroupOffsets.request>;
export type AlterShareGroupOffsetsRequestTopic = AlterShareGroupOffsetsRequest['topics'][number];
export type AlterShareGroupOffsetsRequestPartition = AlterShareGroupOffsetsRequestTopic['partitions'][number];

export type AlterShareGroupOffsetsResponse = Value<typeof AlterShareGroupOffsets.response>;
export type AlterShareGroupOffsetsResponseTopic = AlterShareGroupOffsetsResponse['responses'][number];
export type AlterShareGroupOffsetsResponsePartition = AlterShareGroupOffsetsResponseTopic['partitions'][number];
