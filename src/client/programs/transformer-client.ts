import type { Overrides } from '../../config/config.ts';
import type { ConfigScope } from '../../config/entry.ts';
import { consumerConfig, producerConfig } from '../../config/resources.ts';
import { entryOf } from '../../config/tables.ts';
import type { Context, Program, ProgramFactory } from '../../kernel/api.ts';
import { errorName } from '../../protocol/errors.ts';
import type { LogRecord } from '../../protocol/record.ts';
import { Consumer } from '../consumer/consumer.ts';
import { recordsBetween } from '../consumer/records.ts';
import type { ClientEnvironment } from '../environment.ts';
import type { SendOutcome } from '../producer/batch.ts';
import { Producer } from '../producer/producer.ts';
import type { TransactionOutcome } from '../producer/transactions.ts';
import type { CommitWhen } from './consumer-client.ts';

export interface TransformerClientOptions {
  readonly from: readonly string[];
  readonly to: string;
  readonly group: string;
  readonly processUs: number;
  readonly commit: CommitWhen;
  /** `consumer.properties` and `producer.properties` names; each half takes what it knows. */
  readonly config: Overrides;
  readonly timers?: 'real' | 'fast';
}

/** A client that consumes, works, and produces what came of it to another topic; in one transaction where it has a transactional id. */
export class TransformerClient {
  readonly environment: ClientEnvironment;
  readonly options: TransformerClientOptions;
  private serial = 0;

  constructor(environment: ClientEnvironment, options: TransformerClientOptions) {
    this.environment = environment;
    this.options = options;
  }

  readonly program: ProgramFactory = (context) => new TransformerSession(context, this);

  nextSerial(): number {
    this.serial += 1;
    return this.serial;
  }
}

/**
 * One incarnation: each record of a poll becomes one record, with the same key and value, and all are acknowledged before the
 * next poll. With a transactional id they and the offsets of what was read count together, or not at all; after an abort the
 * consumer goes back to what is committed (consume-transform-produce, KIP-447).
 */
class TransformerSession implements Program {
  private readonly context: Context;
  private readonly client: TransformerClient;
  private readonly consumer: Consumer;
  private readonly producer: Producer;
  private polled: LogRecord[] = [];
  private failure: SendOutcome | null = null;
  /** The producer has its identity; until then the first poll's records wait. */
  private ready: boolean;
  private begin: (() => void) | null = null;

  constructor(context: Context, client: TransformerClient) {
    const { environment, options } = client;
    const { config, group, commit, timers = 'real' } = options;
    this.context = context;
    this.client = client;
    const version = { version: environment.release, timers };
    const transactional = config['transactional.id'] !== undefined;
    const byHand = commit === 'auto' && !transactional ? {} : { 'enable.auto.commit': false };
    const reading = { ...known('consumer', config), 'group.id': group, ...byHand };
    this.producer = new Producer(context, environment, producerConfig(known('producer', config), version));
    this.ready = this.producer.transactions === null;
    this.producer.transactions?.initialize((outcome) => {
      if (outcome.kind !== 'done') this.fenced(outcome);
      else {
        this.ready = true;
        this.begin?.();
      }
    });
    this.consumer = new Consumer(context, environment, consumerConfig(reading, version), {
      topics: options.from,
      sink: (_partition, batch, from, to) =>
        void this.polled.push(...recordsBetween(batch, { from, to }, environment.compression)),
      process: (count, done) => this.process(count, done),
      failed: (error) => this.close(1, `poll() threw ${errorName(error)}`),
    });
  }

  terminate(): void {
    this.close(0, 'the consumer and the producer are closed');
  }

  private process(count: number, done: () => void): void {
    const { commit } = this.client.options;
    if (this.producer.transactions !== null) this.processInTransaction(count, done);
    else if (commit === 'before') this.consumer.commitSync(() => this.work(count, done));
    else if (commit === 'after') this.work(count, () => this.consumer.commitSync(done));
    else this.work(count, done);
  }

  private work(count: number, done: () => void): void {
    const { processUs } = this.client.options;
    this.context.cpu.run(count * processUs, (finished) => this.produce(finished), done);
  }

  private produce(done: () => void): void {
    this.send();
    this.producer.flush(() => {
      // What could not be produced must not be committed: the next incarnation, or another member, reads it again.
      if (this.failure?.kind === 'failed' && this.client.options.commit === 'after') {
        this.context.exit(1, `send() failed: ${errorName(this.failure.error)}`);
        return;
      }
      this.failure = null;
      done();
    });
  }

  private send(): void {
    const records = this.polled;
    this.polled = [];
    for (const { key, value } of records) {
      this.producer.send({
        topic: this.client.options.to,
        partition: null,
        key,
        keyText: null,
        value,
        timestampMs: this.context.wallMs(),
        serial: this.client.nextSerial(),
        done: (outcome) => {
          if (outcome.kind === 'failed') this.failure = outcome;
        },
      });
    }
  }

  private processInTransaction(count: number, done: () => void): void {
    const work = (): void => {
      const { processUs } = this.client.options;
      this.context.cpu.run(count * processUs, (finished) => this.transact(finished), done);
    };
    if (this.ready) work();
    else this.begin = work;
  }

  private transact(done: () => void): void {
    const transactions = this.producer.transactions!;
    transactions.begin();
    this.send();
    const offsets = this.consumer.offsetsToCommit!;
    this.producer.flush(() =>
      transactions.sendOffsets(offsets, (sent) => {
        if (sent.kind !== 'done') this.transacted(sent, done);
        else this.producer.endTransaction('commit', (outcome) => this.transacted(outcome, done));
      }),
    );
  }

  private transacted(outcome: TransactionOutcome, done: () => void): void {
    if (outcome.kind === 'done') done();
    else if (outcome.kind === 'fatal') this.fenced(outcome);
    else
      this.producer.endTransaction('abort', (aborted) => {
        if (aborted.kind !== 'done') this.fenced(aborted);
        else {
          this.consumer.rewind();
          done();
        }
      });
  }

  private fenced(outcome: TransactionOutcome): void {
    if (outcome.kind !== 'done') this.context.exit(1, `the producer cannot go on: ${errorName(outcome.error)}`);
  }

  private close(code: number, reason: string): void {
    this.consumer.close(() => {
      this.producer.close();
      this.context.exit(code, reason);
    });
  }
}

function known(scope: ConfigScope, config: Overrides): Overrides {
  return Object.fromEntries(Object.entries(config).filter(([name]) => entryOf(scope, name) !== undefined));
}
