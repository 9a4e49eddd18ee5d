import { api } from '../api.ts';
import { array, bool, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** Asks how far groups have read. */
export const OffsetFetch = api({
  key: 9,
  name: 'OffsetFetch',
  versions: '0-10',
  flexible: 6,
  offered: { '3.9': '0-9', '4.0': '1-9', '4.1': '1-9', '4.2': '1-10' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupId: string({ versions: '0-7' }),
    topics: array(
      struct({
        name: string(),
        partitionIndexes: array(int32()),
      }),
      { versions: '0-7', nullable: '2-7' },
    ),
    groups: array(
      struct({
        groupId: string(),
        memberId: string({ versions: '9+', nullable: '0+', default: null, ignorable: true }),
        memberEpoch: int32({ versions: '9+', default: -1, ignorable: true }),
        topics: array(
          struct({
            name: string({ versions: '8-9', ignorable: true }),
            topicId: uuid({ versions: '10+', ignorable: true }),
            partitionIndexes: array(int32()),
          }),
          { nullable: '0+' },
        ),
      }),
      { versions: '8+' },
    ),
    requireStable: bool({ versions: '7+' }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '3+', ignorable: true }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ versions: '5-7', default: -1, ignorable: true }),
            metadata: string({ nullable: '0+' }),
            errorCode: int16(),
          }),
        ),
      }),
      { versions: '0-7' },
    ),
    errorCode: int16({ versions: '2-7', ignorable: true }),
    groups: array(
      struct({
        groupId: string(),
        topics: array(
          struct({
            name: string({ versions: '8-9', ignorable: true }),
            topicId: uuid({ versions: '10+', ignorable: true }),
            partitions: array(
              struct({
                partitionIndex: int32(),
                committedOffset: int64(),
                committedLeaderEpoch: int32({ default: -1 }),
                metadata: string({ nullable: '0+' }),
                errorCode: int16(),
              }),
            ),
          }),
        ),
        errorCode: int16(),
      }),
      { versions: '8+' },
    ),
  }),
});

export type OffsetFetchRequest = Value<typeof OffsetFetch.request>;
export type OffsetFetchRequestTopic = NonNullable<OffsetFetchRequest['topics']>[number];
export type OffsetFetchRequestGroup = OffsetFetchRequest['groups'][number];
export type OffsetFetchRequestTopics = NonNullable<OffsetFetchRequestGroup['topics']>[number];

export type OffsetFetchResponse = Value<typeof OffsetFetch.response>;
export type OffsetFetchResponseTopic = OffsetFetchResponse['topics'][number];
export type OffsetFetchResponsePartition = OffsetFetchResponseTopic['partitions'][number];
export type OffsetFetchResponseGroup = OffsetFetchResponse['groups'][number];
export type OffsetFetchResponseTopics = OffsetFetchResponseGroup['topics'][number];
export type OffsetFetchResponsePartitions = OffsetFetchResponseTopics['partitions'][number];
