import { array, int32, string, struct, uuid, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

/** What a member of a consumer group should own. */
export const ConsumerGroupTargetAssignmentMember = coordinatorRecord({
  id: 7,
  name: 'ConsumerGroupTargetAssignmentMember',
  versions: '0',
  flexible: 0,
  key: struct({
    groupId: string(),
    memberId: string(),
  }),
  value: struct({
    topicPartitions: array(
      struct({
        topicId: uuid(),
        partitions: array(int32()),
      }),
    ),
  }),
});

export type ConsumerGroupTargetAssignmentMemberKey = Value<typeof ConsumerGroupTargetAssignmentMember.key>;
export type ConsumerGroupTargetAssignmentMemberValue = Value<typeof ConsumerGroupTargetAssignmentMember.value>;
export type TopicPartition = ConsumerGroupTargetAssignmentMemberValue['topicPartitions'][number];
