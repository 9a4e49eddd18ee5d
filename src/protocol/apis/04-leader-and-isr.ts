import { api } from '../api.ts';
import { array, bool, int8, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

const LeaderAndIsrPartitionState = struct({
  topicName: string({ versions: '0-1', ignorable: true }),
  partitionIndex: int32(),
  controllerEpoch: int32(),
  leader: int32(),
  leaderEpoch: int32(),
  isr: array(int32()),
  partitionEpoch: int32(),
  replicas: array(int32()),
  addingReplicas: array(int32(), { versions: '3+', ignorable: true }),
  removingReplicas: array(int32(), { versions: '3+', ignorable: true }),
  isNew: bool({ versions: '1+', ignorable: true }),
  leaderRecoveryState: int8({ versions: '6+' }),
});

const LeaderAndIsrPartitionError = struct({
  topicName: string({ versions: '0-4', ignorable: true }),
  partitionIndex: int32(),
  errorCode: int16(),
});

/** The ZooKeeper-mode controller tells a broker which partitions it leads or follows, and with which ISR. */
export const LeaderAndIsr = api({
  key: 4,
  name: 'LeaderAndIsr',
  versions: '0-7',
  flexible: 4,
  offered: { '3.9': '0-7' },
  listeners: ['zkBroker'],
  request: struct({
    controllerId: int32(),
    isKRaftController: bool({ versions: '7+' }),
    controllerEpoch: int32(),
    brokerEpoch: int64({ versions: '2+', default: -1, ignorable: true }),
    type: int8({ versions: '5+' }),
    ungroupedPartitionStates: array(LeaderAndIsrPartitionState, { versions: '0-1' }),
    topicStates: array(
      struct({
        topicName: string(),
        topicId: uuid({ versions: '5+', ignorable: true }),
        partitionStates: array(LeaderAndIsrPartitionState),
      }),
      { versions: '2+' },
    ),
    liveLeaders: array(
      struct({
        brokerId: int32(),
        hostName: string(),
        port: int32(),
      }),
    ),
  }),
  response: struct({
    errorCode: int16(),
    partitionErrors: array(LeaderAndIsrPartitionError, { versions: '0-4' }),
    topics: array(
      struct({
        topicId: uuid(),
        partitionErrors: array(LeaderAndIsrPartitionError),
      }),
      { versions: '5+' },
    ),
  }),
});

export type LeaderAndIsrRequest = Value<typeof LeaderAndIsr.request>;
export type LeaderAndIsrPartitionState = Value<typeof LeaderAndIsrPartitionState>;
export type LeaderAndIsrTopicState = LeaderAndIsrRequest['topicStates'][number];
export type LeaderAndIsrLiveLeader = LeaderAndIsrRequest['liveLeaders'][number];

export type LeaderAndIsrResponse = Value<typeof LeaderAndIsr.response>;
export type LeaderAndIsrPartitionError = Value<typeof LeaderAndIsrPartitionError>;
export type LeaderAndIsrTopicError = LeaderAndIsrResponse['topics'][number];
