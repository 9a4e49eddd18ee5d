import type { Chance, CloseReason, Connection, ConnectionHandler, Context, Timer } from '../kernel/api.ts';
import type { Api } from '../protocol/schema.ts';
import { MalformedMessage } from '../protocol/wire-error.ts';
import type { RpcChannel, RpcClientOptions, RpcFailure, RpcSettings } from './api.ts';
import { backoffUs } from './backoff.ts';
import { rpcEvents } from './events.ts';
import { Fifo } from './fifo.ts';
import {
  type Done,
  decodeResponse,
  EncodedMessage,
  encodeRequest,
  RequestMessage,
  ResponseMessage,
  sizeOfMessage,
  topErrorOf,
} from './messages.ts';

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** `socket.connection.setup.timeout.max.ms` is three times `socket.connection.setup.timeout.ms` by default. */
const CONNECT_TIMEOUT_GROWTH = 3;
const DEFAULT_BACKOFF_MS = 50;
const DEFAULT_BACKOFF_MAX_MS = 1000;
const DEFAULT_MAX_IN_FLIGHT = 100;
const LAST_CORRELATION_ID = 0x7fff_ffff;

type State = 'idle' | 'connecting' | 'connected' | 'backing-off' | 'closed';

/** Opens a channel; it connects when the first request is sent. */
export function openChannel(
  context: Context,
  node: string,
  port: string,
  options: RpcClientOptions,
  settings: RpcSettings,
): RpcChannel {
  return new Channel(context, node, port, options, settings);
}

/**
 * The client's side of one connection, as NetworkClient keeps it. A request waits until the connection stands and there
 * is room; when the connection ends, everything that waits or is in flight fails. The back-off grows until a response
 * has come: that a connection stands is no sign of health.
 */
class Channel implements RpcChannel, ConnectionHandler {
  readonly node: string;
  readonly port: string;
  private readonly context: Context;
  private readonly options: RpcClientOptions;
  private readonly maxInFlight: number;
  private readonly encode: boolean;
  private readonly chance: Chance;
  private state: State = 'idle';
  private connection: Connection | null = null;
  private readonly unsent = new Fifo<RequestMessage>();
  private readonly sent = new Fifo<RequestMessage>();
  private nextCorrelationId = 1;
  /** Connections that ended, or were never made, since the last response. */
  private failures = 0;
  private setupTimer: Timer | null = null;
  /** One timer for all requests: it is set to the earliest deadline, and set again when it rings too early. */
  private deadlineTimer: Timer | null = null;
  private deadlineUs = Number.POSITIVE_INFINITY;

  constructor(context: Context, node: string, port: string, options: RpcClientOptions, settings: RpcSettings) {
    this.context = context;
    this.node = node;
    this.port = port;
    this.options = options;
    this.maxInFlight = options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT;
    this.encode = settings.encode;
    this.chance = context.chance(`rpc/${node}:${port}`);
  }

  get connected(): boolean {
    return this.state === 'connected';
  }

  get inFlight(): number {
    return this.sent.size;
  }

  get ready(): boolean {
    if (this.state === 'idle') return true;
    return this.state === 'connected' && this.sent.size + this.unsent.size < this.maxInFlight;
  }

  send<A>(
    api: Api,
    version: number,
    body: unknown,
    done: (arg: A, response: unknown, failure: RpcFailure | null) => void,
    arg: A,
    options?: { readonly timeoutMs?: number; readonly expectsResponse?: boolean },
  ): void {
    const timeoutMs = options?.timeoutMs ?? this.options.requestTimeoutMs;
    const deadlineUs = this.context.nowUs() + timeoutMs * 1000;
    const expectsResponse = options?.expectsResponse !== false;
    const { clientId } = this.options;
    const call: { readonly done: Done } = { done };
    const request = new RequestMessage(api, version, clientId, body, expectsResponse, call.done, arg, deadlineUs);
    request.cause = this.context.cause;
    if (this.state === 'closed') {
      this.context.after(0, failClosed, request);
      return;
    }
    if (deadlineUs < this.deadlineUs) this.watch(deadlineUs);
    if (this.state === 'connected' && this.unsent.size === 0 && this.sent.size < this.maxInFlight) {
      this.transmit(request);
    } else {
      this.unsent.push(request);
      if (this.state === 'idle') this.connect();
    }
  }

