import { type CoordinatorRecordKind, encodeKey, encodeValue } from '../../../protocol/records/coordinator-record.ts';
import {
  ConsumerGroupMetadata,
  type ConsumerGroupMetadataValue,
} from '../../../protocol/records/group/03-consumer-group-metadata.ts';
import {
  ConsumerGroupPartitionMetadata,
  type ConsumerGroupPartitionMetadataValue,
} from '../../../protocol/records/group/04-consumer-group-partition-metadata.ts';
import {
  ConsumerGroupMemberMetadata,
  type ConsumerGroupMemberMetadataValue,
} from '../../../protocol/records/group/05-consumer-group-member-metadata.ts';
import {
  ConsumerGroupTargetAssignmentMetadata,
  type ConsumerGroupTargetAssignmentMetadataValue,
} from '../../../protocol/records/group/06-consumer-group-target-assignment-metadata.ts';
import {
  ConsumerGroupTargetAssignmentMember,
  type ConsumerGroupTargetAssignmentMemberValue,
} from '../../../protocol/records/group/07-consumer-group-target-assignment-member.ts';
import {
  ConsumerGroupCurrentMemberAssignment,
  type ConsumerGroupCurrentMemberAssignmentValue,
} from '../../../protocol/records/group/08-consumer-group-current-member-assignment.ts';
import {
  ConsumerGroupRegularExpression,
  type ConsumerGroupRegularExpressionValue,
} from '../../../protocol/records/group/16-consumer-group-regular-expression.ts';

import type { Release } from '../../../protocol/schema.ts';

interface OfGroup<Kind, Value> {
  readonly kind: Kind;
  readonly group: string;
  /** Null takes back what was written before. */
  readonly value: Value | null;
}
interface OfMember<Kind, Value> extends OfGroup<Kind, Value> {
  readonly member: string;
}

/** What a coordinator writes of a consumer group (KIP-848). */
export type ConsumerRecord =
  | OfGroup<'consumer-group', ConsumerGroupMetadataValue>
  /** Of releases before 4.1 alone. */
  | OfGroup<'consumer-topics', ConsumerGroupPartitionMetadataValue>
  | OfMember<'consumer-member', ConsumerGroupMemberMetadataValue>
  | OfGroup<'consumer-target-epoch', ConsumerGroupTargetAssignmentMetadataValue>
  | OfMember<'consumer-target', ConsumerGroupTargetAssignmentMemberValue>
  | OfMember<'consumer-current', ConsumerGroupCurrentMemberAssignmentValue>
  | (OfGroup<'consumer-regex', ConsumerGroupRegularExpressionValue> & { readonly regex: string });

const KIND = {
  'consumer-group': ConsumerGroupMetadata,
  'consumer-topics': ConsumerGroupPartitionMetadata,
  'consumer-member': ConsumerGroupMemberMetadata,
  'consumer-target-epoch': ConsumerGroupTargetAssignmentMetadata,
  'consumer-target': ConsumerGroupTargetAssignmentMember,
  'consumer-current': ConsumerGroupCurrentMemberAssignment,
  'consumer-regex': ConsumerGroupRegularExpression,
} as const;

export const CONSUMER_KINDS: readonly CoordinatorRecordKind[] = Object.values(KIND);

const NAMES = new Map<string, ConsumerRecord['kind']>(
  Object.entries(KIND).map(([kind, { name }]) => [name, kind as ConsumerRecord['kind']]),
);

const VERSION = 0;

/** Releases before 4.1 have no hash of the topics; they store the topics themselves. */
export function storesTopics(release: Release): boolean {
  return release === '3.9' || release === '4.0';
}

function valueFor(record: ConsumerRecord, release: Release): unknown {
  if (record.kind !== 'consumer-group' || record.value === null || !storesTopics(release)) return record.value;
  return { ...record.value, metadataHash: 0 };
}

export function encodeConsumerRecord(
  record: ConsumerRecord,
  release: Release,
): { key: Uint8Array; value: Uint8Array | null } {
  const kind: CoordinatorRecordKind = KIND[record.kind];
  const { group: groupId } = record;
  const value = valueFor(record, release);
  const key =
    'member' in record
      ? { groupId, memberId: record.member }
      : 'regex' in record
        ? { groupId, regularExpression: record.regex }
        : { groupId };
  return { key: encodeKey(kind, key), value: value === null ? null : encodeValue(kind, VERSION, value) };
}

/** Of a record that was decoded with `CONSUMER_KINDS`; undefined for another. The only place where its parts get their types. */
export function consumerRecordOf(name: string, key: unknown, value: unknown): ConsumerRecord | undefined {
  const kind = NAMES.get(name);
  if (kind === undefined) return undefined;
  const { groupId, memberId, regularExpression } = key as {
    groupId: string;
    memberId?: string;
    regularExpression?: string;
  };
  return { kind, group: groupId, member: memberId, regex: regularExpression, value } as unknown as ConsumerRecord;
}
