import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Asks a broker which transactional ids it coordinates. */
export const ListTransactions = api({
  key: 66,
  name: 'ListTransactions',
  versions: '0-2',
  flexible: 0,
  offered: { '3.9': '0-1', '4.0': '0-1', '4.1': '0-2', '4.2': '0-2' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    stateFilters: array(string()),
    producerIdFilters: array(int64()),
    durationFilter: int64({ versions: '1+', default: -1 }),
    transactionalIdPattern: string({ versions: '2+', nullable: '0+', default: null }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    unknownStateFilters: array(string()),
    transactionStates: array(
      struct({
        transactionalId: string(),
        producerId: int64(),
        transactionState: string(),
      }),
    ),
  }),
});

export type ListTransactionsRequest = Value<typeof ListTransactions.request>;

export type ListTransactionsResponse = Value<typeof ListTransactions.response>;
export type ListTransactionsResponseTransactionState = ListTransactionsResponse['transactionStates'][number];