  disconnect(): void {
    if (this.connection !== null) this.lose('closed');
  }

  close(): void {
    this.state = 'closed';
    this.lose('closed');
  }

  onOpen(connection: Connection): void {
    if (connection !== this.connection) return;
    this.setupTimer?.cancel();
    this.setupTimer = null;
    this.state = 'connected';
    this.flush();
  }

  onMessage(connection: Connection, message: unknown): void {
    if (connection !== this.connection) return;
    const request = this.sent.peek();
    const body = request === undefined ? undefined : bodyOf(message, request);
    if (request === undefined || body === undefined) {
      this.lose('reset');
      return;
    }
    this.sent.shift();
    this.failures = 0;
    const { context } = this;
    context.cause = context.emit(rpcEvents['response-received'], [
      request.api.name,
      request.correlationId,
      this.node,
      connection.id,
      sentAtOf(message, context.nowUs()),
      topErrorOf(request.api, request.version, body),
    ]);
    if (this.unsent.size > 0) this.flush();
    request.done(request.arg, body, null);
  }

  onClose(connection: Connection, reason: CloseReason): void {
    if (connection !== this.connection) return;
    this.connection = null;
    this.lose(reason);
  }

  sizeOf(message: unknown): number {
    return sizeOfMessage(message);
  }

  retry(): void {
    if (this.state !== 'backing-off') return;
    this.state = 'idle';
    if (this.unsent.size > 0) this.connect();
    else this.options.onConnectable?.();
  }

  setupTimedOut(): void {
    this.setupTimer = null;
    const { context } = this;
    context.cause = context.emit(rpcEvents['connection-attempt-timed-out'], [this.node, this.port]);
    this.lose('timeout');
  }

  /** What is overdue fails; if any of it had been sent, the connection is of no use any more. */
  deadlineReached(): void {
    this.deadlineTimer = null;
    this.deadlineUs = Number.POSITIVE_INFINITY;
    const nowUs = this.context.nowUs();
    const overdue = (request: RequestMessage): boolean => request.deadlineUs <= nowUs;
    const overdueUnsent = this.unsent.extract(overdue);
    const overdueSent = this.sent.extract(overdue);
    if (overdueSent.length === 0) {
      this.watchEarliest();
      for (const request of overdueUnsent) this.giveUp(request, false);
      return;
    }
    const sent = this.sent.drain();
    const unsent = this.unsent.drain();
    this.leave();
    for (const request of overdueSent) this.giveUp(request, true);
    for (const request of overdueUnsent) this.giveUp(request, false);
    failAll(sent, { kind: 'disconnected', reason: 'timeout', sent: true });
    failAll(unsent, { kind: 'disconnected', reason: 'timeout', sent: false });
  }

  private connect(): void {
    const { context, options } = this;
    this.state = 'connecting';
    this.connection = context.connect(this.node, this.port, this);
    const timeoutMs = options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
    const budgetUs = backoffUs(timeoutMs, timeoutMs * CONNECT_TIMEOUT_GROWTH, this.failures, this.chance);
    this.setupTimer = context.after(budgetUs, setupDue, this);
  }

  private transmit(request: RequestMessage): void {
    const { context } = this;
    request.correlationId = this.nextCorrelationId;
    this.nextCorrelationId = request.correlationId === LAST_CORRELATION_ID ? 0 : request.correlationId + 1;
    request.sentAtUs = context.nowUs();
    if (request.expectsResponse) this.sent.push(request);
    else context.after(0, sentDue, request);
    this.connection?.send(this.encode ? new EncodedMessage(encodeRequest(request), request.sentAtUs) : request);
  }

