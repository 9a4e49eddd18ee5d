import { api } from '../api.ts';
import { array, bool, int8, int16, int32, nested, string, struct, uuid, type Value } from '../schema.ts';

const TopicPartitions = struct({
  topicId: uuid(),
  topicName: string(),
  partitions: array(int32()),
});

const Assignment = struct({
  topicPartitions: array(TopicPartitions),
});

/** Asks for the state and members of consumer groups of the new protocol. */
export const ConsumerGroupDescribe = api({
  key: 69,
  name: 'ConsumerGroupDescribe',
  versions: '0-1',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupIds: array(string()),
    includeAuthorizedOperations: bool(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    groups: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: '0+', default: null }),
        groupId: string(),
        groupState: string(),
        groupEpoch: int32(),
        assignmentEpoch: int32(),
        assignorName: string(),
        members: array(
          struct({
            memberId: string(),
            instanceId: string({ nullable: '0+', default: null }),
            rackId: string({ nullable: '0+', default: null }),
            memberEpoch: int32(),
            clientId: string(),
            clientHost: string(),
            subscribedTopicNames: array(string()),
            subscribedTopicRegex: string({ nullable: '0+', default: null }),
            assignment: nested(Assignment),
            targetAssignment: nested(Assignment),
            memberType: int8({ versions: '1+', default: -1, ignorable: true }),
          }),
        ),
        authorizedOperations: int32({ default: -2147483648 }),
      }),
    ),
  }),
});

export type ConsumerGroupDescribeRequest = Value<typeof ConsumerGroupDescribe.request>;

export type ConsumerGroupDescribeResponse = Value<typeof ConsumerGroupDescribe.response>;
export type ConsumerGroupDescribeResponseDescribedGroup = ConsumerGroupDescribeResponse['groups'][number];
export type ConsumerGroupDescribeResponseMember = ConsumerGroupDescribeResponseDescribedGroup['members'][number];
export type Assignment = Value<typeof Assignment>;
export type TopicPartitions = Value<typeof TopicPartitions>;
