/**
 * Requests to brokers (ControllerChannelManager): a queue without bound for each, one request in flight, asked again after 100 ms for
 * ever, until the broker is removed. So a request may be executed twice, and an old controller goes on sending what it had queued.
 */
import type { Context, EventId } from '../../../../kernel/api.ts';
import type { Api } from '../../../../protocol/schema.ts';
import type { RpcChannel, RpcFailure, RpcSettings } from '../../../../rpc/api.ts';
import { openChannel } from '../../../../rpc/channel.ts';
import { zookeeperModeEvents } from '../events.ts';
import type { LiveBroker } from './state.ts';

const RETRY_MS = 100;

export interface ControlRequest {
  readonly api: Api;
  readonly version: number;
  /** How many partitions it speaks of. */
  readonly partitions: number;
  /** Made anew for each attempt. */
  readonly body: () => unknown;
  readonly answered: ((response: unknown) => void) | null;
}

export interface SenderOptions {
  readonly rpc: RpcSettings;
  /** Port at which brokers take requests of brokers. */
  readonly port: string;
  readonly clientId: string;
  readonly timeoutMs: number;
}

export class BrokerSenders {
  private readonly context: Context;
  private readonly options: SenderOptions;
  private readonly senders = new Map<number, BrokerSender>();

  constructor(context: Context, options: SenderOptions) {
    this.context = context;
    this.options = options;
  }

  add(broker: LiveBroker): void {
    if (!this.senders.has(broker.id)) this.senders.set(broker.id, new BrokerSender(this.context, this.options, broker));
  }

  remove(brokerId: number): void {
    this.senders.get(brokerId)?.close();
    this.senders.delete(brokerId);
  }

  send(brokerId: number, request: ControlRequest): void {
    this.senders.get(brokerId)?.enqueue(request);
  }

  close(): void {
    for (const sender of this.senders.values()) sender.close();
    this.senders.clear();
  }
}

interface Queued {
  readonly request: ControlRequest;
  readonly cause: EventId;
}

class BrokerSender {
  private readonly context: Context;
  private readonly channel: RpcChannel;
  private readonly brokerId: number;
  private readonly queue: Queued[] = [];
  private inFlight = false;
  private closed = false;

  constructor(context: Context, { rpc, port, clientId, timeoutMs }: SenderOptions, { id, node }: LiveBroker) {
    this.context = context;
    this.brokerId = id;
    this.channel = openChannel(context, node, port, { clientId, requestTimeoutMs: timeoutMs, maxInFlight: 1 }, rpc);
  }

  enqueue(request: ControlRequest): void {
    const { context } = this;
    const { api, partitions } = request;
    const cause = context.emit(zookeeperModeEvents['control-request-sent'], [this.brokerId, api.name, partitions]);
    this.queue.push({ request, cause });
    this.proceed();
  }

  proceed(): void {
    const next = this.queue[0];
    if (this.inFlight || this.closed || next === undefined) return;
    this.inFlight = true;
    const { context } = this;
    const before = context.cause;
    context.cause = next.cause;
    const { api, version, body } = next.request;
    this.channel.send(api, version, body(), onAnswer, this);
    context.cause = before;
  }

  answered(response: unknown, failure: RpcFailure | null): void {
    if (this.closed) return;
    if (failure !== null) {
      this.context.after(RETRY_MS * 1000, onRetry, this);
      return;
    }
    this.inFlight = false;
    const answered = this.queue.shift();
    answered?.request.answered?.(response);
    this.proceed();
  }

  retry(): void {
    this.inFlight = false;
    this.proceed();
  }

  close(): void {
    this.closed = true;
    this.channel.close();
  }
}

const onAnswer = (sender: BrokerSender, response: unknown, failure: RpcFailure | null): void =>
  sender.answered(response, failure);
const onRetry = (sender: BrokerSender): void => sender.retry();
