import type { Context } from '../../kernel/api.ts';
import { assertNever } from '../../kernel/assert.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { VerificationGuard, VerifiedProducer } from '../../storage/verification.ts';
import type { InternalLog, LoadListener } from '../api.ts';
import { onAlarm } from './alarms.ts';
import type { TimerSlot } from './classic-group.ts';
import type { Alarm, Effect } from './effects.ts';
import { decodeGroupRecord, encodeGroupRecord } from './group-records.ts';
import { GroupState } from './group-state.ts';
import { beginGroups, endGroups } from './loading.ts';
import type { GroupSettings } from './settings.ts';
import { GroupShard, type ShardWorld } from './shard.ts';

/** Records on their way, and who waits behind them. */
interface Write {
  /** Place in the order of appending. */
  readonly sequence: number;
  readonly effect: Effect & { kind: 'write' | 'write-marker' };
  readonly behind: (Effect & { kind: 'answer-in-order' | 'after-writes' })[];
}

export interface MachineParts {
  readonly context: Context;
  readonly log: InternalLog;
  readonly settings: GroupSettings;
  readonly world: ShardWorld;
}

/**
 * One partition's coordinator in the world: steps the shard, and does what the steps want done. Steps never run inside one
 * another; what comes while one runs waits for its end.
 */
export class ShardMachine {
  readonly shard: GroupShard;
  readonly leaderEpoch: number;
  status: 'loading' | 'active' | 'failed' | 'closed' = 'loading';
  private readonly parts: MachineParts;
  private readonly state = new GroupState();
  /** In the order in which they were appended. */
  private readonly writes: Write[] = [];
  /** Given up waiting for, but in the log: a later write that is committed takes them along. */
  private readonly late: Write[] = [];
  private nextSequence = 0;
  private readonly waitingSteps: (() => void)[] = [];
  private stepping = false;

  constructor(parts: MachineParts, partition: number, leaderEpoch: number) {
    this.parts = parts;
    this.leaderEpoch = leaderEpoch;
    this.shard = new GroupShard(partition, this.state, parts.settings, parts.world);
  }

  load(): void {
    this.parts.log.load(this.shard.partition, this.replay);
  }

  private readonly replay: LoadListener = {
    onRecord: (offset, record, producerId) => {
      const decoded = decodeGroupRecord(record);
      if (decoded !== undefined) this.state.apply(decoded, offset, producerId);
    },
    onMarker: (producerId, committed) => void this.state.applyMarker(producerId, committed),
    done: (complete) => this.loaded(complete),
  };

  private loaded(complete: boolean): void {
    if (this.status !== 'loading') return;
    this.status = complete ? 'active' : 'failed';
    if (complete) this.step(() => beginGroups(this.shard, this.leaderEpoch));
  }

  /** Before the coordinator of a transaction is asked; undefined if nobody need be. */
  startVerification(producer: VerifiedProducer): VerificationGuard | undefined {
    return this.parts.log.startVerification(this.shard.partition, producer);
  }

  /** Leadership is gone. */
  close(): void {
    const { shard, writes } = this;
    const wasActive = this.status === 'active';
    this.status = 'closed';
    if (!wasActive) return;
    this.step(() => endGroups(shard, this.leaderEpoch));
    for (const write of writes.splice(0)) this.end(write, ErrorCode.NOT_LEADER_OR_FOLLOWER);
  }

  step(action: () => void): void {
    if (this.stepping) {
      this.waitingSteps.push(action);
      return;
    }
    this.stepping = true;
    for (let next: (() => void) | undefined = action; next !== undefined; next = this.waitingSteps.shift()) {
      next();
      for (const effect of this.shard.takeEffects()) this.perform(effect);
    }
    this.stepping = false;
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case 'answer':
        effect.ticket.respond(effect.body);
        break;
      case 'answer-in-order':
      case 'after-writes':
        this.queue(effect);
        break;
      case 'write':
      case 'write-marker':
        this.write(effect);
        break;
      case 'arm':
        this.arm(effect.slot, effect.delayMs, effect.alarm);
        break;
      case 'disarm':
        effect.slot.pending?.cancel();
        effect.slot.pending = null;
        break;
      case 'tell':
        this.parts.context.emit(effect.event, effect.values);
        break;
      default:
        assertNever(effect);
    }
  }

  private arm(slot: TimerSlot, delayMs: number, alarm: Alarm): void {
    slot.pending?.cancel();
    slot.pending = this.status === 'active' ? this.parts.context.after(delayMs * 1000, this.ring, alarm) : null;
  }

  private readonly ring = (alarm: Alarm): void => {
    if (this.status === 'active') this.step(() => onAlarm(this.shard, alarm));
  };

  private queue(effect: Write['behind'][number]): void {
    const last = this.writes.at(-1);
    if (last !== undefined) last.behind.push(effect);
    else this.release(effect, this.status === 'active' ? ErrorCode.NONE : ErrorCode.NOT_COORDINATOR);
  }

  private release(effect: Write['behind'][number], error: number): void {
    if (effect.kind === 'after-writes') this.step(() => effect.then(error));
    else effect.ticket.respond(error === ErrorCode.NONE ? effect.body : effect.refusal);
  }

  private write(effect: Write['effect']): void {
    const { log, settings, world } = this.parts;
    const { partition } = this.shard;
    const write: Write = { sequence: this.nextSequence++, effect, behind: [] };
    const done = (error: number, lastOffset: number): void => this.written(write, error, lastOffset);
    this.writes.push(write);
    if (effect.kind === 'write-marker') {
      log.appendMarker(partition, effect.order, effect.timeoutMs, done);
      return;
    }
    const nowMs = world.wallMs();
    const encoded = effect.records.map((record) => encodeGroupRecord(record, settings.release, nowMs));
    log.append(partition, encoded, settings.offsetsCommitTimeoutMs, done, effect.within);
  }

  private written(write: Write, error: number, lastOffset: number): void {
    const at = this.writes.indexOf(write);
    if (at === -1) return;
    this.writes.splice(at, 1);
    if (error === ErrorCode.NONE) {
      while (this.late.length > 0 && this.late[0]!.sequence < write.sequence) this.apply(this.late.shift()!, -1);
      this.apply(write, lastOffset);
    } else if (error === ErrorCode.REQUEST_TIMED_OUT && this.parts.settings.release !== '3.9') this.late.push(write);
    this.end(write, error);
  }

  /** A late write's place in the log is not known (-1). */
  private apply({ effect }: Write, lastOffset: number): void {
    if (effect.kind === 'write-marker') {
      const { order, applied } = effect;
      const offsets = this.state.applyMarker(order.producerId, order.type === 'commit');
      this.step(() => applied(offsets));
      return;
    }
    const { records, applied, within } = effect;
    for (const [i, record] of records.entries())
      this.state.apply(record, lastOffset === -1 ? -1 : lastOffset - records.length + 1 + i, within?.producerId);
    this.step(applied);
  }

  private end(write: Write, error: number): void {
    this.step(() => write.effect.done(error));
    const released = this.status === 'active' ? ErrorCode.NONE : ErrorCode.NOT_COORDINATOR;
    for (const effect of write.behind) this.release(effect, released);
  }
}
