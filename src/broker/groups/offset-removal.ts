import { ErrorCode } from '../../protocol/errors.ts';
import { groupEvents } from './events.ts';
import type { GroupRecord } from './group-records.ts';
import type { StoredGroup } from './group-state.ts';
import type { GroupShard } from './shard.ts';

export interface RemovedOffset {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** Every offset of a group that is to go, committed or within a transaction. */
export function offsetsOf(
  { groupId, offsets, pending }: StoredGroup,
  goes: (topic: string, partition: number) => boolean,
): RemovedOffset[] {
  const removed: RemovedOffset[] = [];
  const collect = (from: StoredGroup['offsets'], isNew: (topic: string, partition: number) => boolean): void => {
    for (const [topic, partitions] of from) {
      for (const partition of partitions.keys()) {
        if (isNew(topic, partition) && goes(topic, partition)) removed.push({ group: groupId, topic, partition });
      }
    }
  };
  collect(offsets, () => true);
  for (const of of pending.values()) collect(of, (topic, partition) => offsets.get(topic)?.has(partition) !== true);
  return removed;
}

export function offsetTombstone({ group, topic, partition }: RemovedOffset): GroupRecord {
  return { kind: 'offset', group, topic, partition, value: null };
}

export function groupTombstone(group: string): GroupRecord {
  return { kind: 'group', group, value: null };
}

export function tellRemoved(shard: GroupShard, removed: readonly RemovedOffset[], reason: string): void {
  for (const { group, topic, partition } of removed)
    shard.tell(groupEvents['group-offset-removed'], [group, `${topic}-${partition}`, reason]);
}

/** Topics are gone, and with them what was committed of them. */
export function onTopicsDeleted(shard: GroupShard, topics: readonly string[]): void {
  const gone = new Set(topics);
  shard.afterWrites((error) => {
    if (error === ErrorCode.NONE) removeTopics(shard, gone);
  });
}

function removeTopics(shard: GroupShard, gone: ReadonlySet<string>): void {
  const removed: RemovedOffset[] = [];
  for (const group of shard.stored.groups.values()) removed.push(...offsetsOf(group, (topic) => gone.has(topic)));
  if (removed.length === 0) return;
  shard.write(
    removed.map(offsetTombstone),
    () => {},
    () => tellRemoved(shard, removed, 'its topic was deleted'),
  );
}
