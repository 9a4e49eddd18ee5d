import type { Overrides } from '../../config/config.ts';
import { producerConfig } from '../../config/resources.ts';
import type { Context, Program, ProgramFactory, Timer } from '../../kernel/api.ts';
import type { ClientEnvironment } from '../environment.ts';
import { clientEvents } from '../events.ts';
import type { SendCallback } from '../producer/batch.ts';
import { Producer } from '../producer/producer.ts';
import { Payload } from './payload.ts';
import { dueUs, type Rate } from './rate.ts';
import { TransactionLoop, type TransactionPlan } from './transaction-loop.ts';

export interface ProducerClientOptions {
  readonly topic: string;
  /** Null: it sends only what it is told to. */
  readonly rate: Rate | null;
  /** How many different keys take turns; null: records have none. */
  readonly keys: number | null;
  readonly valueSize: number;
  /** Meant where the configuration has a transactional id. */
  readonly transaction?: TransactionPlan | undefined;
  /** `producer.properties` names. */
  readonly config: Overrides;
  readonly timers?: 'real' | 'fast';
}

/** One record that somebody wants sent by this client. */
export interface GivenRecord {
  readonly topic: string;
  readonly partition: number | null;
  readonly key: string | null;
  readonly value: string | null;
}

/**
 * A producing client from outside: what its node runs, and what may be asked of it while it runs. It outlives the
 * incarnations of its process, so that serials go on counting and a changed rate stays. What is asked of it is asked of the
 * running process: whoever kills its node must not wait for an answer.
 */
export class ProducerClient {
  readonly environment: ClientEnvironment;
  readonly options: ProducerClientOptions;
  rate: Rate | null;
  /** Whether it hands over records by itself. */
  sending = true;
  private serial = 0;
  private session: ProducerSession | null = null;

  constructor(environment: ClientEnvironment, options: ProducerClientOptions) {
    this.environment = environment;
    this.options = options;
    this.rate = options.rate;
  }

  readonly program: ProgramFactory = (context) => {
    this.session = new ProducerSession(context, this);
    return this.session;
  };

  nextSerial(): number {
    this.serial += 1;
    return this.serial;
  }

  setRate(rate: Rate): void {
    this.rate = rate;
    if (this.sending) this.session?.startSending();
  }

  /** Hands over no more records, and calls back when the outcome of all is known. */
  stopSending(done: () => void): void {
    this.sending = false;
    if (this.session === null) done();
    else this.session.stopSending(done);
  }

  startSending(): void {
    this.sending = true;
    this.session?.startSending();
  }

  /** Sends one record now; false if the process was never started, or has ended by itself. */
  send(record: GivenRecord, done: SendCallback): boolean {
    if (this.session === null) return false;
    this.session.send(record, done);
    return true;
  }

  /** Ends the open transaction; false if there cannot be one. Calls back when that is decided. */
  endTransaction(how: 'commit' | 'abort', done: () => void): boolean {
    return this.session?.endTransaction(how, done) ?? false;
  }

  /** Batches and calls of `send` without an outcome. */
  get outstanding(): number {
    return this.session === null ? 0 : this.session.producer.outstanding;
  }

  /** The process of the present session has ended. */
  ended(session: ProducerSession): void {
    if (this.session === session) this.session = null;
  }
}

const encoder = new TextEncoder();
/** A transaction stays open until somebody ends it. */
const OPEN_ENDED: TransactionPlan = { records: null, abortPerMille: 0 };

/** One incarnation of a producing client: an application with one thread and one producer. */
class ProducerSession implements Program {
  readonly producer: Producer;
  private readonly context: Context;
  private readonly client: ProducerClient;
  private readonly payload: Payload;
  private originUs = 0;
  /** Records handed over since `originUs`. */
  private count = 0;
  private timer: Timer | null = null;
  private ending = false;
  /** Null without transactions. */
  private readonly transactions: TransactionLoop | null;

  constructor(context: Context, client: ProducerClient) {
    const { environment, options } = client;
    this.context = context;
    this.client = client;
    this.payload = new Payload(context.node, options);
    const timers = options.timers ?? 'real';
    this.producer = new Producer(
      context,
      environment,
      producerConfig(options.config, { version: environment.release, timers }),
    );
    this.producer.onUnblocked = () => this.unblocked();
    const { transaction } = options;
    this.transactions =
      this.producer.transactions === null
        ? null
        : new TransactionLoop(context, this.producer, transaction ?? OPEN_ENDED, () => this.resume());
    if (client.sending) this.startSending();
  }

  startSending(): void {
    const { rate, options } = this.client;
    if (rate === null || this.ending) return;
    this.context.emit(clientEvents['sending-started'], [options.topic, rate.records, rate.perUs]);
    this.transactions?.resume();
    this.resume();
  }

  stopSending(done: () => void): void {
    this.pause();
    this.settle(done);
  }

  /** What was sent is decided, and so is the transaction that it is part of. */
  private settle(done: () => void): void {
    if (this.transactions === null) this.producer.flush(done);
    else this.transactions.stop(() => this.producer.flush(done));
  }

  endTransaction(how: 'commit' | 'abort', done: () => void): boolean {
    this.transactions?.end(how, done);
    return this.transactions !== null;
  }

  send({ topic, partition, key, value }: GivenRecord, done: SendCallback): void {
    this.producer.send({
      topic,
      partition,
      key: key === null ? null : encoder.encode(key),
      keyText: key,
      value: value === null ? null : encoder.encode(value),
      timestampMs: this.context.wallMs(),
      serial: this.client.nextSerial(),
      done,
    });
  }

  terminate(): void {
    this.pause();
    this.ending = true;
    this.settle(() => {
      this.producer.close();
      this.client.ended(this);
      this.context.exit(0, 'the producer is closed');
    });
  }

  /** The next record is due. */
  tick(): void {
    const { client, payload, context } = this;
    const { rate, options } = client;
    this.timer = null;
    if (rate === null || !client.sending || this.transactions?.isOpen === false) return;
    const serial = client.nextSerial();
    this.count += 1;
    this.producer.send({
      topic: options.topic,
      partition: null,
      key: payload.key(serial),
      keyText: payload.keyText(serial),
      value: payload.value(serial),
      timestampMs: context.wallMs(),
      serial,
      done: null,
    });
    this.transactions?.sent();
    // An application that waits in send() does not come to its next record; it makes up for nothing afterwards.
    if (this.producer.isBlocked) return;
    if (this.transactions?.isFull === true) {
      this.transactions.endAsPlanned();
      return;
    }
    const nextUs = dueUs(rate, this.originUs, this.count);
    this.timer = context.after(Math.max(0, nextUs - context.nowUs()), tickDue, this);
  }

  private unblocked(): void {
    if (this.transactions?.isOpen === true && this.transactions.isFull) this.transactions.endAsPlanned();
    else this.resume();
  }

  private resume(): void {
    const { rate, sending } = this.client;
    this.timer?.cancel();
    this.timer = null;
    if (this.transactions?.isOpen === false) return;
    if (rate === null || !sending || this.ending || this.producer.isBlocked) return;
    this.originUs = this.context.nowUs();
    this.count = 0;
    this.timer = this.context.after(0, tickDue, this);
  }

  private pause(): void {
    if (this.timer !== null) this.context.emit(clientEvents['sending-stopped'], [this.client.options.topic]);
    this.timer?.cancel();
    this.timer = null;
  }
}

function tickDue(session: ProducerSession): void {
  session.tick();
}
