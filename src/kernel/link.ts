import type { EventId, LinkRule, Micros } from './api.ts';
import type { ChanceStream } from './chance.ts';
import type { Handler, Owner } from './owner.ts';
import type { Scheduler } from './scheduler.ts';

/** A rule in force, and how many segments and connection attempts it has met. */
export interface InstalledRule {
  readonly rule: LinkRule;
  hits: number;
}

/** A segment that a `hold` rule keeps. */
interface HeldSegment {
  readonly notBeforeUs: Micros;
  readonly owner: Owner;
  readonly handler: Handler;
  readonly arg: unknown;
  readonly payload: unknown;
  readonly cause: EventId;
}

export interface LinkBase {
  readonly latencyUs: Micros;
  readonly jitterUs: Micros;
  readonly loopback: boolean;
}

/** The way from one machine to another. The rules that concern it are looked up when rules change, not for each segment. */
export class Link {
  readonly from: string;
  readonly to: string;
  readonly base: LinkBase;
  readonly chance: ChanceStream;
  /** No rule concerns this direction, acknowledgements come back, and nobody listens in: the fast path. */
  plain = true;
  latencyUs: Micros;
  jitterUs: Micros;
  blocks: readonly InstalledRule[] = [];
  private delays: readonly InstalledRule[] = [];
  private losses: readonly InstalledRule[] = [];
  private bandwidths: readonly InstalledRule[] = [];
  private holds: readonly InstalledRule[] = [];
  private busyUntilUs: Micros = 0;
  private held: HeldSegment[] = [];

  constructor(from: string, to: string, base: LinkBase, chance: ChanceStream) {
    this.from = from;
    this.to = to;
    this.base = base;
    this.chance = chance;
    this.latencyUs = base.latencyUs;
    this.jitterUs = base.jitterUs;
  }

  get blocked(): boolean {
    return this.blocks.length > 0;
  }

  /** Loopback never leaves the machine: of all rules only `hold` touches it. */
  applyRules(rules: readonly InstalledRule[]): void {
    const matching = rules.filter(({ rule }) => rule.matches(this.from, this.to));
    const { loopback } = this.base;
    const ofKind = (kind: LinkRule['effect']['kind']) =>
      loopback && kind !== 'hold' ? [] : matching.filter(({ rule }) => rule.effect.kind === kind);
    this.blocks = ofKind('block');
    this.delays = ofKind('delay');
    this.losses = ofKind('loss');
    this.bandwidths = ofKind('bandwidth');
    this.holds = ofKind('hold');
    this.latencyUs = this.base.latencyUs;
    this.jitterUs = this.base.jitterUs;
    for (const { rule } of this.delays) {
      if (rule.effect.kind !== 'delay') continue;
      this.latencyUs += rule.effect.latencyUs;
      this.jitterUs += rule.effect.jitterUs;
    }
  }

  /** Whether what is sent now is kept until a rule is lifted. */
  get holding(): boolean {
    return this.holds.length > 0;
  }

  /** Whether any rule concerns this direction itself. */
  get ruled(): boolean {
    return (
      this.blocks.length + this.delays.length + this.losses.length + this.bandwidths.length + this.holds.length > 0
    );
  }

  /** Whether one attempt to send a segment gets through. */
  passes(): boolean {
    if (this.blocks.length > 0) {
      for (const block of this.blocks) block.hits += 1;
      return false;
    }
    let passes = true;
    for (const loss of this.losses) {
      const { effect } = loss.rule;
      if (effect.kind !== 'loss') continue;
      loss.hits += 1;
      if (this.chance.oneIn(effect.numerator, effect.denominator)) passes = false;
    }
    return passes;
  }

  /** Sends a segment that passes on its way; returns when it arrives, as far as that is known. */
  carry(
    scheduler: Scheduler,
    notBeforeUs: Micros,
    bytes: number,
    owner: Owner,
    handler: Handler,
    arg: unknown,
    payload: unknown,
  ): Micros {
    for (const delay of this.delays) delay.hits += 1;
    let atUs = this.serialise(scheduler.nowUs, bytes) + this.latencyUs;
    if (this.jitterUs > 0) atUs += this.chance.below(this.jitterUs + 1);
    if (atUs < notBeforeUs) atUs = notBeforeUs;
    if (this.holds.length > 0) {
      for (const hold of this.holds) hold.hits += 1;
      this.held.push({ notBeforeUs, owner, handler, arg, payload, cause: scheduler.cause });
      return notBeforeUs;
    }
    scheduler.post(atUs, owner, handler, arg, payload);
    return atUs;
  }

  /** Lets everything go that was held, if no rule holds it any more. */
  release(scheduler: Scheduler): void {
    if (this.holds.length > 0 || this.held.length === 0) return;
    const released = this.held;
    this.held = [];
    const { cause } = scheduler;
    for (const segment of released) {
      scheduler.cause = segment.cause;
      const atUs = Math.max(scheduler.nowUs, segment.notBeforeUs);
      scheduler.post(atUs, segment.owner, segment.handler, segment.arg, segment.payload);
    }
    scheduler.cause = cause;
  }

  /** When the last byte has left the sender: the wire carries one segment after another. */
  private serialise(nowUs: Micros, bytes: number): Micros {
    let leavesUs = nowUs;
    for (const bandwidth of this.bandwidths) {
      const { effect } = bandwidth.rule;
      if (effect.kind !== 'bandwidth') continue;
      bandwidth.hits += 1;
      const startUs = Math.max(leavesUs, this.busyUntilUs);
      this.busyUntilUs = startUs + Math.ceil((bytes * 1_000_000) / effect.bytesPerSecond);
      leavesUs = this.busyUntilUs;
    }
    return leavesUs;
  }

  /** Whether the size of a segment matters here. */
  get measured(): boolean {
    return this.bandwidths.length > 0;
  }
}
