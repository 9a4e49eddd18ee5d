/**
 * FastLeaderElection: servers tell each other whom they vote for and change to any better vote that they hear of, until a
 * majority votes alike and nothing better comes for 200 ms. Better is: later epoch, then longer history, then higher number.
 * A server that has a leader answers those who look for one, and is not disturbed by them.
 */
import type { Notification, ServerState } from './messages.ts';
import type { ZabCore } from './zab-core.ts';

export interface Vote {
  readonly leader: number;
  readonly zxid: number;
  readonly peerEpoch: number;
}

/** A vote as heard from somebody. */
interface HeardVote extends Vote {
  readonly electionEpoch: number;
  readonly state: ServerState;
}

const FINALIZE_WAIT_MS = 200;
const LONGEST_WAIT_MS = 60_000;
export const ELECTION_TIMER = 'election';

export class FastLeaderElection {
  readonly #core: ZabCore;
  readonly #elected: (leader: number) => void;
  /** The logical clock: how many times this server has voted, or heard of others' voting. */
  #round = 0;
  #state: ServerState = 'LOOKING';
  #vote: Vote;
  #heard = new Map<number, HeardVote>();
  /** Votes of servers that have a leader, of whatever round. */
  #settled = new Map<number, HeardVote>();
  #waitMs = FINALIZE_WAIT_MS;
  /** A majority agrees; the last chance for a better vote runs. */
  #finalizing = false;

  constructor(core: ZabCore, elected: (leader: number) => void) {
    this.#core = core;
    this.#elected = elected;
    this.#vote = this.#ownVote();
  }

  get round(): number {
    return this.#round;
  }

  get vote(): Vote {
    return this.#vote;
  }

  /** This server has no leader (any more). */
  look(): void {
    this.#round++;
    this.#state = 'LOOKING';
    this.#heard = new Map();
    this.#settled = new Map();
    this.#waitMs = FINALIZE_WAIT_MS;
    this.#finalizing = false;
    this.#adopt(this.#ownVote());
    const { zxid, peerEpoch } = this.#vote;
    this.#core.observe({ kind: 'election-started', round: this.#round, zxid, peerEpoch });
    this.#sendToAll();
    this.#wait(FINALIZE_WAIT_MS);
    this.#checkMajority();
  }

  /** The leader's new epoch stands: those who ask later are answered with it. */
  epochEstablished(epoch: number): void {
    this.#vote = { ...this.#vote, peerEpoch: epoch };
  }

