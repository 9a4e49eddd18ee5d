import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Asks for the state of transactional ids. */
export const DescribeTransactions = api({
  key: 65,
  name: 'DescribeTransactions',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    transactionalIds: array(string()),
  }),
  response: struct({
    throttleTimeMs: int32(),
    transactionStates: array(
      struct({
        errorCode: int16(),
        transactionalId: string(),
        transactionState: string(),
        transactionTimeoutMs: int32(),
        transactionStartTimeMs: int64(),
        producerId: int64(),
        producerEpoch: int16(),
        topics: array(
          struct({
            topic: string(),
            partitions: array(int32()),
          }),
        ),
      }),
    ),
  }),
});

export type DescribeTransactionsRequest = Value<typeof DescribeTransactions.request>;

export type DescribeTransactionsResponse = Value<typeof DescribeTransactions.response>;
export type DescribeTransactionsResponseTransactionState = DescribeTransactionsResponse['transactionStates'][number];
export type DescribeTransactionsResponseTopicData = DescribeTransactionsResponseTransactionState['topics'][number];
