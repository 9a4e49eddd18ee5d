import { api } from '../api.ts';
import { array, bool, int8, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

/** A member of a share group acknowledges records. */
export const ShareAcknowledge = api({
  key: 79,
  name: 'ShareAcknowledge',
  versions: '1-2',
  flexible: 0,
  offered: { '4.1': '1', '4.2': '1-2' },
  listeners: ['broker'],
  request: struct({
    groupId: string({ nullable: '0+', default: null }),
    memberId: string({ nullable: '0+' }),
    shareSessionEpoch: int32(),
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
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    acquisitionLockTimeoutMs: int32({ versions: '2+', ignorable: true }),
    responses: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: '0+', default: null }),
            currentLeader: struct({
              leaderId: int32(),
              leaderEpoch: int32(),
            }),
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

export type ShareAcknowledgeRequest = Value<typeof ShareAcknowledge.request>;
export type AcknowledgeTopic = ShareAcknowledgeRequest['topics'][number];
export type AcknowledgePartition = AcknowledgeTopic['partitions'][number];
export type ShareAcknowledgeRequestAcknowledgementBatch = AcknowledgePartition['acknowledgementBatches'][number];

export type ShareAcknowledgeResponse = Value<typeof ShareAcknowledge.response>;
export type ShareAcknowledgeTopicResponse = ShareAcknowledgeResponse['responses'][number];
export type ShareAcknowledgeResponsePartitionData = ShareAcknowledgeTopicResponse['partitions'][number];
export type ShareAcknowledgeResponseLeaderIdAndEpoch = ShareAcknowledgeResponsePartitionData['currentLeader'];
export type ShareAcknowledgeResponseNodeEndpoint = ShareAcknowledgeResponse['nodeEndpoints'][number];
