import type { OffsetCommitValue } from '../../protocol/records/group/01-offset-commit.ts';
import type { GroupMetadataValue } from '../../protocol/records/group/02-group-metadata.ts';
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
  /** Topic → partition → offset. */
  readonly offsets: ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>>;
}

interface MutableGroup extends StoredGroup {
  metadata: GroupMetadataValue | null;
  readonly offsets: Map<string, Map<number, CommittedOffset>>;
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

  apply(record: GroupRecord, recordOffset: number): void {
    if (record.kind === 'group') this.applyGroup(record.group, record.value);
    else this.applyOffset(record, recordOffset);
  }

  private applyGroup(groupId: string, value: GroupMetadataValue | null): void {
    const group = value === null ? this.groups.get(groupId) : this.groupOf(groupId);
    if (group === undefined) return;
    group.metadata = value;
    this.forgetIfBare(group);
  }

  private applyOffset(record: GroupRecord & { kind: 'offset' }, recordOffset: number): void {
    const { topic, partition, value } = record;
    if (value === null) {
      const group = this.groups.get(record.group);
      const partitions = group?.offsets.get(topic);
      if (group === undefined || partitions === undefined) return;
      partitions.delete(partition);
      if (partitions.size === 0) group.offsets.delete(topic);
      this.forgetIfBare(group);
      return;
    }
    const { offsets } = this.groupOf(record.group);
    let partitions = offsets.get(topic);
    if (partitions === undefined) {
      partitions = new Map();
      offsets.set(topic, partitions);
    }
    partitions.set(partition, { value, recordOffset });
  }

  private groupOf(groupId: string): MutableGroup {
    let group = this.groups.get(groupId);
    if (group === undefined) {
      group = { groupId, metadata: null, offsets: new Map() };
      this.groups.set(groupId, group);
    }
    return group;
  }

  private forgetIfBare({ groupId, metadata, offsets }: MutableGroup): void {
    if (metadata === null && offsets.size === 0) this.groups.delete(groupId);
  }
}

export function committedOffset(
  stored: StoredGroups,
  groupId: string,
  topic: string,
  partition: number,
): OffsetCommitValue | undefined {
  return stored.groups.get(groupId)?.offsets.get(topic)?.get(partition)?.value;
}
