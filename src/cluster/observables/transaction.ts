import { nodeValue, type Value } from '../expression/value.ts';
import type { TransactionRecord } from '../model/transactions.ts';
import type { Observable, ObservableTable } from './observable.ts';

function of(read: (record: TransactionRecord) => Value, none: Value): Observable['read'] {
  return (model, { name }) => {
    const record = model.transactions.all.get(name);
    return record === undefined ? none : read(record);
  };
}

export const transactionObservables: ObservableTable = [
  {
    name: 'state',
    type: 'name',
    about: 'Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit or CompleteAbort',
    domains: ['transactions'],
    read: of(({ state }) => state, null),
  },
  {
    name: 'epoch',
    type: 'number',
    about: 'epoch of its producer',
    domains: ['transactions'],
    read: of(({ epoch }) => epoch, null),
  },
  {
    name: 'committed',
    type: 'number',
    about: 'transactions that are committed, with all their markers',
    domains: ['transactions'],
    read: of(({ committed }) => committed, 0),
  },
  {
    name: 'aborted',
    type: 'number',
    about: 'transactions that are aborted, with all their markers',
    domains: ['transactions'],
    read: of(({ aborted }) => aborted, 0),
  },
  {
    name: 'fenced',
    type: 'number',
    about: 'requests that its coordinator refused because a younger producer has the id',
    domains: ['transactions'],
    read: of(({ fenced }) => fenced, 0),
  },
  {
    name: 'coordinator',
    type: 'name',
    about: 'broker that coordinates it, or none',
    domains: ['transactions', 'nodes'],
    read: of(({ coordinator }) => (coordinator === null ? null : nodeValue(coordinator)), null),
  },
];
