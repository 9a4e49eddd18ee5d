/**
 * One server's part in the agreement of the ensemble: it looks for a leader, then leads or follows until that ends, then looks
 * again. A function of its state and an input; see zab-core.ts for what comes and goes.
 */
import type { DataTree } from './data-tree.ts';
import { ELECTION_TIMER, FastLeaderElection } from './fast-leader-election.ts';
import { FollowerRole } from './follower.ts';
import type { History } from './history.ts';
import { LeaderRole, type LeaderStanding } from './leader.ts';
import type { ServerState } from './messages.ts';
import { type Moment, type ZabConfig, ZabCore, type ZabEffect, type ZabInput } from './zab-core.ts';

type Role =
  | { readonly kind: 'LOOKING' }
  | { readonly kind: 'FOLLOWING'; readonly leader: number; readonly role: FollowerRole }
  | { readonly kind: 'LEADING'; readonly role: LeaderRole };

/** What a server found on its disk. */
export interface StoredState {
  readonly history: History;
  readonly tree: DataTree;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
}

export class ZabPeer {
  readonly #core: ZabCore;
  readonly #election: FastLeaderElection;
  #role: Role = { kind: 'LOOKING' };

  constructor(config: ZabConfig, stored: StoredState) {
    this.#core = new ZabCore(config, stored);
    this.#election = new FastLeaderElection(this.#core, (leader) => this.#takeRole(leader));
  }

  get state(): ServerState {
    return this.#role.kind;
  }

  /** Sid of the leader that this server has chosen; 0 while it looks. */
  get leader(): number {
    if (this.#role.kind === 'FOLLOWING') return this.#role.leader;
    return this.#role.kind === 'LEADING' ? this.#core.config.sid : 0;
  }

  /** Null: it does not lead. */
  get leading(): LeaderStanding | null {
    return this.#role.kind === 'LEADING' ? this.#role.role.standing : null;
  }

  get acceptedEpoch(): number {
    return this.#core.acceptedEpoch;
  }
  get currentEpoch(): number {
    return this.#core.currentEpoch;
  }
  get lastLoggedZxid(): number {
    return this.#core.history.lastEntryZxid;
  }

  step(input: ZabInput, moment: Moment): readonly ZabEffect[] {
    this.#core.moment = moment;
    this.#take(input);
    while (this.#core.gaveUp !== null) this.#look(this.#core.gaveUp);
    return this.#core.takeEffects();
  }

  #take(input: ZabInput): void {
    switch (input.kind) {
      case 'start':
        this.#election.look();
        break;
      case 'notification':
        this.#election.onNotification(input.from, input.notification);
        break;
      case 'persisted':
        this.#core.persisted(input.ticket);
        break;
      case 'timer':
        if (input.name === ELECTION_TIMER) this.#election.onTimer();
        else if (this.#role.kind !== 'LOOKING') this.#role.role.step(input);
        break;
      default:
        if (this.#role.kind !== 'LOOKING') this.#role.role.step(input);
    }
  }

  #takeRole(leader: number): void {
    const established = (epoch: number): void => this.#election.epochEstablished(epoch);
    this.#core.emit({ kind: 'cancel-timers' });
    if (leader === this.#core.config.sid) {
      const role = new LeaderRole(this.#core, established);
      this.#role = { kind: 'LEADING', role };
      this.#core.emit({ kind: 'become', state: 'LEADING', leader });
      role.start();
    } else {
      const role = new FollowerRole(this.#core, leader, established);
      this.#role = { kind: 'FOLLOWING', leader, role };
      this.#core.emit({ kind: 'become', state: 'FOLLOWING', leader });
      role.start();
    }
  }

  /** The role is over: clients and servers are cut off, and the search begins anew. */
  #look(reason: string): void {
    const ended = this.#role;
    if (ended.kind === 'LEADING') this.#core.observe({ kind: 'leadership-lost', epoch: ended.role.epoch, reason });
    if (ended.kind === 'FOLLOWING') this.#core.observe({ kind: 'leader-left', leader: ended.leader, reason });
    this.#role = { kind: 'LOOKING' };
    this.#core.roleEnded();
    this.#core.emit({ kind: 'cancel-timers' });
    this.#core.emit({ kind: 'stop-serving' });
    this.#core.emit({ kind: 'become', state: 'LOOKING', leader: 0 });
    this.#election.look();
  }
}