  onNotification(from: number, n: Notification): void {
    const { voters } = this.#core.config;
    if (!voters.includes(from) || !voters.includes(n.leader)) return;
    if (this.#state !== 'LOOKING') {
      if (n.state === 'LOOKING') this.#sendTo(from);
      return;
    }
    if (n.state === 'LOOKING') {
      if (n.electionEpoch < this.#round) this.#sendTo(from);
      this.#onCandidate(from, n);
    } else {
      this.#onSettled(from, n);
    }
  }

  onTimer(): void {
    if (this.#state !== 'LOOKING') return;
    if (this.#finalizing) {
      this.#decide(this.#vote.leader);
      return;
    }
    this.#sendToAll();
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    this.#wait(this.#waitMs);
  }

  #onCandidate(from: number, n: Notification): void {
    if (this.#finalizing) {
      // Only something better counts now; anything else merely restarts the wait.
      if (!isBetter(n, this.#vote)) {
        this.#wait(FINALIZE_WAIT_MS);
        return;
      }
      this.#finalizing = false;
    }
    this.#wait(this.#waitMs);
    if (n.electionEpoch < this.#round) return;
    if (n.electionEpoch > this.#round) {
      this.#round = n.electionEpoch;
      this.#heard = new Map();
      const own = this.#ownVote();
      this.#adopt(isBetter(n, own) ? voteOf(n) : own);
      this.#sendToAll();
    } else if (isBetter(n, this.#vote)) {
      this.#adopt(voteOf(n));
      this.#sendToAll();
    }
    this.#heard.set(from, heardVote(n));
    this.#checkMajority();
  }

  #checkMajority(): void {
    const agreeing = this.#agreeing(this.#heard, { ...this.#vote, electionEpoch: this.#round, state: 'LOOKING' });
    if (!this.#core.isQuorum(agreeing)) return;
    this.#finalizing = true;
    this.#wait(FINALIZE_WAIT_MS);
  }

  /** Somebody follows or leads already. Join if a majority says so, and the leader itself does. */
  #onSettled(from: number, n: Notification): void {
    const heard = heardVote(n);
    if (this.#finalizing) {
      this.#wait(FINALIZE_WAIT_MS);
      return;
    }
    this.#wait(this.#waitMs);
    if (n.electionEpoch === this.#round) {
      this.#heard.set(from, heard);
      if (this.#core.isQuorum(this.#agreeing(this.#heard, heard)) && this.#leaderConfirms(this.#heard, n)) {
        this.#adopt(voteOf(n));
        this.#decide(n.leader);
        return;
      }
    }
    this.#settled.set(from, heard);
    if (this.#core.isQuorum(this.#agreeing(this.#settled, heard)) && this.#leaderConfirms(this.#settled, n)) {
      this.#round = n.electionEpoch;
      this.#adopt(voteOf(n));
      this.#decide(n.leader);
    }
  }

  #leaderConfirms(votes: ReadonlyMap<number, HeardVote>, n: Notification): boolean {
    if (n.leader === this.#core.config.sid) return n.electionEpoch === this.#round;
    return votes.get(n.leader)?.state === 'LEADING';
  }

  #agreeing(votes: ReadonlyMap<number, HeardVote>, wanted: HeardVote): ReadonlySet<number> {
    const agreeing = new Set<number>();
    for (const [sid, vote] of votes) if (sameVote(vote, wanted)) agreeing.add(sid);
    return agreeing;
  }

  #decide(leader: number): void {
    this.#state = leader === this.#core.config.sid ? 'LEADING' : 'FOLLOWING';
    this.#finalizing = false;
    this.#core.observe({ kind: 'election-decided', leader, round: this.#round, zxid: this.#vote.zxid });
    this.#elected(leader);
  }

  #adopt(vote: Vote): void {
    this.#vote = vote;
    this.#heard.set(this.#core.config.sid, { ...vote, electionEpoch: this.#round, state: 'LOOKING' });
  }

  #ownVote(): Vote {
    const { config, history, currentEpoch } = this.#core;
    return { leader: config.sid, zxid: history.lastZxid, peerEpoch: currentEpoch };
  }

  #sendToAll(): void {
    for (const sid of this.#core.config.voters) if (sid !== this.#core.config.sid) this.#sendTo(sid);
  }

  #sendTo(to: number): void {
    const { leader, zxid, peerEpoch } = this.#vote;
    const electionEpoch = this.#round;
    const notification: Notification = {
      kind: 'notification',
      state: this.#state,
      leader,
      zxid,
      electionEpoch,
      peerEpoch,
    };
    this.#core.emit({ kind: 'notify', to, notification });
  }

  #wait(delayMs: number): void {
    this.#core.setTimer(ELECTION_TIMER, delayMs);
  }
}

function voteOf(n: Notification): Vote {
  return { leader: n.leader, zxid: n.zxid, peerEpoch: n.peerEpoch };
}

function heardVote(n: Notification): HeardVote {
  return { ...voteOf(n), electionEpoch: n.electionEpoch, state: n.state };
}

/** Whether the first vote beats the second: epoch, then zxid, then server number. */
export function isBetter(a: Vote, b: Vote): boolean {
  if (a.peerEpoch !== b.peerEpoch) return a.peerEpoch > b.peerEpoch;
  if (a.zxid !== b.zxid) return a.zxid > b.zxid;
  return a.leader > b.leader;
}

/** Among servers that have a leader only the leader and its epoch matter; the rest may be of different ages. */
function sameVote(a: HeardVote, b: HeardVote): boolean {
  if (a.leader !== b.leader || a.peerEpoch !== b.peerEpoch) return false;
  if (a.state !== 'LOOKING' && b.state !== 'LOOKING') return true;
  return a.zxid === b.zxid && a.electionEpoch === b.electionEpoch;
}
