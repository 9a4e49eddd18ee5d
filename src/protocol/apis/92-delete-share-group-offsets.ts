import { api } from '../api.ts';
import { array, int16, int32, string, struct, uuid, type Value } from '../schema.ts';

/** Deletes the start offsets of a share group. */
export const DeleteShareGroupOffsets = api({
  key: 92,
  name: 'DeleteShareGroupOffsets',
  versions: '0',
  flexible: 0,
  offered: { '4.1': '0', '4.2': '0' },
  listeners: ['broker'],
  request: struct({
    groupId: string(),
    topics: array(
      struct({
        topicName: string(),
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
        errorCode: int16(),
        errorMessage: string({ nullable: '0+', default: null }),
      }),
    ),
  }),
});

export type DeleteShareGroupOffsetsRequest = Value<typeof DeleteShareGroupOffsets.request>;
export type DeleteShareGroupOffsetsRequestTopic = DeleteShareGroupOffsetsRequest['topics'][number];

export type DeleteShareGroupOffsetsResponse = Value<typeof DeleteShareGroupOffsets.response>;
export type DeleteShareGroupOffsetsResponseTopic = DeleteShareGroupOffsetsResponse['responses'][number];
