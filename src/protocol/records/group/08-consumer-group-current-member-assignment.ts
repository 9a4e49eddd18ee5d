import { array, int8, int32, string, struct, uuid, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

const TopicPartitions = struct({
  topicId: uuid(),
  partitions: array(int32()),
});

/** What a member of a consumer group owns, and at which epoch. */
export const ConsumerGroupCurrentMemberAssignment = coordinatorRecord({
  id: 8,
  name: 'ConsumerGroupCurrentMemberAssignment',
  versions: '0',
  flexible: 0,
  key: struct({
    groupId: string(),
    memberId: string(),
  }),
  value: struct({
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: array(TopicPartitions),
    partitionsPendingRevocation: array(TopicPartitions),
  }),
});

export type ConsumerGroupCurrentMemberAssignmentKey = Value<typeof ConsumerGroupCurrentMemberAssignment.key>;
export type ConsumerGroupCurrentMemberAssignmentValue = Value<typeof ConsumerGroupCurrentMemberAssignment.value>;
export type TopicPartitions = Value<typeof TopicPartitions>;
