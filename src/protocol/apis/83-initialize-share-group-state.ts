import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** Creates the stored state of share partitions. */
export const InitializeShareGroupState = api({
  key: 83,
  name: 'InitializeShareGroupState',
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
            stateEpoch: int32(),
            startOffset: int64(),
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

export type InitializeShareGroupStateRequest = Value<typeof InitializeShareGroupState.request>;
export type InitializeStateData = InitializeShareGroupStateRequest['topics'][number];
export type InitializeShareGroupStateRequestPartitionData = InitializeStateData['partitions'][number];

export type InitializeShareGroupStateResponse = Value<typeof InitializeShareGroupState.response>;
export type InitializeStateResult = InitializeShareGroupStateResponse['results'][number];
export type InitializeShareGroupStateResponsePartitionResult = InitializeStateResult['partitions'][number];
