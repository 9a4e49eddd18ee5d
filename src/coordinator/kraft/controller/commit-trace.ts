/** Tells the trace what the quorum committed, record by record, in the words that both modes share. */
import type { Context, EventId } from '../../../kernel/api.ts';
import { authorityEvents as kinds, type PartitionState } from '../../index.ts';
import { apply } from '../metadata/apply.ts';
import type { ClusterMetadata } from '../metadata/cluster-metadata.ts';
import {
  type BrokerRegistrationChangeRecord,
  CONFIG_TOPIC,
  type ConfigRecord,
  type MetadataRecord,
} from '../metadata/records.ts';

export interface CommittedRecord {
  readonly record: MetadataRecord;
  readonly offset: number;
  /** The rule that decided it, and what made it decide; what a predecessor decided has lost its reasons. */
  readonly reason: string;
  readonly cause: EventId;
}

/** Applies committed records, and records an event of the authority for each that means something. Returns the last event. */
export function applyAndReport(
  context: Context,
  metadata: ClusterMetadata,
  committed: readonly CommittedRecord[],
): EventId {
  let last: EventId = 0;
  for (const [i, one] of committed.entries()) {
    const { record, offset } = one;
    const before = record.kind === 'clear-elr' ? [...metadata.topics.values()] : [];
    const removed = record.kind === 'remove-topic' ? metadata.topicById(record.topicId) : undefined;
    apply(metadata, record, offset);
    switch (record.kind) {
      case 'register-broker': {
        const { brokerId, brokerEpoch, rack, fenced } = record;
        last = context.emit(kinds['broker-registered'], [offset, brokerId, brokerEpoch, rack], one.cause);
        if (fenced) last = context.emit(kinds['broker-fenced'], [offset, brokerId, 'registered'], last);
        break;
      }
      case 'unregister-broker':
        last = context.emit(kinds['broker-unregistered'], [offset, record.brokerId, one.reason], one.cause);
        break;
      case 'broker-registration-change':
        last = reportRegistrationChange(context, record, one);
        break;
      case 'topic':
        last = reportTopic(context, record.name, record.topicId, one, committed.slice(i + 1));
        break;
      case 'remove-topic':
        if (removed !== undefined) {
          last = context.emit(kinds['topic-deleted'], [offset, removed.name, removed.id], one.cause);
        }
        break;
      case 'partition':
      case 'partition-change': {
        const partition = metadata.topicById(record.topicId)?.partitions[record.partitionId];
        const unclean = record.kind === 'partition-change' && record.leaderRecoveryState === 1;
        if (partition !== undefined) last = reportPartition(context, partition, unclean, one);
        break;
      }
      case 'config':
        last = reportConfig(context, record, one);
        break;
      case 'clear-elr':
        for (const topic of before) {
          for (const [p, old] of topic.partitions.entries()) {
            const partition = metadata.topics.get(topic.name)?.partitions[p];
            if (partition !== undefined && partition !== old) last = reportPartition(context, partition, false, one);
          }
        }
        break;
      default:
        break;
    }
  }
  return last;
}

function reportRegistrationChange(
  context: Context,
  { brokerId, fenced, inControlledShutdown }: BrokerRegistrationChangeRecord,
  { offset, reason, cause }: CommittedRecord,
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
  name: string,
  topicId: string,
  { offset, cause }: CommittedRecord,
  following: readonly CommittedRecord[],
): EventId {
  let partitions = 0;
  let replicationFactor = 0;
  for (const { record } of following) {
    if (record.kind !== 'partition' || record.topicId !== topicId) continue;
    partitions++;
    replicationFactor = record.replicas.length;
  }
  return context.emit(kinds['topic-created'], [offset, name, topicId, partitions, replicationFactor], cause);
}

function reportPartition(
  context: Context,
  partition: PartitionState,
  unclean: boolean,
  { offset, reason, cause }: CommittedRecord,
): EventId {
  const { name, topicId, leader, leaderEpoch, partitionEpoch, isr, replicas, elr } = partition;
  const values = [offset, name, topicId, leader, leaderEpoch, partitionEpoch, isr, replicas, elr, unclean, reason];
  return context.emit(kinds['partition-changed'], values, cause);
}

function reportConfig(
  context: Context,
  { resourceType, resourceName, name, value }: ConfigRecord,
  { offset, cause }: CommittedRecord,
): EventId {
  const type = resourceType === CONFIG_TOPIC ? 'topic' : 'broker';
  return context.emit(kinds['config-changed'], [offset, type, resourceName, name, value], cause);
}
