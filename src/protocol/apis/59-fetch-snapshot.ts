import { api } from '../api.ts';
import { array, int16, int32, int64, records, string, struct, uint16, uuid, type Value } from '../schema.ts';

/** A KRaft replica reads a piece of a snapshot. */
export const FetchSnapshot = api({
  key: 59,
  name: 'FetchSnapshot',
  versions: '0-1',
  flexible: 0,
  offered: { '3.9': '0-1', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['controller'],
  request: struct({
    clusterId: string({ nullable: '0+', tag: 0, default: null }),
    replicaId: int32({ default: -1 }),
    maxBytes: int32({ default: 0x7fffffff }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partition: int32(),
            currentLeaderEpoch: int32(),
            snapshotId: struct({
              endOffset: int64(),
              epoch: int32(),
            }),
            position: int64(),
            replicaDirectoryId: uuid({ versions: '1+', tag: 0, ignorable: true }),
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
        name: string(),
        partitions: array(
          struct({
            index: int32(),
            errorCode: int16(),
            snapshotId: struct({
              endOffset: int64(),
              epoch: int32(),
            }),
            currentLeader: struct(
              {
                leaderId: int32(),
                leaderEpoch: int32(),
              },
              { tag: 0 },
            ),
            size: int64(),
            position: int64(),
            unalignedRecords: records(),
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

export type FetchSnapshotRequest = Value<typeof FetchSnapshot.request>;
export type FetchSnapshotRequestTopicSnapshot = FetchSnapshotRequest['topics'][number];
export type FetchSnapshotRequestPartitionSnapshot = FetchSnapshotRequestTopicSnapshot['partitions'][number];
export type FetchSnapshotRequestSnapshotId = FetchSnapshotRequestPartitionSnapshot['snapshotId'];

export type FetchSnapshotResponse = Value<typeof FetchSnapshot.response>;
export type FetchSnapshotResponseTopicSnapshot = FetchSnapshotResponse['topics'][number];
export type FetchSnapshotResponsePartitionSnapshot = FetchSnapshotResponseTopicSnapshot['partitions'][number];
export type FetchSnapshotResponseSnapshotId = FetchSnapshotResponsePartitionSnapshot['snapshotId'];
export type FetchSnapshotResponseLeaderIdAndEpoch = FetchSnapshotResponsePartitionSnapshot['currentLeader'];
export type FetchSnapshotResponseNodeEndpoint = FetchSnapshotResponse['nodeEndpoints'][number];
