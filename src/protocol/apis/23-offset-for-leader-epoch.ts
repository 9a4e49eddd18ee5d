import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Asks where a leader epoch ends in the log, so that a follower or consumer can find where histories part. */
export const OffsetForLeaderEpoch = api({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: '0-4',
  flexible: 4,
  offered: { '3.9': '0-4', '4.0': '2-4', '4.1': '2-4', '4.2': '2-4' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    replicaId: int32({ versions: '3+', default: -2, ignorable: true }),
    topics: array(
      struct({
        topic: string(),
        partitions: array(
          struct({
            partition: int32(),
            currentLeaderEpoch: int32({ versions: '2+', default: -1, ignorable: true }),
            leaderEpoch: int32(),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '2+', ignorable: true }),
    topics: array(
      struct({
        topic: string(),
        partitions: array(
          struct({
            errorCode: int16(),
            partition: int32(),
            leaderEpoch: int32({ versions: '1+', default: -1, ignorable: true }),
            endOffset: int64({ default: -1 }),
          }),
        ),
      }),
    ),
  }),
});

export type OffsetForLeaderEpochRequest = Value<typeof OffsetForLeaderEpoch.request>;
export type OffsetForLeaderTopic = OffsetForLeaderEpochRequest['topics'][number];
export type OffsetForLeaderPartition = OffsetForLeaderTopic['partitions'][number];

export type OffsetForLeaderEpochResponse = Value<typeof OffsetForLeaderEpoch.response>;
export type OffsetForLeaderTopicResult = OffsetForLeaderEpochResponse['topics'][number];
export type OffsetForLeaderEpochResponseEpochEndOffset = OffsetForLeaderTopicResult['partitions'][number];
