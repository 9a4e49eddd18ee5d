import {
  type Assignor,
  type GroupAssignment,
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

export function assignSticky(members: readonly GroupMember[], counts: PartitionCounts): GroupAssignment {
  const { owned } = claimsOf(members, counts);
  const wanted = wantedTopics(members, counts);
  const equal = members.every(({ topics }) => wanted.every((topic) => topics.includes(topic)));
  return equal ? assignEqual(members, owned, counts) : assignUnequal(members, owned, counts);
}

/** What members say they own, after a look at who can be right. */
export interface Claims {
  /** By member: what it may keep. */
  readonly owned: ReadonlyMap<string, readonly TopicPartition[]>;
  /** Partitions that two members claim of the same generation, by `keyOf`: neither has them. */
  readonly disputed: ReadonlySet<string>;
}

/**
 * A member may keep what it claims of existing topics that it wants, unless somebody got the partition in a newer generation.
 */
export function claimsOf(members: readonly GroupMember[], counts: PartitionCounts): Claims {
  const newest = new Map<string, { readonly generation: number; memberId: string | null }>();
  for (const { memberId, owned, generation } of members) {
    for (const partition of owned) {
      const known = newest.get(keyOf(partition));
      if (known === undefined || generation > known.generation) newest.set(keyOf(partition), { generation, memberId });
      else if (generation === known.generation) known.memberId = null;
    }
  }
  const owned = members.map(({ memberId, owned: claimed, topics }) => {
    const exists = ({ topic, partition }: TopicPartition) =>
      partition < (counts.get(topic) ?? 0) && topics.includes(topic);
    return [
      memberId,
      claimed.filter((each) => exists(each) && newest.get(keyOf(each))!.memberId === memberId),
    ] as const;
  });
  const disputed = [...newest].filter(([, { memberId }]) => memberId === null).map(([key]) => key);
  return { owned: new Map(owned), disputed: new Set(disputed) };
}
