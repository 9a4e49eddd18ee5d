import { int32, string, struct, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

/** The epoch of a consumer group's target assignment. */
export const ConsumerGroupTargetAssignmentMetadata = coordinatorRecord({
  id: 6,
  name: 'ConsumerGroupTargetAssignmentMetadata',
  versions: '0',
  flexible: 0,
  key: struct({
    groupId: string(),
  }),
  value: struct({
    assignmentEpoch: int32(),
  }),
});

export type ConsumerGroupTargetAssignmentMetadataKey = Value<typeof ConsumerGroupTargetAssignmentMetadata.key>;
export type ConsumerGroupTargetAssignmentMetadataValue = Value<typeof ConsumerGroupTargetAssignmentMetadata.value>;
