import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Moves the log start offset of partitions, so that the records below it are gone. */
export const DeleteRecords = api({
  key: 21,
  name: 'DeleteRecords',
  versions: '0-2',
  flexible: 2,
  offered: { '3.9': '0-2', '4.0': '0-2', '4.1': '0-2', '4.2': '0-2' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            offset: int64(),
          }),
        ),
      }),
    ),
    timeoutMs: int32(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            lowWatermark: int64(),
            errorCode: int16(),
          }),
        ),
      }),
    ),
  }),
});

export type DeleteRecordsRequest = Value<typeof DeleteRecords.request>;
export type DeleteRecordsTopic = DeleteRecordsRequest['topics'][number];
export type DeleteRecordsPartition = DeleteRecordsTopic['partitions'][number];

export type DeleteRecordsResponse = Value<typeof DeleteRecords.response>;
export type DeleteRecordsTopicResult = DeleteRecordsResponse['topics'][number];
export type DeleteRecordsPartitionResult = DeleteRecordsTopicResult['partitions'][number];
