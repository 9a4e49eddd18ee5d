import { api } from '../api.ts';
import { array, bool, int16, int32, string, struct, type Value } from '../schema.ts';

/** Starts or cancels the move of partitions to other brokers. */
export const AlterPartitionReassignments = api({
  key: 45,
  name: 'AlterPartitionReassignments',
  versions: '0-1',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    timeoutMs: int32({ default: 60000 }),
    allowReplicationFactorChange: bool({ versions: '1+', default: true }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            replicas: array(int32(), { nullable: '0+', default: null }),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    allowReplicationFactorChange: bool({ versions: '1+', default: true, ignorable: true }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    responses: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: '0+' }),
          }),
        ),
      }),
    ),
  }),
});

export type AlterPartitionReassignmentsRequest = Value<typeof AlterPartitionReassignments.request>;
export type ReassignableTopic = AlterPartitionReassignmentsRequest['topics'][number];
export type ReassignablePartition = ReassignableTopic['partitions'][number];

export type AlterPartitionReassignmentsResponse = Value<typeof AlterPartitionReassignments.response>;
export type ReassignableTopicResponse = AlterPartitionReassignmentsResponse['responses'][number];
export type ReassignablePartitionResponse = ReassignableTopicResponse['partitions'][number];
