import { api } from '../api.ts';
import { array, bool, int8, int16, int32, int64, records, string, struct, uuid, type Value } from '../schema.ts';

/** A member of a share group acquires records, and may acknowledge earlier ones. */
export const ShareFetch = api({
  key: 78,
  name: 'ShareFetch',
  versions: '1-2',
  flexible: 0,
  offered: { '4.1': '1', '4.2': '1-2' },
  listeners: ['broker'],
  request: struct({
    groupId: string({ nullable: '0+', default: null }),
    memberId: string({ nullable: '0+' }),
    shareSessionEpoch: int32(),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: 0x7fffffff }),
    maxRecords: int32(),
    batchSize: int32(),
    shareAcquireMode: int8({ versions: '2+', ignorable: true }),
    isRenewAck: bool({ versions: '2+' }),
    topics: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            acknowledgementBatches: array(
              struct({
                firstOffset: int64(),
                lastOffset: int64(),
                acknowledgeTypes: array(int8()),
              }),
            ),
          }),
        ),
      }),
    ),
    forgottenTopicsData: array(
      struct({
        topicId: uuid(),
        partitions: array(int32()),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    acquisitionLockTimeoutMs: int32(),
    responses: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: '0+', default: null }),
            acknowledgeErrorCode: int16(),
            acknowledgeErrorMessage: string({ nullable: '0+', default: null }),
            currentLeader: struct({
              leaderId: int32(),
              leaderEpoch: int32(),
            }),
            records: records({ nullable: '0' }),
            acquiredRecords: array(
              struct({
                firstOffset: int64(),
                lastOffset: int64(),
                deliveryCount: int16(),
              }),
            ),
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
    ),
  }),
});

export type ShareFetchRequest = Value<typeof ShareFetch.request>;
export type ShareFetchRequestFetchTopic = ShareFetchRequest['topics'][number];
export type ShareFetchRequestFetchPartition = ShareFetchRequestFetchTopic['partitions'][number];
export type ShareFetchRequestAcknowledgementBatch = ShareFetchRequestFetchPartition['acknowledgementBatches'][number];
export type ShareFetchRequestForgottenTopic = ShareFetchRequest['forgottenTopicsData'][number];

export type ShareFetchResponse = Value<typeof ShareFetch.response>;
export type ShareFetchableTopicResponse = ShareFetchResponse['responses'][number];
export type ShareFetchResponsePartitionData = ShareFetchableTopicResponse['partitions'][number];
export type ShareFetchResponseLeaderIdAndEpoch = ShareFetchResponsePartitionData['currentLeader'];
export type AcquiredRecords = ShareFetchResponsePartitionData['acquiredRecords'][number];
export type ShareFetchResponseNodeEndpoint = ShareFetchResponse['nodeEndpoints'][number];
