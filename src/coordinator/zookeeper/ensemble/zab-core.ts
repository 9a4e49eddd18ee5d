/**
 * What goes into a server's consensus machine and what comes out of it, and the part that its roles share. The machine knows no
 * network, clock or disk: it is told of messages, elapsed timers and finished writes, and returns what is to be done.
 */
import type { DataTree } from './data-tree.ts';
import type { History } from './history.ts';
import type { ForwardedRequest, Notification, QuorumPacket, ServerState, Snapshot } from './messages.ts';
import type { Txn } from './txn.ts';

export interface ZabConfig {
  readonly sid: number;
  /** Sids of all voting servers, this one included, ascending. Numbers from 1. */
  readonly voters: readonly number[];
  readonly tickTimeMs: number;
  /** Ticks that connecting and synchronising may take. */
  readonly initLimit: number;
  /** Ticks that a leader and a follower may be silent to each other. */
  readonly syncLimit: number;
}

/** The server's clocks at the moment of a step. */
export interface Moment {
  /** Monotonic; for everything that is measured. */
  readonly nowMs: number;
  /** Since 1970; goes into the txns of a leader. */
  readonly wallMs: number;
}

export type ZabInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'notification'; readonly from: number; readonly notification: Notification }
  /** The quorum connection that this server opened to its leader stands. */
  | { readonly kind: 'connected'; readonly peer: number }
  /** A quorum connection ended, or could not be opened. */
  | { readonly kind: 'disconnected'; readonly peer: number }
  | { readonly kind: 'packet'; readonly from: number; readonly packet: QuorumPacket }
  | { readonly kind: 'timer'; readonly name: string }
  /** Every write up to this ticket is on the platter. */
  | { readonly kind: 'persisted'; readonly ticket: number }
  /** The effects of `serve` are done. */
  | { readonly kind: 'started' }
  /** A write of a client that is connected to this server. */
  | { readonly kind: 'request'; readonly request: ForwardedRequest }
  | { readonly kind: 'sync'; readonly sessionId: number; readonly cxid: number }
  /** A client came over with a session that it has had. */
  | { readonly kind: 'revalidate'; readonly sessionId: number; readonly timeout: number }
  /** An operator ends a session before its time. For the leader alone. */
  | { readonly kind: 'expire'; readonly sessionId: number }
  /** Any sign of life of a client. */
  | { readonly kind: 'touch'; readonly sessionId: number; readonly timeout: number };

export type DiskWrite =
  | { readonly kind: 'accepted-epoch'; readonly epoch: number }
  | { readonly kind: 'current-epoch'; readonly epoch: number }
  | { readonly kind: 'append'; readonly txn: Txn }
  | { readonly kind: 'truncate'; readonly zxid: number }
  /** Replaces log and tree on disk. */
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot };

/** What happened, in words for the trace. */
export type Observation =
  | { readonly kind: 'election-started'; readonly round: number; readonly zxid: number; readonly peerEpoch: number }
  | { readonly kind: 'election-decided'; readonly leader: number; readonly round: number; readonly zxid: number }
  | { readonly kind: 'epoch-established'; readonly epoch: number; readonly followers: readonly number[] }
  | {
      readonly kind: 'learner-syncing';
      readonly follower: number;
      readonly by: 'DIFF' | 'TRUNC' | 'SNAP';
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'learner-synced'; readonly follower: number }
  | { readonly kind: 'learner-lost'; readonly follower: number; readonly reason: string }
  | { readonly kind: 'log-truncated'; readonly from: number; readonly to: number; readonly count: number }
  | { readonly kind: 'leadership-lost'; readonly epoch: number; readonly reason: string }
  | { readonly kind: 'leader-left'; readonly leader: number; readonly reason: string }
  | { readonly kind: 'session-expired'; readonly sessionId: number; readonly timeoutMs: number }
  | { readonly kind: 'session-moved'; readonly sessionId: number; readonly to: number };

