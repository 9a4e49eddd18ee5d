import { InitProducerId, type InitProducerIdRequest } from '../../protocol/apis/22-init-producer-id.ts';
import {
  AddPartitionsToTxn,
  type AddPartitionsToTxnRequest,
  type AddPartitionsToTxnTopic,
} from '../../protocol/apis/24-add-partitions-to-txn.ts';
import { AddOffsetsToTxn } from '../../protocol/apis/25-add-offsets-to-txn.ts';
import { EndTxn } from '../../protocol/apis/26-end-txn.ts';
import { DescribeTransactions } from '../../protocol/apis/65-describe-transactions.ts';
import { ListTransactions } from '../../protocol/apis/66-list-transactions.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Api, RequestOf } from '../../protocol/schema.ts';
import type { ServerRequest } from '../../rpc/api.ts';
import type { InternalTopicCoordinator } from '../api.ts';
import { answerIdempotent } from '../apis/22-init-producer-id.ts';
import { CONSUMER_OFFSETS } from '../internal-topics.ts';
import type { ProducerIds } from '../producer-ids.ts';
import { addPartitions, type PartitionsQuestion, verifyPartitions } from './add-partitions.ts';
import { endAnswer, endTransaction } from './end-transaction.ts';
import { fencedError } from './fenced-error.ts';
import { initAnswer, initProducerId, initRequestError } from './init-producer-id.ts';
import { describeTransaction, description, listTransactions } from './listing.ts';
import type { TransactionSettings } from './settings.ts';
import type { TransactionShard } from './shard.ts';
import type { TransactionMachine } from './shard-machine.ts';
import { EPOCH_BUMPING_VERSION } from './transaction.ts';
import { named, partitionName } from './transaction-log.ts';

/** What the handlers need of the coordinator. */
export interface TransactionDesk {
  readonly machines: ReadonlyMap<number, TransactionMachine>;
  readonly settings: TransactionSettings;
  readonly producerIds: Pick<ProducerIds, 'allocate'>;
  machineOf(transactionalId: string): TransactionMachine | number;
  hasPartition(topic: string, partition: number): boolean;
  /** The partition of `__consumer_offsets` that holds a group. */
  groupPartition(groupId: string): number;
}

type Handler = InternalTopicCoordinator['handlers'][number];

/** An API with its handler. The only place of this folder where a request's body gets its type back. */
function handler<A extends Api>(api: A, handle: (request: ServerRequest<RequestOf<A>>) => void): Handler {
  return { api, handle: (request) => handle(request as ServerRequest<RequestOf<A>>) };
}

/** The APIs of the transaction coordinator, behind the checks that all of them share. */
export function transactionHandlers(desk: TransactionDesk): readonly Handler[] {
  return [
    initHandler(desk),
    addPartitionsHandler(desk),
    addOffsetsHandler(desk),
    endHandler(desk),
    describeHandler(desk),
    listHandler(desk),
  ];
}

/** Steps the shard of the transactional id, or refuses. */
function within(
  desk: TransactionDesk,
  transactionalId: string,
  enter: (shard: TransactionShard) => void,
  refuse: (error: number) => void,
): void {
  if (transactionalId === '') {
    refuse(ErrorCode.INVALID_REQUEST);
    return;
  }
  const machine = desk.machineOf(transactionalId);
  if (typeof machine === 'number') refuse(machine);
  else machine.step(() => enter(machine.shard));
}

const initHandler = (desk: TransactionDesk): Handler =>
  handler(InitProducerId, (request) => {
    const { body, version } = request;
    const { transactionalId } = body;
    if (transactionalId === null) {
      answerIdempotent(desk.producerIds, request);
      return;
    }
    const error = initRequestError(body, desk.settings.maxTimeoutMs);
    if (error !== ErrorCode.NONE) {
      request.respond(initAnswer(error, version));
      return;
    }
    const asked: InitProducerIdRequest & { transactionalId: string } = { ...body, transactionalId };
    within(
      desk,
      transactionalId,
      (shard) => initProducerId(shard, asked, request),
      (refused) => request.respond(initAnswer(refused, version)),
    );
  });

const endHandler = (desk: TransactionDesk): Handler =>
  handler(EndTxn, (request) =>
    within(
      desk,
      request.body.transactionalId,
      (shard) => endTransaction(shard, request.body, request),
      (error) => request.respond(endAnswer(request, error, undefined)),
    ),
  );

/** From this version on brokers ask, for several transactions at once. */
const FIRST_BATCHED = 4;
const FIRST_WITH_PRODUCER_FENCED = 2;

type TransactionOf<B extends AddPartitionsToTxnRequest> = B['transactions'][number];

