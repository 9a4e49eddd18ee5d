/**
 * One node's part in the metadata quorum: the machine around the pure Raft. Like the I/O thread of KafkaRaftClient it
 * takes one input after the other, carries out what comes of it in order, and waits for the disk in between.
 */
import { type Context, DiskError, type EventId, type Timer } from '../../../kernel/api.ts';
import { assert } from '../../../kernel/assert.ts';
import { encodeControlBatch } from '../../../protocol/control-batch.ts';
import { encodeQuorumControl } from '../../../protocol/records/quorum.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import type { RpcFailure, ServerRequest } from '../../../rpc/api.ts';
import { kraftEvents } from '../events.ts';
import type { RaftRequest } from '../raft/messages.ts';
import { createRaft, NEVER_MS, type Raft } from '../raft/state.ts';
import { step, wakeAtMs } from '../raft/step.ts';
import type { RaftConfig, RaftEffect, RaftInput } from '../raft/types.ts';
import type { ElectionStore } from './election-store.ts';
import type { QuorumChannels } from './quorum-channels.ts';
import type { QuorumLog } from './quorum-log.ts';
import { reportRole } from './report-role.ts';
import { requestFromWire, requestToWire, responseFromWire, responseToWire, WIRE_APIS } from './wire.ts';

export type RoleChange = Extract<RaftEffect, { kind: 'role-changed' }>;

/** Who builds on the quorum: the controller, or a broker's loader. Calls come between steps, never inside one. */
export interface QuorumListener {
  onRole(change: RoleChange): void;
  /** Everything below this offset is committed. */
  onHighWatermark(offset: number): void;
  /** Records were offered for an epoch that this node does not lead any more. */
  onAppendRefused(epoch: number): void;
}

export interface QuorumParts {
  readonly config: RaftConfig;
  readonly log: QuorumLog;
  readonly store: ElectionStore;
  readonly channels: QuorumChannels;
  readonly listener: QuorumListener;
}

/** How long a stopping leader waits for its successor. */
const SHUTDOWN_TIMEOUT_MS = 5000;

interface Queued {
  readonly input: RaftInput;
  readonly cause: EventId;
}

/** A request on its way to another member. */
interface Outgoing {
  readonly member: QuorumMember;
  readonly requestId: number;
  readonly kind: RaftRequest['kind'];
}

export class QuorumMember {
  readonly raft: Raft;
  readonly log: QuorumLog;
  private readonly context: Context;
  private readonly parts: QuorumParts;
  private readonly chance;
  private inbox: Queued[] = [];
  /** The completion of the last write: it comes before everything that waits in the inbox. */
  private completion: RaftInput | null = null;
  private effects: readonly RaftEffect[] = [];
  private position = 0;
  private state: 'idle' | 'working' | 'waiting-for-disk' = 'idle';
  private timer: Timer | null = null;
  private timerAtMs = NEVER_MS;
  private onShutdown: (() => void) | null = null;

  constructor(context: Context, parts: QuorumParts) {
    this.context = context;
    this.parts = parts;
    this.log = parts.log;
    this.raft = createRaft(parts.config, parts.log);
    this.chance = context.chance('raft');
  }

  start(): void {
    this.give({ kind: 'start', stored: this.parts.store.read() });
  }

  /** Answers Vote, BeginQuorumEpoch, EndQuorumEpoch, and the Fetch of replicas. */
  handle(request: ServerRequest): void {
    const asked = requestFromWire(request.api.key, request.body);
    if (asked === undefined) {
      request.close();
      return;
    }
    this.give({ kind: 'request', asker: request, request: asked });
  }

  /** As leader of this epoch: one batch, whose offsets begin where the log will end. */
  append(epoch: number, records: Uint8Array): void {
    this.give({ kind: 'append', epoch, records });
  }

  resign(epoch: number): void {
    this.give({ kind: 'resign', epoch });
  }

  /** Hands over if this node leads, and calls back when it may go. */
  shutdown(done: () => void): void {
    this.onShutdown = done;
    this.context.after(SHUTDOWN_TIMEOUT_MS * 1000, finishShutdown, this);
    this.give({ kind: 'shutdown' });
  }

  finishShutdown(): void {
    const done = this.onShutdown;
    this.onShutdown = null;
    done?.();
  }

  private give(input: RaftInput): void {
    if (this.state === 'idle') {
      this.take(input);
      this.work();
    } else {
      this.inbox.push({ input, cause: this.context.cause });
    }
  }

  private take(input: RaftInput): void {
    this.effects = step(this.raft, input, this.context.wallMs(), this.chance.next());
    this.position = 0;
  }

  private work(): void {
    this.state = 'working';
    for (;;) {
      while (this.position < this.effects.length) {
        const effect = this.effects[this.position++]!;
        this.carryOut(effect);
        if (this.isWaiting()) return;
      }
      const input = this.nextInput();
      if (input === null) break;
      this.take(input);
    }
    this.state = 'idle';
    this.arm();
  }

  /** In a function of its own, because the compiler does not see that `carryOut` changes the state. */
  private isWaiting(): boolean {
    return this.state === 'waiting-for-disk';
  }

