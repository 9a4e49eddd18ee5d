import type { BrokerCoordination, BrokerInfo } from '../coordinator/index.ts';
import { AddPartitionsToTxn, type AddPartitionsToTxnResponse } from '../protocol/apis/24-add-partitions-to-txn.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { RpcFailure } from '../rpc/api.ts';
import { TRANSACTION_STATE } from './internal-topics.ts';
import { javaAbs, javaHash } from './java-hash.ts';
import type { Peers } from './peers.ts';
import { byTopic, type Partitions, partitionName } from './transactions/transaction-log.ts';

/** Errors by name of partition; who is not in it may go on. */
export type VerificationErrors = ReadonlyMap<string, number>;

/** What a broker wants to know before it takes part in a transaction. */
export interface Verification {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly partitions: Partitions;
  /** The partitions are added (transaction.version 2), or it is asked whether the producer has added them. */
  readonly adds: boolean;
  /** Whether who asked the broker understands TRANSACTION_ABORTABLE. */
  readonly knowsAbortable: boolean;
}

interface Question {
  readonly verification: Verification;
  readonly done: (errors: VerificationErrors) => void;
}

interface Line {
  waiting: Question[];
  busy: boolean;
}

/**
 * Asks transaction coordinators on behalf of this broker's partitions: one request at a time to each, with all that waits
 * (KIP-890; Kafka's `AddPartitionsToTxnManager`).
 */
export class TransactionVerifier {
  private readonly coordination: BrokerCoordination;
  private readonly peers: Peers;
  private readonly lines = new Map<number, Line>();

  constructor(coordination: BrokerCoordination, peers: Peers) {
    this.coordination = coordination;
    this.peers = peers;
  }

  ask(verification: Verification, done: (errors: VerificationErrors) => void): void {
    const question = { verification, done };
    const coordinator = this.coordinatorOf(verification.transactionalId);
    if (coordinator === undefined) {
      end(question, ErrorCode.COORDINATOR_NOT_AVAILABLE);
      return;
    }
    let line = this.lines.get(coordinator.id);
    if (line === undefined) {
      line = { waiting: [], busy: false };
      this.lines.set(coordinator.id, line);
    }
    if (this.joins(line, question)) this.send(coordinator, line);
  }

  private coordinatorOf(transactionalId: string): BrokerInfo | undefined {
    const { image } = this.coordination;
    const partitions = image.topics.get(TRANSACTION_STATE)?.partitions ?? [];
    if (partitions.length === 0) return undefined;
    const broker = image.brokers.get(partitions[javaAbs(javaHash(transactionalId)) % partitions.length]!.leader);
    return broker?.fenced === false ? broker : undefined;
  }

  /** One id has one question at a time: a new epoch fences the old, and who asks again takes the place of who asked before. */
  private joins(line: Line, question: Question): boolean {
    const { transactionalId, producerEpoch } = question.verification;
    const known = line.waiting.findIndex(({ verification }) => verification.transactionalId === transactionalId);
    const other = line.waiting[known];
    if (other !== undefined) {
      if (producerEpoch < other.verification.producerEpoch) {
        end(question, ErrorCode.INVALID_PRODUCER_EPOCH);
        return false;
      }
      line.waiting.splice(known, 1);
      const isFenced = producerEpoch > other.verification.producerEpoch;
      end(other, isFenced ? ErrorCode.INVALID_PRODUCER_EPOCH : ErrorCode.NETWORK_EXCEPTION);
    }
    line.waiting.push(question);
    return true;
  }

  private send(coordinator: BrokerInfo, line: Line): void {
    if (line.busy || line.waiting.length === 0) return;
    line.busy = true;
    const questions = line.waiting;
    line.waiting = [];
    const transactions = questions.map(({ verification }) => ({
      transactionalId: verification.transactionalId,
      producerId: verification.producerId,
      producerEpoch: verification.producerEpoch,
      verifyOnly: !verification.adds,
      topics: byTopic(verification.partitions.values()).map(({ topic, partitionIds }) => ({
        name: topic,
        partitions: partitionIds,
      })),
    }));
    const version = AddPartitionsToTxn.offered[this.peers.settings.release]!.max;
    const body = AddPartitionsToTxn.request.make({ transactions });
    const sent = { verifier: this, coordinator, line, questions };
    this.peers.channelTo(coordinator).send(AddPartitionsToTxn, version, body, answered, sent);
  }

  answered(sent: Sent, response: AddPartitionsToTxnResponse | null): void {
    const { coordinator, line, questions } = sent;
    line.busy = false;
    for (const question of questions) {
      if (response === null) end(question, ErrorCode.NETWORK_EXCEPTION);
      else if (response.errorCode !== ErrorCode.NONE) end(question, errorForProducer(response.errorCode, question));
      else question.done(errorsFor(question, response));
    }
    this.send(coordinator, line);
  }
}

interface Sent {
  readonly verifier: TransactionVerifier;
  readonly coordinator: BrokerInfo;
  readonly line: Line;
  readonly questions: readonly Question[];
}

function answered(sent: Sent, response: unknown, failure: RpcFailure | null): void {
  sent.verifier.answered(sent, failure === null ? (response as AddPartitionsToTxnResponse) : null);
}

/** The same error for all that was asked. */
function end({ verification, done }: Question, error: number): void {
  done(new Map([...verification.partitions.keys()].map((name) => [name, error])));
}

function errorsFor(question: Question, { resultsByTransaction }: AddPartitionsToTxnResponse): VerificationErrors {
  const { transactionalId } = question.verification;
  const result = resultsByTransaction.find((one) => one.transactionalId === transactionalId);
  const errors = new Map<string, number>();
  for (const { name: topic, resultsByPartition } of result?.topicResults ?? []) {
    for (const { partitionIndex, partitionErrorCode } of resultsByPartition) {
      const error = errorForProducer(partitionErrorCode, question);
      if (error !== ErrorCode.NONE) errors.set(partitionName({ topic, partition: partitionIndex }), error);
    }
  }
  return errors;
}

/** In the words that a producer knows. */
function errorForProducer(error: number, { verification }: Question): number {
  if (error === ErrorCode.PRODUCER_FENCED) return ErrorCode.INVALID_PRODUCER_EPOCH;
  if (error === ErrorCode.CLUSTER_AUTHORIZATION_FAILED) return ErrorCode.INVALID_TXN_STATE;
  const unknown = error === ErrorCode.TRANSACTION_ABORTABLE && !verification.knowsAbortable;
  return unknown ? ErrorCode.INVALID_TXN_STATE : error;
}
