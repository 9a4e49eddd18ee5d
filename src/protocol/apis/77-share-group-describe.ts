import { api } from '../api.ts';
import { array, bool, int16, int32, nested, string, struct, uuid, type Value } from '../schema.ts';

const TopicPartitions = struct({
  topicId: uuid(),
  topicName: string(),
  partitions: array(int32()),
});

const Assignment = struct({
  topicPartitions: array(TopicPartitions),
});

/** Asks for the state and members of share groups. */
export const ShareGroupDescribe = api({
  key: 77,
  name: 'ShareGroupDescribe',
  versions: '1',
  flexible: 0,
  offered: { '4.1': '1', '4.2': '1' },
  listeners: ['broker'],
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
            rackId: string({ nullable: '0+', default: null }),
            memberEpoch: int32(),
            clientId: string(),
            clientHost: string(),
            subscribedTopicNames: array(string()),
            assignment: nested(Assignment),
          }),
        ),
        authorizedOperations: int32({ default: -2147483648 }),
      }),
    ),
  }),
});

export type ShareGroupDescribeRequest = Value<typeof ShareGroupDescribe.request>;

export type ShareGroupDescribeResponse = Value<typeof ShareGroupDescribe.response>;
export type ShareGroupDescribeResponseDescribedGroup = ShareGroupDescribeResponse['groups'][number];
export type ShareGroupDescribeResponseMember = ShareGroupDescribeResponseDescribedGroup['members'][number];
export type Assignment = Value<typeof Assignment>;
export type TopicPartitions = Value<typeof TopicPartitions>;
