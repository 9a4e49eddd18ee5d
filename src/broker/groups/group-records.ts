import { decodeRecord, encodeKey, encodeValue } from '../../protocol/records/coordinator-record.ts';
import {
  OffsetCommit,
  type OffsetCommitKey,
  type OffsetCommitValue,
} from '../../protocol/records/group/01-offset-commit.ts';
import {
  GroupMetadata,
  type GroupMetadataKey,
  type GroupMetadataValue,
} from '../../protocol/records/group/02-group-metadata.ts';
import type { Release } from '../../protocol/schema.ts';
import type { InternalRecord } from '../api.ts';
import {
  CONSUMER_KINDS,
  type ConsumerRecord,
  consumerRecordOf,
  encodeConsumerRecord,
} from './consumer/consumer-records.ts';

/** What a group coordinator writes to `__consumer_offsets`. A null value takes back what was written before. */
export type GroupRecord =
  | { readonly kind: 'group'; readonly group: string; readonly value: GroupMetadataValue | null }
  | {
      readonly kind: 'offset';
      readonly group: string;
      readonly topic: string;
      readonly partition: number;
      readonly value: OffsetCommitValue | null;
    }
  | ConsumerRecord;

const GROUP_VERSION = 3;
/** The one version that has an expire timestamp. */
const EXPIRING_OFFSET_VERSION = 1;
const OFFSET_VERSION: { readonly [R in Release]: number } = { '3.9': 3, '4.0': 3, '4.1': 3, '4.2': 4 };

export function encodeGroupRecord(record: GroupRecord, release: Release, timestampMs: number): InternalRecord {
  if (record.kind !== 'group' && record.kind !== 'offset')
    return { ...encodeConsumerRecord(record, release), timestampMs };
  if (record.kind === 'group') {
    const { group, value } = record;
    return {
      key: encodeKey(GroupMetadata, { group }),
      value: value === null ? null : encodeValue(GroupMetadata, GROUP_VERSION, value),
      timestampMs,
    };
  }
  const { group, topic, partition, value } = record;
  return {
    key: encodeKey(OffsetCommit, { group, topic, partition }),
    value: value === null ? null : encodeValue(OffsetCommit, offsetVersion(value, release), value),
    timestampMs,
  };
}

function offsetVersion({ expireTimestamp }: OffsetCommitValue, release: Release): number {
  return expireTimestamp === -1 ? OFFSET_VERSION[release] : EXPIRING_OFFSET_VERSION;
}

/** Undefined for kinds that are of no group here: they are passed over. */
export function decodeGroupRecord({ key, value }: Pick<InternalRecord, 'key' | 'value'>): GroupRecord | undefined {
  const decoded = decodeRecord(KINDS, key, value);
  if (decoded === undefined) return undefined;
  if (decoded.name === GroupMetadata.name) {
    const { group } = decoded.key as GroupMetadataKey;
    return { kind: 'group', group, value: decoded.value as GroupMetadataValue | null };
  }
  const ofConsumers = consumerRecordOf(decoded.name, decoded.key, decoded.value);
  if (ofConsumers !== undefined) return ofConsumers;
  const { group, topic, partition } = decoded.key as OffsetCommitKey;
  return { kind: 'offset', group, topic, partition, value: decoded.value as OffsetCommitValue | null };
}

const KINDS = [GroupMetadata, OffsetCommit, ...CONSUMER_KINDS];
