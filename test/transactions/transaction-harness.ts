import { groupCoordinator } from '../../src/broker/groups/coordinator.ts';
import { javaAbs, javaHash } from '../../src/broker/java-hash.ts';
import { transactionCoordinator } from '../../src/broker/transactions/coordinator.ts';
import { Produce } from '../../src/protocol/apis/00-produce.ts';
import { Fetch } from '../../src/protocol/apis/01-fetch.ts';
import { ListOffsets } from '../../src/protocol/apis/02-list-offsets.ts';
import { OffsetFetch } from '../../src/protocol/apis/09-offset-fetch.ts';
import { FindCoordinator } from '../../src/protocol/apis/10-find-coordinator.ts';
import { InitProducerId } from '../../src/protocol/apis/22-init-producer-id.ts';
import { AddPartitionsToTxn } from '../../src/protocol/apis/24-add-partitions-to-txn.ts';
import { AddOffsetsToTxn } from '../../src/protocol/apis/25-add-offsets-to-txn.ts';
import { EndTxn } from '../../src/protocol/apis/26-end-txn.ts';
import { TxnOffsetCommit } from '../../src/protocol/apis/28-txn-offset-commit.ts';
import { DescribeTransactions } from '../../src/protocol/apis/65-describe-transactions.ts';
import { decodeControlKey } from '../../src/protocol/control-batch.ts';
import { errorName } from '../../src/protocol/errors.ts';
import { batches, decodeRecords, encodeBatch } from '../../src/protocol/record-batch.ts';
import { utf8Encode } from '../../src/protocol/utf8.ts';
import { Harness, type HarnessOptions } from '../broker/harness.ts';

export const ID = 'etl';

/** Which protocol a producer speaks: 1 adds partitions by itself, 2 leaves that to the brokers. */
export type Protocol = 1 | 2;

/** A transactional producer of which the test plays every request. */
export interface TestProducer {
  id: number;
  epoch: number;
  /** Next sequence by partition. */
  readonly sequences: Map<string, number>;
}

/** Real brokers with coordinators of groups and transactions, under the broker tests' fake authority. */
export class TransactionHarness extends Harness {
  readonly protocol: Protocol;
  readonly mode: 'kraft' | 'zookeeper';

  constructor(protocol: Protocol, options: HarnessOptions = {}) {
    super({ coordinators: [groupCoordinator, transactionCoordinator], ...options });
    this.protocol = protocol;
    this.mode = options.mode ?? 'kraft';
    if (this.mode === 'kraft') this.authority.features.set('transaction.version', 2);
    this.authority.createTopic('orders', [
      [1, 2, 3],
      [2, 3, 1],
    ]);
    this.run(50);
  }

  /** The broker that coordinates a transactional id (1) or a group (0). */
  coordinatorOf(key: string, keyType: 0 | 1 = 1, askedBroker = 1): number {
    for (let tries = 0; tries < 200; tries++) {
      const body = FindCoordinator.request.make({ keyType, coordinatorKeys: [key] });
      const [found] = this.call(askedBroker, FindCoordinator, 4, body).coordinators;
      if (found?.errorCode === 0) return found.nodeId;
      this.run(50);
    }
    throw new Error(`${key} has no coordinator`);
  }

  /** Name of the partition that holds a transactional id. */
  get home(): string {
    return `__transaction_state-${javaAbs(javaHash(ID)) % 50}`;
  }

  init(
    broker: number,
    timeoutMs = 60_000,
    as: Partial<Pick<TestProducer, 'id' | 'epoch'>> = {},
  ): TestProducer | string {
    const body = InitProducerId.request.make({
      transactionalId: ID,
      transactionTimeoutMs: timeoutMs,
      producerId: as.id ?? -1,
      producerEpoch: as.epoch ?? -1,
    });
    const { errorCode, producerId, producerEpoch } = this.call(broker, InitProducerId, 5, body);
    if (errorCode !== 0) return errorName(errorCode);
    return { id: producerId, epoch: producerEpoch, sequences: new Map() };
  }

