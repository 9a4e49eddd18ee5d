import { InitProducerId, type InitProducerIdResponse } from '../../protocol/apis/22-init-producer-id.ts';
import { AddPartitionsToTxn, type AddPartitionsToTxnResponse } from '../../protocol/apis/24-add-partitions-to-txn.ts';
import { AddOffsetsToTxn, type AddOffsetsToTxnResponse } from '../../protocol/apis/25-add-offsets-to-txn.ts';
import { EndTxn, type EndTxnResponse } from '../../protocol/apis/26-end-txn.ts';
import { TxnOffsetCommit, type TxnOffsetCommitResponse } from '../../protocol/apis/28-txn-offset-commit.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Api } from '../../protocol/schema.ts';
import { failureCode, type RequestFailure } from '../connection.ts';
import { CoordinatorFinder } from '../consumer/coordinator.ts';
import type { GroupOffsets } from '../consumer/group-offsets.ts';
import type { ClientNetwork } from '../network.ts';
import type { PartitionQueue } from './queue.ts';
import { reactionTo } from './transaction-errors.ts';

/** Offsets on their way into the transaction. */
export interface PendingOffsets extends GroupOffsets {
  /** The coordinator knows that the group's partition takes part. */
  readonly added: boolean;
}

/** A request, whom it is for, and how its answer tells of errors. */
export interface Asked<R> {
  readonly api: Api;
  readonly body: unknown;
  readonly to: CoordinatorFinder;
  readonly maxVersion: number;
  readonly errorOf: (response: R) => number;
}

export type Answered<R> =
  | { readonly kind: 'answered'; readonly response: R }
  /** To be asked again. */
  | { readonly kind: 'again'; readonly concurrent: boolean }
  | { readonly kind: 'abortable' | 'fatal'; readonly error: number };

interface Producer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** With these the brokers add partitions by themselves: they are for the second protocol alone. */
const LAST_OF_FIRST_PROTOCOL = 4;
/** From version 4 on AddPartitionsToTxn is for brokers. */
const LAST_FOR_CLIENTS = 3;
const ANY_VERSION = 0x7fff;

/** What a transactional producer asks its coordinator, and the coordinator of a group. */
export class TransactionRequests {
  private readonly network: ClientNetwork;
  private readonly transactionalId: string;
  private readonly timeoutMs: number;
  private readonly onFatal: (error: number) => void;
  private readonly coordinator: CoordinatorFinder;
  private readonly groups = new Map<string, CoordinatorFinder>();

  constructor(
    { network, transactionalId, timeoutMs }: { network: ClientNetwork; transactionalId: string; timeoutMs: number },
    onFatal: (error: number) => void,
  ) {
    this.network = network;
    this.transactionalId = transactionalId;
    this.timeoutMs = timeoutMs;
    this.onFatal = onFatal;
    this.coordinator = new CoordinatorFinder(network, { kind: 'transaction', name: transactionalId }, onFatal);
  }

  initProducerId({ producerId, producerEpoch }: Producer): Asked<InitProducerIdResponse> {
    const { transactionalId } = this;
    const body = { transactionalId, transactionTimeoutMs: this.timeoutMs, producerId, producerEpoch };
    return this.asked(InitProducerId, body, ANY_VERSION, ({ errorCode }) => errorCode);
  }

