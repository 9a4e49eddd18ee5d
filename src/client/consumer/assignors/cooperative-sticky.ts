import { type Assignor, keyOf } from './assignor.ts';
import { assignSticky, claimsOf } from './sticky.ts';

/**
 * Sticky, and members go on with what they keep. A partition that changes hands is first taken away, and given to its new
 * owner only in the next rebalance, when the old one has let it go (KIP-429).
 */
export const cooperativeSticky: Assignor = {
  name: 'cooperative-sticky',
  cooperative: true,
  remembers: true,
  assign(members, counts) {
    const assignment = assignSticky(members, counts);
    const { owned, disputed } = claimsOf(members, counts);
    const ownerOf = new Map<string, string>();
    for (const [memberId, partitions] of owned)
      for (const partition of partitions) ownerOf.set(keyOf(partition), memberId);
    for (const [memberId, partitions] of assignment) {
      const isFree = (key: string) => !disputed.has(key) && (ownerOf.get(key) ?? memberId) === memberId;
      assignment.set(
        memberId,
        partitions.filter((partition) => isFree(keyOf(partition))),
      );
    }
    return assignment;
  },
};
