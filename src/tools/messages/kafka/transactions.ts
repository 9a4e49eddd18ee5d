/** Transactions: producers' identities, partitions that join in, ends and markers. */
import { InitProducerId } from '../../../protocol/apis/22-init-producer-id.ts';
import { AddPartitionsToTxn } from '../../../protocol/apis/24-add-partitions-to-txn.ts';
import { AddOffsetsToTxn } from '../../../protocol/apis/25-add-offsets-to-txn.ts';
import { EndTxn } from '../../../protocol/apis/26-end-txn.ts';
import { WriteTxnMarkers } from '../../../protocol/apis/27-write-txn-markers.ts';
import { TxnOffsetCommit } from '../../../protocol/apis/28-txn-offset-commit.ts';
import { AllocateProducerIds } from '../../../protocol/apis/67-allocate-producer-ids.ts';
import { type Describer, describes, failed, more, outcome, results, some } from './describe.ts';

const initProducerId = describes(InitProducerId, {
  request: ({ transactionalId }) => ({ text: transactionalId ?? 'idempotent producer' }),
  response: ({ errorCode, producerId, producerEpoch }) =>
    outcome(errorCode, `producerId=${producerId} epoch=${producerEpoch}`),
});

interface TopicPartitions {
  readonly name: string;
  readonly partitions: readonly number[];
}

const namesOf = (topics: readonly TopicPartitions[]): string =>
  some(topics.flatMap(({ name, partitions }) => partitions.map((index) => `${name}-${index}`)));

const addPartitions = describes(AddPartitionsToTxn, {
  request({ transactions, v3AndBelowTransactionalId, v3AndBelowTopics }) {
    const [first] = transactions;
    if (first === undefined) return { text: `${v3AndBelowTransactionalId} ${namesOf(v3AndBelowTopics)}` };
    const verifies = first.verifyOnly ? 'verify ' : '';
    return { text: `${verifies}${first.transactionalId} ${namesOf(first.topics)}${more(transactions.length)}` };
  },
  response({ errorCode, resultsByTransaction, resultsByTopicV3AndBelow }) {
    if (errorCode !== 0) return failed(errorCode);
    const topics = [...resultsByTransaction.flatMap(({ topicResults }) => topicResults), ...resultsByTopicV3AndBelow];
    const each = topics.flatMap(({ name, resultsByPartition }) =>
      resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => ({
        what: `${name}-${partitionIndex}`,
        error: partitionErrorCode,
      })),
    );
    return results(each, () => '');
  },
});

const addOffsets = describes(AddOffsetsToTxn, {
  request: ({ transactionalId, groupId }) => ({ text: `${transactionalId} group=${groupId}` }),
  response: ({ errorCode }) => outcome(errorCode),
});

const endTxn = describes(EndTxn, {
  request: ({ transactionalId, producerEpoch, committed }) => ({
    text: `${transactionalId} ${committed ? 'commit' : 'abort'} epoch=${producerEpoch}`,
  }),
  response: ({ errorCode }) => outcome(errorCode),
});

const writeMarkers = describes(WriteTxnMarkers, {
  request({ markers }) {
    const [first] = markers;
    if (first === undefined) return { text: 'nothing' };
    const partitions = first.topics.flatMap(({ name, partitionIndexes }) =>
      partitionIndexes.map((index) => `${name}-${index}`),
    );
    const end = first.transactionResult ? 'commit' : 'abort';
    return { text: `${end} producerId=${first.producerId} in ${some(partitions)}${more(markers.length)}` };
  },
  response: ({ markers }) =>
    results(
      markers.flatMap(({ topics }) =>
        topics.flatMap(({ name, partitions }) =>
          partitions.map(({ partitionIndex, errorCode }) => ({ what: `${name}-${partitionIndex}`, error: errorCode })),
        ),
      ),
      () => '',
    ),
});

const txnOffsetCommit = describes(TxnOffsetCommit, {
  request({ transactionalId, groupId, topics }) {
    const each = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, committedOffset }) => `${name}-${partitionIndex} offset=${committedOffset}`),
    );
    return { text: `${transactionalId} group=${groupId} ${each[0] ?? 'nothing'}${more(each.length)}` };
  },
  response: ({ topics }) =>
    results(
      topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode }) => ({ what: `${name}-${partitionIndex}`, error: errorCode })),
      ),
      () => '',
    ),
});

const allocateProducerIds = describes(AllocateProducerIds, {
  request: ({ brokerId }) => ({ text: `broker=${brokerId}` }),
  response: ({ errorCode, producerIdStart, producerIdLen }) =>
    outcome(errorCode, `${producerIdStart}..${producerIdStart + producerIdLen - 1}`),
});

export const TRANSACTIONS: readonly Describer[] = [
  initProducerId,
  addPartitions,
  addOffsets,
  endTxn,
  writeMarkers,
  txnOffsetCommit,
  allocateProducerIds,
];
