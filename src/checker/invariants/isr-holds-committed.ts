import { brokerNode } from '../../cluster/options.ts';
import type { ReplicaLog } from '../batches.ts';
import type { CommittedLog } from '../committed.ts';
import type { Invariant } from '../invariant.ts';

/** I2 of fidelity.md (StrongIsr): nobody is in the ISR who lacks a committed record. */
export const isrHoldsCommitted: Invariant = {
  name: 'isr-holds-committed',
  about:
    'Every member of the ISR holds everything below the true high watermark, except one that lost its unsynced tail or its disk.',
  attach({ committed, logs, check }) {
    const lacking = (log: CommittedLog): string | null => {
      const replicas = logs.byPartition.get(log.partition);
      for (const id of log.isr) {
        const replica: ReplicaLog | undefined = replicas?.get(brokerNode(id));
        if (replica?.damaged === true) continue;
        if ((replica?.endOffset ?? 0) < log.endOffset)
          return `${brokerNode(id)} is in the ISR of ${log.partition}, ends at ${replica?.endOffset ?? 0}, and lacks offsets up to ${log.endOffset - 1} that are committed`;
      }
      return null;
    };
    committed.listen({
      onPartition: (log, event) =>
        check(event, log.leader < 0 || log.uncleanEpoch === log.leaderEpoch ? null : lacking(log)),
      onCommitted: (log, _from, event) => check(event, lacking(log)),
    });
  },
};
