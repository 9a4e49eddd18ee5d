import { SyncGroup } from '../../protocol/apis/14-sync-group.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { decodeAssignment } from '../../protocol/records/consumer-protocol.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import { type ClassicGroup, CONSUMER_PROTOCOL_TYPE, type Member, NO_ASSIGNMENT } from './classic-group.ts';
import { groupEvents } from './events.ts';
import type { GroupShard } from './shard.ts';
import type { Ticket } from './ticket.ts';

/** Tells a member what it owns. */
export function deliverAssignment(shard: GroupShard, group: ClassicGroup, member: Member, ticket: Ticket): void {
  const { groupId, generation, protocolType, protocol } = group;
  const { memberId, assignment } = member;
  shard.answer(
    ticket,
    SyncGroup.response.make({ errorCode: ErrorCode.NONE, protocolType, protocolName: protocol, assignment }),
  );
  const partitions = partitionNames(protocolType, assignment);
  shard.tell(groupEvents['group-assignment-delivered'], [groupId, generation, memberId, partitions]);
}

export function refuseSync(shard: GroupShard, member: Member, errorCode: number): boolean {
  const { sync } = member;
  if (sync === null) return false;
  member.sync = null;
  shard.answer(sync, SyncGroup.response.make({ errorCode }));
  return true;
}

/** The generation has its assignments: everybody who waits for them gets his. */
export function propagateAssignments(
  shard: GroupShard,
  group: ClassicGroup,
  assignments: ReadonlyMap<string, Uint8Array>,
): void {
  for (const member of group.members.values()) {
    member.assignment = assignments.get(member.memberId) ?? NO_ASSIGNMENT;
    const { sync } = member;
    if (sync === null) continue;
    member.sync = null;
    deliverAssignment(shard, group, member, sync);
    shard.armSession(group, member);
  }
}

/** The generation came to nothing: nobody owns anything by it. */
export function withdrawAssignments(shard: GroupShard, group: ClassicGroup, errorCode: number): void {
  for (const member of group.members.values()) {
    member.assignment = NO_ASSIGNMENT;
    if (refuseSync(shard, member, errorCode)) shard.armSession(group, member);
  }
}

/** `orders-0` for each partition, where the group is one of consumers and their leader's bytes can be understood. */
export function partitionNames(protocolType: string | null, assignment: Uint8Array): readonly string[] {
  if (protocolType !== CONSUMER_PROTOCOL_TYPE || assignment.length === 0) return [];
  try {
    return decodeAssignment(assignment).assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => `${topic}-${partition}`),
    );
  } catch (thrown) {
    if (thrown instanceof MalformedMessage) return [];
    throw thrown;
  }
}
