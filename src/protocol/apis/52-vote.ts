import { api } from '../api.ts';
import { array, bool, int16, int32, int64, string, struct, uint16, uuid, type Value } from '../schema.ts';

/** A candidate of a KRaft quorum asks for a vote, or sounds out whether it would get one (pre-vote). */
export const Vote = api({
  key: 52,
  name: 'Vote',
  versions: '0-2',
  flexible: 0,
  offered: { '3.9': '0-1', '4.0': '0-2', '4.1': '0-2', '4.2': '0-2' },
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
            replicaEpoch: int32(),
            replicaId: int32(),
            replicaDirectoryId: uuid({ versions: '1+', ignorable: true }),
            voterDirectoryId: uuid({ versions: '1+', ignorable: true }),
            lastOffsetEpoch: int32(),
            lastOffset: int64(),
            preVote: bool({ versions: '2+' }),
          }),
        ),
      }),
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
            voteGranted: bool(),
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

export type VoteRequest = Value<typeof Vote.request>;
export type VoteRequestTopicData = VoteRequest['topics'][number];
export type VoteRequestPartitionData = VoteRequestTopicData['partitions'][number];

export type VoteResponse = Value<typeof Vote.response>;
export type VoteResponseTopicData = VoteResponse['topics'][number];
export type VoteResponsePartitionData = VoteResponseTopicData['partitions'][number];
export type VoteResponseNodeEndpoint = VoteResponse['nodeEndpoints'][number];
