import { brokerEvents } from '../../broker/events.ts';
import { transactionEvents } from '../../broker/transactions/events.ts';
import { clientEvents } from '../../client/events.ts';
import type { Invariant } from '../invariant.ts';

/** Transactions: one outcome everywhere, and under read_committed nothing of what is not committed. */
export const transactionsAllOrNothing: Invariant = {
  name: 'transactions-all-or-nothing',
  about:
    'Every marker of a transaction says what its coordinator decided, and a read_committed consumer is handed records of committed transactions only.',
  attach({ trace, committed, fates, check }) {
    /** `producer id / epoch of the markers` → outcomes that were decided: more than one only where epochs are used again. */
    const decided = new Map<string, Set<string>>();
    trace.subscribe(
      [transactionEvents['transaction-state-changed']],
      ({ values: [, , to, producerId, producerEpoch] }) => {
        if (to !== 'PrepareCommit' && to !== 'PrepareAbort') return;
        const key = `${producerId}/${producerEpoch}`;
        const outcome = to === 'PrepareCommit' ? 'commit' : 'abort';
        decided.set(key, (decided.get(key) ?? new Set()).add(outcome));
      },
    );
    trace.subscribe([brokerEvents['transaction-marker-written']], ({ id, values }) => {
      const [partition, producerId, producerEpoch, result] = values;
      const outcomes = decided.get(`${producerId}/${producerEpoch}`);
      const wrong = outcomes !== undefined && !outcomes.has(result as string);
      const of = `producer ${producerId}, epoch ${producerEpoch}`;
      check(id, wrong ? `${partition} was told ${result} of ${of}, which was decided otherwise` : null);
    });
    const readers = new Set<string>();
    trace.subscribe([clientEvents['reads-committed']], ({ node }) => void readers.add(node));
    trace.subscribe([clientEvents['records-delivered']], ({ id, node, values: [, name, first, last] }) => {
      if (!readers.has(node)) return;
      const log = committed.byPartition.get(name as string);
      if (log === undefined) return;
      let wrong: string | null = null;
      for (let i = log.indexAt(first as number); i < log.batches.length; i++) {
        const batch = log.batches[i]!;
        if (batch.baseOffset > (last as number)) break;
        const fate = fates.of(name as string, batch);
        if (fate === 'abort' || fate === 'open')
          wrong = `${node} was handed ${name} offset ${batch.baseOffset} of a transaction that ${fate === 'open' ? 'is open' : 'was aborted'}`;
      }
      check(id, wrong);
    });
  },
};