  private nextInput(): RaftInput | null {
    const { completion } = this;
    if (completion !== null) {
      this.completion = null;
      return completion;
    }
    const queued = this.inbox.shift();
    if (queued === undefined) return null;
    this.context.cause = queued.cause;
    return queued.input;
  }

  private arm(): void {
    const atMs = wakeAtMs(this.raft);
    if (this.timer !== null && this.timerAtMs <= atMs) return;
    this.timer?.cancel();
    this.timer = null;
    if (atMs === NEVER_MS) return;
    this.timerAtMs = atMs;
    const delayMs = Math.max(0, atMs - this.context.wallMs());
    this.timer = this.context.after(delayMs * 1000, onTimer, this);
  }

  fireTimer(): void {
    this.timer = null;
    this.timerAtMs = NEVER_MS;
    this.context.cause = 0;
    if (wakeAtMs(this.raft) <= this.context.wallMs()) this.give({ kind: 'timer' });
    else if (this.state === 'idle') this.arm();
  }

  private carryOut(effect: RaftEffect): void {
    const { log, context, parts } = this;
    switch (effect.kind) {
      case 'persist':
        this.state = 'waiting-for-disk';
        this.write(null, () => parts.store.write(effect.state, this.onPersisted));
        return;
      case 'send':
        this.send(effect.to, effect.requestId, effect.request);
        return;
      case 'respond':
        effect.asker.respond(responseToWire(effect.response, null));
        return;
      case 'respond-with-records':
        effect.asker.respond(responseToWire(effect.response, log.read(effect.fromOffset)));
        return;
      case 'append':
        this.write({ kind: 'appended' }, () => log.append(effect.records));
        return;
      case 'append-leader-change':
        this.write({ kind: 'appended' }, () => log.append(this.leaderChangeBatch(effect)));
        return;
      case 'truncate':
        context.emit(kraftEvents['metadata-log-truncated'], [log.endOffset, effect.toOffset]);
        this.write({ kind: 'truncated' }, () => log.truncate(effect.toOffset));
        return;
      case 'flush':
        this.state = 'waiting-for-disk';
        this.write(null, () => log.flush(onFlushed, { member: this, endOffset: log.endOffset }));
        return;
      case 'refuse-append':
        parts.listener.onAppendRefused(effect.epoch);
        return;
      case 'high-watermark':
        parts.listener.onHighWatermark(effect.offset);
        return;
      case 'role-changed':
        reportRole(context, this.raft, effect);
        parts.listener.onRole(effect);
        return;
      case 'shutdown-complete':
        this.finishShutdown();
        return;
      case 'fatal':
        context.exit(1, effect.reason);
        return;
    }
  }

  /** A metadata directory that fails takes the process with it. */
  private write(completion: RaftInput | null, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.context.exit(1, `the metadata log directory failed: ${error.message}`);
      return;
    }
    if (completion === null) return;
    assert(this.completion === null, 'two writes of the metadata log in one step');
    this.completion = completion;
  }

  private readonly onPersisted = (error: DiskError | null): void => {
    if (error !== null) this.context.exit(1, `the metadata log directory failed: ${error.message}`);
    else this.work();
  };

  flushed(endOffset: number, failed: boolean): void {
    if (failed) {
      this.context.exit(1, 'the metadata log directory failed');
      return;
    }
    this.completion = { kind: 'flushed', endOffset };
    this.work();
  }

  private leaderChangeBatch(effect: Extract<RaftEffect, { kind: 'append-leader-change' }>): Uint8Array {
    const { epoch, voters, grantingVoters } = effect;
    const withId = (voterId: number) => ({ voterId, voterDirectoryId: ZERO_UUID });
    const value = {
      version: 0,
      leaderId: this.raft.config.nodeId,
      voters: voters.map(withId),
      grantingVoters: grantingVoters.map(withId),
    };
    return encodeControlBatch({
      records: [encodeQuorumControl({ type: 'leader-change', value })],
      baseOffset: this.log.endOffset,
      partitionLeaderEpoch: epoch,
      timestampMs: this.context.wallMs(),
    });
  }

  private send(to: number, requestId: number, request: RaftRequest): void {
    const { api, version } = WIRE_APIS[request.kind];
    const outgoing: Outgoing = { member: this, requestId, kind: request.kind };
    const channel = this.parts.channels.to(to);
    assert(channel !== undefined, `node ${to} is no voter`);
    channel.send(api, version, requestToWire(request), onResponse, outgoing);
  }

  heard({ requestId, kind }: Outgoing, body: unknown, failure: RpcFailure | null): void {
    const response = failure === null ? responseFromWire(kind, body) : undefined;
    if (response === undefined) this.give({ kind: 'request-failed', requestId });
    else this.give({ kind: 'response', requestId, response });
  }
}

const onTimer = (member: QuorumMember): void => member.fireTimer();
const finishShutdown = (member: QuorumMember): void => member.finishShutdown();
const onFlushed = (flush: { member: QuorumMember; endOffset: number }, failed: boolean): void =>
  flush.member.flushed(flush.endOffset, failed);
const onResponse = (outgoing: Outgoing, body: unknown, failure: RpcFailure | null): void =>
  outgoing.member.heard(outgoing, body, failure);
