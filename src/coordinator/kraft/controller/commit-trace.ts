/** Tells the trace what the quorum committed, record by record, in the words that both modes share. */
import type { Context, EventId } from '../../../kernel/api.ts';
import { configResourceType } from '../../../protocol/config-resource.ts';
import { authorityEvents as kinds, type PartitionState } from '../../index.ts';
import { reportAcl, reportCredential, reportQuota } from '../../security/report.ts';
import { apply, quotaEntity } from '../metadata/apply.ts';
import type { ClusterMetadata, MetadataContents } from '../metadata/cluster-metadata.ts';
import type { BrokerRegistrationChangeRecord, ConfigRecord, MetadataRecord, TopicRecord } from '../metadata/records.ts';

/** Why some records were decided. */
export interface Origin {
  readonly lastOffset: number;
  /** The rule that decided; what a predecessor decided has lost its reasons. */
  readonly reason: string;
  readonly cause: EventId;
  /** The last event that told of them, once they are committed. */
  told: EventId;
}

export interface CommittedRecord {
  readonly record: MetadataRecord;
  readonly offset: number;
  readonly origin: Origin;
}

/** Records that say what goes, and not what it was. */
const NEEDS_BEFORE: readonly MetadataRecord['kind'][] = ['clear-elr', 'remove-topic', 'remove-acl'];

/** Applies committed records, and records an event of the authority for each that means something. Returns the last event. */
export function applyAndReport(
  context: Context,
  metadata: ClusterMetadata,
  committed: readonly CommittedRecord[],
): EventId {
  let last: EventId = 0;
  for (const [i, one] of committed.entries()) {
    const { record, offset } = one;
    const before = NEEDS_BEFORE.includes(record.kind) ? metadata.share() : null;
    apply(metadata, record, offset);
    const told = report(context, { metadata, before, following: committed, position: i + 1 }, one);
    if (told === 0) continue;
    one.origin.told = told;
    last = told;
  }
  return last;
}

interface Surroundings {
  /** With the record applied. */
  readonly metadata: ClusterMetadata;
  /** Without it, where that is needed to tell what changed. */
  readonly before: MetadataContents | null;
  /** What was committed with it, and where in that list the next record is. */
  readonly following: readonly CommittedRecord[];
  readonly position: number;
}

/** Returns the last event, 0 for a record that says nothing to anybody. */
function report(context: Context, around: Surroundings, one: CommittedRecord): EventId {
  const { record, offset, origin } = one;
  const { metadata, before } = around;
  switch (record.kind) {
    case 'register-broker': {
      const { brokerId, brokerEpoch, rack, fenced } = record;
      const told = context.emit(kinds['broker-registered'], [offset, brokerId, brokerEpoch, rack], origin.cause);
      return fenced ? context.emit(kinds['broker-fenced'], [offset, brokerId, 'registered'], told) : told;
    }
    case 'unregister-broker':
      return context.emit(kinds['broker-unregistered'], [offset, record.brokerId, origin.reason], origin.cause);
    case 'broker-registration-change':
      return reportRegistrationChange(context, record, one);
    case 'topic':
      return reportTopic(context, record, one, around);
    case 'remove-topic': {
      const name = before?.topicNames.get(record.topicId) ?? '';
      return context.emit(kinds['topic-deleted'], [offset, name, record.topicId], origin.cause);
    }
    case 'partition':
    case 'partition-change': {
      const partition = metadata.topicById(record.topicId)?.partitions[record.partitionId];
      const unclean = record.kind === 'partition-change' && record.leaderRecoveryState === 1;
      return partition === undefined ? 0 : reportPartition(context, partition, unclean, one);
    }
    case 'config':
      return reportConfig(context, record, one);
    case 'acl':
      return reportAcl(context, { version: offset, acl: record, exists: true }, origin.cause);
    case 'remove-acl': {
      const acl = before?.security.acls.byId.get(record.id);
      if (acl === undefined) return 0;
      return reportAcl(context, { version: offset, acl, exists: false }, origin.cause);
    }
    case 'user-scram-credential':
    case 'remove-user-scram-credential': {
      const { name: user, mechanism } = record;
      const exists = record.kind === 'user-scram-credential';
      return reportCredential(context, { version: offset, user, mechanism, exists }, origin.cause);
    }
    case 'client-quota': {
      const { key: name, value, remove } = record;
      const entity = quotaEntity(record);
      return reportQuota(context, { version: offset, entity, name, value: remove ? null : value }, origin.cause);
    }
    case 'clear-elr':
      return reportClearedElr(context, around, one);
    default:
      return 0;
  }
}

function reportClearedElr(context: Context, { metadata, before }: Surroundings, one: CommittedRecord): EventId {
  let told: EventId = 0;
  for (const topic of before?.topics.values() ?? []) {
    for (const [number, old] of topic.partitions.entries()) {
      const partition = metadata.topics.get(topic.name)?.partitions[number];
      if (partition !== undefined && partition !== old) told = reportPartition(context, partition, false, one);
    }
  }
  return told;
}

function reportRegistrationChange(
  context: Context,
  { brokerId, fenced, inControlledShutdown }: BrokerRegistrationChangeRecord,
  { offset, origin: { reason, cause } }: CommittedRecord,
): EventId {
  let last: EventId = 0;
  if (inControlledShutdown === 1) last = context.emit(kinds['broker-shutting-down'], [offset, brokerId], cause);
  if (fenced > 0) last = context.emit(kinds['broker-fenced'], [offset, brokerId, reason], cause);
  if (fenced < 0) last = context.emit(kinds['broker-unfenced'], [offset, brokerId], cause);
  return last;
}

/** The partitions of a new topic follow in the same batch. */
function reportTopic(
  context: Context,
  { name, topicId }: TopicRecord,
  { offset, origin }: CommittedRecord,
  { following, position }: Surroundings,
): EventId {
  let partitions = 0;
  let replicationFactor = 0;
  for (let i = position; i < following.length; i++) {
    const { record } = following[i]!;
    if (record.kind === 'topic') break;
    if (record.kind !== 'partition' || record.topicId !== topicId) continue;
    partitions++;
    replicationFactor = record.replicas.length;
  }
  const values = [offset, name, topicId, partitions, replicationFactor];
  return context.emit(kinds['topic-created'], values, origin.cause);
}

function reportPartition(
  context: Context,
  partition: PartitionState,
  unclean: boolean,
  { offset, origin: { reason, cause } }: CommittedRecord,
): EventId {
  const { name, topicId, leader, leaderEpoch, partitionEpoch, isr, replicas, elr } = partition;
  const values = [offset, name, topicId, leader, leaderEpoch, partitionEpoch, isr, replicas, elr, unclean, reason];
  return context.emit(kinds['partition-changed'], values, cause);
}

function reportConfig(
  context: Context,
  { resourceType, resourceName, name, value }: ConfigRecord,
  { offset, origin: { cause } }: CommittedRecord,
): EventId {
  const type = configResourceType(resourceType) ?? 'broker';
  return context.emit(kinds['config-changed'], [offset, type, resourceName, name, value], cause);
}
