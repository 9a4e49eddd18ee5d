import { type Assignor, keyOf } from './assignor.ts';
import { assignSticky } from './sticky.ts';

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
    const ownerOf = new Map<string, string>();
    for (const { memberId, owned } of members) for (const partition of owned) ownerOf.set(keyOf(partition), memberId);
    for (const [memberId, partitions] of assignment) {
      const mayHave = partitions.filter((partition) => (ownerOf.get(keyOf(partition)) ?? memberId) === memberId);
      assignment.set(memberId, mayHave);
    }
    return assignment;
  },
};
