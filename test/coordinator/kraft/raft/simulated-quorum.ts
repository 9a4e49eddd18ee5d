/** Members of a quorum with a small world around them: messages that are late or lost, flushes that take time, crashes. */
import type { RaftRequest, RaftResponse } from '../../../../src/coordinator/kraft/raft/messages.ts';
import { createRaft, NEVER_MS, type Raft } from '../../../../src/coordinator/kraft/raft/state.ts';
import { step, wakeAtMs } from '../../../../src/coordinator/kraft/raft/step.ts';
import type { ElectionState, RaftConfig, RaftEffect, RaftInput } from '../../../../src/coordinator/kraft/raft/types.ts';
import { decodeEntries, encodeEntries, SimulatedLog } from './simulated-log.ts';

export interface Member {
  readonly id: number;
  readonly log: SimulatedLog;
  stored: ElectionState | null;
  /** Null while it is down. */
  raft: Raft | null;
  incarnation: number;
  inbox: RaftInput[];
  /** A flush is under way; inputs wait. */
  busy: boolean;
  highWatermark: number;
  epochSeen: number;
}

interface Event {
  readonly atMs: number;
  readonly seq: number;
  readonly run: () => void;
}

export interface Observation {
  readonly atMs: number;
  readonly node: number;
  readonly what: string;
  readonly detail: string;
}

export interface World {
  /** One way, in milliseconds; null loses the message. */
  delayMs(from: number, to: number): number | null;
  flushMs(node: number): number;
  chance(node: number): number;
}

export class SimulatedQuorum {
  readonly members = new Map<number, Member>();
  nowMs = 0;
  readonly observed: Observation[] = [];
  /** Called after every step of a member. */
  afterStep: (member: Member) => void = () => {};
  private events: Event[] = [];
  private seq = 0;
  private waiting = new Map<number, { from: number; incarnation: number; requestId: number; to: number }>();
  private lastToken = 0;
  private payload = 0;
  private readonly voters: readonly number[];
  private readonly world: World;

  constructor(voters: readonly number[], observers: readonly number[], world: World) {
    this.voters = voters;
    this.world = world;
    for (const id of [...voters, ...observers]) {
      this.members.set(id, {
        id,
        log: new SimulatedLog(),
        stored: null,
        raft: null,
        incarnation: 0,
        inbox: [],
        busy: false,
        highWatermark: -1,
        epochSeen: 0,
      });
    }
  }

  member(id: number): Member {
    const member = this.members.get(id);
    if (member === undefined) throw new Error(`no member ${id}`);
    return member;
  }

  start(id: number): void {
    const member = this.member(id);
    if (member.raft !== null) return;
    member.incarnation++;
    member.inbox = [];
    member.busy = false;
    member.highWatermark = -1;
    const config: RaftConfig = {
      nodeId: id,
      clusterId: 'test',
      voters: this.voters,
      electionTimeoutMs: 1000,
      fetchTimeoutMs: 2000,
      electionBackoffMaxMs: 1000,
      retryBackoffMs: 20,
      fetchMaxWaitMs: 500,
    };
    member.raft = createRaft(config, member.log);
    this.give(member, { kind: 'start', stored: member.stored });
  }

  crash(id: number): void {
    const member = this.member(id);
    if (member.raft === null) return;
    member.raft = null;
    member.log.losePower();
    for (const [token, wait] of this.waiting) {
      if (wait.to === id) this.fail(token, 1);
    }
  }

  append(id: number, count: number): void {
    const member = this.member(id);
    if (member.raft === null) return;
    const { epoch } = member.raft;
    const records = encodeEntries(Array.from({ length: count }, () => ({ epoch, payload: ++this.payload })));
    this.give(member, { kind: 'append', epoch, records });
  }

  input(id: number, input: RaftInput): void {
    const member = this.member(id);
    if (member.raft !== null) this.give(member, input);
  }

