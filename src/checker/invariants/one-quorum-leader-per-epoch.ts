import { kraftEvents } from '../../coordinator/kraft/events.ts';
import { ensembleEvents } from '../../coordinator/zookeeper/ensemble/events.ts';
import { kernelEvents } from '../../kernel/events.ts';
import type { Invariant } from '../invariant.ts';

/** Election safety of Raft, and Zab’s one established leader per epoch. Void once a member lost its disk: it may vote twice. */
export const oneQuorumLeaderPerEpoch: Invariant = {
  name: 'one-quorum-leader-per-epoch',
  about: 'At most one member of the quorum leads in one epoch, unless a voter lost its disk.',
  attach({ trace, check }) {
    const leaders = new Map<string, string>();
    let excused = false;
    trace.subscribe([kernelEvents['disk-wiped']], () => {
      excused = true;
    });
    const elections = [kraftEvents['quorum-leader-elected'], ensembleEvents['ensemble-leader-elected']];
    trace.subscribe(elections, ({ id, node, values: [epoch] }) => {
      const other = leaders.get(String(epoch));
      const two = other !== undefined && other !== node && !excused;
      check(id, two ? `${other} and ${node} both led the quorum in epoch ${epoch}` : null);
      leaders.set(String(epoch), node);
    });
  },
};
