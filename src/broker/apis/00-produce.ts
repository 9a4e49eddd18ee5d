/**
 * Produce, versions as the release offers them (3.9: 0–11, 4.2: 3–13; topic ids from 13).
 *
 * A leader appends, and answers at once (acks=1), never (acks=0; an error closes the connection), or when the in-sync replicas
 * have the records (acks=all: KIP-42, `DelayedProduce`). The first batch of a transaction waits for its coordinator's word
 * (KIP-890). Order of checks: replication.md §1.1; Kafka's `KafkaApis.handleProduceRequest` and `ReplicaManager.appendRecords`.
 *
 * Not simulated: message formats before 2.
 */
import { DiskError } from '../../kernel/api.ts';
import {
  type PartitionProduceResponse,
  Produce,
  type ProduceRequest,
  type ProduceResponse,
  type TopicProduceResponse,
} from '../../protocol/apis/00-produce.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import type { ServerRequest } from '../../rpc/api.ts';
import type { AppendResult } from '../../storage/api.ts';
import { endpointsOf } from '../delayed-fetch.ts';
import { DelayedProduce, type ProduceOwner } from '../delayed-produce.ts';
import { brokerEvents } from '../events.ts';
import { isInternalTopic } from '../internal-topics.ts';
import type { Partition } from '../partition.ts';
import { recordsError } from '../produce-checks.ts';
import {
  hasManyProducers,
  isOfTransaction,
  NOTHING_TO_VERIFY,
  type TransactionalBatch,
  type Verified,
  verifyTransaction,
} from '../produce-verification.ts';
import { type BrokerServices, handler } from '../services.ts';
import { partitionName } from '../transactions/transaction-log.ts';

const NO_LEADER = { leaderId: -1, leaderEpoch: -1 };
const NO_ERRORS: PartitionProduceResponse['recordErrors'] = [];
/** KIP-951. */
const FIRST_VERSION_WITH_LEADERS = 10;
const NO_ENDPOINTS: ProduceResponse['nodeEndpoints'] = [];
const ADMIN_CLIENT = '__admin_client';
const NO_BATCHES: readonly TransactionalBatch[] = [];

export const produce = handler(Produce, (services, request) => new ProduceCall(services, request).run());

/** One produce request on its way. */
class ProduceCall implements ProduceOwner {
  private readonly services: BrokerServices;
  private readonly request: ServerRequest<ProduceRequest>;
  private readonly responses: (TopicProduceResponse & { partitionResponses: PartitionProduceResponse[] })[] = [];
  /** Answers whose error is decided by the acknowledgement at the same place in `delayed.acks`. */
  private readonly awaited: PartitionProduceResponse[] = [];
  private readonly delayed: DelayedProduce;
  private failed = false;

  constructor(services: BrokerServices, request: ServerRequest<ProduceRequest>) {
    this.services = services;
    this.request = request;
    this.delayed = new DelayedProduce(services.context.cause, this);
  }

