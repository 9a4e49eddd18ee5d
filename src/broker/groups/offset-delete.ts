/**
 * OffsetDelete, version 0: takes back what a group committed of topics that its members do not subscribe to (KIP-496).
 * Kafka's `OffsetMetadataManager.deleteOffsets`.
 */
import { OffsetDelete, type OffsetDeleteRequest } from '../../protocol/apis/47-offset-delete.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { type ClassicGroup, CONSUMER_PROTOCOL_TYPE } from './classic-group.ts';
import { committedOffset, isPending } from './group-state.ts';
import { offsetTombstone, type RemovedOffset, tellRemoved } from './offset-removal.ts';
import { isSubscribed } from './protocol-choice.ts';
import type { GroupShard } from './shard.ts';
import type { Ticket } from './ticket.ts';
import { type TopicLookup, topicError } from './topic-lookup.ts';
import { writeErrorForClient } from './write-errors.ts';

export function offsetDelete(shard: GroupShard, body: OffsetDeleteRequest, ticket: Ticket, lookup: TopicLookup): void {
  shard.afterWrites((errorCode) => {
    if (errorCode === ErrorCode.NONE) deleteNow(shard, body, ticket, lookup);
    else shard.answer(ticket, OffsetDelete.response.make({ errorCode }));
  });
}

function deleteNow(shard: GroupShard, body: OffsetDeleteRequest, ticket: Ticket, lookup: TopicLookup): void {
  const { groupId } = body;
  const live = shard.consumers.get(groupId);
  const group = shard.groups.get(groupId);
  const groupError = live === undefined ? deleteError(group) : ErrorCode.NONE;
  const subscribed = (topic: string): boolean =>
    live === undefined ? group !== undefined && isSubscribed(group, topic) : live.group.isSubscribed(topic);
  if (groupError !== ErrorCode.NONE) {
    shard.answer(ticket, OffsetDelete.response.make({ errorCode: groupError }));
    return;
  }
  const removed: RemovedOffset[] = [];
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex: partition }) => {
      const unknown = topicError(lookup, { topic: name, topicId: ZERO_UUID, partition });
      const errorCode = unknown === ErrorCode.NONE && subscribed(name) ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : unknown;
      const isKnown =
        committedOffset(shard.stored, groupId, name, partition) !== undefined ||
        isPending(shard.stored, groupId, name, partition);
      if (errorCode === ErrorCode.NONE && isKnown) removed.push({ group: groupId, topic: name, partition });
      return { partitionIndex: partition, errorCode };
    }),
  }));
  const answer = OffsetDelete.response.make({ topics });
  if (removed.length === 0) {
    shard.answer(ticket, answer);
    return;
  }
  const stored = (error: number): void => {
    const errorCode = writeErrorForClient(error);
    shard.answer(ticket, error === ErrorCode.NONE ? answer : OffsetDelete.response.make({ errorCode }));
  };
  shard.write(removed.map(offsetTombstone), stored, () => tellRemoved(shard, removed, 'deleted'));
}

function deleteError(group: ClassicGroup | undefined): number {
  if (group === undefined) return ErrorCode.GROUP_ID_NOT_FOUND;
  if (group.state === 'Empty' || group.protocolType === CONSUMER_PROTOCOL_TYPE) return ErrorCode.NONE;
  return ErrorCode.NON_EMPTY_GROUP;
}
