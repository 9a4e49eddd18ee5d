/**
 * A server's side towards clients: connections, their sessions, and the order of their requests. Requests of one session are
 * answered strictly in turn: a read behind a write waits until that write is committed here. Writes go on to the leader at once.
 * Modelled on ZooKeeperServer, CommitProcessor and FinalRequestProcessor.
 */
import type { Connection, ConnectionHandler, Context } from '../../../kernel/api.ts';
import { authenticated, type Identity, LOCAL } from './acl.ts';
import { OpCode, ZkCode } from './codes.ts';
import type { Applied, DataTree } from './data-tree.ts';
import type {
  ClientRequest,
  ClientToServer,
  ConnectRequest,
  ConnectResponse,
  ReplyBody,
  RequestPacket,
  ServerToClient,
  WriteRequest,
} from './messages.ts';
import { answerOther, answerRead, mayRead } from './reads.ts';
import { firstSessionId, isPasswordOf, negotiateTimeout, sessionPassword } from './sessions.ts';
import { Traffic } from './traffic.ts';
import type { Txn } from './txn.ts';
import { Watches } from './watches.ts';
import type { ZabInput } from './zab-core.ts';

export const CLIENT_PORT = '2181';

/** One connection of a client. */
export interface Client {
  readonly connection: Connection;
  identities: readonly Identity[];
  /** 0 before it has asked for a session. */
  sessionId: number;
  timeoutMs: number;
  /** `connecting`: its session is being made or looked up. `moved`: the session is at another server now. */
  state: 'new' | 'connecting' | 'ready' | 'moved';
  /** Requests not answered yet, in order. A write or sync at the head waits for the ensemble. */
  readonly queue: RequestPacket[];
  /** When each of the queue came. */
  readonly queuedAtMs: number[];
  readonly traffic: Traffic;
  /** By the wall clock. */
  readonly establishedMs: number;
  lastHeardMs: number;
}

export class ClientService {
  readonly watches: Watches<Client>;
  /** Of all clients since this process began, or since somebody reset it. */
  readonly traffic = new Traffic();
  readonly #context: Context;
  readonly #tree: DataTree;
  readonly #tickTimeMs: number;
  readonly #feed: (input: ZabInput) => void;
  readonly #clients = new Map<Connection, Client>();
  readonly #bySession = new Map<number, Client>();
  #nextSessionId: number;
  #serving = false;
  /** Of the txn whose watches fire just now. */
  #firingZxid = -1;

  constructor(
    context: Context,
    tree: DataTree,
    options: { readonly sid: number; readonly tickTimeMs: number },
    feed: (input: ZabInput) => void,
  ) {
    this.#context = context;
    this.#tree = tree;
    this.#tickTimeMs = options.tickTimeMs;
    this.#feed = feed;
    this.#nextSessionId = firstSessionId(options.sid, context.nowMs());
    this.watches = new Watches((client, type, path, acl) => {
      if (mayRead(acl, client)) this.#send(client, { kind: 'event', type, path, zxid: this.#firingZxid });
    });
    const handler: ConnectionHandler = {
      onOpen: (connection) => this.#onOpen(connection),
      onMessage: (connection, message) => this.#onMessage(connection, message as ClientToServer),
      onClose: (connection) => this.#forget(connection),
    };
    context.listen(CLIENT_PORT, handler);
  }

  get connections(): readonly Client[] {
    return [...this.#clients.values()];
  }

  get serving(): boolean {
    return this.#serving;
  }

  serve(): void {
    this.#serving = true;
  }

  /** Closes everybody; who dials now is hung up on without a word. */
  stop(): void {
    this.#serving = false;
    for (const client of [...this.#clients.values()]) this.#hangUp(client);
  }

  #onOpen(connection: Connection): void {
    if (!this.#serving) {
      connection.close();
      return;
    }
    this.#clients.set(connection, {
      connection,
      identities: ONLY_LOCAL,
      sessionId: 0,
      timeoutMs: 0,
      state: 'new',
      queue: [],
      queuedAtMs: [],
      traffic: new Traffic(),
      establishedMs: this.#context.wallMs(),
      lastHeardMs: this.#context.nowMs(),
    });
  }

  #forget(connection: Connection): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    this.#clients.delete(connection);
    this.watches.forget(client);
    if (this.#bySession.get(client.sessionId) === client) this.#bySession.delete(client.sessionId);
  }

