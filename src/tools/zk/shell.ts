/**
 * zkCli as it would run beside a prompt for as long as that is open: one client session of the operator's with the ensemble, begun by the
 * first command that needs it, with its ephemerals, watches and time-out. What the session hears unasked is told as a notice.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import { quorumNodes } from '../../cluster/options.ts';
import { nearest } from '../../config/nearest.ts';
import type { ZooKeeperSession } from '../../coordinator/zookeeper/client/session.ts';
import { ZkCode } from '../../coordinator/zookeeper/ensemble/codes.ts';
import type { ClientRequest, ReplyBody } from '../../coordinator/zookeeper/ensemble/messages.ts';
import { called, type Steps } from '../kafka/steps.ts';
import type { Notices } from '../notices.ts';
import { type EventName, watchedEvent } from './events.ts';
import { type CliError, keeperError } from './failure.ts';

/** zkCli's `-timeout`, in milliseconds; servers grant 2 to 20 of their ticks. */
const SESSION_TIMEOUT_MS = 30_000;

const REMOVED = { data: 'DataWatchRemoved', child: 'ChildWatchRemoved', persistent: 'PersistentWatchRemoved' } as const;

export interface Answer {
  /** A code of `ZkCode`. */
  readonly err: number;
  readonly body: ReplyBody | null;
}

export class ZkShell {
  readonly cluster: Cluster;
  readonly #notices: Notices;
  #session: ZooKeeperSession | undefined;
  /** `closed`: until `connect`. */
  #state: 'new' | 'open' | 'closed' = 'new';
  /** The server that the session is connected to. */
  server: string | undefined;
  /** The lines that were entered, without `zk`. */
  readonly history: string[] = [];
  printsWatches = true;

  constructor(cluster: Cluster, notices: Notices) {
    this.cluster = cluster;
    this.#notices = notices;
  }

  /** A command can be sent: a session stands, or is looked for. */
  get isAlive(): boolean {
    return this.#state !== 'closed';
  }

  /** The session's id, 0 while there is none. */
  get sessionId(): number {
    return this.#session?.id ?? 0;
  }

  get servers(): readonly string[] {
    return quorumNodes(this.cluster.options);
  }

  /** Asks, and gives whatever came of it. */
  *ask(request: ClientRequest): Steps<Answer> {
    const session = this.#opened();
    return yield* called<Answer>((done) =>
      session.ask(request, (err, reply) => done({ err, body: reply?.body ?? null })),
    );
  }

  /** Asks, and gives what was answered. Throws `CliError` in the words for `path` where that is an error. */
  *asked(request: ClientRequest, path: string | null): Steps<ReplyBody> {
    const { err, body } = yield* this.ask(request);
    if (err !== ZkCode.OK) throw this.error(err, path);
    return body ?? {};
  }

  error(err: number, path: string | null): CliError {
    return keeperError(err, path, this.#hint(err, path));
  }

  /** A session of its own, with some of the servers only; the present one ends. */
  *connect(servers: readonly string[]): Steps<void> {
    if (this.#session !== undefined && this.isAlive) yield* this.close();
    this.#open(servers, true);
  }

  /** Ends the session, and its ephemerals with it. */
  *close(): Steps<void> {
    const session = this.#session;
    if (session !== undefined && this.isAlive) yield* called<void>((done) => session.close(() => done()));
    if (session !== undefined) this.tell('Closed', 'None', null);
    this.#state = 'closed';
    this.server = undefined;
  }

  /** Shows who it is, to every server from now on. */
  addCredentials(scheme: string, auth: string): void {
    this.#opened().addCredentials(scheme, auth);
  }

  /** Tells of each kind of watch that was taken away, as the Java client makes events of it. */
  forgetWatches(path: string, watcherType: number): void {
    for (const kind of this.#opened().forgetWatches(path, watcherType)) this.tell('SyncConnected', REMOVED[kind], path);
  }

  /** As after its end: the next command begins a session. */
  renew(): void {
    this.#session = undefined;
    this.#state = 'new';
  }

  tell(
    state: 'SyncConnected' | 'Disconnected' | 'Expired' | 'Closed' | 'AuthFailed',
    type: EventName,
    path: string | null,
  ) {
    if (this.printsWatches) this.#notices.tell(...watchedEvent(state, type, path));
  }

  #opened(): ZooKeeperSession {
    return this.#session !== undefined && this.isAlive ? this.#session : this.#open(this.servers, false);
  }

  /** The first connection is told of where somebody asked for it. */
  #open(servers: readonly string[], told: boolean): ZooKeeperSession {
    let tells = told;
    const session = this.cluster.operator.openZooKeeper({
      servers,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      listener: {
        onConnected: ({ server }) => {
          this.server = server;
          if (tells) this.tell('SyncConnected', 'None', null);
          tells = true;
        },
        onDisconnected: () => {
          this.server = undefined;
          this.tell('Disconnected', 'None', null);
        },
        onExpired: () => {
          this.#state = 'closed';
          this.tell('Expired', 'None', null);
        },
        onAuthFailed: () => {
          this.#state = 'closed';
          this.tell('AuthFailed', 'None', null);
        },
        onWatch: (type, path) => this.tell('SyncConnected', type, path),
      },
    });
    this.#session = session;
    this.#state = 'open';
    session.start();
    return session;
  }

  #hint(err: number, path: string | null): string | undefined {
    if (err !== ZkCode.NO_NODE || path === null) return undefined;
    const meant = nearest(path, this.cluster.model.znodes.paths);
    return meant === undefined || meant === path ? undefined : `did you mean ${meant}?`;
  }
}
