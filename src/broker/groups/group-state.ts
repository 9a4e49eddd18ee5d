import type { OffsetCommitValue } from '../../protocol/records/group/01-offset-commit.ts';
import type { GroupMetadataValue } from '../../protocol/records/group/02-group-metadata.ts';
import { ConsumerGroup } from './consumer/consumer-group.ts';
import type { ConsumerRecord } from './consumer/consumer-records.ts';
import type { GroupRecord } from './group-records.ts';

export interface CommittedOffset {
  readonly value: OffsetCommitValue;
  /** Where the commit stands in `__consumer_offsets`: of two, the later counts. */
  readonly recordOffset: number;
}

/** A group as the log has it. */
export interface StoredGroup {
  readonly groupId: string;
  /** Null: only offsets were stored for it, or nothing but them is left (a group of simple consumers). */
  readonly metadata: GroupMetadataValue | null;
  /** Null: not a group of the newer protocol. */
  readonly consumer: ConsumerGroup | null;
  readonly offsets: Offsets;
  /** Producer id → what it committed in its open transaction. */
  readonly pending: ReadonlyMap<number, Offsets>;
}

/** Topic → partition → offset. */
type Offsets = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>>;
type MutableOffsets = Map<string, Map<number, CommittedOffset>>;

interface MutableGroup extends StoredGroup {
  metadata: GroupMetadataValue | null;
  consumer: ConsumerGroup | null;
  readonly offsets: MutableOffsets;
  readonly pending: Map<number, MutableOffsets>;
}

/** The replicated state as its readers see it. */
export interface StoredGroups {
  readonly groups: ReadonlyMap<string, StoredGroup>;
}

/**
 * What one partition of `__consumer_offsets` says. `apply` is the only writer: after a commit on the coordinator, and for
 * every record when a new coordinator reads the log. Rebalances, sessions and whatever waits are not in here; they end
 * with their coordinator.
 */
export class GroupState implements StoredGroups {
  readonly groups = new Map<string, MutableGroup>();

  /** `producerId` -1: not within a transaction. */
  apply(record: GroupRecord, recordOffset: number, producerId = -1): void {
    if (record.kind === 'group') this.applyGroup(record.group, record.value);
    else if (record.kind !== 'offset') this.applyConsumer(record);
    else if (record.value === null) this.removeOffset(record);
    else this.applyOffset(record, { value: record.value, recordOffset }, producerId);
  }

  /** A transaction ended: what it committed counts, or never was. Returns what counts from now on. */
  applyMarker(producerId: number, committed: boolean): AppliedOffset[] {
    const applied: AppliedOffset[] = [];
    for (const group of [...this.groups.values()]) {
      const pending = group.pending.get(producerId);
      if (pending === undefined) continue;
      group.pending.delete(producerId);
      if (committed) {
        for (const [topic, partitions] of pending) {
          for (const [partition, offset] of partitions) {
            const known = group.offsets.get(topic)?.get(partition);
            if (known !== undefined && known.recordOffset > offset.recordOffset) continue;
            partitionsOf(group.offsets, topic).set(partition, offset);
            applied.push({ group: group.groupId, topic, partition, offset: offset.value.offset });
          }
        }
      }
      this.forgetIfBare(group);
    }
    return applied;
  }

  private applyGroup(groupId: string, value: GroupMetadataValue | null): void {
    const group = value === null ? this.groups.get(groupId) : this.groupOf(groupId);
    if (group === undefined) return;
    group.metadata = value;
    this.forgetIfBare(group);
  }

  private applyConsumer(record: ConsumerRecord): void {
    const group = record.value === null ? this.groups.get(record.group) : this.groupOf(record.group);
    if (group === undefined || (record.value === null && group.consumer === null)) return;
    if (record.kind === 'consumer-group' && record.value === null) group.consumer = null;
    else {
      group.consumer ??= new ConsumerGroup(record.group);
      group.consumer.apply(record);
    }
    this.forgetIfBare(group);
  }

  private applyOffset(
    { group: groupId, topic, partition }: OffsetRecord,
    offset: CommittedOffset,
    producerId: number,
  ): void {
    const group = this.groupOf(groupId);
    let { offsets } = group;
    if (producerId !== -1) {
      offsets = group.pending.get(producerId) ?? new Map();
      group.pending.set(producerId, offsets);
    }
    partitionsOf(offsets, topic).set(partition, offset);
  }

  private removeOffset({ group: groupId, topic, partition }: OffsetRecord): void {
    const group = this.groups.get(groupId);
    if (group === undefined) return;
    remove(group.offsets, topic, partition);
    for (const [producerId, offsets] of group.pending) {
      remove(offsets, topic, partition);
      if (offsets.size === 0) group.pending.delete(producerId);
    }
    this.forgetIfBare(group);
  }

  private groupOf(groupId: string): MutableGroup {
    let group = this.groups.get(groupId);
    if (group === undefined) {
      group = { groupId, metadata: null, consumer: null, offsets: new Map(), pending: new Map() };
      this.groups.set(groupId, group);
    }
    return group;
  }

  private forgetIfBare({ groupId, metadata, consumer, offsets, pending }: MutableGroup): void {
    if (metadata === null && consumer === null && offsets.size === 0 && pending.size === 0) this.groups.delete(groupId);
  }
}

type OffsetRecord = GroupRecord & { readonly kind: 'offset' };

/** An offset that a transaction's marker made true. */
export interface AppliedOffset {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

function partitionsOf(offsets: MutableOffsets, topic: string): Map<number, CommittedOffset> {
  let partitions = offsets.get(topic);
  if (partitions === undefined) {
    partitions = new Map();
    offsets.set(topic, partitions);
  }
  return partitions;
}

function remove(offsets: MutableOffsets, topic: string, partition: number): void {
  const partitions = offsets.get(topic);
  partitions?.delete(partition);
  if (partitions?.size === 0) offsets.delete(topic);
}

/** Whether a transaction that is open has committed an offset of this partition. */
export function isPending({ groups }: StoredGroups, groupId: string, topic: string, partition: number): boolean {
  for (const offsets of groups.get(groupId)?.pending.values() ?? []) {
    if (offsets.get(topic)?.has(partition) === true) return true;
  }
  return false;
}

export function committedOffset(
  stored: StoredGroups,
  groupId: string,
  topic: string,
  partition: number,
): OffsetCommitValue | undefined {
  return stored.groups.get(groupId)?.offsets.get(topic)?.get(partition)?.value;
}
