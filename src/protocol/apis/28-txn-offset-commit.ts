import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Stores a group's offsets as part of a transaction. */
export const TxnOffsetCommit = api({
  key: 28,
  name: 'TxnOffsetCommit',
  versions: '0-5',
  flexible: 3,
  offered: { '3.9': '0-4', '4.0': '0-5', '4.1': '0-5', '4.2': '0-5' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationId: int32({ versions: '3+', default: -1 }),
    memberId: string({ versions: '3+' }),
    groupInstanceId: string({ versions: '3+', nullable: '0+', default: null }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ versions: '2+', default: -1, ignorable: true }),
            committedMetadata: string({ nullable: '0+' }),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
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

export type TxnOffsetCommitRequest = Value<typeof TxnOffsetCommit.request>;
export type TxnOffsetCommitRequestTopic = TxnOffsetCommitRequest['topics'][number];
export type TxnOffsetCommitRequestPartition = TxnOffsetCommitRequestTopic['partitions'][number];

export type TxnOffsetCommitResponse = Value<typeof TxnOffsetCommit.response>;
export type TxnOffsetCommitResponseTopic = TxnOffsetCommitResponse['topics'][number];
export type TxnOffsetCommitResponsePartition = TxnOffsetCommitResponseTopic['partitions'][number];
