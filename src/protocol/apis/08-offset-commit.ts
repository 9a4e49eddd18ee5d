import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** A consumer stores how far its group has read. */
export const OffsetCommit = api({
  key: 8,
  name: 'OffsetCommit',
  versions: '0-10',
  flexible: 8,
  offered: { '3.9': '0-9', '4.0': '2-9', '4.1': '2-9', '4.2': '2-10' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupId: string(),
    generationIdOrMemberEpoch: int32({ versions: '1+', default: -1, ignorable: true }),
    memberId: string({ versions: '1+', ignorable: true }),
    groupInstanceId: string({ versions: '7+', nullable: '0+', default: null }),
    retentionTimeMs: int64({ versions: '2-4', default: -1, ignorable: true }),
    topics: array(
      struct({
        name: string({ versions: '0-9', ignorable: true }),
        topicId: uuid({ versions: '10+', ignorable: true }),
        partitions: array(
          struct({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ versions: '6+', default: -1, ignorable: true }),
            commitTimestamp: int64({ versions: '1', default: -1 }),
            committedMetadata: string({ nullable: '0+' }),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '3+', ignorable: true }),
    topics: array(
      struct({
        name: string({ versions: '0-9', ignorable: true }),
        topicId: uuid({ versions: '10+', ignorable: true }),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
          }),
        ),
      }),
    ),
  }),
});

export type OffsetCommitRequest = Value<typeof OffsetCommit.request>;
export type OffsetCommitRequestTopic = OffsetCommitRequest['topics'][number];
export type OffsetCommitRequestPartition = OffsetCommitRequestTopic['partitions'][number];

export type OffsetCommitResponse = Value<typeof OffsetCommit.response>;
export type OffsetCommitResponseTopic = OffsetCommitResponse['topics'][number];
export type OffsetCommitResponsePartition = OffsetCommitResponseTopic['partitions'][number];
