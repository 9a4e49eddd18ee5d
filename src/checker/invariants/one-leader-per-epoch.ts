import { brokerEvents } from '../../broker/events.ts';
import type { Invariant } from '../invariant.ts';

/** I6 of fidelity.md. */
export const oneLeaderPerEpoch: Invariant = {
  name: 'one-leader-per-epoch',
  about: 'At most one broker leads a partition in one leader epoch, and only it appends in that epoch.',
  attach({ trace, committed, logs, check }) {
    /** topic id, partition and epoch → who led. */
    const leaders = new Map<string, string>();
    const keyOf = (partition: string, epoch: number) => `${committed.of(partition).topicId} ${partition} ${epoch}`;
    trace.subscribe([brokerEvents['became-leader']], ({ id, node, values: [partition, epoch] }) => {
      const key = keyOf(partition as string, epoch as number);
      const other = leaders.get(key);
      const two = other !== undefined && other !== node;
      check(id, two ? `${other} and ${node} both led ${partition} in epoch ${epoch}` : null);
      leaders.set(key, node);
    });
    logs.listen({
      onAppend(replica, batch, origin) {
        if (origin !== 'leader' || !committed.byPartition.has(replica.partition)) return;
        const leader = leaders.get(keyOf(replica.partition, batch.leaderEpoch));
        const stranger = leader !== undefined && leader !== replica.node;
        check(
          batch.event,
          stranger
            ? `${replica.node} appended to ${replica.partition} in epoch ${batch.leaderEpoch}, which ${leader} leads`
            : null,
        );
      },
    });
  },
};
