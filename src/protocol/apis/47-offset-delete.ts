import { api } from '../api.ts';
import { array, int16, int32, string, struct, type Value } from '../schema.ts';

/** Deletes a group's committed offsets. */
export const OffsetDelete = api({
  key: 47,
  name: 'OffsetDelete',
  versions: '0',
  flexible: null,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupId: string(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    errorCode: int16(),
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
          }),
        ),
      }),
    ),
  }),
});

export type OffsetDeleteRequest = Value<typeof OffsetDelete.request>;
export type OffsetDeleteRequestTopic = OffsetDeleteRequest['topics'][number];
export type OffsetDeleteRequestPartition = OffsetDeleteRequestTopic['partitions'][number];

export type OffsetDeleteResponse = Value<typeof OffsetDelete.response>;
export type OffsetDeleteResponseTopic = OffsetDeleteResponse['topics'][number];
export type OffsetDeleteResponsePartition = OffsetDeleteResponseTopic['partitions'][number];
