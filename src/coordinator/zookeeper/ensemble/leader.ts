/**
 * The leading role: agree on an epoch with a majority (DISCOVERY), bring the learners to one history (SYNCHRONIZATION), then
 * order and commit txns (BROADCAST). It leads only as long as a majority answers. Modelled on Leader and LearnerHandler.
 */
import { Broadcast } from './broadcast.ts';
import { Learner } from './learner.ts';
import { planSync } from './learner-sync.ts';
import type { QuorumPacket } from './messages.ts';
import type { SessionTracker } from './sessions.ts';
import type { ZabCore, ZabInput } from './zab-core.ts';
import { epochOfZxid, makeZxid } from './zxid.ts';

export const LIMIT_TIMER = 'limit';
const TICK_TIMER = 'tick';
const SESSIONS_TIMER = 'sessions';

export interface LeaderStanding {
  readonly learners: number;
  readonly synced: number;
  readonly pendingSyncs: number;
  readonly sessionSets: SessionTracker['sets'];
}

export class LeaderRole {
  readonly #core: ZabCore;
  readonly #learners = new Map<number, Learner>();
  /** Learners that told their accepted epoch before the new one was settled. */
  readonly #epochProposers = new Set<number>();
  readonly #epochAckers = new Set<number>();
  readonly #newLeaderAckers = new Set<number>();
  /** Where this server stood when it was elected: nobody in the majority may be ahead of it. */
  readonly #initial: { readonly currentEpoch: number; readonly lastZxid: number };
  /** The last txn of the history that this leader brings along; committed with its leadership. */
  readonly #inheritedZxid: number;
  readonly #established: (epoch: number) => void;
  #epoch: number;
  #phase: 'proposing-epoch' | 'awaiting-epoch-acks' | 'synchronising' | 'serving' = 'proposing-epoch';
  #epochDurable = false;
  #broadcast: Broadcast | null = null;
  #tick = 0;
  #wholeTick = false;

  constructor(core: ZabCore, established: (epoch: number) => void) {
    this.#core = core;
    this.#established = established;
    this.#epoch = core.acceptedEpoch + 1;
    this.#initial = { currentEpoch: core.currentEpoch, lastZxid: core.history.lastZxid };
    this.#inheritedZxid = core.history.lastZxid;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** What the four-letter words tell of it. */
  get standing(): LeaderStanding {
    const synced = [...this.#learners.values()].filter((learner) => learner.synced).length;
    const broadcast = this.#broadcast;
    return {
      learners: this.#learners.size,
      synced,
      pendingSyncs: broadcast?.pendingSyncs ?? 0,
      sessionSets: broadcast?.sessionSets ?? [],
    };
  }

  start(): void {
    const { config } = this.#core;
    this.#core.setTimer(LIMIT_TIMER, config.initLimit * config.tickTimeMs);
    this.#proposeEpoch(config.sid, this.#core.acceptedEpoch);
  }

  step(input: ZabInput): void {
    switch (input.kind) {
      case 'packet':
        this.#onPacket(input.from, input.packet);
        break;
      case 'disconnected':
        this.#lose(input.peer, 'connection closed');
        break;
      case 'timer':
        this.#onTimer(input.name);
        break;
      case 'started':
        this.#onStarted();
        break;
      default:
        this.#broadcast?.onLocal(input);
    }
  }

  // ---- Discovery

  #proposeEpoch(from: number, acceptedEpoch: number): void {
    this.#epoch = Math.max(this.#epoch, acceptedEpoch + 1);
    this.#epochProposers.add(from);
    if (!this.#core.isQuorum(this.#epochProposers)) return;
    this.#phase = 'awaiting-epoch-acks';
    this.#core.acceptedEpoch = this.#epoch;
    this.#core.persist({ kind: 'accepted-epoch', epoch: this.#epoch }, () => {
      this.#epochDurable = true;
      for (const learner of this.#learners.values()) this.#sendLeaderInfo(learner.sid);
      const { currentEpoch, lastZxid } = this.#initial;
      this.#onEpochAck(this.#core.config.sid, currentEpoch, lastZxid);
    });
  }

  #sendLeaderInfo(to: number): void {
    this.#core.send(to, { type: 'LEADERINFO', zxid: makeZxid(this.#epoch, 0) });
  }

