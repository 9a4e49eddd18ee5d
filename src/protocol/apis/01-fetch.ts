import { api } from '../api.ts';
import { LONG_MAX } from '../reader.ts';
import { array, int8, int16, int32, int64, records, string, struct, uuid, type Value } from '../schema.ts';

/** A consumer, a follower or a KRaft replica reads record batches from partitions. */
export const Fetch = api({
  key: 1,
  name: 'Fetch',
  versions: '0-18',
  flexible: 12,
  offered: { '3.9': '0-17', '4.0': '4-17', '4.1': '4-18', '4.2': '4-18' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    clusterId: string({ versions: '12+', nullable: '0+', tag: 0, default: null, ignorable: true }),
    replicaId: int32({ versions: '0-14', default: -1 }),
    replicaState: struct(
      {
        replicaId: int32({ default: -1 }),
        replicaEpoch: int64({ default: -1 }),
      },
      { versions: '15+', tag: 1 },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ versions: '3+', default: 0x7fffffff, ignorable: true }),
    isolationLevel: int8({ versions: '4+', ignorable: true }),
    sessionId: int32({ versions: '7+', ignorable: true }),
    sessionEpoch: int32({ versions: '7+', default: -1, ignorable: true }),
    topics: array(
      struct({
        topic: string({ versions: '0-12', ignorable: true }),
        topicId: uuid({ versions: '13+', ignorable: true }),
        partitions: array(
          struct({
            partition: int32(),
            currentLeaderEpoch: int32({ versions: '9+', default: -1, ignorable: true }),
            fetchOffset: int64(),
            lastFetchedEpoch: int32({ versions: '12+', default: -1 }),
            logStartOffset: int64({ versions: '5+', default: -1, ignorable: true }),
            partitionMaxBytes: int32(),
            replicaDirectoryId: uuid({ versions: '17+', tag: 0, ignorable: true }),
            highWatermark: int64({ versions: '18+', tag: 1, default: LONG_MAX, ignorable: true }),
          }),
        ),
      }),
    ),
    forgottenTopicsData: array(
      struct({
        topic: string({ versions: '7-12', ignorable: true }),
        topicId: uuid({ versions: '13+', ignorable: true }),
        partitions: array(int32()),
      }),
      { versions: '7+' },
    ),
    rackId: string({ versions: '11+', ignorable: true }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16({ versions: '7+', ignorable: true }),
    sessionId: int32({ versions: '7+' }),
    responses: array(
      struct({
        topic: string({ versions: '0-12', ignorable: true }),
        topicId: uuid({ versions: '13+', ignorable: true }),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            highWatermark: int64(),
            lastStableOffset: int64({ versions: '4+', default: -1, ignorable: true }),
            logStartOffset: int64({ versions: '5+', default: -1, ignorable: true }),
            divergingEpoch: struct(
              {
                epoch: int32({ default: -1 }),
                endOffset: int64({ default: -1 }),
              },
              { versions: '12+', tag: 0 },
            ),
            currentLeader: struct(
              {
                leaderId: int32({ default: -1 }),
                leaderEpoch: int32({ default: -1 }),
              },
              { versions: '12+', tag: 1 },
            ),
            snapshotId: struct(
              {
                endOffset: int64({ default: -1 }),
                epoch: int32({ default: -1 }),
              },
              { versions: '12+', tag: 2 },
            ),
            abortedTransactions: array(
              struct({
                producerId: int64(),
                firstOffset: int64(),
              }),
              { versions: '4+', nullable: '0+', ignorable: true },
            ),
            preferredReadReplica: int32({ versions: '11+', default: -1 }),
            records: records({ nullable: '0+' }),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: '0+', default: null }),
      }),
      { versions: '16+', tag: 0 },
    ),
  }),
});

export type FetchRequest = Value<typeof Fetch.request>;
export type ReplicaState = FetchRequest['replicaState'];
export type FetchTopic = FetchRequest['topics'][number];
export type FetchPartition = FetchTopic['partitions'][number];
export type FetchRequestForgottenTopic = FetchRequest['forgottenTopicsData'][number];

export type FetchResponse = Value<typeof Fetch.response>;
export type FetchableTopicResponse = FetchResponse['responses'][number];
export type FetchResponsePartitionData = FetchableTopicResponse['partitions'][number];
export type FetchResponseEpochEndOffset = FetchResponsePartitionData['divergingEpoch'];
export type FetchResponseLeaderIdAndEpoch = FetchResponsePartitionData['currentLeader'];
export type FetchResponseSnapshotId = FetchResponsePartitionData['snapshotId'];
export type AbortedTransaction = NonNullable<FetchResponsePartitionData['abortedTransactions']>[number];
export type FetchResponseNodeEndpoint = FetchResponse['nodeEndpoints'][number];
