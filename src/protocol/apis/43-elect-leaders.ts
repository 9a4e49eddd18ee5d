import { api } from '../api.ts';
import { array, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Has leaders elected for partitions: the preferred ones, or unclean ones where no other is left. */
export const ElectLeaders = api({
  key: 43,
  name: 'ElectLeaders',
  versions: '0-2',
  flexible: 2,
  offered: { '3.9': '0-2', '4.0': '0-2', '4.1': '0-2', '4.2': '0-2' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    electionType: int8({ versions: '1+' }),
    topicPartitions: array(
      struct({
        topic: string(),
        partitions: array(int32()),
      }),
      { nullable: '0+' },
    ),
    timeoutMs: int32({ default: 60000 }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16({ versions: '1+' }),
    replicaElectionResults: array(
      struct({
        topic: string(),
        partitionResult: array(
          struct({
            partitionId: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: '0+' }),
          }),
        ),
      }),
    ),
  }),
});

export type ElectLeadersRequest = Value<typeof ElectLeaders.request>;
export type ElectLeadersRequestTopicPartitions = NonNullable<ElectLeadersRequest['topicPartitions']>[number];

export type ElectLeadersResponse = Value<typeof ElectLeaders.response>;
export type ReplicaElectionResult = ElectLeadersResponse['replicaElectionResults'][number];
export type ElectLeadersResponsePartitionResult = ReplicaElectionResult['partitionResult'][number];
