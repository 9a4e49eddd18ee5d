import { brokerEvents } from '../../broker/events.ts';
import type { Invariant } from '../invariant.ts';

/** I6 of fidelity.md. */
export const oneLeaderPerEpoch: Invariant = {
  name: 'one-leader-per-epoch',
  about: 'At most one broker leads a partition in one leader epoch, and only it appends in that epoch.',
  attach({ trace, committed, logs, check }) {
    trace.subscribe([brokerEvents['became-leader']], ({ id, node, values: [partition, epoch] }) => {
      const { leaders } = committed.of(partition as string);
      const other = leaders.get(epoch as number);
      const two = other !== undefined && other !== node;
      check(id, two ? `${other} and ${node} both led ${partition} in epoch ${epoch}` : null);
      leaders.set(epoch as number, node);
    });
    logs.listen({
      onAppend(replica, batch, origin) {
        const log = origin === 'leader' ? committed.byPartition.get(replica.partition) : undefined;
        if (log === undefined) return;
        const leader = log.leaders.get(batch.leaderEpoch);
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
