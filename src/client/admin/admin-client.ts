import type { Config } from '../../config/config.ts';
import type { Context } from '../../kernel/api.ts';
import { ErrorCode, isCoordinatorMoved } from '../../protocol/errors.ts';
import type { Api, RequestOf, ResponseOf } from '../../protocol/schema.ts';
import { type BrokerConnection, failureCode, type RequestFailure } from '../connection.ts';
import { CoordinatorFinder } from '../consumer/coordinator.ts';
import { type ClientEnvironment, MAX_IN_FLIGHT, networkSettings } from '../environment.ts';
import { ClientNetwork } from '../network.ts';
import { errorsIn } from './errors-in.ts';

/** Who answers a request. */
export type AdminTarget =
  /** The broker that the metadata names as controller; in KRaft any broker, which forwards. */
  | { readonly kind: 'controller' }
  | { readonly kind: 'any' }
  | { readonly kind: 'broker'; readonly id: number }
  | { readonly kind: 'leader'; readonly topic: string; readonly partition: number }
  | { readonly kind: 'coordinator'; readonly group: string };

export type AdminResult<Response> =
  /** What the answer says of each item is the caller's affair. */
  | { readonly kind: 'answered'; readonly response: Response }
  /** No answer in time, or only such as ask for patience; `lastError` is the latest of them, 0 if there was none. */
  | { readonly kind: 'timed-out'; readonly lastError: number }
  /** It cannot be asked: no broker offers it. */
  | { readonly kind: 'failed'; readonly error: number };

/** A call on its way, through as many attempts as it takes. */
interface Call {
  readonly api: Api;
  readonly body: unknown;
  readonly target: AdminTarget;
  readonly deadlineUs: number;
  readonly done: (result: AdminResult<unknown>) => void;
  state: 'waiting' | 'in-flight' | 'backing-off' | 'done';
  failures: number;
  lastError: number;
}

/**
 * Sends administrative requests to whom they concern, again and again until an answer says more than "not now", or the time
 * is up (KafkaAdminClient). A request that timed out may have been carried out: its repetition then says so, as with the real
 * client (TOPIC_ALREADY_EXISTS, UNKNOWN_TOPIC_OR_PARTITION).
 */
export class AdminClient {
  readonly network: ClientNetwork;
  private readonly timeoutMs: number;
  private readonly requestTimeoutMs: number;
  private readonly finders = new Map<string, CoordinatorFinder>();
  private calls: Call[] = [];
  private running = false;

  constructor(context: Context, environment: ClientEnvironment, config: Config) {
    const clientId = config.string('client.id') || context.node;
    this.network = new ClientNetwork(context, environment, networkSettings(config, clientId, MAX_IN_FLIGHT.admin));
    this.timeoutMs = config.number('default.api.timeout.ms');
    this.requestTimeoutMs = config.number('request.timeout.ms');
    this.network.refresher.autoCreate(false);
    this.network.onChange(() => this.run());
  }

  /** `timeoutMs`: for all attempts together, instead of default.api.timeout.ms. */
  request<A extends Api>(
    api: A,
    body: RequestOf<A>,
    target: AdminTarget,
    done: (result: AdminResult<ResponseOf<A>>) => void,
    timeoutMs = this.timeoutMs,
  ): void {
    const { context } = this.network;
    const call: Call = {
      api,
      body,
      target,
      deadlineUs: context.nowUs() + timeoutMs * 1000,
      done: done as (result: AdminResult<unknown>) => void,
      state: 'waiting',
      failures: 0,
      lastError: ErrorCode.NONE,
    };
    this.calls.push(call);
    context.after(timeoutMs * 1000, overdue, { admin: this, call });
    this.run();
  }

  close(): void {
    this.network.close();
  }

  /** Sends what can be sent now. */
  run(): void {
    if (this.running) return;
    this.running = true;
    for (const call of this.calls) {
      if (call.state !== 'waiting') continue;
      const connection = this.connectionFor(call.target);
      if (connection === null) continue;
      call.state = 'in-flight';
      const leftMs = Math.ceil((call.deadlineUs - this.network.context.nowUs()) / 1000);
      const timeoutMs = Math.max(1, Math.min(this.requestTimeoutMs, leftMs));
      connection.send(call.api, call.body, answered, { admin: this, call, connection }, { timeoutMs });
    }
    this.running = false;
    this.calls = this.calls.filter(({ state }) => state !== 'done');
  }

