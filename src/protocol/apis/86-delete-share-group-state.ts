import { api } from '../api.ts';
import { array, int16, int32, string, struct, uuid, type Value } from '../schema.ts';

/** Deletes the stored state of share partitions. */
export const DeleteShareGroupState = api({
  key: 86,
  name: 'DeleteShareGroupState',
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

export type DeleteShareGroupStateRequest = Value<typeof DeleteShareGroupState.request>;
export type DeleteStateData = DeleteShareGroupStateRequest['topics'][number];
export type DeleteShareGroupStateRequestPartitionData = DeleteStateData['partitions'][number];

export type DeleteShareGroupStateResponse = Value<typeof DeleteShareGroupState.response>;
export type DeleteStateResult = DeleteShareGroupStateResponse['results'][number];
export type DeleteShareGroupStateResponsePartitionResult = DeleteStateResult['partitions'][number];
