/**
 * The following role: find the elected leader, promise it an epoch, take over its history, then log what it proposes and apply
 * what it commits. Modelled on Follower and Learner.
 *
 * What synchronisation brings is logged at once but applied only with UPTODATE: until then the leader is not established, and
 * another one may decide otherwise.
 */
import type { QuorumPacket } from './messages.ts';
import { TouchTable } from './sessions.ts';
import type { Txn } from './txn.ts';
import type { ZabCore, ZabInput } from './zab-core.ts';
import { epochOfZxid, makeZxid } from './zxid.ts';

const CONNECT_TIMER = 'connect';
const READ_TIMER = 'read';
const CONNECT_ATTEMPTS = 5;
const CONNECT_RETRY_MS = 100;

export class FollowerRole {
  readonly #core: ZabCore;
  readonly #leader: number;
  readonly #established: (epoch: number) => void;
  readonly #touches = new TouchTable();
  #phase: 'connecting' | 'discovery' | 'synchronising' | 'awaiting-uptodate' | 'serving' = 'connecting';
  #attempts = 0;
  #epoch = 0;
  #lastHeardMs = 0;
  /** Up to here the history is the leader's committed one, as far as synchronisation has come. */
  #syncedZxid = 0;

  constructor(core: ZabCore, leader: number, established: (epoch: number) => void) {
    this.#core = core;
    this.#leader = leader;
    this.#established = established;
  }

  start(): void {
    const { config } = this.#core;
    this.#core.setTimer(READ_TIMER, config.initLimit * config.tickTimeMs);
    this.#lastHeardMs = this.#core.moment.nowMs;
    this.#connect();
  }

  step(input: ZabInput): void {
    switch (input.kind) {
      case 'connected':
        this.#onConnected();
        break;
      case 'disconnected':
        this.#onDisconnected();
        break;
      case 'packet':
        if (input.from !== this.#leader) break;
        this.#lastHeardMs = this.#core.moment.nowMs;
        this.#onPacket(input.packet);
        break;
      case 'timer':
        this.#onTimer(input.name);
        break;
      default:
        this.#onLocal(input);
    }
  }

  #connect(): void {
    this.#attempts++;
    this.#core.emit({ kind: 'connect', to: this.#leader });
  }

