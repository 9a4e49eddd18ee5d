import { authorityEvents } from '../../coordinator/index.ts';
import { kraftEvents } from '../../coordinator/kraft/events.ts';
import { kernelEvents } from '../../kernel/events.ts';
import type { Invariant } from '../invariant.ts';

/** State-machine safety of Raft: what was committed, and so told to the cluster, is never cut off a member's log. */
export const metadataStays: Invariant = {
  name: 'metadata-stays',
  about: 'No member of the metadata quorum cuts off committed records, unless a voter lost its disk.',
  attach({ trace, check }) {
    let committed = -1;
    let excused = false;
    for (const kind of Object.values(authorityEvents))
      if ((kind.fields as readonly string[])[0] === 'version' && kind.name !== 'metadata-published')
        trace.subscribe([kind], ({ values: [version] }) => {
          committed = Math.max(committed, version as number);
        });
    trace.subscribe([kernelEvents['disk-wiped']], () => {
      excused = true;
    });
    trace.subscribe([kraftEvents['metadata-log-truncated']], ({ id, node, values: [, to] }) => {
      const lost = (to as number) <= committed && !excused;
      check(id, lost ? `${node} cut its metadata log to ${to}, and ${committed} was committed` : null);
    });
  },
};
