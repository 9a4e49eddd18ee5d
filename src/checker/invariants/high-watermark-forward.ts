import type { ReplicaLog } from '../batches.ts';
import type { Invariant } from '../invariant.ts';

/** I12 of fidelity.md. Across leaders a local high watermark may go back; within one epoch of one leader it may not. */
export const highWatermarkForward: Invariant = {
  name: 'high-watermark-forward',
  about: 'The high watermark that the leader of an epoch advertises never moves back in that epoch.',
  attach({ committed, logs, check }) {
    const highest = new Map<ReplicaLog, { epoch: number; offset: number }>();
    logs.listen({
      onHighWatermark(replica, _before, event) {
        const leadership = committed.of(replica.partition).leaderships.get(replica.node);
        if (leadership === undefined) return;
        const known = highest.get(replica);
        if (known?.epoch !== leadership.leaderEpoch) {
          highest.set(replica, { epoch: leadership.leaderEpoch, offset: replica.highWatermark });
          check(event, null);
          return;
        }
        const back = replica.highWatermark < known.offset;
        check(
          event,
          back
            ? `${replica.partition} at ${replica.node}, epoch ${leadership.leaderEpoch}: from ${known.offset} to ${replica.highWatermark}`
            : null,
        );
        if (!back) known.offset = replica.highWatermark;
      },
    });
  },
};
