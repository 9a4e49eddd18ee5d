import { api } from '../api.ts';
import { array, int8, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** Writes the stored state of share partitions. */
export const WriteShareGroupState = api({
  key: 85,
  name: 'WriteShareGroupState',
  versions: '0-1',
  flexible: 0,
  offered: { '4.1': '0', '4.2': '0-1' },
  listeners: ['broker'],
  request: struct({
    groupId: string(),
    topics: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partition: int32(),
            stateEpoch: int32(),
            leaderEpoch: int32(),
            startOffset: int64(),
            deliveryCompleteCount: int32({ versions: '1+', default: -1, ignorable: true }),
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
  response: struct({
    results: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partition: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: '0+', default: null }),
          }),
        ),
      }),
    ),
  }),
});

export type WriteShareGroupStateRequest = Value<typeof WriteShareGroupState.request>;
export type WriteStateData = WriteShareGroupStateRequest['topics'][number];
export type WriteShareGroupStateRequestPartitionData = WriteStateData['partitions'][number];
export type WriteShareGroupStateRequestStateBatch = WriteShareGroupStateRequestPartitionData['stateBatches'][number];

export type WriteShareGroupStateResponse = Value<typeof WriteShareGroupState.response>;
export type WriteStateResult = WriteShareGroupStateResponse['results'][number];
export type WriteShareGroupStateResponsePartitionResult = WriteStateResult['partitions'][number];
