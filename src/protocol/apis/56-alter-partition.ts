import { api } from '../api.ts';
import { array, int8, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** A partition's leader asks the controller to change the ISR. */
export const AlterPartition = api({
  key: 56,
  name: 'AlterPartition',
  versions: '0-3',
  flexible: 0,
  offered: { '3.9': '0-3', '4.0': '2-3', '4.1': '2-3', '4.2': '2-3' },
  listeners: ['zkBroker', 'controller'],
  request: struct({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    topics: array(
      struct({
        topicName: string({ versions: '0-1', ignorable: true }),
        topicId: uuid({ versions: '2+', ignorable: true }),
        partitions: array(
          struct({
            partitionIndex: int32(),
            leaderEpoch: int32(),
            newIsr: array(int32(), { versions: '0-2' }),
            newIsrWithEpochs: array(
              struct({
                brokerId: int32(),
                brokerEpoch: int64({ default: -1 }),
              }),
              { versions: '3+' },
            ),
            leaderRecoveryState: int8({ versions: '1+' }),
            partitionEpoch: int32(),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array(
      struct({
        topicName: string({ versions: '0-1', ignorable: true }),
        topicId: uuid({ versions: '2+', ignorable: true }),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            leaderId: int32(),
            leaderEpoch: int32(),
            isr: array(int32()),
            leaderRecoveryState: int8({ versions: '1+', ignorable: true }),
            partitionEpoch: int32(),
          }),
        ),
      }),
    ),
  }),
});

export type AlterPartitionRequest = Value<typeof AlterPartition.request>;
export type AlterPartitionRequestTopicData = AlterPartitionRequest['topics'][number];
export type AlterPartitionRequestPartitionData = AlterPartitionRequestTopicData['partitions'][number];
export type BrokerState = AlterPartitionRequestPartitionData['newIsrWithEpochs'][number];

export type AlterPartitionResponse = Value<typeof AlterPartition.response>;
export type AlterPartitionResponseTopicData = AlterPartitionResponse['topics'][number];
export type AlterPartitionResponsePartitionData = AlterPartitionResponseTopicData['partitions'][number];
