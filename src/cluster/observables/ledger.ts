import type { LedgerCounts } from '../ports.ts';
import type { Observable, ObservableTable } from './observable.ts';

function count(name: keyof LedgerCounts, about: string, finallyOnly = false): Observable {
  return {
    name,
    type: 'number',
    about,
    domains: ['ledger', 'clients', 'groups', 'logs'],
    finallyOnly,
    read: (model) => model.ledger?.()[name] ?? 0,
  };
}

export const ledgerObservables: ObservableTable = [
  count('lost', 'records acknowledged, and at the end readable by nobody', true),
  count('duplicated', 'records sent once and readable twice'),
  count('reordered', 'records stored in another order than one producer sent them to the partition'),
  count('unseen', 'readable records that a group was never handed', true),
  count('abortedRead', 'records of aborted transactions handed to a read_committed consumer'),
  count('diverged', 'offsets below both high watermarks at which two replicas hold different batches'),
  count('truncated', 'records of which an appended copy was cut off'),
];