  /** Tries until there is a producer. */
  begin(timeoutMs = 60_000, askedBroker = 1): TestProducer {
    for (let tries = 0; tries < 400; tries++) {
      const producer = this.init(this.coordinatorOf(ID, 1, askedBroker), timeoutMs);
      if (typeof producer !== 'string') return producer;
      this.run(50);
    }
    throw new Error('no producer id');
  }

  addPartitions(broker: number, producer: TestProducer, ...names: string[]): string {
    const topics = [{ name: 'orders', partitions: names.map((name) => Number(name.split('-').at(-1))) }];
    const body = AddPartitionsToTxn.request.make({
      v3AndBelowTransactionalId: ID,
      v3AndBelowProducerId: producer.id,
      v3AndBelowProducerEpoch: producer.epoch,
      v3AndBelowTopics: topics,
    });
    const { resultsByTopicV3AndBelow } = this.call(broker, AddPartitionsToTxn, 3, body);
    const errors = resultsByTopicV3AndBelow.flatMap(({ resultsByPartition }) =>
      resultsByPartition.map(({ partitionErrorCode }) => errorName(partitionErrorCode)),
    );
    return [...new Set(errors)].join();
  }

  /** Sends one record within the transaction, without adding the partition. Returns its offset, or the error. */
  send(producer: TestProducer, partition: string, value: string): number | string {
    const { topic, topicId, partition: index, leader } = this.authority.partition(partition);
    const sequence = producer.sequences.get(partition) ?? 0;
    const records = encodeBatch({
      records: [{ key: null, value: utf8Encode(value), timestampMs: 1_704_067_200_000 }],
      producerId: producer.id,
      producerEpoch: producer.epoch,
      baseSequence: sequence,
      transactional: true,
    });
    const version = this.protocol === 2 ? 13 : 11;
    const body = Produce.request.make({
      transactionalId: ID,
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name: topic, topicId, partitionData: [{ index, records }] }],
    });
    const { errorCode, baseOffset } = this.call(leader, Produce, version, body).responses[0]!.partitionResponses[0]!;
    if (errorCode !== 0) return errorName(errorCode);
    producer.sequences.set(partition, sequence + 1);
    return baseOffset;
  }

  /** Adds the partition where the protocol asks for it, and sends. */
  write(producer: TestProducer, partition: string, value: string): number | string {
    if (this.protocol === 1) {
      const error = this.addPartitions(this.coordinatorOf(ID), producer, partition);
      if (error !== 'NONE') return error;
    }
    return this.send(producer, partition, value);
  }

  end(broker: number, producer: TestProducer, committed: boolean): string {
    const body = EndTxn.request.make({
      transactionalId: ID,
      producerId: producer.id,
      producerEpoch: producer.epoch,
      committed,
    });
    const answer = this.call(broker, EndTxn, this.protocol === 2 ? 5 : 4, body);
    if (answer.errorCode === 0 && this.protocol === 2) {
      producer.id = answer.producerId;
      producer.epoch = answer.producerEpoch;
      producer.sequences.clear();
    }
    return errorName(answer.errorCode);
  }

  commitOffset(
    producer: TestProducer,
    group: string,
    offset: number,
    member: { generation?: number; id?: string } = {},
  ): string {
    if (this.protocol === 1) {
      const asked = { transactionalId: ID, producerId: producer.id, producerEpoch: producer.epoch, groupId: group };
      const { errorCode } = this.call(this.coordinatorOf(ID), AddOffsetsToTxn, 3, AddOffsetsToTxn.request.make(asked));
      if (errorCode !== 0) return errorName(errorCode);
    }
    const body = TxnOffsetCommit.request.make({
      transactionalId: ID,
      groupId: group,
      producerId: producer.id,
      producerEpoch: producer.epoch,
      generationId: member.generation ?? -1,
      memberId: member.id ?? '',
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }] }],
    });
    const { topics } = this.call(this.coordinatorOf(group, 0), TxnOffsetCommit, this.protocol === 2 ? 5 : 3, body);
    return errorName(topics[0]!.partitions[0]!.errorCode);
  }

  /** The group's offset of orders-0, or the error. */
  committed(group: string, requireStable = false): number | string {
    const body = OffsetFetch.request.make({
      requireStable,
      groups: [{ groupId: group, topics: [{ name: 'orders', partitionIndexes: [0] }] }],
    });
    const [answer] = this.call(this.coordinatorOf(group, 0), OffsetFetch, 8, body).groups;
    const partition = answer!.topics[0]?.partitions[0];
    const error = answer!.errorCode || partition!.errorCode;
    return error === 0 ? partition!.committedOffset : errorName(error);
  }

  /** What a reader of a partition is given: values in order, `!` before those of aborted transactions, markers as [commit]. */
  read(partition: string, isolation: 'committed' | 'uncommitted' = 'committed'): string[] {
    const { topic, topicId, partition: index, leader } = this.authority.partition(partition);
    const body = Fetch.request.make({
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1 << 20,
      isolationLevel: isolation === 'committed' ? 1 : 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topic, topicId, partitions: [{ partition: index, fetchOffset: 0, partitionMaxBytes: 1 << 20 }] }],
    });
    const version = this.mode === 'zookeeper' ? 17 : 18;
    const [data] = this.call(leader, Fetch, version, body, 'fetch').responses[0]!.partitions;
    const waiting = [...(data!.abortedTransactions ?? [])].sort((a, b) => a.firstOffset - b.firstOffset);
    const aborting = new Set<number>();
    const seen: string[] = [];
    for (const batch of batches(data!.records ?? new Uint8Array())) {
      while (waiting.length > 0 && waiting[0]!.firstOffset <= batch.lastOffset)
        aborting.add(waiting.shift()!.producerId);
      const decoded = decodeRecords(batch);
      if (decoded.kind !== 'records') throw new Error('unreadable');
      for (const { key, value } of decoded.records) {
        const type = batch.isControl ? decodeControlKey(key) : undefined;
        if (type === 'abort') aborting.delete(batch.producerId);
        const mark = batch.isTransactional && aborting.has(batch.producerId) ? '!' : '';
        seen.push(type === undefined ? mark + new TextDecoder().decode(value!) : `[${type}]`);
      }
    }
    return seen;
  }

  /** Latest offset as a reader of committed data sees it. */
  lastStable(partition: string): number {
    const { topic, partition: index, leader } = this.authority.partition(partition);
    const body = ListOffsets.request.make({
      replicaId: -1,
      isolationLevel: 1,
      topics: [{ name: topic, partitions: [{ partitionIndex: index, timestamp: -1 }] }],
    });
    return this.call(leader, ListOffsets, 7, body).topics[0]!.partitions[0]!.offset;
  }

  /** `State pid/epoch [partitions]` as the coordinator tells it. */
  described(broker: number): string {
    const body = DescribeTransactions.request.make({ transactionalIds: [ID] });
    const [state] = this.call(broker, DescribeTransactions, 0, body).transactionStates;
    if (state!.errorCode !== 0) return errorName(state!.errorCode);
    const names = state!.topics.flatMap(({ topic, partitions }) => partitions.map((index) => `${topic}-${index}`));
    return `${state!.transactionState} epoch=${state!.producerEpoch} [${names.join()}]`;
  }

  /** A broker dies, and the authority has others lead what it led. Returns who coordinates the transactional id now. */
  kill(broker: number): number {
    this.node(broker).kill();
    if (this.mode === 'kraft') this.authority.fence(broker, true);
    else this.authority.brokers.delete(broker);
    for (const { partitions } of [...this.authority.topics.values()]) {
      for (const { name, isr, leader } of partitions) {
        const rest = isr.filter((id) => id !== broker);
        if (rest.length > 0) this.authority.change(name, { leader: leader === broker ? rest[0]! : leader, isr: rest });
      }
    }
    this.run(200);
    return this.authority.partition(this.home).leader;
  }
}