  #onFollowerInfo(from: number, acceptedEpoch: number): void {
    const { config, moment } = this.#core;
    this.#learners.set(from, new Learner(from, this.#tick + config.initLimit + config.syncLimit, moment.nowMs));
    this.#watch(from, config.initLimit * config.tickTimeMs);
    if (this.#phase === 'proposing-epoch') this.#proposeEpoch(from, acceptedEpoch);
    else if (this.#epochDurable) this.#sendLeaderInfo(from);
  }

  #onEpochAck(from: number, currentEpoch: number, lastZxid: number): void {
    const learner = this.#learners.get(from);
    if (learner !== undefined) learner.lastZxid = lastZxid;
    if (this.#phase !== 'awaiting-epoch-acks') {
      if (learner !== undefined) this.#synchronise(learner);
      return;
    }
    // -1: it had promised this epoch before, so its word does not count for a second majority.
    if (currentEpoch !== -1) {
      const mine = this.#initial;
      if (currentEpoch > mine.currentEpoch || (currentEpoch === mine.currentEpoch && lastZxid > mine.lastZxid)) {
        this.#core.giveUp(`server ${from} has a later history`);
        return;
      }
      this.#epochAckers.add(from);
    }
    if (!this.#core.isQuorum(this.#epochAckers)) return;
    this.#phase = 'synchronising';
    this.#core.currentEpoch = this.#epoch;
    this.#core.persist({ kind: 'current-epoch', epoch: this.#epoch }, () =>
      this.#onNewLeaderAck(this.#core.config.sid),
    );
    for (const known of this.#learners.values()) if (known.lastZxid !== null) this.#synchronise(known);
  }

  // ---- Synchronisation

  #synchronise(learner: Learner): void {
    if (learner.forwarding) return;
    const { history, tree } = this.#core;
    const committed = this.#broadcast?.committedZxid ?? this.#inheritedZxid;
    const plan = planSync(history, tree, committed, learner.lastZxid ?? 0);
    this.#core.observe({
      kind: 'learner-syncing',
      follower: learner.sid,
      by: plan.by,
      from: plan.from,
      to: committed,
    });
    for (const packet of plan.packets) this.#core.send(learner.sid, packet);
    for (const txn of this.#broadcast?.outstanding() ?? []) {
      this.#core.send(learner.sid, { type: 'PROPOSAL', zxid: txn.zxid, txn });
      learner.proposed(txn.zxid, this.#core.moment.nowMs);
    }
    this.#core.send(learner.sid, { type: 'NEWLEADER', zxid: makeZxid(this.#epoch, 0) });
    learner.forwarding = true;
  }

  #onNewLeaderAck(from: number): void {
    const { config, history } = this.#core;
    const learner = this.#learners.get(from);
    if (learner !== undefined) {
      learner.synced = true;
      learner.ackDeadlineTick = this.#tick + config.syncLimit;
      this.#watch(from, config.syncLimit * config.tickTimeMs);
    }
    if (this.#phase === 'serving') {
      if (learner !== undefined && this.#broadcast !== null) this.#welcome(learner);
      return;
    }
    this.#newLeaderAckers.add(from);
    if (!this.#core.isQuorum(this.#newLeaderAckers)) return;
    this.#phase = 'serving';
    for (const txn of history.commit(this.#inheritedZxid)) this.#core.emit({ kind: 'commit', txn });
    history.beginEpoch(this.#epoch);
    this.#core.emit({ kind: 'serve', zxid: makeZxid(this.#epoch, 0) });
  }

  /** The tree holds what was inherited; from here on there are new txns. */
  #onStarted(): void {
    this.#broadcast = new Broadcast(this.#core, this.#epoch, this.#learners);
    this.#established(this.#epoch);
    const synced = [...this.#learners.values()].filter((learner) => learner.synced);
    this.#core.observe({ kind: 'epoch-established', epoch: this.#epoch, followers: synced.map(({ sid }) => sid) });
    for (const learner of synced) this.#welcome(learner);
    this.#core.setTimer(TICK_TIMER, this.#core.config.tickTimeMs / 2);
    this.#core.setTimer(SESSIONS_TIMER, this.#broadcast.sessionCheckInMs());
  }

  #welcome(learner: Learner): void {
    this.#core.send(learner.sid, { type: 'UPTODATE', zxid: makeZxid(this.#epoch, 0) });
    this.#core.observe({ kind: 'learner-synced', follower: learner.sid });
  }

  // ---- What comes from learners

  #onPacket(from: number, packet: QuorumPacket): void {
    if (packet.type === 'FOLLOWERINFO') {
      this.#onFollowerInfo(from, epochOfZxid(packet.zxid));
      return;
    }
    const learner = this.#learners.get(from);
    if (learner === undefined) return;
    learner.lastHeardMs = this.#core.moment.nowMs;
    switch (packet.type) {
      case 'ACKEPOCH':
        this.#onEpochAck(from, packet.currentEpoch, packet.zxid);
        break;
      case 'ACK':
        if (packet.zxid === makeZxid(this.#epoch, 0)) {
          if (!learner.synced) this.#onNewLeaderAck(from);
        } else {
          learner.acked(packet.zxid);
          learner.ackDeadlineTick = this.#tick + this.#core.config.syncLimit;
          this.#broadcast?.onAck(from, packet.zxid);
        }
        break;
      case 'PING':
        learner.ackDeadlineTick = this.#tick + this.#core.config.syncLimit;
        this.#broadcast?.touchAll(packet.sessions);
        break;
      default:
        this.#broadcast?.onForwarded(from, packet);
    }
  }

  // ---- Time

  #onTimer(name: string): void {
    const { config, moment } = this.#core;
    if (name === LIMIT_TIMER) {
      if (this.#phase !== 'serving') this.#core.giveUp('no majority within initLimit');
    } else if (name === TICK_TIMER) {
      this.#onHalfTick();
    } else if (name === SESSIONS_TIMER) {
      const broadcast = this.#broadcast;
      if (broadcast === null) return;
      broadcast.expireSessions();
      this.#core.setTimer(SESSIONS_TIMER, broadcast.sessionCheckInMs());
    } else {
      const learner = this.#learners.get(Number(name.slice(LEARNER_TIMER.length)));
      if (learner === undefined) return;
      const limitMs = (learner.synced ? config.syncLimit : config.initLimit) * config.tickTimeMs;
      const leftMs = learner.lastHeardMs + limitMs - moment.nowMs;
      if (leftMs <= 0) this.#drop(learner.sid, 'silent');
      else this.#watch(learner.sid, leftMs);
    }
  }

  /** Pings every half tick; on whole ticks looks whether a majority still follows. */
  #onHalfTick(): void {
    const { config, moment, history } = this.#core;
    if (this.#wholeTick) {
      this.#tick++;
      const synced = new Set([config.sid]);
      for (const learner of this.#learners.values()) {
        if (learner.synced && this.#tick <= learner.ackDeadlineTick) synced.add(learner.sid);
      }
      if (!this.#core.isQuorum(synced)) {
        this.#core.giveUp('not sufficient followers synced');
        return;
      }
    }
    this.#wholeTick = !this.#wholeTick;
    const limitMs = config.syncLimit * config.tickTimeMs;
    for (const learner of [...this.#learners.values()]) {
      if (!learner.forwarding) continue;
      if (learner.isBehind(moment.nowMs, limitMs)) this.#drop(learner.sid, 'proposal not acknowledged');
      else this.#core.send(learner.sid, { type: 'PING', zxid: history.lastZxid, sessions: [] });
    }
    this.#core.setTimer(TICK_TIMER, config.tickTimeMs / 2);
  }

  #watch(sid: number, delayMs: number): void {
    this.#core.setTimer(LEARNER_TIMER + sid, delayMs);
  }

  #drop(sid: number, reason: string): void {
    this.#core.emit({ kind: 'disconnect', peer: sid });
    this.#lose(sid, reason);
  }

  #lose(sid: number, reason: string): void {
    if (this.#learners.delete(sid)) this.#core.observe({ kind: 'learner-lost', follower: sid, reason });
  }
}

const LEARNER_TIMER = 'learner:';