  addPartitions(
    { producerId, producerEpoch }: Producer,
    queues: readonly PartitionQueue[],
  ): Asked<AddPartitionsToTxnResponse> {
    const body = AddPartitionsToTxn.request.make({
      v3AndBelowTransactionalId: this.transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: byTopic(
        queues.map(({ partition }) => ({ topic: partition.topic.name, item: partition.index })),
      ).map(({ topic, items }) => ({ name: topic, partitions: items })),
    });
    return this.asked(AddPartitionsToTxn, body, LAST_FOR_CLIENTS, ({ resultsByTopicV3AndBelow }) =>
      worst(
        resultsByTopicV3AndBelow.flatMap(({ resultsByPartition }) =>
          resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode),
        ),
      ),
    );
  }

  addOffsets({ producerId, producerEpoch }: Producer, { identity }: GroupOffsets): Asked<AddOffsetsToTxnResponse> {
    const body = { transactionalId: this.transactionalId, producerId, producerEpoch, groupId: identity.group };
    return this.asked(AddOffsetsToTxn, body, ANY_VERSION, ({ errorCode }) => errorCode);
  }

  commitOffsets(
    { producerId, producerEpoch }: Producer,
    { identity, offsets }: GroupOffsets,
    bumps: boolean,
  ): Asked<TxnOffsetCommitResponse> {
    const { group, generation, memberId, instanceId } = identity;
    const body = {
      transactionalId: this.transactionalId,
      groupId: group,
      producerId,
      producerEpoch,
      generationId: generation,
      memberId,
      groupInstanceId: instanceId,
      topics: byTopic(
        offsets.map(({ topic, partition, offset, epoch }) => ({
          topic,
          item: {
            partitionIndex: partition,
            committedOffset: offset,
            committedLeaderEpoch: epoch,
            committedMetadata: '',
          },
        })),
      ).map(({ topic, items }) => ({ name: topic, partitions: items })),
    };
    const maxVersion = bumps ? ANY_VERSION : LAST_OF_FIRST_PROTOCOL;
    return {
      ...this.asked<TxnOffsetCommitResponse>(TxnOffsetCommit, body, maxVersion, ({ topics }) =>
        worst(topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode))),
      ),
      to: this.groupCoordinator(group),
    };
  }

  endTransaction({ producerId, producerEpoch }: Producer, committed: boolean, bumps: boolean): Asked<EndTxnResponse> {
    const body = { transactionalId: this.transactionalId, producerId, producerEpoch, committed };
    const maxVersion = bumps ? ANY_VERSION : LAST_OF_FIRST_PROTOCOL;
    return this.asked(EndTxn, body, maxVersion, ({ errorCode }) => errorCode);
  }

  /** False: nobody can be asked now; whoever waits for the network looks again. */
  send<R>(asked: Asked<R>, done: (result: Answered<R>) => void): boolean {
    const { api, body, to, maxVersion } = asked;
    const connection = to.connection();
    if (connection === null) return false;
    const call: Call<R> = { requests: this, asked, broker: connection.id, done };
    connection.send(api, body, answered, call as Call<unknown>, { maxVersion });
    return true;
  }

  answered<R>({ asked, broker, done }: Call<R>, response: R | null, failure: RequestFailure | null): void {
    const error = response === null ? failureCode(failure!) : asked.errorOf(response);
    if (response !== null && error === ErrorCode.NONE) {
      done({ kind: 'answered', response });
      return;
    }
    this.network.sawError(asked.api.name, error, null, broker);
    const reaction = reactionTo(error);
    if (reaction === 'rediscover') asked.to.lost(response === null ? 'disconnected' : 'it says so');
    if (reaction === 'retry' || reaction === 'rediscover')
      done({ kind: 'again', concurrent: error === ErrorCode.CONCURRENT_TRANSACTIONS });
    else done({ kind: reaction, error });
  }

  private asked<R>(api: Api, body: unknown, maxVersion: number, errorOf: (response: R) => number): Asked<R> {
    return { api, body, to: this.coordinator, maxVersion, errorOf };
  }

  private groupCoordinator(group: string): CoordinatorFinder {
    let finder = this.groups.get(group);
    if (finder === undefined) {
      finder = new CoordinatorFinder(this.network, { kind: 'group', name: group }, this.onFatal);
      this.groups.set(group, finder);
    }
    return finder;
  }
}

interface Call<R> {
  readonly requests: TransactionRequests;
  readonly asked: Asked<R>;
  readonly broker: number;
  readonly done: (result: Answered<R>) => void;
}

function answered(call: Call<unknown>, response: unknown, failure: RequestFailure | null): void {
  call.requests.answered(call, failure === null ? response : null, failure);
}

/** Of several errors the one that says most: OPERATION_NOT_ATTEMPTED only stands beside another. */
function worst(errors: readonly number[]): number {
  const real = errors.find((error) => error !== ErrorCode.NONE && error !== ErrorCode.OPERATION_NOT_ATTEMPTED);
  return real ?? errors.find((error) => error !== ErrorCode.NONE) ?? ErrorCode.NONE;
}

function byTopic<T>(items: readonly { readonly topic: string; readonly item: T }[]): { topic: string; items: T[] }[] {
  const topics = new Map<string, T[]>();
  for (const { topic, item } of items) {
    const known = topics.get(topic);
    if (known === undefined) topics.set(topic, [item]);
    else known.push(item);
  }
  return [...topics].map(([topic, grouped]) => ({ topic, items: grouped }));
}
