/**
 * A client's session with the ensemble, as the Java client keeps it (ClientCnxn): one connection at a time, to one server after
 * another; requests answered in order; pings while idle; the session outlives its connections until the ensemble says otherwise.
 *
 * Time-outs, of a negotiated session time-out T: a ping after T/3 without sending (10 s at most), the connection is given up after
 * 2T/3 without hearing, and an attempt to connect after T/(number of servers). That the session has expired is only learned from a
 * server, on the next connection: a client that reaches no server does not know.
 */
import type { CloseReason, Connection, ConnectionHandler, Context, Timer } from '../../../kernel/api.ts';
import { CLIENT_PORT } from '../ensemble/client-service.ts';
import { OpCode, ZkCode } from '../ensemble/codes.ts';
import {
  type AuthRequest,
  type ClientRequest,
  type ConnectRequest,
  type ConnectResponse,
  type EventType,
  type MultiOp,
  type OpResult,
  type ReplyPacket,
  type RequestPacket,
  type ServerToClient,
  type Stat,
  Xid,
} from '../ensemble/messages.ts';
import { ServerList } from './server-list.ts';
import { type WatchKind, WatchList } from './watch-list.ts';

/** What a session tells its owner. Called inside kernel callbacks, never from within a call of the owner. */
export interface SessionListener {
  /** A connection stands with a living session: a new one, or the one that was there before. */
  onConnected(session: { readonly id: number; readonly isNew: boolean; readonly server: string }): void;
  /** The connection is gone, the session perhaps not. */
  onDisconnected(): void;
  /** The session is over and its ephemerals are gone. This object is of no more use: make another one. */
  onExpired(): void;
  /** A watch fired. A one-shot watch is gone; the next read may set another. */
  onWatch(type: EventType, path: string): void;
  /** A server did not take the credentials: this object is of no more use. Left out: it never has any. */
  onAuthFailed?(): void;
}

export interface SessionOptions {
  /** Kernel nodes of the servers. */
  readonly servers: readonly string[];
  /** What is asked for (zookeeper.session.timeout.ms, 18000); a server grants 2 to 20 of its ticks. */
  readonly sessionTimeoutMs: number;
  readonly listener: SessionListener;
}

/** All errors are codes of `ZkCode`. CONNECTION_LOSS: it may have happened, or not. */
export type Completion = (err: number, reply: ReplyPacket | null) => void;

interface PendingRequest {
  readonly packet: RequestPacket;
  readonly done: Completion;
}

type State = 'new' | 'connecting' | 'connected' | 'closing' | 'closed' | 'expired';

const LONGEST_PING_INTERVAL_MS = 10_000;
/** Pause before a reconnection: random up to this; and once more in full when every server was tried. */
const RECONNECT_PAUSE_MS = 1000;

export class ZooKeeperSession {
  readonly #context: Context;
  readonly #listener: SessionListener;
  readonly #servers: ServerList;
  readonly #watches = new WatchList();
  readonly #handler: ConnectionHandler;
  #state: State = 'new';
  #connection: Connection | null = null;
  #timer: Timer | null = null;
  #timeoutMs: number;
  #sessionId = 0;
  #password: Uint8Array = new Uint8Array(16);
  /** The latest state of the ensemble that this client has seen; no server may take it back behind that. */
  #lastZxid = 0;
  #lastXid = 0;
  /** Sent and not answered, then not sent yet; in order. */
  #pending: PendingRequest[] = [];
  #queued: PendingRequest[] = [];
  /** Said again to every server. */
  readonly #credentials: AuthRequest[] = [];
  #lastHeardMs = 0;
  #lastSentMs = 0;

