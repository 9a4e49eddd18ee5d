import type { Chance, Context } from '../../kernel/api.ts';
import { errorName } from '../../protocol/errors.ts';
import type { Producer } from '../producer/producer.ts';
import type { TransactionCallback, TransactionOutcome } from '../producer/transactions.ts';

/** How a producing application divides its records into transactions. */
export interface TransactionPlan {
  /** So many records make one; null: it stays open until somebody says otherwise. */
  readonly records: number | null;
  /** Of a thousand transactions, this many are aborted. */
  readonly abortPerMille: number;
}

/**
 * One transaction after the other, as an application writes it: begin, send, commit or abort, begin again. What cannot be
 * committed is aborted; a producer that was fenced ends its process.
 */
export class TransactionLoop {
  private readonly context: Context;
  private readonly producer: Producer;
  private readonly plan: TransactionPlan;
  private readonly chance: Chance;
  /** A transaction is open, and more records may be sent in it. */
  isOpen = false;
  private count = 0;
  private ending = false;
  private stopped = false;
  private readonly onOpen: () => void;
  private waiting: (() => void)[] = [];

  constructor(context: Context, producer: Producer, plan: TransactionPlan, onOpen: () => void) {
    this.context = context;
    this.producer = producer;
    this.plan = plan;
    this.chance = context.chance('transactions');
    this.onOpen = onOpen;
    producer.transactions!.initialize((outcome) => this.next(outcome));
  }

  /** One more record is in the open transaction. */
  sent(): void {
    this.count += 1;
  }

  /** The open transaction has all its records. */
  get isFull(): boolean {
    return this.plan.records !== null && this.count >= this.plan.records;
  }

  /** Ends the open transaction as the plan says. */
  endAsPlanned(): void {
    this.end(this.chance.below(1000) < this.plan.abortPerMille ? 'abort' : 'commit', () => {});
  }

  /** Ends the open transaction; calls back when that is decided, or at once if there is none. */
  end(how: 'commit' | 'abort', done: () => void): void {
    if (!this.isOpen && !this.ending) {
      done();
      return;
    }
    this.waiting.push(done);
    if (this.ending) return;
    this.isOpen = false;
    this.ending = true;
    this.producer.endTransaction(how, this.ended);
  }

  /** Commits what is open, and begins no more. */
  stop(done: () => void): void {
    this.stopped = true;
    this.end('commit', done);
  }

  /** Begins again after a stop. */
  resume(): void {
    if (!this.stopped) return;
    this.stopped = false;
    if (!this.isOpen && !this.ending && this.producer.transactions!.state === 'ready') this.open();
  }

  private readonly ended: TransactionCallback = (outcome) => {
    if (outcome.kind === 'abortable') this.producer.endTransaction('abort', this.ended);
    else {
      this.ending = false;
      const { waiting } = this;
      this.waiting = [];
      for (const done of waiting) done();
      this.next(outcome);
    }
  };

  private next(outcome: TransactionOutcome): void {
    if (outcome.kind !== 'done') this.context.exit(1, `the producer cannot go on: ${errorName(outcome.error)}`);
    else if (!this.stopped) this.open();
  }

  private open(): void {
    this.count = 0;
    this.isOpen = true;
    this.producer.transactions!.begin();
    this.onOpen();
  }
}
