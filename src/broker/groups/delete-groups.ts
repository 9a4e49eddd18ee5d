/**
 * DeleteGroups, versions 0–2: an empty group goes, with all that it committed. Kafka's `GroupCoordinatorShard.deleteGroups`.
 */
import type { DeletableGroupResult } from '../../protocol/apis/42-delete-groups.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { LiveGroup } from './consumer/live-group.ts';
import { consumerTombstones } from './consumer/tombstones.ts';
import { groupEvents } from './events.ts';
import { revive } from './group-metadata.ts';
import { groupTombstone, offsetsOf, offsetTombstone, tellRemoved } from './offset-removal.ts';
import { discard } from './rebalance.ts';
import type { GroupShard } from './shard.ts';
import type { Ticket } from './ticket.ts';
import { isRefused, writeErrorForClient } from './write-errors.ts';

/** Answers with the result of this one group. */
export function deleteGroup(shard: GroupShard, groupId: string, ticket: Ticket): void {
  const answer = (errorCode: number): void => {
    const result: DeletableGroupResult = { groupId, errorCode };
    shard.answer(ticket, result);
  };
  shard.afterWrites((error) => {
    if (error === ErrorCode.NONE) deleteNow(shard, groupId, answer);
    else answer(error);
  });
}

function deleteNow(shard: GroupShard, groupId: string, answer: (errorCode: number) => void): void {
  const live = shard.consumers.get(groupId);
  if (live !== undefined) {
    deleteConsumers(shard, live, answer);
    return;
  }
  const group = shard.groups.get(groupId);
  const errorCode = deleteError(group);
  if (group === undefined || errorCode !== ErrorCode.NONE) {
    answer(errorCode);
    return;
  }
  const stored = shard.stored.groups.get(groupId);
  const removed = stored === undefined ? [] : offsetsOf(stored, () => true);
  discard(shard, group, 'deleted');
  shard.write(
    [...removed.map(offsetTombstone), groupTombstone(groupId)],
    (error) => {
      if (isRefused(error)) revive(shard, groupId);
      answer(writeErrorForClient(error));
    },
    () => tellRemoved(shard, removed, 'its group was deleted'),
  );
}

function deleteConsumers(shard: GroupShard, live: LiveGroup, answer: (errorCode: number) => void): void {
  const { group } = live;
  if (group.members.size > 0) {
    answer(ErrorCode.NON_EMPTY_GROUP);
    return;
  }
  const { groupId } = group;
  const stored = shard.stored.groups.get(groupId);
  const removed = stored === undefined ? [] : offsetsOf(stored, () => true);
  shard.consumers.delete(groupId);
  shard.tell(groupEvents['group-state-changed'], [groupId, 'Empty', 'Dead', group.epoch, 'deleted']);
  shard.write(
    [...removed.map(offsetTombstone), ...consumerTombstones(group)],
    (error) => {
      if (isRefused(error)) shard.consumers.set(groupId, live);
      answer(writeErrorForClient(error));
    },
    () => tellRemoved(shard, removed, 'its group was deleted'),
  );
}

function deleteError(group: ClassicGroup | undefined): number {
  if (group === undefined) return ErrorCode.GROUP_ID_NOT_FOUND;
  return group.state === 'Empty' ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
}
