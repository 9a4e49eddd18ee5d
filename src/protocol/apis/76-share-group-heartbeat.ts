import { api } from '../api.ts';
import { array, int16, int32, string, struct, uuid, type Value } from '../schema.ts';

const TopicPartitions = struct({
  topicId: uuid(),
  partitions: array(int32()),
});

/** A member of a share group (KIP-932) says that it is alive and learns its assignment. */
export const ShareGroupHeartbeat = api({
  key: 76,
  name: 'ShareGroupHeartbeat',
  versions: '1',
  flexible: 0,
  offered: { '4.1': '1', '4.2': '1' },
  listeners: ['broker'],
  request: struct({
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    rackId: string({ nullable: '0+', default: null }),
    subscribedTopicNames: array(string(), { nullable: '0+', default: null }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    memberId: string({ nullable: '0+', default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct(
      {
        topicPartitions: array(TopicPartitions),
      },
      { nullable: '0+', default: null },
    ),
  }),
});

export type ShareGroupHeartbeatRequest = Value<typeof ShareGroupHeartbeat.request>;

export type ShareGroupHeartbeatResponse = Value<typeof ShareGroupHeartbeat.response>;
export type ShareGroupHeartbeatResponseAssignment = NonNullable<ShareGroupHeartbeatResponse['assignment']>;
export type TopicPartitions = Value<typeof TopicPartitions>;
