import { api } from '../api.ts';
import { array, int16, int32, string, struct, uint16, uuid, type Value } from '../schema.ts';

/** A leader of a KRaft quorum resigns and names its preferred successors. */
export const EndQuorumEpoch = api({
  key: 54,
  name: 'EndQuorumEpoch',
  versions: '0-1',
  flexible: 1,
  offered: { '3.9': '0-1', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['controller'],
  request: struct({
    clusterId: string({ nullable: '0+', default: null }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            leaderId: int32(),
            leaderEpoch: int32(),
            preferredSuccessors: array(int32(), { versions: '0', ignorable: true }),
            preferredCandidates: array(
              struct({
                candidateId: int32(),
                candidateDirectoryId: uuid(),
              }),
              { versions: '1+', ignorable: true },
            ),
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

export type EndQuorumEpochRequest = Value<typeof EndQuorumEpoch.request>;
export type EndQuorumEpochRequestTopicData = EndQuorumEpochRequest['topics'][number];
export type EndQuorumEpochRequestPartitionData = EndQuorumEpochRequestTopicData['partitions'][number];
export type ReplicaInfo = EndQuorumEpochRequestPartitionData['preferredCandidates'][number];
export type EndQuorumEpochRequestLeaderEndpoint = EndQuorumEpochRequest['leaderEndpoints'][number];

export type EndQuorumEpochResponse = Value<typeof EndQuorumEpoch.response>;
export type EndQuorumEpochResponseTopicData = EndQuorumEpochResponse['topics'][number];
export type EndQuorumEpochResponsePartitionData = EndQuorumEpochResponseTopicData['partitions'][number];
export type EndQuorumEpochResponseNodeEndpoint = EndQuorumEpochResponse['nodeEndpoints'][number];
