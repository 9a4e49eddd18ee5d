import type { EventKind, FieldValue } from '../../kernel/api.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Ticket } from '../groups/ticket.ts';
import { transactionEvents } from './events.ts';
import type { TransactionSettings } from './settings.ts';
import type { Completion, Transaction, Transit } from './transaction.ts';
import type { StoredTransaction } from './transaction-log.ts';

/** What a step may ask of the world while it decides. */
export interface TransactionWorld {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** The finalized `transaction.version` of the cluster. */
  transactionVersion(): number;
}

/** What a step of the coordinator wants done to the world. The machine does it, in this order. */
export type TransactionEffect =
  | { readonly kind: 'answer'; readonly ticket: Ticket; readonly body: unknown }
  | { readonly kind: 'write'; readonly transaction: Transaction; readonly transit: Transit; readonly done: Done }
  | { readonly kind: 'forget'; readonly transactions: readonly Transaction[] }
  /** A step of its own, when there is a producer id or an error. */
  | { readonly kind: 'allocate'; readonly then: (error: number, producerId: number) => void }
  | { readonly kind: 'send-markers'; readonly transaction: Transaction; readonly completion: Completion }
  /** A step of its own, after a while. */
  | { readonly kind: 'retry'; readonly action: () => void }
  | { readonly kind: 'tell'; readonly event: EventKind; readonly values: readonly FieldValue[] };

/** A step of its own, when the record is committed, or with the error of the log in the coordinator's words. */
export type Done = (error: number) => void;

/** The log as committed records have made it. */
export interface StoredTransactions {
  readonly transactions: ReadonlyMap<string, StoredTransaction>;
}

/**
 * The transactional ids of one partition of `__transaction_state`, as their coordinator has them. Functions of this folder step
 * it: they read, change what is soft, and leave in `effects` what the world must do.
 */
export class TransactionShard {
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly stored: StoredTransactions;
  readonly settings: TransactionSettings;
  readonly world: TransactionWorld;
  readonly transactions = new Map<string, Transaction>();
  private pending: TransactionEffect[] = [];

  constructor(
    place: { readonly partition: number; readonly leaderEpoch: number },
    stored: StoredTransactions,
    settings: TransactionSettings,
    world: TransactionWorld,
  ) {
    this.partition = place.partition;
    this.leaderEpoch = place.leaderEpoch;
    this.stored = stored;
    this.settings = settings;
    this.world = world;
  }

  /** What the steps since the last call want done. */
  takeEffects(): readonly TransactionEffect[] {
    const effects = this.pending;
    this.pending = [];
    return effects;
  }

  answer(ticket: Ticket, body: unknown): void {
    this.pending.push({ kind: 'answer', ticket, body });
  }

  /** Has the change stored; until then nothing else may begin. */
  write(transaction: Transaction, transit: Transit, reason: string, done: Done): void {
    transaction.pending = transit.value.state;
    const from = transaction.value.state;
    const stored = (error: number): void => {
      if (error === ErrorCode.NONE) this.tellState(from, transit.value, reason);
      done(error);
    };
    this.pending.push({ kind: 'write', transaction, transit, done: stored });
  }

  private tellState(from: string, value: StoredTransaction, reason: string): void {
    const { transactionalId, state, producerId, producerEpoch, partitions } = value;
    const values = [transactionalId, from, state, producerId, producerEpoch, [...partitions.keys()], reason];
    this.tell(transactionEvents['transaction-state-changed'], values);
  }

  tellFenced(transaction: Transaction, producerEpoch: number, request: string): void {
    const { id, value } = transaction;
    const values = [id, value.producerId, producerEpoch, transaction.producerEpoch, request];
    this.tell(transactionEvents['transaction-producer-fenced'], values);
  }

  forget(transactions: readonly Transaction[]): void {
    this.pending.push({ kind: 'forget', transactions });
  }

  allocate(then: (error: number, producerId: number) => void): void {
    this.pending.push({ kind: 'allocate', then });
  }

  sendMarkers(transaction: Transaction, completion: Completion): void {
    this.pending.push({ kind: 'send-markers', transaction, completion });
  }

  retry(action: () => void): void {
    this.pending.push({ kind: 'retry', action });
  }

  tell(event: EventKind, values: readonly FieldValue[]): void {
    this.pending.push({ kind: 'tell', event, values });
  }
}
