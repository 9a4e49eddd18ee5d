/** Transactional and idempotent producers. */
import { Operation, ResourceType } from '../../../protocol/acl.ts';
import { InitProducerId } from '../../../protocol/apis/22-init-producer-id.ts';
import { AddPartitionsToTxn } from '../../../protocol/apis/24-add-partitions-to-txn.ts';
import { AddOffsetsToTxn } from '../../../protocol/apis/25-add-offsets-to-txn.ts';
import { EndTxn } from '../../../protocol/apis/26-end-txn.ts';
import { WriteTxnMarkers } from '../../../protocol/apis/27-write-txn-markers.ts';
import { TxnOffsetCommit, type TxnOffsetCommitRequest } from '../../../protocol/apis/28-txn-offset-commit.ts';
import { DescribeTransactions } from '../../../protocol/apis/65-describe-transactions.ts';
import { ListTransactions } from '../../../protocol/apis/66-list-transactions.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { type Asker, type Guard, gate, guard, part } from '../guard.ts';

const TXN_REFUSED = ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;

const mayWrite = (asker: Asker, transactionalId: string): boolean =>
  asker.may(Operation.write, ResourceType.transactionalId, transactionalId);

/** Idempotence alone is allowed to whoever may write to the cluster, or to any topic at all (KIP-679). */
const initProducerId = guard(InitProducerId, (asker, request, goOn) => {
  const { transactionalId } = request.body;
  const refuse = (errorCode: number): void =>
    request.respond({ throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1 });
  if (transactionalId !== null) {
    if (mayWrite(asker, transactionalId)) goOn(request.body);
    else refuse(TXN_REFUSED);
  } else if (asker.mayOnCluster(Operation.idempotentWrite) || asker.maySomewhere(Operation.write, ResourceType.topic)) {
    goOn(request.body);
  } else refuse(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
});

const FIRST_OF_BROKERS = 4;

/** All or nothing: beside a refused topic the others are not attempted. From version 4 on brokers ask each other. */
const addPartitionsToTxn = guard(AddPartitionsToTxn, (asker, request, goOn) => {
  const { body, version } = request;
  if (version >= FIRST_OF_BROKERS) {
    const errorCode = ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
    if (asker.mayOnCluster(Operation.clusterAction)) goOn(body);
    else request.respond(AddPartitionsToTxn.response.make({ errorCode }));
    return;
  }
  const topics = body.v3AndBelowTopics;
  const allowed = mayWrite(asker, body.v3AndBelowTransactionalId);
  const mayAdd = (topic: string): boolean => asker.mayOnTopic(Operation.write, topic);
  if (allowed && topics.every(({ name }) => mayAdd(name))) {
    goOn(body);
    return;
  }
  const errorOf = (topic: string): number => {
    if (!allowed) return TXN_REFUSED;
    return mayAdd(topic) ? ErrorCode.OPERATION_NOT_ATTEMPTED : ErrorCode.TOPIC_AUTHORIZATION_FAILED;
  };
  const resultsByTopicV3AndBelow = topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({ partitionIndex, partitionErrorCode: errorOf(name) })),
  }));
  request.respond(AddPartitionsToTxn.response.make({ resultsByTopicV3AndBelow }));
});

const addOffsetsToTxn = guard(AddOffsetsToTxn, (asker, request, goOn) => {
  const { transactionalId, groupId } = request.body;
  const refuse = (errorCode: number): void => request.respond(AddOffsetsToTxn.response.make({ errorCode }));
  if (!mayWrite(asker, transactionalId)) refuse(TXN_REFUSED);
  else if (!asker.may(Operation.read, ResourceType.group, groupId)) refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
  else goOn(request.body);
});

const txnOffsetCommit = guard(TxnOffsetCommit, (asker, request, goOn) => {
  const { body } = request;
  const refuse = (errorCode: number): void =>
    request.respond(TxnOffsetCommit.response.make({ topics: refuseCommits(body.topics, errorCode) }));
  if (!mayWrite(asker, body.transactionalId)) refuse(TXN_REFUSED);
  else if (!asker.may(Operation.read, ResourceType.group, body.groupId)) refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
  else {
    const { kept, refused } = part(body.topics, ({ name }) => asker.mayOnTopic(Operation.read, name));
    if (refused.length === 0) goOn(body);
    else
      goOn({ ...body, topics: kept }, (response) => ({
        ...response,
        topics: [...response.topics, ...refuseCommits(refused, ErrorCode.TOPIC_AUTHORIZATION_FAILED)],
      }));
  }
});

function refuseCommits(topics: TxnOffsetCommitRequest['topics'], errorCode: number) {
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  }));
}

const describeTransactions = guard(DescribeTransactions, (asker, { body }, goOn) => {
  const { kept, refused } = part(body.transactionalIds, (id) =>
    asker.may(Operation.describe, ResourceType.transactionalId, id),
  );
  if (refused.length === 0) {
    goOn(body);
    return;
  }
  const { transactionStates } = DescribeTransactions.response.make({
    transactionStates: refused.map((transactionalId) => ({ transactionalId, errorCode: TXN_REFUSED })),
  });
  goOn({ ...body, transactionalIds: kept }, (response) => ({
    ...response,
    transactionStates: [...response.transactionStates, ...transactionStates],
  }));
});

const listTransactions = guard(ListTransactions, (asker, { body }, goOn) =>
  goOn(body, (response) => ({
    ...response,
    transactionStates: response.transactionStates.filter(({ transactionalId }) =>
      asker.may(Operation.describe, ResourceType.transactionalId, transactionalId),
    ),
  })),
);

export const transactionGuards: readonly Guard[] = [
  initProducerId,
  addPartitionsToTxn,
  addOffsetsToTxn,
  gate(
    EndTxn,
    (asker, { transactionalId }) => mayWrite(asker, transactionalId),
    () => EndTxn.response.make({ errorCode: TXN_REFUSED }),
  ),
  gate(
    WriteTxnMarkers,
    (asker) => asker.mayOnCluster(Operation.clusterAction) || asker.mayOnCluster(Operation.alter),
    ({ markers }) =>
      WriteTxnMarkers.response.make({
        markers: markers.map(({ producerId, topics }) => ({
          producerId,
          topics: topics.map(({ name, partitionIndexes }) => ({
            name,
            partitions: partitionIndexes.map((partitionIndex) => ({
              partitionIndex,
              errorCode: ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
            })),
          })),
        })),
      }),
  ),
  txnOffsetCommit,
  describeTransactions,
  listTransactions,
];
