import { api } from '../api.ts';
import { array, int16, int32, string, struct, uint16, uuid, type Value } from '../schema.ts';

/** A new leader of a KRaft quorum makes itself known to the voters. */
export const BeginQuorumEpoch = api({
  key: 53,
  name: 'BeginQuorumEpoch',
  versions: '0-1',
  flexible: 1,
  offered: { '3.9': '0-1', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['controller'],
  request: struct({
    clusterId: string({ nullable: '0+', default: null }),
    voterId: int32({ versions: '1+', default: -1, ignorable: true }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            voterDirectoryId: uuid({ versions: '1+', ignorable: true }),
            leaderId: int32(),
            leaderEpoch: int32(),
          }),
        ),
      }),
    ),
    leaderEndpoints: array(
      struct({
        name: string(),
        host: string(),
        port: uint16(),
      }),
      { versions: '1+', ignorable: true },
    ),
  }),
  response: struct({
    errorCode: int16(),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            leaderId: int32(),
            leaderEpoch: int32(),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: uint16(),
      }),
      { versions: '1+', tag: 0 },
    ),
  }),
});

export type BeginQuorumEpochRequest = Value<typeof BeginQuorumEpoch.request>;
export type BeginQuorumEpochRequestTopicData = BeginQuorumEpochRequest['topics'][number];
export type BeginQuorumEpochRequestPartitionData = BeginQuorumEpochRequestTopicData['partitions'][number];
export type BeginQuorumEpochRequestLeaderEndpoint = BeginQuorumEpochRequest['leaderEndpoints'][number];

export type BeginQuorumEpochResponse = Value<typeof BeginQuorumEpoch.response>;
export type BeginQuorumEpochResponseTopicData = BeginQuorumEpochResponse['topics'][number];
export type BeginQuorumEpochResponsePartitionData = BeginQuorumEpochResponseTopicData['partitions'][number];
export type BeginQuorumEpochResponseNodeEndpoint = BeginQuorumEpochResponse['nodeEndpoints'][number];
