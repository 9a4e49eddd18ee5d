import { api } from '../api.ts';
import { array, bool, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** The ZooKeeper-mode controller tells a broker to stop, and perhaps delete, replicas. */
export const StopReplica = api({
  key: 5,
  name: 'StopReplica',
  versions: '0-4',
  flexible: 2,
  offered: { '3.9': '0-4' },
  listeners: ['zkBroker'],
  request: struct({
    controllerId: int32(),
    isKRaftController: bool({ versions: '4+' }),
    controllerEpoch: int32(),
    brokerEpoch: int64({ versions: '1+', default: -1, ignorable: true }),
    deletePartitions: bool({ versions: '0-2' }),
    ungroupedPartitions: array(
      struct({
        topicName: string(),
        partitionIndex: int32(),
      }),
      { versions: '0' },
    ),
    topics: array(
      struct({
        name: string(),
        partitionIndexes: array(int32()),
      }),
      { versions: '1-2' },
    ),
    topicStates: array(
      struct({
        topicName: string(),
        partitionStates: array(
          struct({
            partitionIndex: int32(),
            leaderEpoch: int32({ default: -1 }),
            deletePartition: bool(),
          }),
        ),
      }),
      { versions: '3+' },
    ),
  }),
  response: struct({
    errorCode: int16(),
    partitionErrors: array(
      struct({
        topicName: string(),
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    ),
  }),
});

export type StopReplicaRequest = Value<typeof StopReplica.request>;
export type StopReplicaPartitionV0 = StopReplicaRequest['ungroupedPartitions'][number];
export type StopReplicaTopicV1 = StopReplicaRequest['topics'][number];
export type StopReplicaTopicState = StopReplicaRequest['topicStates'][number];
export type StopReplicaPartitionState = StopReplicaTopicState['partitionStates'][number];

export type StopReplicaResponse = Value<typeof StopReplica.response>;
export type StopReplicaPartitionError = StopReplicaResponse['partitionErrors'][number];
