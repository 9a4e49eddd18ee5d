/**
 * The active controller of one epoch. It decides from its state with everything decided so far applied, whether committed
 * or not; so nobody gets an answer before all that it may rest on is committed (QuorumController).
 */
import type { Context, EventId } from '../../../kernel/api.ts';
import { apply } from '../metadata/apply.ts';
import type { ClusterMetadata } from '../metadata/cluster-metadata.ts';
import { encodeRecords } from '../metadata/record-codec.ts';
import type { MetadataRecord } from '../metadata/records.ts';
import type { QuorumMember } from '../quorum/quorum-member.ts';
import type { Origin } from './commit-trace.ts';
import { Heartbeats } from './heartbeats.ts';
import type { ControllerConfig, ControllerState, Decision } from './state.ts';

/** An answer that waits until everything up to this offset is committed. */
interface Parked {
  readonly offset: number;
  readonly cause: EventId;
  /** Of its records; null if it has none. */
  readonly origin: Origin | null;
  readonly answer: () => void;
  /** The controllership ended before; whether the records will commit is not known. */
  readonly lost: () => void;
}

export class ActiveController {
  readonly epoch: number;
  readonly state: ControllerState;
  private readonly context: Context;
  private readonly member: QuorumMember;
  private readonly lingerMs: number;
  /** Decided, and not handed to Raft yet: the linger lets decisions share a batch. */
  private accumulated: MetadataRecord[] = [];
  private parked: Parked[] = [];
  private origins: Origin[] = [];
  private ended = false;

  constructor(context: Context, { epoch, member, config, committed, lingerMs }: ActiveControllerParts) {
    this.context = context;
    this.epoch = epoch;
    this.member = member;
    this.lingerMs = lingerMs;
    const heartbeats = new Heartbeats(config.sessionTimeoutMs);
    const nowMs = context.nowMs();
    for (const broker of committed.brokers.values()) {
      heartbeats.track(broker.id, broker.epoch);
      if (!broker.fenced) heartbeats.touch(broker.id, broker.epoch, nowMs);
    }
    this.state = { config, metadata: committed.fork(), heartbeats, nextOffset: member.log.endOffset };
  }

  /** Carries out a decision: its records are applied at once, and the answer given when they are committed. Returns the last offset decided so far. */
  carryOut<R>({ records, reason, response }: Decision<R>, answer: (response: R) => void, lost: () => void): number {
    const { state, context } = this;
    for (const record of records) {
      apply(state.metadata, record, state.nextOffset++);
      this.accumulated.push(record);
    }
    const lastOffset = state.nextOffset - 1;
    const { cause } = context;
    let origin: Origin | null = null;
    if (records.length > 0) {
      origin = { lastOffset, reason, cause, told: 0 };
      this.origins.push(origin);
      if (this.accumulated.length === records.length) context.after(this.lingerMs * 1000, drain, this);
    }
    const waitFor = records.length > 0 ? lastOffset : (this.parked.at(-1)?.offset ?? -1);
    if (waitFor < 0) answer(response);
    else this.parked.push({ offset: waitFor, cause, origin, answer: () => answer(response), lost });
    return lastOffset;
  }

  drain(): void {
    if (this.ended || this.accumulated.length === 0) return;
    const records = this.accumulated;
    this.accumulated = [];
    const at = {
      baseOffset: this.state.nextOffset - records.length,
      leaderEpoch: this.epoch,
      timestampMs: this.context.wallMs(),
    };
    this.member.append(this.epoch, encodeRecords(records, at));
  }

  /** Who decided the record at this offset, and why; undefined for a predecessor's. Asked for rising offsets. */
  originOf(offset: number): Origin | undefined {
    while (this.origins[0] !== undefined && this.origins[0].lastOffset < offset) this.origins.shift();
    return this.origins[0];
  }

  /** Everything below this offset is committed. */
  answerUpTo(highWatermark: number): void {
    let ready = 0;
    while (ready < this.parked.length && this.parked[ready]!.offset < highWatermark) ready++;
    for (const { answer, cause, origin } of this.parked.splice(0, ready)) {
      this.context.cause = origin?.told || cause;
      answer();
    }
  }

  end(): void {
    this.ended = true;
    const { parked } = this;
    this.parked = [];
    for (const { lost } of parked) lost();
  }

  get isEnded(): boolean {
    return this.ended;
  }
}

export interface ActiveControllerParts {
  readonly epoch: number;
  readonly member: QuorumMember;
  readonly config: ControllerConfig;
  readonly committed: ClusterMetadata;
  readonly lingerMs: number;
}

const drain = (controller: ActiveController): void => controller.drain();
