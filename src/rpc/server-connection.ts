import type { Connection, Context } from '../kernel/api.ts';
import { assertNever } from '../kernel/assert.ts';
import { ApiVersions } from '../protocol/apis/18-api-versions.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { Api } from '../protocol/schema.ts';
import { MalformedMessage, UnwritableValue } from '../protocol/wire-error.ts';
import type { Interception, Peer, RpcService, RpcSettings, ServerChannel } from './api.ts';
import { rpcEvents } from './events.ts';
import { anonymous } from './identity.ts';
import {
  type Arrival,
  arrivalOf,
  EncodedMessage,
  encodeResponse,
  ResponseMessage,
  TAKEN,
  WitnessedFrame,
} from './messages.ts';
import { type CallOwner, type Ending, ServerCall } from './server-call.ts';

/**
 * The server's side of one connection. Like SocketServer's channel it is muted while a request is worked on: later
 * requests wait, so that answers leave in order.
 */
export class ServerConnection implements CallOwner, ServerChannel {
  private readonly context: Context;
  private readonly service: RpcService;
  private readonly settings: RpcSettings;
  private readonly connection: Connection;
  private readonly whenEnded: () => void;
  /** When it was last used: opened, asked, or answered. */
  usedUs: number;
  private current: ServerCall | null = null;
  private waiting: ServerCall[] = [];
  private peer: Peer;
  private isMuted = false;
  private isOver = false;

  constructor(
    context: Context,
    service: RpcService,
    settings: RpcSettings,
    connection: Connection,
    whenEnded: () => void,
  ) {
    this.context = context;
    this.service = service;
    this.settings = settings;
    this.connection = connection;
    this.whenEnded = whenEnded;
    this.usedUs = context.nowUs();
    const { remoteNode: node, id: connectionId, port } = connection;
    const identity = service.identify?.({ node, connectionId, port }) ?? anonymous(node);
    this.peer = { node, connectionId, port, clientId: '', clientSoftware: '', identity, channel: this };
  }

  /** A request is worked on. */
  get isBusy(): boolean {
    return this.current !== null;
  }

  /** Nobody used it for so long. */
  endIdle(maxIdleUs: number): void {
    const { context, connection } = this;
    context.emit(rpcEvents['connection-idled'], [connection.remoteNode, connection.id, maxIdleUs]);
    this.drop();
  }

  arrived(message: unknown): void {
    this.usedUs = this.context.nowUs();
    const { raw } = this.peer.identity;
    if (raw != null && message instanceof Uint8Array) {
      raw.take(message, (token) => this.answerRaw(token));
      return;
    }
    const call = this.admit(message);
    if (call === null) return;
    this.context.cause = call.event;
    if (call.form === 'frame' && !call.versionUnknown) this.settings.witness?.asked(this.context, call);
    if (!call.versionUnknown) call.interception = this.interceptionOf(call);
    if (this.current !== null || this.isMuted) this.waiting.push(call);
    else this.begin(call);
  }

  ended(call: ServerCall, ending: Ending, body: unknown): void {
    const { interception } = call;
    if (interception === null || interception.kind === 'delay') this.finish(call, ending, body);
    else if (ending !== 'respond') this.finish(call, ending, body);
    else if (interception.kind === 'answer') this.finish(call, 'respond', interception.rewrite(call, body));
    else if (interception.kind === 'disconnect') this.finish(call, 'close', null);
    // A hanging request is never finished: the connection stays muted.
  }

  begin(call: ServerCall): void {
    this.current = call;
    if (call.versionUnknown) this.finish(call, 'respond', unsupportedVersion(this.service));
    else if (call.interception === null) this.service.handle(call);
    else this.intercepted(call, call.interception);
  }

  beginNext(call: ServerCall): void {
    if (this.current === call) this.begin(call);
  }

  /** After an injected delay. */
  handle(call: ServerCall): void {
    if (this.current === call) this.service.handle(call);
  }

  mute(us: number): void {
    this.isMuted = true;
    this.context.after(us, unmuteDue, this);
  }

  unmute(): void {
    this.isMuted = false;
    if (this.current === null) this.proceed();
  }

  close(): void {
    if (!this.isOver) this.drop();
  }

  private answerRaw(token: Uint8Array | null): void {
    if (this.isOver) return;
    if (token === null) this.drop();
    else this.connection.send(token);
  }

  /** The connection ended: what waits is not begun any more, and the present answer goes nowhere. */
  dropWaiting(): void {
    this.isOver = true;
    this.current = null;
    this.waiting = [];
  }

  /** In a step of its own, so that a service does not hear of the end while it is ending a request. */
  forget(): void {
    this.whenEnded();
  }

  private finish(call: ServerCall, ending: Ending, body: unknown): void {
    if (this.current !== call) return;
    this.usedUs = this.context.nowUs();
    if (call.form === 'frame') this.settings.witness?.ended(call);
    if (ending === 'close') {
      this.drop();
      return;
    }
    if (ending === 'respond' && !this.answer(call, body)) return;
    if (ending === 'noResponse' && call.form === 'frame') this.connection.send(TAKEN);
    this.current = null;
    if (!this.isMuted) this.proceed();
  }

  private proceed(): void {
    const next = this.waiting.shift();
    if (next === undefined) return;
    // The next request begins in a step of its own, so that a handler is never entered from within another.
    this.current = next;
    const { context } = this;
    const { cause } = context;
    context.cause = next.event;
    context.after(0, beginDue, { connection: this, call: next });
    context.cause = cause;
  }

