import { api } from '../api.ts';
import { array, int16, int32, int64, records, string, struct, uuid, type Value } from '../schema.ts';

/** A producer appends record batches to partitions. */
export const Produce = api({
  key: 0,
  name: 'Produce',
  versions: '0-13',
  flexible: 9,
  offered: { '3.9': '0-11', '4.0': '3-12', '4.1': '3-13', '4.2': '3-13' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    transactionalId: string({ versions: '3+', nullable: '0+', default: null }),
    acks: int16(),
    timeoutMs: int32(),
    topicData: array(
      struct({
        name: string({ versions: '0-12', ignorable: true }),
        topicId: uuid({ versions: '13+', ignorable: true }),
        partitionData: array(
          struct({
            index: int32(),
            records: records({ nullable: '0+' }),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    responses: array(
      struct({
        name: string({ versions: '0-12', ignorable: true }),
        topicId: uuid({ versions: '13+', ignorable: true }),
        partitionResponses: array(
          struct({
            index: int32(),
            errorCode: int16(),
            baseOffset: int64(),
            logAppendTimeMs: int64({ versions: '2+', default: -1, ignorable: true }),
            logStartOffset: int64({ versions: '5+', default: -1, ignorable: true }),
            recordErrors: array(
              struct({
                batchIndex: int32(),
                batchIndexErrorMessage: string({ nullable: '0+', default: null }),
              }),
              { versions: '8+', ignorable: true },
            ),
            errorMessage: string({ versions: '8+', nullable: '0+', default: null, ignorable: true }),
            currentLeader: struct(
              {
                leaderId: int32({ default: -1 }),
                leaderEpoch: int32({ default: -1 }),
              },
              { versions: '10+', tag: 0 },
            ),
          }),
        ),
      }),
    ),
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    nodeEndpoints: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: '0+', default: null }),
      }),
      { versions: '10+', tag: 0 },
    ),
  }),
});

export type ProduceRequest = Value<typeof Produce.request>;
export type TopicProduceData = ProduceRequest['topicData'][number];
export type PartitionProduceData = TopicProduceData['partitionData'][number];

export type ProduceResponse = Value<typeof Produce.response>;
export type TopicProduceResponse = ProduceResponse['responses'][number];
export type PartitionProduceResponse = TopicProduceResponse['partitionResponses'][number];
export type BatchIndexAndErrorMessage = PartitionProduceResponse['recordErrors'][number];
export type ProduceResponseLeaderIdAndEpoch = PartitionProduceResponse['currentLeader'];
export type ProduceResponseNodeEndpoint = ProduceResponse['nodeEndpoints'][number];
