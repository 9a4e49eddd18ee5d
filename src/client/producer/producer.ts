import type { Config } from '../../config/config.ts';
import type { Context, Timer } from '../../kernel/api.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import { type ClientEnvironment, networkSettings } from '../environment.ts';
import { clientEvents } from '../events.ts';
import { ClientNetwork } from '../network.ts';
import { Accumulator, sizeOfOwnBatch } from './accumulator.ts';
import type { OutgoingRecord } from './batch.ts';
import { Idempotence } from './idempotence.ts';
import { Partitioner } from './partitioner.ts';
import { Sender } from './sender.ts';
import { type ProducerSettings, producerSettings } from './settings.ts';
import { type TransactionCallback, Transactions } from './transactions.ts';

/** A call of `send` that waits. */
interface BlockedSend {
  readonly record: OutgoingRecord;
  readonly deadlineUs: number;
}

/**
 * A producer as an application has it: `send` takes a record, or waits for metadata or memory, as KafkaProducer.send does;
 * everything after that is the sender's.
 */
export class Producer {
  readonly network: ClientNetwork;
  readonly settings: ProducerSettings;
  private readonly accumulator: Accumulator;
  private readonly partitioner: Partitioner;
  private readonly sender: Sender;
  /** Null without a transactional id. */
  readonly transactions: Transactions | null;
  private readonly blocked: BlockedSend[] = [];
  private flushes: (() => void)[] = [];
  private timer: Timer | null = null;
  /** Called when no call of `send` waits any more. */
  onUnblocked: (() => void) | null = null;

  constructor(context: Context, environment: ClientEnvironment, config: Config) {
    this.settings = producerSettings(config);
    const clientId = config.string('client.id') || context.node;
    this.network = new ClientNetwork(
      context,
      environment,
      networkSettings(config, clientId, this.settings.maxInFlight),
    );
    this.accumulator = new Accumulator(this.settings, environment.compression);
    this.partitioner = new Partitioner(context.chance('partitioner'), this.settings);
    const { network, settings, accumulator } = this;
    const { transactionalId, transactionTimeoutMs: timeoutMs } = settings;
    const idempotence = settings.idempotent ? new Idempotence(transactionalId !== null) : null;
    this.transactions =
      transactionalId === null || idempotence === null
        ? null
        : new Transactions({
            ...{ transactionalId, timeoutMs, network, accumulator, idempotence },
            wake: () => this.sender.run(),
            dropUnsent: (error) => this.sender.dropUnsent(error),
          });
    const parts = { network, settings, accumulator, idempotence, transactions: this.transactions };
    this.sender = new Sender(parts, { onProgress: () => this.progress() });
    network.onChange(() => this.unblock());
  }

  /** Whether a call of `send` waits: a single-threaded application sends nothing else meanwhile. */
  get isBlocked(): boolean {
    return this.blocked.length > 0;
  }

  /** How many batches are not decided, and calls of `send` not done. */
  get outstanding(): number {
    return this.accumulator.incomplete + this.blocked.length;
  }

  send(record: OutgoingRecord): void {
    if (this.blocked.length === 0 && this.attempt(record)) return;
    const { context } = this.network;
    const reason = this.reasonToWait(record);
    context.emit(clientEvents['send-blocked'], [record.topic, record.serial, reason]);
    this.blocked.push({ record, deadlineUs: context.nowUs() + this.settings.maxBlockUs });
    if (reason === 'memory') {
      this.sender.hurry = true;
      this.sender.run();
    }
    if (this.blocked.length === 1) this.watchFirst();
  }

  /** Calls back when nothing is outstanding; nothing lingers until then. */
  flush(done: () => void): void {
    this.flushes.push(done);
    this.sender.hurry = true;
    this.sender.run();
    this.progress();
  }

  /** Everything that was sent counts, or nothing of it; nothing lingers until then. */
  endTransaction(how: 'commit' | 'abort', done: TransactionCallback): void {
    this.sender.hurry = true;
    this.transactions!.end(how, (outcome) => {
      this.sender.hurry = this.flushes.length > 0;
      done(outcome);
    });
  }

  close(): void {
    this.timer?.cancel();
    this.network.close();
  }

  /** False if it has to wait. */
  private attempt(record: OutgoingRecord): boolean {
    const { network, settings, accumulator } = this;
    const topic = network.metadata.topic(record.topic);
    if (topic === undefined || !topic.known || (record.partition ?? 0) >= topic.partitions.length) {
      network.refresher.watch(record.topic);
      const error = topic?.error ?? ErrorCode.NONE;
      if (error !== ErrorCode.INVALID_TOPIC_EXCEPTION && error !== ErrorCode.TOPIC_AUTHORIZATION_FAILED) {
        if (topic !== undefined) network.refresher.request();
        return false;
      }
      this.refuse(record, error);
      return true;
    }
    const sizeBytes = sizeOfOwnBatch(record);
    if (sizeBytes > settings.maxRequestSize || sizeBytes > settings.bufferMemory) {
      this.refuse(record, ErrorCode.MESSAGE_TOO_LARGE);
      return true;
    }
    const index = record.partition ?? this.partitioner.partitionFor(topic, record.key, sizeBytes);
    const partition = topic.partitions[index]!;
    const appended = accumulator.append(partition, record, network.context.nowUs());
    if (appended === 'exhausted') return false;
    this.transactions?.include(accumulator.queueOf(partition));
    network.context.emit(clientEvents['record-sent'], [partition.name, record.serial, record.keyText]);
    if (appended !== 'joined') this.sender.begun();
    if (appended === 'full') this.sender.run();
    return true;
  }

  private reasonToWait(record: OutgoingRecord): string {
    if (this.blocked.length > 0) return 'earlier-send';
    return this.network.metadata.topic(record.topic)?.known === true ? 'memory' : 'metadata';
  }

  private refuse(record: OutgoingRecord, error: number): void {
    const { network } = this;
    network.sawError('send', error, null, null);
    const values = [record.topic, record.serial, record.keyText, errorName(error)];
    network.context.emit(clientEvents['send-failed'], values);
    record.done?.({ kind: 'failed', error, definite: true });
  }

  /** Tries the waiting sends again, in order. */
  private unblock(): void {
    if (this.blocked.length === 0) return;
    while (this.blocked.length > 0 && this.attempt(this.blocked[0]!.record)) this.blocked.shift();
    if (this.blocked.length > 0) this.watchFirst();
    else this.noneBlocked();
  }

  private watchFirst(): void {
    const { context } = this.network;
    this.timer?.cancel();
    this.timer = context.after(Math.max(0, this.blocked[0]!.deadlineUs - context.nowUs()), blockedTooLong, this);
  }

  /** max.block.ms of the first waiting send is over: a TimeoutException, or one of its kinds. */
  blockedTooLong(): void {
    const first = this.blocked.shift();
    if (first === undefined) return;
    this.refuse(first.record, ErrorCode.REQUEST_TIMED_OUT);
    if (this.blocked.length > 0) this.watchFirst();
    else this.noneBlocked();
  }

  private noneBlocked(): void {
    this.timer?.cancel();
    this.timer = null;
    this.sender.hurry = this.flushes.length > 0;
    this.progress();
    this.onUnblocked?.();
  }

  private progress(): void {
    if (this.blocked.length > 0) this.unblock();
    if (this.flushes.length === 0 || this.outstanding > 0) return;
    const flushes = this.flushes;
    this.flushes = [];
    this.sender.hurry = false;
    for (const done of flushes) done();
  }
}

function blockedTooLong(producer: Producer): void {
  producer.blockedTooLong();
}
