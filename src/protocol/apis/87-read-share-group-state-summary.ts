import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** Reads the start offsets of share partitions without their records' states. */
export const ReadShareGroupStateSummary = api({
  key: 87,
  name: 'ReadShareGroupStateSummary',
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
            leaderEpoch: int32(),
            startOffset: int64(),
            deliveryCompleteCount: int32({ versions: '1+', default: -1, ignorable: true }),
          }),
        ),
      }),
    ),
  }),
});

export type ReadShareGroupStateSummaryRequest = Value<typeof ReadShareGroupStateSummary.request>;
export type ReadStateSummaryData = ReadShareGroupStateSummaryRequest['topics'][number];
export type ReadShareGroupStateSummaryRequestPartitionData = ReadStateSummaryData['partitions'][number];

export type ReadShareGroupStateSummaryResponse = Value<typeof ReadShareGroupStateSummary.response>;
export type ReadStateSummaryResult = ReadShareGroupStateSummaryResponse['results'][number];
export type ReadShareGroupStateSummaryResponsePartitionResult = ReadStateSummaryResult['partitions'][number];