  constructor(context: Context, options: SessionOptions) {
    this.#context = context;
    this.#listener = options.listener;
    this.#servers = new ServerList(options.servers, context.chance('zookeeper-servers'));
    this.#timeoutMs = options.sessionTimeoutMs;
    this.#handler = {
      onOpen: (connection) => this.#onOpen(connection),
      onMessage: (connection, message) => this.#onMessage(connection, message as ServerToClient),
      onClose: (connection, reason) => this.#onClose(connection, reason),
    };
  }

  /** Begins to connect, and goes on until it is closed or expired. */
  start(): void {
    this.#state = 'connecting';
    this.#connect();
  }

  /** 0 before the first connection. */
  get id(): number {
    return this.#sessionId;
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  // ---- Operations

  /** With its stat, since Kafka takes versions and epochs from there. `flags`: see `CreateFlag`. */
  create(
    path: string,
    data: Uint8Array | null,
    flags: number,
    done: (err: number, created: string, stat: Stat | null) => void,
  ): void {
    this.#request({ type: OpCode.create2, path, data, flags }, (err, reply) =>
      done(err, reply?.body?.path ?? '', reply?.body?.stat ?? null),
    );
  }

  delete(path: string, version: number, done: (err: number) => void): void {
    this.#request({ type: OpCode.delete, path, version }, done);
  }

  setData(
    path: string,
    data: Uint8Array | null,
    version: number,
    done: (err: number, stat: Stat | null) => void,
  ): void {
    this.#request({ type: OpCode.setData, path, data, version }, (err, reply) => done(err, reply?.body?.stat ?? null));
  }

  /** All or none. `err` is 0 or the code of the operation that failed; `results` tells which one. */
  multi(ops: readonly MultiOp[], done: (err: number, results: readonly OpResult[]) => void): void {
    this.#request({ type: OpCode.multi, ops }, (err, reply) => {
      const results = reply?.body?.results ?? [];
      const failed = results.find((result) => result.err !== ZkCode.OK && result.err !== ZkCode.RUNTIME_INCONSISTENCY);
      done(failed?.err ?? err, results);
    });
  }

  exists(path: string, watch: boolean, done: (err: number, stat: Stat | null) => void): void {
    this.#request({ type: OpCode.exists, path, watch }, (err, reply) => done(err, reply?.body?.stat ?? null));
  }

  getData(path: string, watch: boolean, done: (err: number, data: Uint8Array | null, stat: Stat | null) => void): void {
    this.#request({ type: OpCode.getData, path, watch }, (err, reply) =>
      done(err, reply?.body?.data ?? null, reply?.body?.stat ?? null),
    );
  }

  /** Names of the children, in no particular order, and the parent's stat. */
  getChildren(
    path: string,
    watch: boolean,
    done: (err: number, children: readonly string[], stat: Stat | null) => void,
  ): void {
    this.#request({ type: OpCode.getChildren2, path, watch }, (err, reply) =>
      done(err, reply?.body?.children ?? [], reply?.body?.stat ?? null),
    );
  }

  /** Calls back when the server has caught up with what the leader had committed. */
  sync(path: string, done: (err: number) => void): void {
    this.#request({ type: OpCode.sync, path }, done);
  }

  /** Any request, as it is. */
  ask(request: ClientRequest, done: Completion): void {
    this.#request(request, done);
  }

  /** Shows who it is, from now on to every server. There is no answer; a refusal ends the session's use. */
  addCredentials(scheme: string, auth: string): void {
    const request = { type: OpCode.auth, scheme, auth } as const;
    this.#credentials.push(request);
    if (this.#state === 'connected')
      this.#connection?.send({ kind: 'request', xid: Xid.auth, request } satisfies RequestPacket);
  }

  /** Watches that a server was told of no more, or could not be told of; gives those that there were. */
  forgetWatches(path: string, watcherType: number): readonly WatchKind[] {
    return this.#watches.remove(path, watcherType);
  }

  /** Ends the session, with its ephemerals, if a server can be told; calls back in any case. No event comes any more. */
  close(done: () => void): void {
    if (this.#state !== 'connected') {
      this.#end('closed', ZkCode.SESSION_EXPIRED);
      done();
      return;
    }
    this.#request({ type: OpCode.closeSession }, () => {
      this.#end('closed', ZkCode.SESSION_EXPIRED);
      done();
    });
    this.#state = 'closing';
  }

  #request(request: ClientRequest, done: Completion): void {
    if (this.#state === 'expired' || this.#state === 'closed' || this.#state === 'closing') {
      this.#context.after(0, (complete) => complete(ZkCode.SESSION_EXPIRED, null), done);
      return;
    }
    const pending = { packet: { kind: 'request', xid: ++this.#lastXid, request }, done } as const;
    if (this.#state === 'connected') this.#transmit(pending);
    else this.#queued.push(pending);
  }

  #transmit(pending: PendingRequest): void {
    this.#pending.push(pending);
    this.#lastSentMs = this.#context.nowMs();
    this.#connection?.send(pending.packet);
  }

  // ---- Connecting

  readonly #connect = (): void => {
    const now = this.#context.nowMs();
    this.#lastHeardMs = now;
    this.#lastSentMs = now;
    this.#connection = this.#context.connect(this.#servers.next(), CLIENT_PORT, this.#handler);
    this.#setTimer(Math.floor(this.#timeoutMs / this.#servers.size), this.#onConnectTimeout);
  };

  readonly #onConnectTimeout = (): void => {
    this.#connection?.reset();
    this.#lose();
  };

  #onOpen(connection: Connection): void {
    if (connection !== this.#connection) return;
    connection.send({
      kind: 'connect',
      protocolVersion: 0,
      lastZxidSeen: this.#lastZxid,
      timeOut: this.#timeoutMs,
      sessionId: this.#sessionId,
      passwd: this.#password,
      readOnly: false,
    } satisfies ConnectRequest);
  }

  #onConnectResponse(connection: Connection, response: ConnectResponse): void {
    if (response.timeOut <= 0) {
      connection.close();
      this.#end('expired', ZkCode.SESSION_EXPIRED);
      this.#listener.onExpired();
      return;
    }
    const isNew = this.#sessionId === 0;
    this.#sessionId = response.sessionId;
    this.#password = response.passwd;
    this.#timeoutMs = response.timeOut;
    this.#state = 'connected';
    this.#servers.connected();
    for (const request of this.#credentials)
      connection.send({ kind: 'request', xid: Xid.auth, request } satisfies RequestPacket);
    const renewal = this.#watches.renewal(this.#lastZxid);
    if (renewal !== null)
      connection.send({ kind: 'request', xid: Xid.setWatches, request: renewal } satisfies RequestPacket);
    const queued = this.#queued;
    this.#queued = [];
    for (const pending of queued) this.#transmit(pending);
    this.#beat();
    this.#listener.onConnected({ id: this.#sessionId, isNew, server: connection.remoteNode });
  }

  #onClose(connection: Connection, _reason: CloseReason): void {
    if (connection === this.#connection) this.#lose();
  }

  /** The connection, or the attempt at one, came to nothing. Everything asked for is in doubt; the next server is tried. */
  #lose(): void {
    const wasConnected = this.#state === 'connected';
    this.#connection = null;
    this.#timer?.cancel();
    if (this.#state === 'closing') {
      this.#failAll(ZkCode.CONNECTION_LOSS);
      return;
    }
    this.#state = 'connecting';
    let pauseMs = this.#context.chance('zookeeper-reconnect').below(RECONNECT_PAUSE_MS);
    if (this.#servers.wentRound) pauseMs += RECONNECT_PAUSE_MS;
    this.#setTimer(pauseMs, this.#connect);
    this.#failAll(ZkCode.CONNECTION_LOSS);
    if (wasConnected && this.#state === 'connecting') this.#listener.onDisconnected();
  }

  #end(state: 'closed' | 'expired', err: number): void {
    this.#state = state;
    this.#timer?.cancel();
    this.#connection?.close();
    this.#connection = null;
    this.#failAll(err);
  }

  #failAll(err: number): void {
    const failed = [...this.#pending, ...this.#queued];
    this.#pending = [];
    this.#queued = [];
    for (const { done } of failed) done(err, null);
  }

  // ---- A standing connection

  #onMessage(connection: Connection, message: ServerToClient): void {
    if (connection !== this.#connection) return;
    this.#lastHeardMs = this.#context.nowMs();
    switch (message.kind) {
      case 'connect-response':
        this.#onConnectResponse(connection, message);
        break;
      case 'event':
        this.#watches.fired(message);
        if (this.#state !== 'closing') this.#listener.onWatch(message.type, message.path);
        break;
      case 'reply':
        this.#onReply(message);
        break;
    }
  }

  #onReply(reply: ReplyPacket): void {
    if (reply.zxid > 0) this.#lastZxid = reply.zxid;
    if (reply.xid === Xid.auth && reply.err !== ZkCode.OK) {
      this.#end('closed', ZkCode.AUTH_FAILED);
      this.#listener.onAuthFailed?.();
    }
    if (reply.xid < 0) return;
    const answered = this.#pending.shift();
    if (answered === undefined || answered.packet.xid !== reply.xid) {
      throw new Error(`assertion failed: reply ${reply.xid} out of order`);
    }
    const { request } = answered.packet;
    switch (request.type) {
      case OpCode.exists:
      case OpCode.getData:
      case OpCode.getChildren2:
        if (request.watch) this.#watches.answered(request, reply.err);
        break;
      case OpCode.addWatch:
        if (reply.err === ZkCode.OK) this.#watches.addLasting(request);
        break;
      default:
    }
    answered.done(reply.err, reply);
  }

  /** Pings if it is time to, gives the connection up if nothing was heard, and looks again when the next of both is due. */
  readonly #beat = (): void => {
    const now = this.#context.nowMs();
    const readTimeoutMs = Math.floor((this.#timeoutMs * 2) / 3);
    const patienceMs = readTimeoutMs - (now - this.#lastHeardMs);
    if (patienceMs <= 0) {
      this.#connection?.reset();
      this.#lose();
      return;
    }
    const pingIntervalMs = Math.min(Math.floor(readTimeoutMs / 2), LONGEST_PING_INTERVAL_MS);
    if (now - this.#lastSentMs >= pingIntervalMs) {
      this.#lastSentMs = now;
      this.#connection?.send({
        kind: 'request',
        xid: Xid.ping,
        request: { type: OpCode.ping },
      } satisfies RequestPacket);
    }
    this.#setTimer(Math.min(patienceMs, pingIntervalMs - (now - this.#lastSentMs)), this.#beat);
  };

  #setTimer(delayMs: number, handler: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#context.after(delayMs * 1000, handler, null);
  }
}