  #hangUp(client: Client): void {
    client.connection.close();
    this.#forget(client.connection);
  }

  #onMessage(connection: Connection, message: ClientToServer): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    client.lastHeardMs = this.#context.nowMs();
    client.traffic.received += 1;
    this.traffic.received += 1;
    if (message.kind === 'connect') this.#connect(client, message);
    else this.#onRequest(client, message);
  }

  // ---- Sessions

  #connect(client: Client, request: ConnectRequest): void {
    // Somebody who has seen more than this server must find another one, or time would go backwards for them.
    if (client.state !== 'new' || request.lastZxidSeen > this.#tree.lastZxid) {
      this.#hangUp(client);
      return;
    }
    client.timeoutMs = negotiateTimeout(request.timeOut, this.#tickTimeMs);
    client.state = 'connecting';
    const timeout = client.timeoutMs;
    if (request.sessionId === 0) {
      const sessionId = this.#nextSessionId++;
      this.#attach(client, sessionId);
      this.#feed({
        kind: 'request',
        request: { sessionId, cxid: 0, request: { type: OpCode.createSession, timeOut: timeout } },
      });
      return;
    }
    const { sessionId } = request;
    const former = this.#bySession.get(sessionId);
    if (former !== undefined) this.#hangUp(former);
    if (!isPasswordOf(sessionId, request.passwd)) {
      this.#refuse(client);
      return;
    }
    this.#attach(client, sessionId);
    this.#feed({ kind: 'revalidate', sessionId, timeout });
  }

  #attach(client: Client, sessionId: number): void {
    client.sessionId = sessionId;
    this.#bySession.set(sessionId, client);
  }

  /** The session is over, or was never this client's. */
  #refuse(client: Client): void {
    this.#send(client, connectResponse(0, 0, new Uint8Array(16)));
    this.#hangUp(client);
  }

  #welcome(client: Client): void {
    client.state = 'ready';
    this.#send(client, connectResponse(client.timeoutMs, client.sessionId, sessionPassword(client.sessionId)));
    const sinceMs = client.lastHeardMs;
    this.#count(client, OpCode.createSession, { xid: -1, zxid: this.#tree.lastZxid, sinceMs });
    client.queuedAtMs.length = 0;
    for (const packet of client.queue.splice(0)) this.#take(client, packet);
    this.#drain(client);
  }

  onRevalidated(sessionId: number, valid: boolean): void {
    const client = this.#bySession.get(sessionId);
    if (client === undefined || client.state !== 'connecting') return;
    if (valid) this.#welcome(client);
    else this.#refuse(client);
  }

  /** Told on the leader only. What the old connection says next ends it; elsewhere it may go on reading. */
  onSessionMoved(sessionId: number): void {
    const client = this.#bySession.get(sessionId);
    if (client !== undefined) client.state = 'moved';
  }

  // ---- Requests

  #onRequest(client: Client, packet: RequestPacket): void {
    if (client.state === 'new' || client.state === 'moved') {
      this.#hangUp(client);
      return;
    }
    if (client.state === 'connecting') {
      client.queue.push(packet);
      return;
    }
    this.#feed({ kind: 'touch', sessionId: client.sessionId, timeout: client.timeoutMs });
    this.#take(client, packet);
    this.#drain(client);
  }

  /** Credentials count for what comes behind them at once; everything else waits for its turn. */
  #take(client: Client, packet: RequestPacket): void {
    const { request } = packet;
    if (request.type !== OpCode.auth) {
      client.queue.push(packet);
      client.queuedAtMs.push(this.#context.nowMs());
      return this.#submit(client, packet);
    }
    const identity = authenticated(request.scheme, request.auth);
    const err = identity === null ? ZkCode.AUTH_FAILED : ZkCode.OK;
    this.#send(client, { kind: 'reply', xid: packet.xid, zxid: 0, err, body: null });
    if (identity === null) return this.#hangUp(client);
    const known = client.identities.some(({ scheme, id }) => scheme === identity.scheme && id === identity.id);
    if (!known) client.identities = [identity, ...client.identities];
  }

  /** What concerns the ensemble goes to the leader without waiting for its turn. */
  #submit(client: Client, packet: RequestPacket): void {
    const { xid, request } = packet;
    const { sessionId, identities } = client;
    if (isWrite(request)) this.#feed({ kind: 'request', request: { sessionId, cxid: xid, request, identities } });
    else if (request.type === OpCode.sync) this.#feed({ kind: 'sync', sessionId, cxid: xid });
  }

  /** Answers from the head of the queue as far as nothing has to be waited for. */
  #drain(client: Client): void {
    for (let head = client.queue[0]; head !== undefined; head = client.queue[0]) {
      const { request } = head;
      switch (request.type) {
        case OpCode.ping:
          this.#reply(client, ZkCode.OK, null);
          break;
        case OpCode.setWatches:
        case OpCode.setWatches2:
          this.#firingZxid = -1;
          this.watches.setWatches(this.#tree, request, client);
          this.#reply(client, ZkCode.OK, null);
          break;
        case OpCode.exists:
        case OpCode.getData:
        case OpCode.getChildren:
        case OpCode.getChildren2: {
          const { err, body } = answerRead(this.#tree, this.watches, client, request);
          this.#reply(client, err, body);
          break;
        }
        case OpCode.getACL:
        case OpCode.getEphemerals:
        case OpCode.getAllChildrenNumber:
        case OpCode.whoAmI:
        case OpCode.addWatch:
        case OpCode.removeWatches: {
          const { err, body } = answerOther(this.#tree, this.watches, client, request);
          this.#reply(client, err, body);
          break;
        }
        default:
          return;
      }
    }
  }

  /** A txn was applied here: watches first, then the answer to whoever asked for it, then what waited behind. */
  onApplied(txn: Txn, applied: Applied): void {
    this.#firingZxid = txn.zxid;
    this.watches.trigger(applied.triggers);
    const client = this.#bySession.get(txn.clientId);
    if (client === undefined) return;
    if (txn.body.type === OpCode.createSession) {
      if (client.state === 'connecting') this.#welcome(client);
      return;
    }
    const head = client.queue[0];
    if (head !== undefined && head.xid === txn.cxid && isWrite(head.request) && client.state !== 'connecting') {
      if (applied.err === ZkCode.SESSION_MOVED) {
        this.#hangUp(client);
        return;
      }
      this.#reply(client, applied.err, applied.err === ZkCode.OK ? writeBody(head.request, applied) : null, txn.zxid);
    }
    if (txn.body.type === OpCode.closeSession) this.#hangUp(client);
    else this.#drain(client);
  }

  onSynced(sessionId: number, cxid: number): void {
    const client = this.#bySession.get(sessionId);
    const head = client?.queue[0];
    if (client === undefined || head?.request.type !== OpCode.sync || head.xid !== cxid) return;
    this.#reply(client, ZkCode.OK, { path: head.request.path });
    this.#drain(client);
  }

  /** Answers the head of the queue. */
  #reply(client: Client, err: number, body: ReplyBody | null, zxid = this.#tree.lastZxid): void {
    const { xid, request } = client.queue.shift()!;
    this.#count(client, request.type, { xid, zxid, sinceMs: client.queuedAtMs.shift()! });
    this.#send(client, { kind: 'reply', xid, zxid, err, body });
  }

  #count(client: Client, type: number, { xid, zxid, sinceMs }: { xid: number; zxid: number; sinceMs: number }): void {
    const span = { nowMs: this.#context.nowMs(), sinceMs };
    client.traffic.took(type, xid, zxid, span);
    this.traffic.took(type, xid, zxid, span);
  }

  #send(client: Client, message: ServerToClient): void {
    client.traffic.sent += 1;
    this.traffic.sent += 1;
    client.connection.send(message);
  }
}

function connectResponse(timeOut: number, sessionId: number, passwd: Uint8Array): ConnectResponse {
  return { kind: 'connect-response', protocolVersion: 0, timeOut, sessionId, passwd, readOnly: false };
}

const ONLY_LOCAL: readonly Identity[] = [LOCAL];

function isWrite(request: ClientRequest): request is ClientRequest & WriteRequest {
  switch (request.type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTTL:
    case OpCode.delete:
    case OpCode.setData:
    case OpCode.setACL:
    case OpCode.multi:
    case OpCode.closeSession:
      return true;
    default:
      return false;
  }
}

function writeBody(request: ClientRequest, applied: Applied): ReplyBody | null {
  const { path, stat, results } = applied;
  switch (request.type) {
    case OpCode.create:
      return { path: path ?? '' };
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTTL:
      return stat === null ? null : { path: path ?? '', stat };
    case OpCode.setACL:
    case OpCode.setData:
      return stat === null ? null : { stat };
    case OpCode.multi:
      return { results: results ?? [] };
    default:
      return null;
  }
}
