import { api } from '../api.ts';
import { array, int16, int32, string, struct, uuid, type Value } from '../schema.ts';

const TopicPartitions = struct({
  topicId: uuid(),
  partitions: array(int32()),
});

/** A member of a consumer group of the new protocol (KIP-848) says what it owns and learns what it should own. */
export const ConsumerGroupHeartbeat = api({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  versions: '0-1',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    instanceId: string({ nullable: '0+', default: null }),
    rackId: string({ nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    subscribedTopicNames: array(string(), { nullable: '0+', default: null }),
    subscribedTopicRegex: string({ versions: '1+', nullable: '0+', default: null }),
    serverAssignor: string({ nullable: '0+', default: null }),
    topicPartitions: array(
      struct({
        topicId: uuid(),
        partitions: array(int32()),
      }),
      { nullable: '0+', default: null },
    ),
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

export type ConsumerGroupHeartbeatRequest = Value<typeof ConsumerGroupHeartbeat.request>;
export type ConsumerGroupHeartbeatRequestTopicPartitions = NonNullable<
  ConsumerGroupHeartbeatRequest['topicPartitions']
>[number];

export type ConsumerGroupHeartbeatResponse = Value<typeof ConsumerGroupHeartbeat.response>;
export type ConsumerGroupHeartbeatResponseAssignment = NonNullable<ConsumerGroupHeartbeatResponse['assignment']>;
export type TopicPartitions = Value<typeof TopicPartitions>;
