import { api } from '../api.ts';
import { array, int8, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Asks for the offset that belongs to a time, or for the first or last offset of partitions. */
export const ListOffsets = api({
  key: 2,
  name: 'ListOffsets',
  versions: '0-11',
  flexible: 6,
  offered: { '3.9': '0-9', '4.0': '1-10', '4.1': '1-10', '4.2': '1-11' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    replicaId: int32(),
    isolationLevel: int8({ versions: '2+' }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            currentLeaderEpoch: int32({ versions: '4+', default: -1, ignorable: true }),
            timestamp: int64(),
            maxNumOffsets: int32({ versions: '0', default: 1 }),
          }),
        ),
      }),
    ),
    timeoutMs: int32({ versions: '10+', ignorable: true }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '2+', ignorable: true }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            oldStyleOffsets: array(int64(), { versions: '0' }),
            timestamp: int64({ versions: '1+', default: -1 }),
            offset: int64({ versions: '1+', default: -1 }),
            leaderEpoch: int32({ versions: '4+', default: -1 }),
          }),
        ),
      }),
    ),
  }),
});

export type ListOffsetsRequest = Value<typeof ListOffsets.request>;
export type ListOffsetsTopic = ListOffsetsRequest['topics'][number];
export type ListOffsetsPartition = ListOffsetsTopic['partitions'][number];

export type ListOffsetsResponse = Value<typeof ListOffsets.response>;
export type ListOffsetsTopicResponse = ListOffsetsResponse['topics'][number];
export type ListOffsetsPartitionResponse = ListOffsetsTopicResponse['partitions'][number];
