import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Asks which producers have state in partitions, and whether they have open transactions. */
export const DescribeProducers = api({
  key: 61,
  name: 'DescribeProducers',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    topics: array(
      struct({
        name: string(),
        partitionIndexes: array(int32()),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: '0+', default: null }),
            activeProducers: array(
              struct({
                producerId: int64(),
                producerEpoch: int32(),
                lastSequence: int32({ default: -1 }),
                lastTimestamp: int64({ default: -1 }),
                coordinatorEpoch: int32(),
                currentTxnStartOffset: int64({ default: -1 }),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
});

export type DescribeProducersRequest = Value<typeof DescribeProducers.request>;
export type DescribeProducersRequestTopicRequest = DescribeProducersRequest['topics'][number];

export type DescribeProducersResponse = Value<typeof DescribeProducers.response>;
export type TopicResponse = DescribeProducersResponse['topics'][number];
export type PartitionResponse = TopicResponse['partitions'][number];
export type ProducerState = PartitionResponse['activeProducers'][number];
