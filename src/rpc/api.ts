/**
 * Requests and responses over the kernel's connections. A server answers the requests of one connection in the order in
 * which they came and works on one of them at a time, as a broker does that mutes the channel meanwhile (SocketServer);
 * a client may have several in flight.
 */
import type { CloseReason, Context } from '../kernel/api.ts';
import type { Api } from '../protocol/schema.ts';

/** Who speaks over a connection, as far as it is known by now. */
export interface Identity {
  /** `User:alice`. */
  readonly principal: string;
  /** Address, as ACLs name it. */
  readonly host: string;
  /** A broker or a controller, of which nothing is asked. */
  readonly isTrusted: boolean;
  /** Takes what comes as frames without headers, as long as it is there. */
  readonly raw?: RawExchange | null;
}

/** Tokens of SASL that travel without requests around them (SaslHandshake version 0). One at a time. */
export interface RawExchange {
  /** `answer` is called once; null closes the connection. */
  take(token: Uint8Array, answer: (token: Uint8Array | null) => void): void;
}

/** A connection, as far as its service may meddle with it. */
export interface ServerChannel {
  /** Takes no request before so much time has gone by; an answer that is under way leaves nevertheless (quotas). */
  mute(us: number): void;
  /** Closes after what was answered. */
  close(): void;
}

/** Where a request came from, as the listener knows it. */
export interface Peer {
  readonly node: string;
  readonly connectionId: number;
  /** The server's port that it came to. */
  readonly port: string;
  readonly clientId: string;
  readonly clientSoftware: string;
  readonly identity: Identity;
  readonly channel: ServerChannel;
}

/** A request on its way through a server. Exactly one of `respond`, `close` or `noResponse` ends it. */
export interface ServerRequest<Body = unknown> {
  readonly api: Api;
  readonly version: number;
  readonly correlationId: number;
  readonly body: Body;
  /** The bytes in the body belong to the handler alone, who may write into them and keep them: a real client's request is read once. */
  readonly exclusive: boolean;
  readonly peer: Peer;
  /** The response belongs to the sender from here on: neither side changes it any more. */
  respond(body: unknown): void;
  /** For acks=0: nothing is sent back, the connection goes on. */
  noResponse(): void;
  /** Closes the connection without an answer. */
  close(): void;
}

/** What a server offers at a port. An API or version that it does not list is answered as a real broker answers it. */
export interface RpcService {
  /** Whether this API is offered, and in which versions. */
  versionsOf(apiKey: number): { readonly min: number; readonly max: number } | undefined;
  handle(request: ServerRequest): void;
  /** Who speaks over a new connection; asked once. Without it everybody is anonymous. */
  identify?(connection: Pick<Peer, 'node' | 'connectionId' | 'port'>): Identity;
  /** The connection of these requests ended; whatever still waits for it can be dropped. */
  onDisconnect?(connectionId: number): void;
}

/** How a request of a client ended when no response came. */
export type RpcFailure =
  /** The connection could not be made, or broke, while the request was queued or in flight. */
  | { readonly kind: 'disconnected'; readonly reason: CloseReason; readonly sent: boolean }
  /** No answer in time. The connection is closed, as NetworkClient does. */
  | { readonly kind: 'timeout'; readonly sent: boolean };

export interface RpcClientOptions {
  readonly clientId: string;
  /** From `send` to the response; then the connection is dropped. */
  readonly requestTimeoutMs: number;
  /** Budget for the connection to stand (`socket.connection.setup.timeout.ms`). */
  readonly connectTimeoutMs?: number;
  /** Lower and upper bound of the exponential back-off before a connection is tried again (`reconnect.backoff.ms`, `.max.ms`). */
  readonly reconnectBackoffMs?: number;
  readonly reconnectBackoffMaxMs?: number;
  readonly maxInFlight?: number;
  /** The connection ended, or could not be made; called before what waited for it fails. */
  readonly onLost?: () => void;
  /** After that, when another connection may be tried. */
  readonly onConnectable?: () => void;
}

/** The client's side of one connection to one node's port, made when first needed and again after it broke. */
export interface RpcChannel {
  readonly node: string;
  readonly port: string;
  readonly connected: boolean;
  readonly inFlight: number;
  /** Whether a request sent now would go out at once (connected or connectable, and fewer than `maxInFlight` in flight). */
  readonly ready: boolean;
  /**
   * Sends a request; `done` is called once, with the response, or with null and why. The request body belongs to the
   * channel from here on. `expectsResponse: false` (acks=0) calls back as soon as it is sent.
   */
  send<A>(
    api: Api,
    version: number,
    body: unknown,
    done: (arg: A, response: unknown, failure: RpcFailure | null) => void,
    arg: A,
    options?: { readonly timeoutMs?: number; readonly expectsResponse?: boolean },
  ): void;
  /** Drops the connection; what is in flight fails as disconnected. */
  disconnect(): void;
  close(): void;
}

/** What happens to a request at a server before its handler sees it (`inject` of the scenario language). */
export interface Interceptor {
  /** Null lets it pass. Asked for each request in order of arrival. */
  intercept(node: string, request: ServerRequest): Interception | null;
}
export type Interception =
  /** Answered with this body; with `handled`, after the handler did its work (a lost acknowledgement). */
  | {
      readonly kind: 'answer';
      readonly handled: boolean;
      readonly rewrite: (request: ServerRequest, response: unknown | null) => unknown;
    }
  | { readonly kind: 'delay'; readonly delayUs: number }
  | { readonly kind: 'disconnect'; readonly handled: boolean }
  | { readonly kind: 'hang'; readonly handled: boolean };

/** Takes down what real clients send and are told. */
export interface Witness {
  /** A request of a real client is taken up by the process of this context. */
  asked(context: Context, request: ServerRequest): void;
  /** Its answer leaves. What is returned travels with it; null: nothing worth telling. */
  answered(context: Context, request: ServerRequest, body: unknown): unknown;
  /** It is over for the server, with an answer or without one. */
  ended(request: ServerRequest): void;
  /** The answer has come to the client's side. */
  arrived(context: Context, testimony: unknown): void;
}

/** Settings that hold for a whole world: whether messages travel as bytes, and who may interfere. */
export interface RpcSettings {
  /** Encode every message to bytes and decode it at the other end. Slower; the trace is the same. */
  readonly encode: boolean;
  readonly interceptors: readonly Interceptor[];
  /** Where real clients may come. */
  readonly witness?: Witness | undefined;
}

export type Serve = (context: Context, port: string, service: RpcService, settings: RpcSettings) => { close(): void };
export type OpenChannel = (
  context: Context,
  node: string,
  port: string,
  options: RpcClientOptions,
  settings: RpcSettings,
) => RpcChannel;