  #onConnected(): void {
    this.#phase = 'discovery';
    this.#lastHeardMs = this.#core.moment.nowMs;
    const { config, acceptedEpoch } = this.#core;
    this.#send({ type: 'FOLLOWERINFO', zxid: makeZxid(acceptedEpoch, 0), sid: config.sid });
  }

  #onDisconnected(): void {
    if (this.#phase !== 'connecting') this.#core.giveUp('connection to the leader closed');
    else if (this.#attempts >= CONNECT_ATTEMPTS) this.#core.giveUp('the leader does not listen');
    else this.#core.setTimer(CONNECT_TIMER, CONNECT_RETRY_MS);
  }

  #onTimer(name: string): void {
    if (name === CONNECT_TIMER) {
      this.#connect();
      return;
    }
    if (name !== READ_TIMER) return;
    const leftMs = this.#lastHeardMs + this.#readLimitMs() - this.#core.moment.nowMs;
    if (leftMs > 0) this.#core.setTimer(READ_TIMER, leftMs);
    else this.#core.giveUp('the leader is silent');
  }

  #readLimitMs(): number {
    const { initLimit, syncLimit, tickTimeMs } = this.#core.config;
    const patient = this.#phase !== 'awaiting-uptodate' && this.#phase !== 'serving';
    return (patient ? initLimit : syncLimit) * tickTimeMs;
  }

  #onPacket(packet: QuorumPacket): void {
    switch (packet.type) {
      case 'LEADERINFO':
        this.#onLeaderInfo(epochOfZxid(packet.zxid));
        break;
      case 'DIFF':
      case 'TRUNC':
      case 'SNAP':
        this.#onSyncStart(packet);
        break;
      case 'PROPOSAL':
        this.#onProposal(packet.txn);
        break;
      case 'COMMIT':
        if (this.#phase === 'serving') this.#apply(packet.zxid);
        else this.#syncedZxid = packet.zxid;
        break;
      case 'NEWLEADER':
        this.#onNewLeader(packet.zxid);
        break;
      case 'UPTODATE':
        this.#onUpToDate(packet.zxid);
        break;
      case 'PING':
        this.#send({ type: 'PING', zxid: packet.zxid, sessions: this.#touches.take() });
        break;
      case 'SYNC':
        this.#core.emit({ kind: 'synced', sessionId: packet.sessionId, cxid: packet.cxid });
        break;
      case 'REVALIDATE': {
        const { sessionId, timeout, valid } = packet;
        this.#core.emit({ kind: 'revalidated', sessionId, timeout, valid });
        break;
      }
      default:
        this.#core.giveUp(`the leader sent ${packet.type}`);
    }
  }

  #onLeaderInfo(epoch: number): void {
    const { acceptedEpoch, currentEpoch, history } = this.#core;
    this.#epoch = epoch;
    if (epoch < acceptedEpoch) {
      this.#core.giveUp(`epoch ${epoch} of the leader is older than the accepted ${acceptedEpoch}`);
      return;
    }
    const zxid = history.lastZxid;
    if (epoch === acceptedEpoch) {
      this.#send({ type: 'ACKEPOCH', zxid, currentEpoch: -1 });
      return;
    }
    this.#core.acceptedEpoch = epoch;
    this.#core.persist({ kind: 'accepted-epoch', epoch }, () => this.#send({ type: 'ACKEPOCH', zxid, currentEpoch }));
  }

  #onSyncStart(packet: Extract<QuorumPacket, { type: 'DIFF' | 'TRUNC' | 'SNAP' }>): void {
    const { history } = this.#core;
    this.#phase = 'synchronising';
    this.#syncedZxid = packet.zxid;
    if (packet.type === 'TRUNC') {
      const from = history.lastZxid;
      const count = history.truncate(packet.zxid);
      this.#core.observe({ kind: 'log-truncated', from, to: packet.zxid, count });
      this.#core.persist({ kind: 'truncate', zxid: packet.zxid }, null);
    } else if (packet.type === 'SNAP') {
      history.reset(packet.zxid);
      this.#core.emit({ kind: 'restore', snapshot: packet.snapshot });
      this.#core.persist({ kind: 'snapshot', snapshot: packet.snapshot }, null);
    }
  }

  #onProposal(txn: Txn): void {
    this.#core.history.append(txn);
    // Before NEWLEADER is acknowledged, that acknowledgement speaks for everything logged; see there.
    const acknowledge = this.#phase === 'awaiting-uptodate' || this.#phase === 'serving';
    this.#core.persist({ kind: 'append', txn }, acknowledge ? () => this.#send({ type: 'ACK', zxid: txn.zxid }) : null);
  }

  #onNewLeader(zxid: number): void {
    const { config, history } = this.#core;
    this.#phase = 'awaiting-uptodate';
    this.#core.setTimer(READ_TIMER, config.syncLimit * config.tickTimeMs);
    // The log is on disk before the epoch is: writes are done in order.
    this.#core.currentEpoch = this.#epoch;
    const undecided = history.uncommitted.filter((txn) => txn.zxid > this.#syncedZxid);
    this.#core.persist({ kind: 'current-epoch', epoch: this.#epoch }, () => {
      this.#send({ type: 'ACK', zxid });
      for (const txn of undecided) this.#send({ type: 'ACK', zxid: txn.zxid });
    });
  }

  #onUpToDate(zxid: number): void {
    this.#phase = 'serving';
    this.#apply(this.#syncedZxid);
    this.#send({ type: 'ACK', zxid });
    this.#established(this.#epoch);
    this.#core.emit({ kind: 'serve', zxid: 0 });
  }

  #apply(zxid: number): void {
    for (const txn of this.#core.history.commit(zxid)) this.#core.emit({ kind: 'commit', txn });
  }

  /** What this server's clients want; a server that is not synchronised has none. */
  #onLocal(input: ZabInput): void {
    if (this.#phase !== 'serving') return;
    switch (input.kind) {
      case 'request':
        this.#send({ type: 'REQUEST', request: input.request });
        break;
      case 'sync':
        this.#send({ type: 'SYNC', sessionId: input.sessionId, cxid: input.cxid });
        break;
      case 'revalidate':
        this.#send({ type: 'REVALIDATE', sessionId: input.sessionId, timeout: input.timeout, valid: false });
        break;
      case 'touch':
        this.#touches.touch(input.sessionId, input.timeout);
        break;
      default:
    }
  }

  #send(packet: QuorumPacket): void {
    this.#core.send(this.#leader, packet);
  }
}