export type ZabEffect =
  | { readonly kind: 'notify'; readonly to: number; readonly notification: Notification }
  | { readonly kind: 'connect'; readonly to: number }
  | { readonly kind: 'disconnect'; readonly peer: number }
  | { readonly kind: 'send'; readonly to: number; readonly packet: QuorumPacket }
  /** Writes are done in order of their tickets, which rise by one. */
  | { readonly kind: 'persist'; readonly ticket: number; readonly write: DiskWrite }
  /** Replaces a pending timer of the same name. */
  | { readonly kind: 'set-timer'; readonly name: string; readonly delayMs: number }
  | { readonly kind: 'cancel-timers' }
  | { readonly kind: 'become'; readonly state: ServerState; readonly leader: number }
  /** Apply to the tree. Effects are carried out in order, so a reader never sees a later state too early. */
  | { readonly kind: 'commit'; readonly txn: Txn }
  | { readonly kind: 'restore'; readonly snapshot: Snapshot }
  /** Begin to serve clients (the tree's zxid is at least this), then feed `started`. */
  | { readonly kind: 'serve'; readonly zxid: number }
  /** Close every client and accept none. */
  | { readonly kind: 'stop-serving' }
  | { readonly kind: 'synced'; readonly sessionId: number; readonly cxid: number }
  | { readonly kind: 'revalidated'; readonly sessionId: number; readonly timeout: number; readonly valid: boolean }
  | { readonly kind: 'observe'; readonly what: Observation };

/** What survives a change of role, and the one way out for effects. */
export class ZabCore {
  readonly config: ZabConfig;
  readonly history: History;
  /** Read only here: `commit` and `restore` effects change it. */
  readonly tree: DataTree;
  acceptedEpoch: number;
  currentEpoch: number;
  moment: Moment = { nowMs: 0, wallMs: 0 };
  #effects: ZabEffect[] = [];
  #ticket = 0;
  /** What waits for writes, in order of tickets. Dropped with the role that waits. */
  #waiting: { readonly ticket: number; readonly then: () => void }[] = [];
  #endOfRole: string | null = null;

  constructor(
    config: ZabConfig,
    stored: {
      readonly history: History;
      readonly tree: DataTree;
      readonly acceptedEpoch: number;
      readonly currentEpoch: number;
    },
  ) {
    this.config = config;
    this.history = stored.history;
    this.tree = stored.tree;
    this.acceptedEpoch = stored.acceptedEpoch;
    this.currentEpoch = stored.currentEpoch;
  }

  emit(effect: ZabEffect): void {
    this.#effects.push(effect);
  }

  send(to: number, packet: QuorumPacket): void {
    this.#effects.push({ kind: 'send', to, packet });
  }

  setTimer(name: string, delayMs: number): void {
    this.#effects.push({ kind: 'set-timer', name, delayMs });
  }

  observe(what: Observation): void {
    this.#effects.push({ kind: 'observe', what });
  }

  /** `then` runs once this write and all before it are durable, unless the role has ended by then. */
  persist(write: DiskWrite, then: (() => void) | null): void {
    const ticket = ++this.#ticket;
    this.#effects.push({ kind: 'persist', ticket, write });
    if (then !== null) this.#waiting.push({ ticket, then });
  }

  persisted(ticket: number): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.ticket <= ticket) this.#waiting.shift()!.then();
  }

  /** The present role is over when this step is; the server looks for a leader again. */
  giveUp(reason: string): void {
    this.#endOfRole ??= reason;
  }

  get gaveUp(): string | null {
    return this.#endOfRole;
  }

  roleEnded(): void {
    this.#endOfRole = null;
    this.#waiting = [];
  }

  takeEffects(): ZabEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  isQuorum(members: ReadonlySet<number>): boolean {
    let count = 0;
    for (const sid of this.config.voters) if (members.has(sid)) count++;
    return 2 * count > this.config.voters.length;
  }
}
