import type { Value } from '../../schema.ts';
import { type CoordinatorRecordKind, decodeRecord } from '../coordinator-record.ts';
import { OffsetCommit } from './01-offset-commit.ts';
import { GroupMetadata } from './02-group-metadata.ts';
import { ConsumerGroupMetadata } from './03-consumer-group-metadata.ts';
import { ConsumerGroupPartitionMetadata } from './04-consumer-group-partition-metadata.ts';
import { ConsumerGroupMemberMetadata } from './05-consumer-group-member-metadata.ts';
import { ConsumerGroupTargetAssignmentMetadata } from './06-consumer-group-target-assignment-metadata.ts';
import { ConsumerGroupTargetAssignmentMember } from './07-consumer-group-target-assignment-member.ts';
import { ConsumerGroupCurrentMemberAssignment } from './08-consumer-group-current-member-assignment.ts';
import { ConsumerGroupRegularExpression } from './16-consumer-group-regular-expression.ts';

/** The kinds of records in `__consumer_offsets` that are read: those of classic and of consumer groups. */
export const groupRecords = {
  OffsetCommit,
  GroupMetadata,
  ConsumerGroupMetadata,
  ConsumerGroupPartitionMetadata,
  ConsumerGroupMemberMetadata,
  ConsumerGroupTargetAssignmentMetadata,
  ConsumerGroupTargetAssignmentMember,
  ConsumerGroupCurrentMemberAssignment,
  ConsumerGroupRegularExpression,
} as const;

export type GroupRecord = {
  readonly [K in keyof typeof groupRecords]: {
    readonly type: K;
    readonly key: Value<(typeof groupRecords)[K]['key']>;
    /** Null for a tombstone. */
    readonly value: Value<(typeof groupRecords)[K]['value']> | null;
  };
}[keyof typeof groupRecords];

const kinds: readonly CoordinatorRecordKind[] = Object.values(groupRecords);

/** Undefined for a kind that is not read, as of share groups. */
export function decodeGroupRecord(key: Uint8Array, value: Uint8Array | null): GroupRecord | undefined {
  const record = decodeRecord(kinds, key, value);
  return record === undefined
    ? undefined
    : ({ type: record.name, key: record.key, value: record.value } as GroupRecord);
}
