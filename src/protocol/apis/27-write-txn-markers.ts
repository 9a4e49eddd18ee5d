import { api } from '../api.ts';
import { array, bool, int8, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** The transaction coordinator has commit or abort markers written into partitions. */
export const WriteTxnMarkers = api({
  key: 27,
  name: 'WriteTxnMarkers',
  versions: '0-2',
  flexible: 1,
  offered: { '3.9': '0-1', '4.0': '1', '4.1': '1', '4.2': '1-2' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    markers: array(
      struct({
        producerId: int64(),
        producerEpoch: int16(),
        transactionResult: bool(),
        topics: array(
          struct({
            name: string(),
            partitionIndexes: array(int32()),
          }),
        ),
        coordinatorEpoch: int32(),
        transactionVersion: int8({ versions: '2+', ignorable: true }),
      }),
    ),
  }),
  response: struct({
    markers: array(
      struct({
        producerId: int64(),
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
    ),
  }),
});

export type WriteTxnMarkersRequest = Value<typeof WriteTxnMarkers.request>;
export type WritableTxnMarker = WriteTxnMarkersRequest['markers'][number];
export type WritableTxnMarkerTopic = WritableTxnMarker['topics'][number];

export type WriteTxnMarkersResponse = Value<typeof WriteTxnMarkers.response>;
export type WritableTxnMarkerResult = WriteTxnMarkersResponse['markers'][number];
export type WritableTxnMarkerTopicResult = WritableTxnMarkerResult['topics'][number];
export type WritableTxnMarkerPartitionResult = WritableTxnMarkerTopicResult['partitions'][number];
