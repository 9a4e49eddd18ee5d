import { api } from '../api.ts';
import { array, int8, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** Reads the stored state of share partitions. */
export const ReadShareGroupState = api({
  key: 84,
  name: 'ReadShareGroupState',
  versions: '0',
  flexible: 0,
  offered: { '4.1': '0', '4.2': '0' },
  listeners: ['broker'],
  request: struct({
    groupId: string(),
    topics: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partition: int32(),
            leaderEpoch: int32(),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    results: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partition: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: '0+', default: null }),
            stateEpoch: int32(),
            startOffset: int64(),
            stateBatches: array(
              struct({
                firstOffset: int64(),
                lastOffset: int64(),
                deliveryState: int8(),
                deliveryCount: int16(),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
});

export type ReadShareGroupStateRequest = Value<typeof ReadShareGroupState.request>;
export type ReadStateData = ReadShareGroupStateRequest['topics'][number];
export type ReadShareGroupStateRequestPartitionData = ReadStateData['partitions'][number];

export type ReadShareGroupStateResponse = Value<typeof ReadShareGroupState.response>;
export type ReadStateResult = ReadShareGroupStateResponse['results'][number];
export type ReadShareGroupStateResponsePartitionResult = ReadStateResult['partitions'][number];
export type ReadShareGroupStateResponseStateBatch = ReadShareGroupStateResponsePartitionResult['stateBatches'][number];
