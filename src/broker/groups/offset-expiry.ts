import { ErrorCode } from '../../protocol/errors.ts';
import type { OffsetCommitValue } from '../../protocol/records/group/01-offset-commit.ts';
import { type ClassicGroup, CONSUMER_PROTOCOL_TYPE } from './classic-group.ts';
import type { LiveGroup } from './consumer/live-group.ts';
import { consumerTombstones } from './consumer/tombstones.ts';
import { groupEvents } from './events.ts';
import { revive } from './group-metadata.ts';
import type { GroupRecord } from './group-records.ts';
import { isPending, type StoredGroup } from './group-state.ts';
import { groupTombstone, offsetsOf, offsetTombstone, type RemovedOffset, tellRemoved } from './offset-removal.ts';
import { isSubscribed } from './protocol-choice.ts';
import { discard } from './rebalance.ts';
import type { GroupShard } from './shard.ts';
import { isRefused } from './write-errors.ts';

/**
 * The sweep of `offsets.retention.check.interval.ms`: offsets that nobody has used for `offsets.retention.minutes` go, and an
 * empty group whose last offset goes, goes with it (KIP-211, KIP-496).
 */
export function expireOffsets(shard: GroupShard): void {
  shard.afterWrites((error) => {
    if (error === ErrorCode.NONE) expireNow(shard);
  });
}

function expireNow(shard: GroupShard): void {
  const nowMs = shard.world.wallMs();
  const records: GroupRecord[] = [];
  const removed: RemovedOffset[] = [];
  const ended: ClassicGroup[] = [];
  for (const group of shard.groups.values()) {
    const stored = shard.stored.groups.get(group.groupId);
    const expired = stored === undefined ? [] : expiredOffsets(shard, group, stored, nowMs);
    removed.push(...expired);
    for (const offset of expired) records.push(offsetTombstone(offset));
    const inTransaction = stored !== undefined && stored.pending.size > 0;
    if (group.state !== 'Empty' || inTransaction || expired.length < countOffsets(stored)) continue;
    ended.push(group);
    if (stored !== undefined && stored.metadata !== null) records.push(groupTombstone(group.groupId));
  }
  const left = expireConsumers(shard, nowMs, records, removed);
  for (const group of ended) discard(shard, group, 'its offsets expired');
  if (records.length === 0) return;
  const stored = (error: number): void => {
    if (!isRefused(error)) return;
    for (const { groupId } of ended) revive(shard, groupId);
    for (const live of left) shard.consumers.set(live.group.groupId, live);
  };
  shard.write(records, stored, () => tellRemoved(shard, removed, 'expired'));
}

/** A consumer group keeps what its members read; an empty one without offsets ends. Returns those that end. */
function expireConsumers(
  shard: GroupShard,
  nowMs: number,
  records: GroupRecord[],
  removed: RemovedOffset[],
): LiveGroup[] {
  const ended: LiveGroup[] = [];
  for (const live of [...shard.consumers.values()]) {
    const { group } = live;
    const stored = shard.stored.groups.get(group.groupId);
    const expired =
      stored === undefined
        ? []
        : offsetsOf(stored, (topic, partition) => {
            const value = stored.offsets.get(topic)?.get(partition)?.value;
            if (value === undefined || isPending(shard.stored, group.groupId, topic, partition)) return false;
            if (group.isSubscribed(topic)) return false;
            if (value.expireTimestamp !== -1) return nowMs >= value.expireTimestamp;
            return nowMs - value.commitTimestamp >= shard.settings.offsetsRetentionMs;
          });
    removed.push(...expired);
    records.push(...expired.map(offsetTombstone));
    const inTransaction = stored !== undefined && stored.pending.size > 0;
    if (group.members.size > 0 || inTransaction || expired.length < countOffsets(stored)) continue;
    ended.push(live);
    shard.consumers.delete(group.groupId);
    records.push(...consumerTombstones(group));
    const values = [group.groupId, 'Empty', 'Dead', group.epoch, 'its offsets expired'];
    shard.tell(groupEvents['group-state-changed'], values);
  }
  return ended;
}

function countOffsets(stored: StoredGroup | undefined): number {
  let count = 0;
  for (const partitions of stored?.offsets.values() ?? []) count += partitions.size;
  return count;
}

function expiredOffsets(
  { settings, stored: all }: GroupShard,
  group: ClassicGroup,
  stored: StoredGroup,
  nowMs: number,
): RemovedOffset[] {
  const base = expiryBase(group);
  return offsetsOf(stored, (topic, partition) => {
    if (isPending(all, group.groupId, topic, partition)) return false;
    const { value } = stored.offsets.get(topic)!.get(partition)!;
    if (base === undefined || (base.usedTopics && isSubscribed(group, topic))) return false;
    if (value.expireTimestamp !== -1) return nowMs >= value.expireTimestamp;
    return nowMs - base.sinceMs(value) >= settings.offsetsRetentionMs;
  });
}

interface ExpiryBase {
  /** From when an offset's time runs. */
  readonly sinceMs: (value: OffsetCommitValue) => number;
  /** Whether offsets of topics that members subscribe to are kept in any case. */
  readonly usedTopics: boolean;
}

/** Undefined: nothing of the group expires in its present state. */
function expiryBase(group: ClassicGroup): ExpiryBase | undefined {
  const { state, stateSinceMs, protocolType, subscribedTopics } = group;
  if (protocolType === null) return { sinceMs: (value) => value.commitTimestamp, usedTopics: false };
  if (state === 'Empty')
    return {
      sinceMs: (value) => (stateSinceMs === -1 ? value.commitTimestamp : stateSinceMs),
      usedTopics: false,
    };
  if (protocolType === CONSUMER_PROTOCOL_TYPE && state === 'Stable' && subscribedTopics !== null)
    return { sinceMs: (value) => value.commitTimestamp, usedTopics: true };
  return undefined;
}
