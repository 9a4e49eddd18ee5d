import { AddPartitionsToTxn, type AddPartitionsToTxnResponse } from '../../protocol/apis/24-add-partitions-to-txn.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import type { GroupOffsets } from '../consumer/group-offsets.ts';
import { clientEvents } from '../events.ts';
import type { ClientNetwork } from '../network.ts';
import type { Accumulator } from './accumulator.ts';
import type { Idempotence } from './idempotence.ts';
import type { PartitionQueue } from './queue.ts';
import { endsProducer } from './transaction-errors.ts';
import { type Asked, type PendingOffsets, TransactionRequests } from './transaction-requests.ts';

export type TransactionState =
  | 'uninitialized'
  | 'initializing'
  | 'ready'
  | 'in-transaction'
  | 'committing'
  | 'aborting'
  /** Only an abort helps. */
  | 'abortable-error'
  /** Nothing helps: another producer has the transactional id. */
  | 'fatal-error';

/** How a call of the application ended. */
export type TransactionOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'abortable' | 'fatal'; readonly error: number };

export type TransactionCallback = (outcome: TransactionOutcome) => void;

export interface TransactionParts {
  readonly transactionalId: string;
  readonly timeoutMs: number;
  readonly network: ClientNetwork;
  readonly accumulator: Accumulator;
  readonly idempotence: Idempotence;
  /** Something may go on: the sender is to look. */
  readonly wake: () => void;
  /** Gives up what was never sent. */
  readonly dropUnsent: (error: number) => void;
}

const DONE: TransactionOutcome = { kind: 'done' };
/** After CONCURRENT_TRANSACTIONS for the first partition: the transaction before is about to be complete. */
const SHORT_PAUSE_US = 20_000;

/**
 * A transactional producer's dealings with its coordinator, one request at a time (Java's TransactionManager). By the first
 * protocol it adds each partition before it sends there; by the second the brokers do that, and the end of each transaction
 * brings a new epoch.
 *
 * Not simulated: the calls do not time out after `max.block.ms`; an application would only call again.
 */
export class Transactions {
  readonly parts: TransactionParts;
  state: TransactionState = 'uninitialized';
  private readonly requests: TransactionRequests;
  private error: number = ErrorCode.NONE;
  private waiting: TransactionCallback | null = null;
  /** Known to the coordinator as part of this transaction, and about to be. */
  private readonly added = new Set<PartitionQueue>();
  private readonly toAdd = new Set<PartitionQueue>();
  /** Something was sent or added: the coordinator has to be told of the end. */
  private begun = false;
  private offsets: PendingOffsets | null = null;
  /** The epoch must be raised before the next transaction (first protocol, after an abortable error). */
  private needsNewEpoch = false;
  private busy = false;
  private bumpsEpoch = false;

  constructor(parts: TransactionParts) {
    this.parts = parts;
    this.requests = new TransactionRequests(parts, (error) => this.fail(error));
  }

  get isFatal(): boolean {
    return this.state === 'fatal-error';
  }

  initialize(done: TransactionCallback): void {
    this.state = 'initializing';
    this.wait(done);
  }

  begin(): void {
    this.state = 'in-transaction';
    this.parts.network.context.emit(clientEvents['transaction-begun'], [this.parts.transactionalId]);
  }

  /** A record goes to this partition. */
  include(queue: PartitionQueue): void {
    if (!this.bumpsEpoch && !this.added.has(queue)) this.toAdd.add(queue);
  }

  /** Whether what waits for this partition may be sent. */
  mayDrain(queue: PartitionQueue): boolean {
    if (this.state === 'initializing' || this.state === 'fatal-error') return false;
    if (!this.bumpsEpoch) return this.added.has(queue);
    this.begun = true;
    return true;
  }

  /** The offsets of a group are to count if this transaction is committed. */
  sendOffsets(offsets: GroupOffsets, done: TransactionCallback): void {
    if (this.state !== 'in-transaction') {
      done({ kind: this.isFatal ? 'fatal' : 'abortable', error: this.error });
      return;
    }
    this.offsets = { ...offsets, added: this.bumpsEpoch };
    this.begun ||= this.bumpsEpoch;
    this.wait(done);
  }

  end(how: 'commit' | 'abort', done: TransactionCallback): void {
    if (how === 'commit' && this.state !== 'in-transaction') {
      done({ kind: this.isFatal ? 'fatal' : 'abortable', error: this.error });
      return;
    }
    if (this.isFatal) {
      done({ kind: 'fatal', error: this.error });
      return;
    }
    this.state = how === 'commit' ? 'committing' : 'aborting';
    if (how === 'abort') {
      this.toAdd.clear();
      this.offsets = null;
      this.parts.dropUnsent(ErrorCode.TRANSACTION_ABORTABLE);
    }
    this.wait(done);
  }

  private wait(done: TransactionCallback): void {
    this.waiting = done;
    this.parts.wake();
  }

  /** A batch failed for good. */
  batchFailed(error: number): void {
    if (this.state === 'fatal-error' || this.state === 'aborting') return;
    if (endsProducer(error)) this.fail(error);
    else this.loseTransaction(error);
  }

