/**
 * An established leader's work: requests become txns in one order, a txn is committed when a majority has it on disk and
 * everything before it is committed. The leader counts itself when its own disk is done. Modelled on Leader.propose, tryToCommit
 * and LeaderSessionTracker.
 */
import { assert } from '../../../kernel/assert.ts';
import { OpCode } from './codes.ts';
import type { Learner } from './learner.ts';
import type { ForwardedRequest, QuorumPacket, SessionTouch } from './messages.ts';
import { RequestPrep } from './prep.ts';
import { SessionTracker } from './sessions.ts';
import type { Txn } from './txn.ts';
import type { ZabCore, ZabInput } from './zab-core.ts';
import { counterOfZxid, LAST_COUNTER, makeZxid } from './zxid.ts';

interface Proposal {
  readonly txn: Txn;
  readonly acks: Set<number>;
}
interface PendingSync {
  /** The last proposal before it; it is answered when that one is committed. */
  readonly behindZxid: number;
  readonly from: number;
  readonly sessionId: number;
  readonly cxid: number;
}

export class Broadcast {
  readonly #sessions: SessionTracker;
  readonly #core: ZabCore;
  readonly #learners: ReadonlyMap<number, Learner>;
  readonly #prep: RequestPrep;
  /** Proposed, not committed, in order. */
  readonly #outstanding = new Map<number, Proposal>();
  #pendingSyncs: PendingSync[] = [];
  #lastProposed: number;
  #committedZxid: number;

  constructor(core: ZabCore, epoch: number, learners: ReadonlyMap<number, Learner>) {
    this.#core = core;
    this.#learners = learners;
    this.#lastProposed = makeZxid(epoch, 0);
    this.#committedZxid = this.#lastProposed;
    this.#sessions = new SessionTracker(core.config.tickTimeMs, core.tree.sessions, core.moment.nowMs);
    this.#prep = new RequestPrep(core.tree, this.#sessions);
  }

  get committedZxid(): number {
    return this.#committedZxid;
  }

  get sessionSets(): SessionTracker['sets'] {
    return this.#sessions.sets;
  }

  get pendingSyncs(): number {
    return this.#pendingSyncs.length;
  }

  outstanding(): readonly Txn[] {
    return [...this.#outstanding.values()].map(({ txn }) => txn);
  }

  /** What this server's own clients want. */
  onLocal(input: ZabInput): void {
    const { sid } = this.#core.config;
    this.#sessions.at(this.#core.moment.nowMs);
    switch (input.kind) {
      case 'request':
        this.#propose(input.request, sid);
        break;
      case 'sync':
        this.#sync(sid, input.sessionId, input.cxid);
        break;
      case 'revalidate': {
        const { sessionId, timeout } = input;
        const valid = this.#revalidate(sid, sessionId, timeout);
        this.#core.emit({ kind: 'revalidated', sessionId, timeout, valid });
        break;
      }
      case 'touch':
        this.#sessions.touch(input.sessionId, input.timeout);
        break;
      case 'expire':
        if (this.#core.tree.sessions.has(input.sessionId)) this.#expire(input.sessionId);
        break;
      default:
        assert(false, `${input.kind} is no affair of an established leader`);
    }
  }

  /** What the clients of a follower want. */
  onForwarded(from: number, packet: QuorumPacket): void {
    this.#sessions.at(this.#core.moment.nowMs);
    switch (packet.type) {
      case 'REQUEST':
        this.#propose(packet.request, from);
        break;
      case 'SYNC':
        this.#sync(from, packet.sessionId, packet.cxid);
        break;
      case 'REVALIDATE': {
        const valid = this.#revalidate(from, packet.sessionId, packet.timeout);
        this.#core.send(from, { ...packet, valid });
        break;
      }
      default:
        assert(false, `a follower sent ${packet.type} to its leader`);
    }
  }

  /** A follower has heard of these sessions since the last PING. */
  touchAll(touches: readonly SessionTouch[]): void {
    this.#sessions.at(this.#core.moment.nowMs);
    for (const { sessionId, timeout } of touches) this.#sessions.touch(sessionId, timeout);
  }

  onAck(from: number, zxid: number): void {
    this.#outstanding.get(zxid)?.acks.add(from);
    for (const [head, proposal] of this.#outstanding) {
      if (!this.#core.isQuorum(proposal.acks)) return;
      this.#outstanding.delete(head);
      this.#commit(proposal.txn);
    }
  }

  expireSessions(): void {
    for (const sessionId of this.#sessions.expire(this.#core.moment.nowMs)) this.#expire(sessionId);
  }

  #expire(sessionId: number): void {
    const timeoutMs = this.#core.tree.sessions.get(sessionId) ?? 0;
    this.#core.observe({ kind: 'session-expired', sessionId, timeoutMs });
    this.#propose({ sessionId, cxid: 0, request: { type: OpCode.closeSession } }, this.#core.config.sid);
  }

  sessionCheckInMs(): number {
    const { nowMs } = this.#core.moment;
    this.#sessions.at(nowMs);
    return this.#sessions.nextCheckMs() - nowMs;
  }

  #propose(request: ForwardedRequest, owner: number): void {
    if (counterOfZxid(this.#lastProposed) === LAST_COUNTER) {
      this.#core.giveUp('zxid counter used up');
      return;
    }
    const zxid = this.#lastProposed + 1;
    this.#lastProposed = zxid;
    const { moment, history, config } = this.#core;
    const txn = this.#prep.prepare(request, { zxid, time: moment.wallMs, owner });
    this.#outstanding.set(zxid, { txn, acks: new Set() });
    history.append(txn);
    this.#core.persist({ kind: 'append', txn }, () => this.onAck(config.sid, zxid));
    for (const learner of this.#learners.values()) {
      if (!learner.forwarding) continue;
      this.#core.send(learner.sid, { type: 'PROPOSAL', zxid, txn });
      learner.proposed(zxid, moment.nowMs);
    }
  }

  #commit(txn: Txn): void {
    const { zxid } = txn;
    this.#committedZxid = zxid;
    for (const learner of this.#learners.values()) {
      if (learner.forwarding) this.#core.send(learner.sid, { type: 'COMMIT', zxid });
    }
    this.#core.history.commit(zxid);
    if (txn.body.type === OpCode.closeSession) this.#sessions.remove(txn.clientId);
    this.#core.emit({ kind: 'commit', txn });
    const answered = this.#pendingSyncs.filter((sync) => sync.behindZxid <= zxid);
    if (answered.length === 0) return;
    this.#pendingSyncs = this.#pendingSyncs.filter((sync) => sync.behindZxid > zxid);
    for (const { from, sessionId, cxid } of answered) this.#answerSync(from, sessionId, cxid);
  }

  #sync(from: number, sessionId: number, cxid: number): void {
    if (this.#outstanding.size === 0) this.#answerSync(from, sessionId, cxid);
    else this.#pendingSyncs.push({ behindZxid: this.#lastProposed, from, sessionId, cxid });
  }

  /** Behind all COMMITs that were sent before, on the same connection: hence the follower has applied them when it reads this. */
  #answerSync(from: number, sessionId: number, cxid: number): void {
    if (from === this.#core.config.sid) this.#core.emit({ kind: 'synced', sessionId, cxid });
    else this.#core.send(from, { type: 'SYNC', sessionId, cxid });
  }

  #revalidate(from: number, sessionId: number, timeout: number): boolean {
    const valid = this.#sessions.touch(sessionId, timeout);
    if (!valid) return false;
    this.#sessions.reown(sessionId, from);
    this.#core.observe({ kind: 'session-moved', sessionId, to: from });
    return true;
  }
}