  /** False: the connection is closed instead. */
  private answer(call: ServerCall, body: unknown): boolean {
    const { api, version, correlationId, form } = call;
    const sentAtUs = this.context.nowUs();
    if (form === 'values') this.connection.send(new ResponseMessage(api, version, correlationId, body, sentAtUs));
    else if (form === 'encoded')
      this.connection.send(new EncodedMessage(encodeResponse(api, version, correlationId, body), sentAtUs));
    else return this.answerFrame(call, body);
    return true;
  }

  /** Real clients ask in versions that no simulated one speaks: a mistake of a handler shall not end the world for all. */
  private answerFrame(call: ServerCall, body: unknown): boolean {
    const { api, version, correlationId, versionUnknown } = call;
    try {
      const frame = encodeResponse(api, version, correlationId, body);
      const testimony = versionUnknown ? null : (this.settings.witness?.answered(this.context, call, body) ?? null);
      this.connection.send(testimony === null ? frame : new WitnessedFrame(frame, testimony));
      return true;
    } catch (thrown) {
      if (!(thrown instanceof UnwritableValue)) throw thrown;
      const { node, connectionId } = this.peer;
      this.context.emit(rpcEvents['response-unsendable'], [api.name, version, node, connectionId, thrown.message]);
      this.drop();
      return false;
    }
  }

  private drop(): void {
    this.connection.close();
    this.dropWaiting();
    this.context.after(0, forgetDue, this);
  }

  private intercepted(call: ServerCall, interception: Interception): void {
    switch (interception.kind) {
      case 'delay':
        this.context.after(interception.delayUs, handleDue, { connection: this, call });
        return;
      case 'answer':
        if (interception.handled) this.service.handle(call);
        else this.finish(call, 'respond', interception.rewrite(call, null));
        return;
      case 'disconnect':
        if (interception.handled) this.service.handle(call);
        else this.finish(call, 'close', null);
        return;
      case 'hang':
        if (interception.handled) this.service.handle(call);
        return;
      default:
        assertNever(interception);
    }
  }

  private interceptionOf(call: ServerCall): Interception | null {
    for (const interceptor of this.settings.interceptors) {
      const interception = interceptor.intercept(this.context.node, call);
      if (interception === null) continue;
      const handled = interception.kind === 'delay' || interception.handled;
      this.context.emit(rpcEvents['request-intercepted'], [
        call.api.name,
        call.correlationId,
        call.peer.node,
        interception.kind,
        handled,
      ]);
      return interception;
    }
    return null;
  }

  /** Checks that a request can be read and is offered; closes the connection otherwise, as SocketServer does. */
  private admit(message: unknown): ServerCall | null {
    const { context, service, connection } = this;
    const arrival = arrivalOf(message, context.nowUs());
    if (arrival instanceof MalformedMessage) return this.refuse(-1, -1, `malformed header: ${arrival.message}`);
    const { api, key, version, sentAtUs } = arrival;
    const offered = service.versionsOf(key);
    if (api === undefined || offered === undefined) return this.refuse(key, version, 'API not offered');
    const versionUnknown = version < offered.min || version > offered.max;
    if (versionUnknown && key !== ApiVersions.key) return this.refuse(key, version, 'version not offered');
    const body = versionUnknown ? null : readBody(api, arrival);
    if (body instanceof MalformedMessage) return this.refuse(key, version, `malformed: ${body.message}`);
    const event = context.emit(rpcEvents['request-received'], [
      api.name,
      version,
      arrival.correlationId,
      connection.remoteNode,
      connection.id,
      sentAtUs,
    ]);
    this.know(key, arrival.clientId, body);
    return new ServerCall(this, api, arrival, body, this.peer, event, versionUnknown);
  }

  private refuse(key: number, version: number, reason: string): null {
    const { context, connection } = this;
    const values = [key, version, connection.remoteNode, connection.id, reason];
    context.cause = context.emit(rpcEvents['request-rejected'], values);
    this.drop();
    return null;
  }

  /** What the listener learns of its client on the way. */
  private know(key: number, clientId: string, body: unknown): void {
    if (clientId !== this.peer.clientId) this.peer = { ...this.peer, clientId };
    if (key !== ApiVersions.key || body === null) return;
    const clientSoftware = softwareOf(body);
    if (clientSoftware !== '') this.peer = { ...this.peer, clientSoftware };
  }
}

/** A MalformedMessage: the bytes are not what they claim to be. */
function readBody(api: Api, arrival: Arrival): unknown {
  if (arrival.reader === null) return arrival.body;
  try {
    return api.requestCodec(arrival.version).read(arrival.reader);
  } catch (error) {
    if (error instanceof MalformedMessage) return error;
    throw error;
  }
}

/** Name and version of the client's library (KIP-511). */
function softwareOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  if (!('clientSoftwareName' in body) || !('clientSoftwareVersion' in body)) return '';
  return `${body.clientSoftwareName} ${body.clientSoftwareVersion}`.trim();
}

/** Tells a newer client which versions of ApiVersions there are, in a form that every client reads (KIP-511). */
function unsupportedVersion(service: RpcService): unknown {
  const { min, max } = service.versionsOf(ApiVersions.key)!;
  return ApiVersions.response.make({
    errorCode: ErrorCode.UNSUPPORTED_VERSION,
    apiKeys: [{ apiKey: ApiVersions.key, minVersion: min, maxVersion: max }],
  });
}

interface CallDue {
  readonly connection: ServerConnection;
  readonly call: ServerCall;
}

function beginDue({ connection, call }: CallDue): void {
  connection.beginNext(call);
}

function unmuteDue(connection: ServerConnection): void {
  connection.unmute();
}

function handleDue({ connection, call }: CallDue): void {
  connection.handle(call);
}

function forgetDue(connection: ServerConnection): void {
  connection.forget();
}