  /** Sends what waits, as far as there is room, each because of what had caused it. */
  private flush(): void {
    const { context } = this;
    const { cause } = context;
    while (this.state === 'connected' && this.unsent.size > 0 && this.sent.size < this.maxInFlight) {
      const request = this.unsent.shift()!;
      context.cause = request.cause;
      this.transmit(request);
    }
    context.cause = cause;
  }

  /** The connection ended: everything fails. */
  private lose(reason: CloseReason): void {
    const sent = this.sent.drain();
    const unsent = this.unsent.drain();
    this.leave();
    failAll(sent, { kind: 'disconnected', reason, sent: true });
    failAll(unsent, { kind: 'disconnected', reason, sent: false });
  }

  /** Gives the connection up, and the right to make another for a while. */
  private leave(): void {
    this.connection?.close();
    this.connection = null;
    this.setupTimer?.cancel();
    this.setupTimer = null;
    this.watchEarliest();
    if (this.state === 'closed') return;
    this.state = 'backing-off';
    const { reconnectBackoffMs = DEFAULT_BACKOFF_MS, reconnectBackoffMaxMs = DEFAULT_BACKOFF_MAX_MS } = this.options;
    const delayUs = backoffUs(reconnectBackoffMs, reconnectBackoffMaxMs, this.failures, this.chance);
    this.failures += 1;
    this.context.after(delayUs, retryDue, this);
    this.options.onLost?.();
  }

  private giveUp(request: RequestMessage, sent: boolean): void {
    const { context } = this;
    const values = [request.api.name, request.correlationId, this.node, sent];
    context.cause = context.emit(rpcEvents['request-timed-out'], values);
    request.done(request.arg, null, { kind: 'timeout', sent });
  }

  private watchEarliest(): void {
    let earliestUs = Number.POSITIVE_INFINITY;
    for (const request of this.sent) earliestUs = Math.min(earliestUs, request.deadlineUs);
    for (const request of this.unsent) earliestUs = Math.min(earliestUs, request.deadlineUs);
    this.deadlineTimer?.cancel();
    this.deadlineTimer = null;
    this.deadlineUs = Number.POSITIVE_INFINITY;
    if (earliestUs < Number.POSITIVE_INFINITY) this.watch(earliestUs);
  }

  private watch(deadlineUs: number): void {
    const { context } = this;
    this.deadlineTimer?.cancel();
    this.deadlineUs = deadlineUs;
    this.deadlineTimer = context.after(deadlineUs - context.nowUs(), deadlineDue, this);
  }
}

function failAll(requests: readonly RequestMessage[], failure: RpcFailure): void {
  for (const request of requests) request.done(request.arg, null, failure);
}

/** The body of an answer to this request; undefined if the message is no such thing. */
function bodyOf(message: unknown, request: RequestMessage): unknown {
  if (message instanceof ResponseMessage) {
    return message.correlationId === request.correlationId ? message.body : undefined;
  }
  try {
    if (message instanceof EncodedMessage) return decodeResponse(message.bytes, request);
    if (message instanceof Uint8Array) return decodeResponse(message, request);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
  }
  return undefined;
}

function sentAtOf(message: unknown, nowUs: number): number {
  return message instanceof ResponseMessage || message instanceof EncodedMessage ? message.sentAtUs : nowUs;
}

function failClosed(request: RequestMessage): void {
  request.done(request.arg, null, { kind: 'disconnected', reason: 'closed', sent: false });
}

function sentDue(request: RequestMessage): void {
  request.done(request.arg, null, null);
}

function setupDue(channel: Channel): void {
  channel.setupTimedOut();
}

function retryDue(channel: Channel): void {
  channel.retry();
}

function deadlineDue(channel: Channel): void {
  channel.deadlineReached();
}
