import { api } from '../api.ts';
import { array, bool, int16, int32, int64, string, struct, type Value } from '../schema.ts';

const AddPartitionsToTxnTopic = struct({
  name: string(),
  partitions: array(int32()),
});

const AddPartitionsToTxnPartitionResult = struct({
  partitionIndex: int32(),
  partitionErrorCode: int16(),
});

const AddPartitionsToTxnTopicResult = struct({
  name: string(),
  resultsByPartition: array(AddPartitionsToTxnPartitionResult),
});

/** Adds partitions to open transactions, or asks whether they are part of one. */
export const AddPartitionsToTxn = api({
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: '0-5',
  flexible: 3,
  offered: { '3.9': '0-5', '4.0': '0-5', '4.1': '0-5', '4.2': '0-5' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    transactions: array(
      struct({
        transactionalId: string(),
        producerId: int64(),
        producerEpoch: int16(),
        verifyOnly: bool(),
        topics: array(AddPartitionsToTxnTopic),
      }),
      { versions: '4+' },
    ),
    v3AndBelowTransactionalId: string({ versions: '0-3' }),
    v3AndBelowProducerId: int64({ versions: '0-3' }),
    v3AndBelowProducerEpoch: int16({ versions: '0-3' }),
    v3AndBelowTopics: array(AddPartitionsToTxnTopic, { versions: '0-3' }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16({ versions: '4+', ignorable: true }),
    resultsByTransaction: array(
      struct({
        transactionalId: string(),
        topicResults: array(AddPartitionsToTxnTopicResult),
      }),
      { versions: '4+' },
    ),
    resultsByTopicV3AndBelow: array(AddPartitionsToTxnTopicResult, { versions: '0-3' }),
  }),
});

export type AddPartitionsToTxnRequest = Value<typeof AddPartitionsToTxn.request>;
export type AddPartitionsToTxnTransaction = AddPartitionsToTxnRequest['transactions'][number];
export type AddPartitionsToTxnTopic = Value<typeof AddPartitionsToTxnTopic>;

export type AddPartitionsToTxnResponse = Value<typeof AddPartitionsToTxn.response>;
export type AddPartitionsToTxnResult = AddPartitionsToTxnResponse['resultsByTransaction'][number];
export type AddPartitionsToTxnTopicResult = Value<typeof AddPartitionsToTxnTopicResult>;
export type AddPartitionsToTxnPartitionResult = Value<typeof AddPartitionsToTxnPartitionResult>;
