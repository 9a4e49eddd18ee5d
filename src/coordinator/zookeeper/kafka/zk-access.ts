/**
 * A broker's dealings with ZooKeeper (KafkaZkClient, ZooKeeperClient): one session at a time, a new one after each expiry, and
 * requests that are asked again for ever while the connection is away. So a write may have happened before it is asked again.
 */
import type { Context } from '../../../kernel/api.ts';
import { ZooKeeperSession } from '../client/session.ts';
import { ZkCode } from '../ensemble/codes.ts';
import type { EventType, MultiOp, OpResult, Stat } from '../ensemble/messages.ts';
import { type Task, until } from './task.ts';

/** The session ended before this was answered. Thrown into tasks; whoever runs them catches it. */
export class SessionLost extends Error {
  constructor() {
    super('the ZooKeeper session has expired');
    this.name = 'SessionLost';
  }
}

/** Whatever was under way ends with its session; the next one begins anew. Anything else is thrown on. */
export function ignoreLostSession(thrown: unknown): void {
  if (!(thrown instanceof SessionLost)) throw thrown;
}

export interface ZkListener {
  /** A connection stands. With a new session every watch is gone, and so are this broker's ephemerals. */
  onConnected(session: { readonly id: number; readonly isNew: boolean; readonly server: string }): void;
  onDisconnected(): void;
  /** The session is over. `renew` begins the next one. */
  onExpired(renew: () => void): void;
  onWatch(type: EventType, path: string): void;
}

export interface ZkOptions {
  readonly servers: readonly string[];
  readonly sessionTimeoutMs: number;
}

interface Reply {
  readonly err: number;
}
export interface DataReply extends Reply {
  readonly data: Uint8Array | null;
  readonly stat: Stat | null;
}
export interface StatReply extends Reply {
  readonly stat: Stat | null;
}
export interface ChildrenReply extends Reply {
  readonly children: readonly string[];
}
export interface CreateReply extends Reply {
  readonly path: string;
}
export interface MultiReply extends Reply {
  readonly results: readonly OpResult[];
}

type Answer<R> = (reply: R) => void;

export class ZkAccess {
  private readonly context: Context;
  private readonly options: ZkOptions;
  private readonly listener: ZkListener;
  private session: ZooKeeperSession;
  /** Requests whose connection broke; asked again when there is another one. */
  private waiting: { readonly attempt: () => void; readonly fail: () => void }[] = [];

  constructor(context: Context, options: ZkOptions, listener: ZkListener) {
    this.context = context;
    this.options = options;
    this.listener = listener;
    this.session = this.newSession();
  }

  start(): void {
    this.session.start();
  }

  get sessionId(): number {
    return this.session.id;
  }

  get connected(): boolean {
    return this.session.connected;
  }

  close(): void {
    this.session.close(() => {});
  }

  private newSession(): ZooKeeperSession {
    const { listener } = this;
    return new ZooKeeperSession(this.context, {
      ...this.options,
      listener: {
        onConnected: (session) => {
          listener.onConnected(session);
          const { waiting } = this;
          this.waiting = [];
          for (const { attempt } of waiting) attempt();
        },
        onDisconnected: () => listener.onDisconnected(),
        onExpired: () => this.expired(),
        onWatch: (type, path) => listener.onWatch(type, path),
      },
    });
  }

  private expired(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const { fail } of waiting) fail();
    this.listener.onExpired(() => {
      this.session = this.newSession();
      this.session.start();
    });
  }

  /** Asks until it is answered. Throws `SessionLost` when the session ends first. */
  private *ask<R extends Reply>(lost: R, issue: (session: ZooKeeperSession, answer: Answer<R>) => void): Task<R> {
    const reply = yield* until<R>((resume) => {
      const attempt = (): void =>
        issue(this.session, (answer) => {
          if (answer.err === ZkCode.CONNECTION_LOSS) this.waiting.push({ attempt, fail: () => resume(lost) });
          else resume(answer);
        });
      attempt();
    });
    if (reply.err === ZkCode.SESSION_EXPIRED) throw new SessionLost();
    return reply;
  }

  getData(path: string, watch = false): Task<DataReply> {
    return this.ask<DataReply>({ err: ZkCode.SESSION_EXPIRED, data: null, stat: null }, (session, answer) =>
      session.getData(path, watch, (err, data, stat) => answer({ err, data, stat })),
    );
  }

  exists(path: string, watch = false): Task<StatReply> {
    return this.ask<StatReply>({ err: ZkCode.SESSION_EXPIRED, stat: null }, (session, answer) =>
      session.exists(path, watch, (err, stat) => answer({ err, stat })),
    );
  }

  /** Names in code-unit order. */
  getChildren(path: string, watch = false): Task<ChildrenReply> {
    return this.ask<ChildrenReply>({ err: ZkCode.SESSION_EXPIRED, children: [] }, (session, answer) =>
      session.getChildren(path, watch, (err, children) =>
        answer({ err, children: [...children].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) }),
      ),
    );
  }

  create(path: string, data: Uint8Array | null, flags = 0): Task<CreateReply> {
    return this.ask<CreateReply>({ err: ZkCode.SESSION_EXPIRED, path: '' }, (session, answer) =>
      session.create(path, data, flags, (err, created) => answer({ err, path: created })),
    );
  }

  setData(path: string, data: Uint8Array | null, version: number): Task<StatReply> {
    return this.ask<StatReply>({ err: ZkCode.SESSION_EXPIRED, stat: null }, (session, answer) =>
      session.setData(path, data, version, (err, stat) => answer({ err, stat })),
    );
  }

  delete(path: string, version = -1): Task<Reply> {
    return this.ask<Reply>({ err: ZkCode.SESSION_EXPIRED }, (session, answer) =>
      session.delete(path, version, (err) => answer({ err })),
    );
  }

  multi(ops: readonly MultiOp[]): Task<MultiReply> {
    return this.ask<MultiReply>({ err: ZkCode.SESSION_EXPIRED, results: [] }, (session, answer) =>
      session.multi(ops, (err, results) => answer({ err, results })),
    );
  }

  /** A znode with everything below it. Not atomic. */
  *deleteRecursively(path: string): Task<void> {
    const { children } = yield* this.getChildren(path);
    for (const child of children) yield* this.deleteRecursively(`${path}/${child}`);
    yield* this.delete(path);
  }
}
