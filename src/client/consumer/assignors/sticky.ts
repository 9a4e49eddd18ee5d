import {
  type Assignor,
  type GroupMember,
  keyOf,
  type PartitionCounts,
  type TopicPartition,
  wantedTopics,
} from './assignor.ts';
import { assignEqual } from './sticky-equal.ts';
import { assignUnequal } from './sticky-unequal.ts';

/** Balanced, and as little as possible changes hands (KIP-54; AbstractStickyAssignor). Everybody stops meanwhile. */
export const sticky: Assignor = { name: 'sticky', cooperative: false, remembers: true, assign: assignSticky };

export function assignSticky(members: readonly GroupMember[], counts: PartitionCounts) {
  const owned = validClaims(members, counts);
  const wanted = wantedTopics(members, counts);
  const equal = members.every(({ topics }) => wanted.every((topic) => topics.includes(topic)));
  return equal ? assignEqual(members, owned, counts) : assignUnequal(members, owned, counts);
}

/**
 * What each member may keep: what it claims of existing topics that it wants, unless somebody got the partition in a newer
 * generation. Where two claim it of the same generation, neither has it.
 */
function validClaims(members: readonly GroupMember[], counts: PartitionCounts): ReadonlyMap<string, TopicPartition[]> {
  const newest = new Map<string, { generation: number; memberId: string | null }>();
  for (const { memberId, owned, generation } of members) {
    for (const partition of owned) {
      const known = newest.get(keyOf(partition));
      if (known === undefined || generation > known.generation) newest.set(keyOf(partition), { generation, memberId });
      else if (generation === known.generation) known.memberId = null;
    }
  }
  return new Map(
    members.map(({ memberId, owned, topics }) => [
      memberId,
      owned.filter(
        (partition) =>
          partition.partition < (counts.get(partition.topic) ?? 0) &&
          topics.includes(partition.topic) &&
          newest.get(keyOf(partition))!.memberId === memberId,
      ),
    ]),
  );
}