  /** Asks what is to be asked next, if anything is. */
  run(): void {
    if (this.busy) return;
    switch (this.state) {
      case 'initializing':
        this.ask(this.requests.initProducerId(this.identity), (result) => this.initialized(result));
        break;
      case 'in-transaction':
        this.runTransaction();
        break;
      case 'committing':
        if (!this.runTransaction()) this.runEnd(true);
        break;
      case 'aborting':
        this.runEnd(false);
        break;
    }
  }

  private get identity(): { readonly producerId: number; readonly producerEpoch: number } {
    return this.parts.idempotence;
  }

  /** True if something of the transaction itself is on its way, or has to be asked first. */
  private runTransaction(): boolean {
    if (this.toAdd.size > 0) {
      const queues = [...this.toAdd];
      this.ask(this.requests.addPartitions(this.identity, queues), (response) =>
        this.partitionsAdded(queues, response),
      );
      return true;
    }
    const { offsets } = this;
    if (offsets === null) return this.busy;
    if (!offsets.added) {
      this.ask(this.requests.addOffsets(this.identity, offsets), () => {
        this.begun = true;
        this.offsets = { ...offsets, added: true };
      });
    } else {
      this.ask(this.requests.commitOffsets(this.identity, offsets, this.bumpsEpoch), () => {
        this.offsets = null;
        this.settle(DONE);
      });
    }
    return true;
  }

  private runEnd(committed: boolean): void {
    // Everything that was sent must be decided first.
    if (this.parts.accumulator.incomplete > 0) return;
    if (!this.begun) {
      this.ended(committed);
      return;
    }
    this.ask(
      this.requests.endTransaction(this.identity, committed, this.bumpsEpoch),
      ({ producerId, producerEpoch }) => {
        if (this.bumpsEpoch) this.parts.idempotence.received(producerId, producerEpoch);
        this.ended(committed);
      },
    );
  }

  private ended(committed: boolean): void {
    const { network, transactionalId } = this.parts;
    this.added.clear();
    this.toAdd.clear();
    this.begun = false;
    this.error = ErrorCode.NONE;
    network.context.emit(clientEvents['transaction-ended'], [transactionalId, committed ? 'committed' : 'aborted']);
    const wasFirst = !this.bumpsEpoch;
    this.bumpsEpoch = network.transactionVersion >= 2;
    // A raised epoch makes up for what nobody knows of; who changes to the second protocol begins it with a new one.
    if (this.needsNewEpoch || (wasFirst && this.bumpsEpoch)) {
      this.needsNewEpoch = false;
      this.state = 'initializing';
      return;
    }
    this.state = 'ready';
    this.settle(DONE);
  }

  private initialized({ producerId, producerEpoch }: { producerId: number; producerEpoch: number }): void {
    const { network, idempotence } = this.parts;
    idempotence.received(producerId, producerEpoch);
    this.bumpsEpoch = network.transactionVersion >= 2;
    network.context.emit(clientEvents['producer-id-received'], [producerId, producerEpoch]);
    this.state = 'ready';
    this.settle(DONE);
  }

  private partitionsAdded(queues: readonly PartitionQueue[], response: AddPartitionsToTxnResponse): void {
    this.begun = true;
    for (const queue of queues) {
      const { topic, index } = queue.partition;
      const error = response.resultsByTopicV3AndBelow
        .find(({ name }) => name === topic.name)
        ?.resultsByPartition.find(({ partitionIndex }) => partitionIndex === index)?.partitionErrorCode;
      if (error !== ErrorCode.NONE) continue;
      this.toAdd.delete(queue);
      this.added.add(queue);
    }
  }

  private ask<R>(asked: Asked<R>, then: (response: R) => void): void {
    this.busy = this.requests.send(asked, (result) => {
      this.busy = false;
      switch (result.kind) {
        case 'answered':
          then(result.response);
          break;
        case 'again':
          this.pause(asked.api.key === AddPartitionsToTxn.key && result.concurrent && this.added.size === 0);
          return;
        case 'abortable':
          this.loseTransaction(result.error);
          break;
        case 'fatal':
          this.fail(result.error);
          break;
      }
      this.parts.wake();
    });
  }

  private pause(briefly: boolean): void {
    const { network } = this.parts;
    this.busy = true;
    network.context.after(briefly ? SHORT_PAUSE_US : network.settings.retryBackoffMs * 1000, paused, this);
  }

  pauseOver(): void {
    this.busy = false;
    this.parts.wake();
  }

  private loseTransaction(error: number): void {
    if (this.state === 'aborting') {
      this.fail(error);
      return;
    }
    if (this.state === 'fatal-error' || this.state === 'abortable-error') return;
    this.state = 'abortable-error';
    this.error = error;
    this.offsets = null;
    this.needsNewEpoch = !this.bumpsEpoch;
    this.tellFailed('abortable', error);
    this.parts.dropUnsent(error);
    this.settle({ kind: 'abortable', error });
  }

  private fail(error: number): void {
    if (this.state === 'fatal-error') return;
    this.state = 'fatal-error';
    this.error = error;
    this.tellFailed('fatal', error);
    this.parts.dropUnsent(error);
    this.settle({ kind: 'fatal', error });
  }

  private tellFailed(kind: 'abortable' | 'fatal', error: number): void {
    const { network, transactionalId } = this.parts;
    network.context.emit(clientEvents['transaction-failed'], [transactionalId, kind, errorName(error)]);
  }

  private settle(outcome: TransactionOutcome): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.(outcome);
  }
}

function paused(transactions: Transactions): void {
  transactions.pauseOver();
}