  answered(call: Call, response: unknown, failure: RequestFailure | null, broker: number): void {
    if (call.state === 'done') return;
    const error = failure === null ? this.reasonToRepeat(call, response) : failureCode(failure);
    if (error === ErrorCode.NONE) {
      this.end(call, { kind: 'answered', response });
      return;
    }
    this.network.sawError(call.api.name, error, null, broker);
    if (failure?.kind === 'unsupported') {
      this.end(call, { kind: 'failed', error });
      return;
    }
    call.lastError = error;
    this.forgetTarget(call.target, error);
    call.state = 'backing-off';
    this.network.context.after(this.network.retryBackoffUs(call.failures), backedOff, { admin: this, call });
    call.failures += 1;
  }

  backedOff(call: Call): void {
    if (call.state === 'backing-off') call.state = 'waiting';
    this.run();
  }

  overdue(call: Call): void {
    if (call.state !== 'done') this.end(call, { kind: 'timed-out', lastError: call.lastError });
  }

  private end(call: Call, result: AdminResult<unknown>): void {
    call.state = 'done';
    call.done(result);
    this.run();
  }

  /** A connection that takes a request now; else null, and one is being made, or metadata asked for. */
  private connectionFor(target: AdminTarget): BrokerConnection | null {
    const { network } = this;
    const { metadata, refresher } = network;
    switch (target.kind) {
      case 'any':
        if (!metadata.onBootstrap) return network.leastLoaded();
        refresher.request();
        return null;
      case 'controller':
        return this.ready(metadata.controllerId);
      case 'broker':
        return this.ready(target.id);
      case 'leader':
        refresher.watch(target.topic);
        return this.ready(metadata.topic(target.topic)?.partitions[target.partition]?.leader ?? -1);
      case 'coordinator':
        return this.finderOf(target.group).connection();
    }
  }

  private ready(nodeId: number): BrokerConnection | null {
    const connection = this.network.connectionTo(nodeId);
    if (connection?.canSend === true) return connection;
    if (connection === undefined) this.network.refresher.request();
    else connection.connect();
    return null;
  }

  private finderOf(group: string): CoordinatorFinder {
    let finder = this.finders.get(group);
    if (finder === undefined) {
      finder = new CoordinatorFinder(this.network, { kind: 'group', name: group }, (error) =>
        this.coordinatorRefused(group, error),
      );
      this.finders.set(group, finder);
    }
    return finder;
  }

  private coordinatorRefused(group: string, error: number): void {
    for (const call of [...this.calls]) {
      const { target } = call;
      if (target.kind === 'coordinator' && target.group === group && call.state === 'waiting')
        this.end(call, { kind: 'failed', error });
    }
  }

  /** An error in the answer that says that somebody else, or later, should be asked; 0 if there is none. */
  private reasonToRepeat({ target, api }: Call, response: unknown): number {
    const errors = errorsIn(api.response, response);
    return errors.find((error) => isMisdirected(target, error)) ?? ErrorCode.NONE;
  }

  private forgetTarget(target: AdminTarget, error: number): void {
    const { metadata, refresher } = this.network;
    if (target.kind === 'controller') metadata.controllerId = -1;
    if (target.kind === 'coordinator' && error !== ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) {
      this.finderOf(target.group).lost('it says so');
    }
    refresher.request();
  }
}

function isMisdirected(target: AdminTarget, error: number): boolean {
  switch (target.kind) {
    case 'controller':
      return error === ErrorCode.NOT_CONTROLLER || error === ErrorCode.THROTTLING_QUOTA_EXCEEDED;
    case 'coordinator':
      return isCoordinatorMoved(error) || error === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
    case 'leader':
      return (
        error === ErrorCode.NOT_LEADER_OR_FOLLOWER ||
        error === ErrorCode.FENCED_LEADER_EPOCH ||
        error === ErrorCode.LEADER_NOT_AVAILABLE ||
        error === ErrorCode.UNKNOWN_LEADER_EPOCH ||
        error === ErrorCode.KAFKA_STORAGE_ERROR ||
        error === ErrorCode.OFFSET_NOT_AVAILABLE
      );
    case 'any':
    case 'broker':
      return false;
  }
}

interface Sent {
  readonly admin: AdminClient;
  readonly call: Call;
  readonly connection: BrokerConnection;
}

type Waiting = Omit<Sent, 'connection'>;

function answered({ admin, call, connection }: Sent, response: unknown, failure: RequestFailure | null): void {
  admin.answered(call, response, failure, connection.id);
}

function backedOff({ admin, call }: Waiting): void {
  admin.backedOff(call);
}

function overdue({ admin, call }: Waiting): void {
  admin.overdue(call);
}
