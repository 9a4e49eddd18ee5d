import type { Overrides } from '../../config/config.ts';
import { consumerConfig } from '../../config/resources.ts';
import type { Context, Program, ProgramFactory } from '../../kernel/api.ts';
import { errorName } from '../../protocol/errors.ts';
import { Consumer } from '../consumer/consumer.ts';
import type { ClientEnvironment } from '../environment.ts';

/** When the application of a consumer commits. */
export type CommitWhen =
  /** The consumer does it by itself, as `enable.auto.commit` says. */
  | 'auto'
  /** commitSync() before it works on what poll() returned: at most once. */
  | 'before'
  /** commitSync() after that: at least once. */
  | 'after';

export interface ConsumerClientOptions {
  readonly topics: readonly string[];
  /** Null: a consumer without a group reads all partitions. */
  readonly group: string | null;
  /** What a record takes of the application's time. */
  readonly processUs: number;
  readonly commit: CommitWhen;
  /** `consumer.properties` names. */
  readonly config: Overrides;
  readonly timers?: 'real' | 'fast';
}

/** A consuming client from outside: what the node of one member runs. */
export class ConsumerClient {
  readonly environment: ClientEnvironment;
  readonly options: ConsumerClientOptions;

  constructor(environment: ClientEnvironment, options: ConsumerClientOptions) {
    this.environment = environment;
    this.options = options;
  }

  readonly program: ProgramFactory = (context) => new ConsumerSession(context, this);
}

/** One incarnation of a consuming client: an application with one thread and one consumer. */
class ConsumerSession implements Program {
  private readonly context: Context;
  private readonly options: ConsumerClientOptions;
  private readonly consumer: Consumer;

  constructor(context: Context, { environment, options }: ConsumerClient) {
    this.context = context;
    this.options = options;
    this.consumer = new Consumer(context, environment, configOf(options, environment), {
      topics: options.topics,
      sink: null,
      process: (count, done) => this.process(count, done),
      failed: (error) => this.close(1, `poll() threw ${errorName(error)}`),
    });
  }

  terminate(): void {
    this.close(0, 'the consumer is closed');
  }

  private process(count: number, done: () => void): void {
    const { commit } = this.options;
    if (commit === 'auto') this.work(count, done);
    else if (commit === 'before') this.consumer.commitSync(() => this.work(count, done));
    else this.work(count, () => this.consumer.commitSync(done));
  }

  private work(count: number, done: () => void): void {
    const { processUs } = this.options;
    if (processUs === 0) done();
    else this.context.cpu.run(count * processUs, call, done);
  }

  private close(code: number, reason: string): void {
    this.consumer.close(() => this.context.exit(code, reason));
  }
}

function call(done: () => void): void {
  done();
}

function configOf({ config, group, commit, timers = 'real' }: ConsumerClientOptions, { release }: ClientEnvironment) {
  const byHand = commit === 'auto' ? {} : { 'enable.auto.commit': false };
  return consumerConfig({ ...config, 'group.id': group, ...byHand }, { version: release, timers });
}
