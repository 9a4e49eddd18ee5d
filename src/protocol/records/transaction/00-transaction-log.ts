import { array, int8, int16, int32, int64, string, struct, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

/** The state of a transactional id. */
export const TransactionLog = coordinatorRecord({
  id: 0,
  name: 'TransactionLog',
  versions: '0-1',
  flexible: 1,
  key: struct({
    transactionalId: string(),
  }),
  value: struct({
    producerId: int64(),
    previousProducerId: int64({ versions: '1+', tag: 0, default: -1 }),
    nextProducerId: int64({ versions: '1+', tag: 1, default: -1 }),
    producerEpoch: int16(),
    nextProducerEpoch: int16({ versions: '1+', tag: 3, default: -1 }),
    transactionTimeoutMs: int32(),
    transactionStatus: int8(),
    transactionPartitions: array(
      struct({
        topic: string(),
        partitionIds: array(int32()),
      }),
      { nullable: '0+' },
    ),
    transactionLastUpdateTimestampMs: int64(),
    transactionStartTimestampMs: int64(),
    clientTransactionVersion: int16({ versions: '1+', tag: 2 }),
  }),
});

export type TransactionLogKey = Value<typeof TransactionLog.key>;
export type TransactionLogValue = Value<typeof TransactionLog.value>;
export type PartitionsSchema = NonNullable<TransactionLogValue['transactionPartitions']>[number];