  /** Executes everything that is due within this time. */
  run(forMs: number): void {
    const untilMs = this.nowMs + forMs;
    for (;;) {
      const next = this.events[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.events.shift();
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = untilMs;
  }

  at(delayMs: number, run: () => void): void {
    const event = { atMs: this.nowMs + delayMs, seq: ++this.seq, run };
    let i = this.events.length;
    while (i > 0 && this.events[i - 1]!.atMs > event.atMs) i--;
    this.events.splice(i, 0, event);
  }

  private give(member: Member, input: RaftInput): void {
    member.inbox.push(input);
    this.work(member);
  }

  private work(member: Member): void {
    while (!member.busy && member.raft !== null) {
      const input = member.inbox.shift();
      if (input === undefined) break;
      const effects = step(member.raft, input, this.nowMs, this.world.chance(member.id));
      this.carryOut(member, effects);
      this.afterStep(member);
    }
    if (member.raft !== null && !member.busy) this.arm(member, wakeAtMs(member.raft));
  }

  private arm(member: Member, atMs: number): void {
    if (atMs === NEVER_MS) return;
    const { incarnation, raft } = member;
    this.at(Math.max(0, atMs - this.nowMs), () => {
      if (member.incarnation !== incarnation || raft === null || member.raft !== raft) return;
      if (wakeAtMs(raft) <= this.nowMs) this.give(member, { kind: 'timer' });
    });
  }

  private carryOut(member: Member, effects: readonly RaftEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'persist':
          member.stored = effect.state;
          break;
        case 'send':
          this.send(member, effect.to, effect.requestId, effect.request);
          break;
        case 'respond':
          effect.asker.respond(effect.response);
          break;
        case 'respond-with-records': {
          const records = encodeEntries(member.log.entries.slice(effect.fromOffset));
          effect.asker.respond({ ...effect.response, records });
          break;
        }
        case 'append':
          member.log.append(decodeEntries(effect.records));
          member.inbox.unshift({ kind: 'appended' });
          break;
        case 'append-leader-change':
          member.log.append([{ epoch: effect.epoch, payload: 0 }]);
          this.note(member.id, 'leader-change', `epoch=${effect.epoch} granting=[${effect.grantingVoters}]`);
          member.inbox.unshift({ kind: 'appended' });
          break;
        case 'flush':
          this.flush(member);
          break;
        case 'truncate':
          this.note(member.id, 'truncated', `from=${member.log.endOffset} to=${effect.toOffset}`);
          member.log.truncate(effect.toOffset);
          member.inbox.unshift({ kind: 'truncated' });
          break;
        case 'high-watermark':
          member.highWatermark = effect.offset;
          this.note(member.id, 'high-watermark', `${effect.offset}`);
          break;
        case 'role-changed': {
          const leader = effect.leaderId < 0 ? '' : ` leader=${effect.leaderId}`;
          const cause = effect.resignCause === null ? '' : ` cause=${effect.resignCause}`;
          this.note(member.id, effect.role, `epoch=${effect.epoch}${leader}${cause}`);
          break;
        }
        default:
          this.note(member.id, effect.kind, effect.kind === 'fatal' ? effect.reason : '');
      }
    }
  }

  private flush(member: Member): void {
    const { incarnation } = member;
    const endOffset = member.log.endOffset;
    const done = () => {
      if (member.incarnation !== incarnation || member.raft === null) return;
      member.log.flushed = endOffset;
      member.busy = false;
      member.inbox.unshift({ kind: 'flushed', endOffset });
    };
    const delayMs = this.world.flushMs(member.id);
    if (delayMs === 0) {
      done();
      return;
    }
    member.busy = true;
    this.at(delayMs, () => {
      done();
      this.work(member);
    });
  }

  private send(member: Member, to: number, requestId: number, request: RaftRequest): void {
    const token = ++this.lastToken;
    this.waiting.set(token, { from: member.id, incarnation: member.incarnation, requestId, to });
    if (request.kind === 'vote') this.note(member.id, request.preVote ? 'pre-vote' : 'vote', `to=${to}`);
    if (request.kind === 'end-quorum-epoch') this.note(member.id, 'end-quorum-epoch', `to=${to}`);
    const delayMs = this.world.delayMs(member.id, to);
    if (delayMs === null) {
      this.fail(token, 2000);
      return;
    }
    this.at(delayMs, () => {
      const receiver = this.member(to);
      if (receiver.raft === null) this.fail(token, delayMs);
      else {
        const asker = { respond: (response: unknown) => this.respond(receiver, token, response as RaftResponse) };
        this.give(receiver, { kind: 'request', asker, request });
      }
    });
  }

  private respond(member: Member, token: number, response: RaftResponse): void {
    const wait = this.waiting.get(token);
    if (wait === undefined) return;
    if (response.kind === 'vote') {
      this.note(
        member.id,
        response.voteGranted ? 'granted' : 'refused',
        `to=${wait.from} epoch=${response.leaderEpoch}`,
      );
    }
    const delayMs = this.world.delayMs(member.id, wait.from);
    if (delayMs === null) {
      this.fail(token, 2000);
      return;
    }
    this.at(delayMs, () => this.finish(token, { kind: 'response', requestId: wait.requestId, response }));
  }

  private fail(token: number, afterMs: number): void {
    const wait = this.waiting.get(token);
    if (wait === undefined) return;
    this.at(afterMs, () => this.finish(token, { kind: 'request-failed', requestId: wait.requestId }));
  }

  private finish(token: number, input: RaftInput): void {
    const wait = this.waiting.get(token);
    if (wait === undefined) return;
    this.waiting.delete(token);
    const sender = this.member(wait.from);
    if (sender.raft !== null && sender.incarnation === wait.incarnation) this.give(sender, input);
  }

  private note(node: number, what: string, detail: string): void {
    this.observed.push({ atMs: this.nowMs, node, what, detail });
  }
}
