import type { Context } from '../../kernel/api.ts';
import { assertNever } from '../../kernel/assert.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { InternalLog } from '../api.ts';
import type { ProducerIds } from '../producer-ids.ts';
import { beginCompletion } from './completion.ts';
import { transactionEvents } from './events.ts';
import type { MarkerSender } from './marker-sender.ts';
import type { TransactionSettings } from './settings.ts';
import { type TransactionEffect, TransactionShard, type TransactionWorld } from './shard.ts';
import { forgotten } from './sweeps.ts';
import { Transaction } from './transaction.ts';
import {
  decodeTransaction,
  encodeTransaction,
  type StoredTransaction,
  type TransactionRecord,
} from './transaction-log.ts';
import { writeErrorForClient } from './write-errors.ts';

export interface TransactionParts {
  readonly context: Context;
  readonly log: InternalLog;
  readonly settings: TransactionSettings;
  readonly world: TransactionWorld;
  readonly producerIds: Pick<ProducerIds, 'allocate'>;
  readonly markers: MarkerSender;
}

/** How long a write lasts that has no transaction of its own to say so, and a pause before something is tried again. */
const WRITE_TIMEOUT_MS = 60_000;
const RETRY_US = 100_000;

/**
 * One partition's coordinator in the world: steps the shard, and does what the steps want done. Steps never run inside one
 * another; what comes while one runs waits for its end.
 */
export class TransactionMachine {
  readonly shard: TransactionShard;
  status: 'loading' | 'active' | 'failed' | 'closed' = 'loading';
  private readonly parts: TransactionParts;
  private readonly stored = new Map<string, StoredTransaction>();
  /** Ends of writes that are on their way. */
  private readonly writes = new Set<(error: number) => void>();
  private readonly waitingSteps: (() => void)[] = [];
  private stepping = false;

  constructor(parts: TransactionParts, partition: number, leaderEpoch: number) {
    this.parts = parts;
    const { settings, world, log } = parts;
    this.shard = new TransactionShard({ partition, leaderEpoch }, { transactions: this.stored }, settings, world);
    log.load(partition, {
      onRecord: (_offset, record) => {
        const decoded = decodeTransaction(record);
        if (decoded !== undefined) this.apply(decoded);
      },
      onMarker: () => {},
      done: (complete) => this.loaded(complete),
    });
  }

  /** The only writer of what is stored. */
  private apply({ transactionalId, value }: TransactionRecord): void {
    if (value === null) this.stored.delete(transactionalId);
    else this.stored.set(transactionalId, value);
  }

  private loaded(complete: boolean): void {
    if (this.status !== 'loading') return;
    this.status = complete ? 'active' : 'failed';
    if (complete) this.step(() => this.begin());
  }

  /** The log was read: what was prepared is completed here. */
  private begin(): void {
    const { shard, stored } = this;
    const { partition, leaderEpoch } = shard;
    for (const value of stored.values()) {
      const { transactionalId: id, state, producerId, producerEpoch, partitions } = value;
      shard.transactions.set(id, new Transaction(value));
      const values = [id, partition, state, producerId, producerEpoch, [...partitions.keys()]];
      shard.tell(transactionEvents['transaction-loaded'], values);
    }
    shard.tell(transactionEvents['transaction-coordinator-loaded'], [partition, [...stored.keys()], leaderEpoch]);
    for (const transaction of shard.transactions.values()) {
      const { state } = transaction.value;
      if (state === 'PrepareCommit' || state === 'PrepareAbort') beginCompletion(shard, transaction);
    }
  }

  /** Leadership is gone: who waits must look for the new coordinator. */
  close(): void {
    const wasActive = this.status === 'active';
    this.status = 'closed';
    if (!wasActive) return;
    const { partition, leaderEpoch, transactions } = this.shard;
    this.step(() => {
      const values = [partition, leaderEpoch, [...transactions.keys()]];
      this.shard.tell(transactionEvents['transaction-coordinator-unloaded'], values);
    });
    for (const end of this.writes) end(ErrorCode.NOT_COORDINATOR);
    transactions.clear();
  }

  step(action: () => void): void {
    if (this.stepping) {
      this.waitingSteps.push(action);
      return;
    }
    this.stepping = true;
    for (let next: (() => void) | undefined = action; next !== undefined; next = this.waitingSteps.shift()) {
      next();
      for (const effect of this.shard.takeEffects()) this.perform(effect);
    }
    this.stepping = false;
  }

  private perform(effect: TransactionEffect): void {
    const { context, producerIds, markers } = this.parts;
    switch (effect.kind) {
      case 'answer':
        effect.ticket.respond(effect.body);
        break;
      case 'write':
        this.write(effect);
        break;
      case 'forget':
        this.forget(effect.transactions);
        break;
      case 'allocate':
        producerIds.allocate((error, id) => this.step(() => this.allocated(effect.then, error, id)));
        break;
      case 'send-markers':
        markers.add({ machine: this, transaction: effect.transaction, completion: effect.completion });
        break;
      case 'retry':
        if (this.status === 'active') context.after(RETRY_US, this.retry, effect.action);
        break;
      case 'tell':
        context.emit(effect.event, effect.values);
        break;
      default:
        assertNever(effect);
    }
  }

  private allocated(then: (error: number, id: number) => void, error: number, id: number): void {
    if (this.status === 'active') then(error, id);
    else then(ErrorCode.NOT_COORDINATOR, -1);
  }

  private readonly retry = (action: () => void): void => {
    if (this.status === 'active') this.step(action);
  };

  private write({ transaction, transit, done }: TransactionEffect & { kind: 'write' }): void {
    const { value } = transit;
    const record = { transactionalId: transaction.id, value };
    this.append([record], value.timeoutMs, (error) => {
      transaction.pending = null;
      if (error === ErrorCode.NONE) transaction.become(transit);
      done(error);
    });
  }

  private forget(transactions: readonly Transaction[]): void {
    const ids = transactions.map(({ id }) => id);
    for (const transaction of transactions) transaction.pending = 'Dead';
    const tombstones = ids.map((transactionalId) => ({ transactionalId, value: null }));
    this.append(tombstones, WRITE_TIMEOUT_MS, (error) => forgotten(this.shard, ids, error));
  }

  /** `done` is a step of its own; what is committed is applied before it. */
  private append(records: readonly TransactionRecord[], timeoutMs: number, done: (error: number) => void): void {
    const { log, world } = this.parts;
    const version = world.transactionVersion() >= 1 ? 1 : 0;
    const nowMs = world.wallMs();
    const encoded = records.map((record) => encodeTransaction(record, version, nowMs));
    const end = (error: number): void => {
      if (!this.writes.delete(end)) return;
      this.step(() => {
        if (error === ErrorCode.NONE) for (const record of records) this.apply(record);
        done(error);
      });
    };
    this.writes.add(end);
    log.append(this.shard.partition, encoded, timeoutMs, (error) => end(writeErrorForClient(error)));
  }
}
