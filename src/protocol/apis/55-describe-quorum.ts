import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, uint16, uuid, type Value } from '../schema.ts';

const ReplicaState = struct({
  replicaId: int32(),
  replicaDirectoryId: uuid({ versions: '2+' }),
  logEndOffset: int64(),
  lastFetchTimestamp: int64({ versions: '1+', default: -1, ignorable: true }),
  lastCaughtUpTimestamp: int64({ versions: '1+', default: -1, ignorable: true }),
});

/** Asks for the leader, voters and observers of a KRaft quorum, and how far each has read. */
export const DescribeQuorum = api({
  key: 55,
  name: 'DescribeQuorum',
  versions: '0-2',
  flexible: 0,
  offered: { '3.9': '0-2', '4.0': '0-2', '4.1': '0-2', '4.2': '0-2' },
  listeners: ['broker', 'controller'],
  request: struct({
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    errorCode: int16(),
    errorMessage: string({ versions: '2+', nullable: '0+', ignorable: true }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: string({ versions: '2+', nullable: '0+', ignorable: true }),
            leaderId: int32(),
            leaderEpoch: int32(),
            highWatermark: int64(),
            currentVoters: array(ReplicaState),
            observers: array(ReplicaState),
          }),
        ),
      }),
    ),
    nodes: array(
      struct({
        nodeId: int32(),
        listeners: array(
          struct({
            name: string(),
            host: string(),
            port: uint16(),
          }),
        ),
      }),
      { versions: '2+' },
    ),
  }),
});

export type DescribeQuorumRequest = Value<typeof DescribeQuorum.request>;
export type DescribeQuorumRequestTopicData = DescribeQuorumRequest['topics'][number];
export type DescribeQuorumRequestPartitionData = DescribeQuorumRequestTopicData['partitions'][number];

export type DescribeQuorumResponse = Value<typeof DescribeQuorum.response>;
export type DescribeQuorumResponseTopicData = DescribeQuorumResponse['topics'][number];
export type DescribeQuorumResponsePartitionData = DescribeQuorumResponseTopicData['partitions'][number];
export type ReplicaState = Value<typeof ReplicaState>;
export type DescribeQuorumResponseNode = DescribeQuorumResponse['nodes'][number];
export type DescribeQuorumResponseListener = DescribeQuorumResponseNode['listeners'][number];
