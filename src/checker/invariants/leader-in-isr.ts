import type { Invariant } from '../invariant.ts';

/** I7 of fidelity.md. */
export const leaderInIsr: Invariant = {
  name: 'leader-in-isr',
  about: 'A partition’s leader is in its ISR, or there is none; the ISR is part of the replicas.',
  attach({ committed, check }) {
    committed.listen({
      onPartition({ partition, leader, isr, replicas }, event) {
        const state = `${partition}: leader ${leader}, ISR [${isr.join(', ')}], replicas [${replicas.join(', ')}]`;
        const stray = isr.find((id) => !replicas.includes(id));
        if (leader >= 0 && !isr.includes(leader)) check(event, `${state}: the leader is not in the ISR`);
        else check(event, stray === undefined ? null : `${state}: ${stray} is not a replica`);
      },
    });
  },
};
