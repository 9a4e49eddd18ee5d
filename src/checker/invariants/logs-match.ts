import type { Invariant } from '../invariant.ts';
import { firstMissing } from './committed-records-stay.ts';

/** I3 of fidelity.md: what a replica believes to be committed is what is. */
export const logsMatch: Invariant = {
  name: 'logs-match',
  about: 'Two replicas hold the same batches below the lower of their own high watermarks.',
  attach({ committed, logs, check }) {
    logs.listen({
      onHighWatermark(replica, before, event) {
        const log = committed.of(replica.partition);
        // Where the truth began anew, a replica that has not heard of it yet is behind, not wrong.
        if (replica.damaged || log.uncleanEpoch >= 0 || replica.highWatermark <= before) return;
        check(event, firstMissing(log, replica, before, Math.min(replica.highWatermark, log.endOffset)));
      },
    });
  },
};