const addPartitionsHandler = (desk: TransactionDesk): Handler =>
  handler(AddPartitionsToTxn, (request) => {
    const { body, version } = request;
    if (version < FIRST_BATCHED) {
      const transaction = {
        transactionalId: body.v3AndBelowTransactionalId,
        producerId: body.v3AndBelowProducerId,
        producerEpoch: body.v3AndBelowProducerEpoch,
        verifyOnly: false,
        topics: body.v3AndBelowTopics,
      };
      addToOne(desk, transaction, 0, (errors) => {
        const resultsByTopicV3AndBelow = topicResults(transaction.topics, (name) =>
          fencedError(errors(name), version, FIRST_WITH_PRODUCER_FENCED),
        );
        request.respond(AddPartitionsToTxn.response.make({ resultsByTopicV3AndBelow }));
      });
      return;
    }
    const results: { transactionalId: string; topicResults: ReturnType<typeof topicResults> }[] = [];
    let open = body.transactions.length;
    if (open === 0) request.respond(AddPartitionsToTxn.response.make());
    for (const [at, transaction] of body.transactions.entries()) {
      addToOne(desk, transaction, EPOCH_BUMPING_VERSION, (errors) => {
        const { transactionalId, topics } = transaction;
        results[at] = { transactionalId, topicResults: topicResults(topics, errors) };
        open--;
        if (open === 0) request.respond(AddPartitionsToTxn.response.make({ resultsByTransaction: results }));
      });
    }
  });

/** `done` is given the error of each partition by its name. */
function addToOne(
  desk: TransactionDesk,
  transaction: TransactionOf<AddPartitionsToTxnRequest>,
  clientVersion: number,
  done: (errorOf: (name: string) => number) => void,
): void {
  const { transactionalId, producerId, producerEpoch, verifyOnly, topics } = transaction;
  const partitions = named(
    topics.flatMap(({ name, partitions }) => partitions.map((partition) => ({ topic: name, partition }))),
  );
  const unknown = new Set<string>();
  for (const [name, { topic, partition }] of partitions) if (!desk.hasPartition(topic, partition)) unknown.add(name);
  if (unknown.size > 0) {
    done((name) => (unknown.has(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.OPERATION_NOT_ATTEMPTED));
    return;
  }
  const request = AddPartitionsToTxn.name;
  const question: PartitionsQuestion = { transactionalId, producerId, producerEpoch, partitions, request };
  within(
    desk,
    transactionalId,
    (shard) => {
      if (verifyOnly) {
        const errors = verifyPartitions(shard, question);
        done((name) => errors.get(name) ?? ErrorCode.NONE);
      } else addPartitions(shard, question, clientVersion, (error) => done(() => error));
    },
    (error) => done(() => error),
  );
}

function topicResults(topics: readonly AddPartitionsToTxnTopic[], errorOf: (name: string) => number) {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partition) => ({
      partitionIndex: partition,
      partitionErrorCode: errorOf(partitionName({ topic: name, partition })),
    })),
  }));
}

/**
 * AddOffsetsToTxn, versions 0–4: the partition of `__consumer_offsets` that holds a group's offsets takes part in the
 * transaction. The first protocol alone asks this.
 */
const addOffsetsHandler = (desk: TransactionDesk): Handler =>
  handler(AddOffsetsToTxn, (request) => {
    const { version, body } = request;
    const { transactionalId, producerId, producerEpoch, groupId } = body;
    const answer = (error: number): void => {
      const errorCode = fencedError(error, version, FIRST_WITH_PRODUCER_FENCED);
      request.respond(AddOffsetsToTxn.response.make({ errorCode }));
    };
    const partitions = named([{ topic: CONSUMER_OFFSETS, partition: desk.groupPartition(groupId) }]);
    const question = { transactionalId, producerId, producerEpoch, partitions, request: AddOffsetsToTxn.name };
    within(desk, transactionalId, (shard) => addPartitions(shard, question, 0, answer), answer);
  });

const describeHandler = (desk: TransactionDesk): Handler =>
  handler(DescribeTransactions, (request) => {
    const transactionStates = request.body.transactionalIds.map((id) => {
      const machine = id === '' ? ErrorCode.INVALID_REQUEST : desk.machineOf(id);
      if (typeof machine === 'number') return description(id, machine);
      return describeTransaction(id, machine.shard.transactions.get(id));
    });
    request.respond(DescribeTransactions.response.make({ transactionStates }));
  });

const listHandler = (desk: TransactionDesk): Handler =>
  handler(ListTransactions, (request) => {
    const machines = [...desk.machines.values()];
    if (machines.some(({ status }) => status === 'loading')) {
      request.respond(ListTransactions.response.make({ errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS }));
      return;
    }
    const shards = machines.filter(({ status }) => status === 'active').map(({ shard }) => shard);
    request.respond(listTransactions(shards, request.body));
  });