  run(): void {
    const { transactionalId } = this.request.body;
    const batches = transactionalId === null ? NO_BATCHES : this.transactionalBatches();
    if (transactionalId === null || batches.length === 0) this.appendAll(NOTHING_TO_VERIFY);
    else if (hasManyProducers(batches)) this.refuseAll(batches, ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    else {
      const { version } = this.request;
      verifyTransaction(this.services, { version, transactionalId }, batches, (verified) => {
        this.appendAll(verified);
        this.services.replicas.wakes.settle();
      });
    }
  }

  private transactionalBatches(): TransactionalBatch[] {
    const batches: TransactionalBatch[] = [];
    for (const { name, topicId, partitionData } of this.request.body.topicData) {
      const topic = this.topicName(name, topicId);
      if (topic === undefined) continue;
      for (const { index, records } of partitionData)
        if (isOfTransaction(records)) batches.push({ topic, partition: index, records });
    }
    return batches;
  }

  private refuseAll(batches: readonly TransactionalBatch[], error: number): void {
    const errors = new Map(batches.map((batch) => [partitionName(batch), error]));
    this.appendAll({ guards: NOTHING_TO_VERIFY.guards, errors });
  }

  private appendAll(verified: Verified): void {
    const { topicData, acks, timeoutMs } = this.request.body;
    for (let t = 0; t < topicData.length; t++) {
      const topic = topicData[t]!;
      const name = this.topicName(topic.name, topic.topicId);
      const partitionResponses: PartitionProduceResponse[] = [];
      this.responses.push({ name: topic.name, topicId: topic.topicId, partitionResponses });
      const { partitionData } = topic;
      for (let p = 0; p < partitionData.length; p++) {
        const { index, records } = partitionData[p]!;
        partitionResponses.push(this.append(name, index, records, verified));
      }
    }
    if (acks === 0) {
      if (this.failed) this.request.close();
      else this.request.noResponse();
    } else if (this.delayed.acks.length === 0) this.answer();
    else if (!this.delayed.begin()) this.services.replicas.producePurgatory.park(this.delayed, timeoutMs);
  }

  private topicName(name: string, id: string): string | undefined {
    return this.request.version >= 13 ? this.services.coordination.image.topicById(id)?.name : name;
  }

  private append(
    topic: string | undefined,
    index: number,
    records: Uint8Array | null,
    verified: Verified,
  ): PartitionProduceResponse {
    const { services, request } = this;
    const { replicas, coordination } = services;
    if (topic === undefined) return this.refuse('?', index, ErrorCode.UNKNOWN_TOPIC_ID);
    let error: number =
      coordination.image.partition(topic, index) === undefined ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE;
    if (error === 0) error = recordsError(records, request.version);
    if (error === 0) error = this.requestError(topic);
    const partition = replicas.get(topic, index);
    if (error === 0) error = partition === undefined ? replicas.lookupError(topic, index) : this.leaderError(partition);
    if (error === 0 && isOfTransaction(records)) error = this.transactionError(topic, index, verified);
    if (error !== 0 || partition === undefined) return this.refuse(topic, index, error);
    try {
      const { guards } = verified;
      const transaction = guards.size === 0 ? undefined : { guard: guards.get(partition.name) };
      return this.appended(partition, partition.append(this.own(records!), 'client', transaction));
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      replicas.logDirFailed(partition, thrown);
      return this.refuse(topic, index, ErrorCode.KAFKA_STORAGE_ERROR);
    }
  }

  /** Bytes that the log may stamp offsets into, and keep: a simulated sender may send the same again. */
  private own(records: Uint8Array): Uint8Array {
    // A small part of a large buffer would keep all of it.
    if (this.request.exclusive && 2 * records.length >= records.buffer.byteLength) return records;
    return this.services.replicas.slab.copy(records);
  }

  /** Only who says which transactional id it means may write to a transaction. */
  private transactionError(topic: string, partition: number, { errors }: Verified): number {
    if (this.request.body.transactionalId === null) return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    return errors.size === 0 ? ErrorCode.NONE : (errors.get(partitionName({ topic, partition })) ?? ErrorCode.NONE);
  }

  private requestError(topic: string): number {
    const { acks } = this.request.body;
    if (acks < -1 || acks > 1) return ErrorCode.INVALID_REQUIRED_ACKS;
    if (isInternalTopic(topic) && this.request.peer.clientId !== ADMIN_CLIENT) return ErrorCode.INVALID_TOPIC_EXCEPTION;
    return ErrorCode.NONE;
  }

  private leaderError(partition: Partition): number {
    if (!partition.leads) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    if (this.request.body.acks === -1 && partition.isrSize < partition.effectiveMinIsr)
      return ErrorCode.NOT_ENOUGH_REPLICAS;
    return ErrorCode.NONE;
  }

  private appended(partition: Partition, result: AppendResult): PartitionProduceResponse {
    if (result.kind === 'rejected') {
      const response = this.refuse(partition.topic, partition.index, result.error);
      response.errorMessage = result.message;
      response.recordErrors = result.recordErrors.map(({ index, message }) => ({
        batchIndex: index,
        batchIndexErrorMessage: message,
      }));
      return response;
    }
    const response: PartitionProduceResponse = {
      index: partition.index,
      errorCode: ErrorCode.NONE,
      baseOffset: result.baseOffset,
      logAppendTimeMs: result.logAppendTimeMs,
      logStartOffset: partition.log.logStartOffset,
      recordErrors: NO_ERRORS,
      errorMessage: null,
      currentLeader: NO_LEADER,
    };
    if (this.request.body.acks !== -1) return response;
    this.delayed.add(partition, result.lastOffset + 1);
    this.awaited.push(response);
    return response;
  }

  private refuse(topic: string, index: number, error: number): PartitionProduceResponse {
    this.failed = true;
    const { services, request } = this;
    const known = services.coordination.image.partition(topic, index);
    const name = known?.name ?? `${topic}-${index}`;
    services.context.emit(brokerEvents['produce-rejected'], [name, errorName(error), request.peer.clientId]);
    return {
      index,
      errorCode: error,
      baseOffset: -1,
      logAppendTimeMs: -1,
      logStartOffset: -1,
      recordErrors: NO_ERRORS,
      errorMessage: null,
      currentLeader: error === ErrorCode.NOT_LEADER_OR_FOLLOWER ? this.leaderOf(topic, index) : NO_LEADER,
    };
  }

  /** Who leads, as this broker knows it: its own replica's word before the cluster's metadata. Older clients ask for that themselves. */
  private leaderOf(topic: string, index: number): PartitionProduceResponse['currentLeader'] {
    if (this.request.version < FIRST_VERSION_WITH_LEADERS) return NO_LEADER;
    const { replicas, coordination } = this.services;
    const known = replicas.get(topic, index) ?? coordination.image.partition(topic, index);
    return known === undefined ? NO_LEADER : { leaderId: known.leader, leaderEpoch: known.leaderEpoch };
  }

  /** Every partition of an acks=all request is acknowledged or given up. */
  produced(produce: DelayedProduce): void {
    const { context } = this.services;
    for (let i = 0; i < produce.acks.length; i++) {
      const { error, done, partition, requiredOffset } = produce.acks[i]!;
      if (error === ErrorCode.NONE) continue;
      const response = this.awaited[i]!;
      response.errorCode = error;
      response.baseOffset = -1;
      if (error === ErrorCode.NOT_LEADER_OR_FOLLOWER)
        response.currentLeader = this.leaderOf(partition.topic, partition.index);
      const { clientId } = this.request.peer;
      if (done) context.emit(brokerEvents['produce-rejected'], [partition.name, errorName(error), clientId]);
      else context.emit(brokerEvents['produce-timed-out'], [partition.name, requiredOffset, clientId]);
    }
    this.answer();
  }

  private answer(): void {
    const leaders: number[] = [];
    for (const topic of this.responses) {
      for (const { currentLeader } of topic.partitionResponses) {
        if (currentLeader.leaderId >= 0 && !leaders.includes(currentLeader.leaderId))
          leaders.push(currentLeader.leaderId);
      }
    }
    const nodeEndpoints =
      leaders.length === 0 ? NO_ENDPOINTS : endpointsOf(this.services.replicas, leaders, this.request.peer);
    this.request.respond({ responses: this.responses, throttleTimeMs: 0, nodeEndpoints });
  }
}
