import type { EventKind, FieldValue } from '../../kernel/api.ts';
import { assert } from '../../kernel/assert.ts';
import type { InternalTransaction } from '../api.ts';
import type { MarkerOrder } from '../replicated-append.ts';
import { ClassicGroup, type GroupStateName, type Member, type TimerSlot } from './classic-group.ts';
import type { LiveGroup } from './consumer/live-group.ts';
import type { Alarm, Effect, WriteDone } from './effects.ts';
import { groupEvents } from './events.ts';
import type { GroupRecord } from './group-records.ts';
import type { AppliedOffset, StoredGroups } from './group-state.ts';
import type { GroupSettings } from './settings.ts';
import type { Ticket } from './ticket.ts';

/** What a step may ask of the world while it decides. */
export interface ShardWorld {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** An id that no other member has: the prefix, a dash, a UUID. */
  newMemberId(prefix: string): string;
  /** Of a member that has none: a UUID as Kafka writes it. */
  newConsumerMemberId(): string;
  topicName(topicId: string): string | undefined;
  /** How long a consumer group's members may be silent, and how often they are to be heard (dynamic settings of the group). */
  consumerTimes(groupId: string): { readonly sessionTimeoutMs: number; readonly heartbeatIntervalMs: number };
}

/**
 * The groups of one partition of `__consumer_offsets`, as their coordinator has them. Functions of this folder step it: they
 * read `stored`, change the soft state of `groups`, and leave what the world must do in `effects`. What is stored changes by
 * committed records alone, and not by them.
 */
export class GroupShard {
  readonly partition: number;
  readonly stored: StoredGroups;
  readonly settings: GroupSettings;
  readonly groups = new Map<string, ClassicGroup>();
  /** Groups of the newer protocol (KIP-848). A name stands in one of the two maps. */
  readonly consumers = new Map<string, LiveGroup>();
  readonly world: ShardWorld;
  private pending: Effect[] = [];

  constructor(partition: number, stored: StoredGroups, settings: GroupSettings, world: ShardWorld) {
    this.partition = partition;
    this.stored = stored;
    this.settings = settings;
    this.world = world;
  }

  /** What the steps since the last call want done. */
  takeEffects(): readonly Effect[] {
    const effects = this.pending;
    this.pending = [];
    return effects;
  }

  create(groupId: string): ClassicGroup {
    const group = new ClassicGroup(groupId, this.world.wallMs());
    this.groups.set(groupId, group);
    this.tell(groupEvents['group-created'], [groupId, this.partition]);
    return group;
  }

  answer(ticket: Ticket, body: unknown): void {
    this.pending.push({ kind: 'answer', ticket, body });
  }

  /** Kafka 3.9 answers at once what writes nothing. */
  answerInOrder(ticket: Ticket, body: unknown, refusal: unknown): void {
    if (this.settings.release === '3.9') this.answer(ticket, body);
    else this.pending.push({ kind: 'answer-in-order', ticket, body, refusal });
  }

  write(records: readonly GroupRecord[], done: WriteDone, applied: () => void = () => {}): void {
    this.pending.push({ kind: 'write', records, done, applied });
  }

  /** What is committed within a transaction: it waits for the transaction's end. */
  writeWithin(
    within: InternalTransaction,
    records: readonly GroupRecord[],
    done: WriteDone,
    applied: () => void,
  ): void {
    this.pending.push({ kind: 'write', records, done, applied, within });
  }

  /** The end of a transaction; `done` says whether it is written. */
  writeMarker(order: MarkerOrder, timeoutMs: number, done: WriteDone): void {
    const { producerId, type } = order;
    const applied = (offsets: readonly AppliedOffset[]): void => {
      for (const { group, topic, partition, offset } of offsets)
        this.tell(groupEvents['group-offset-committed'], [group, `${topic}-${partition}`, offset, null, -1]);
      this.tell(groupEvents['group-transaction-ended'], [this.partition, producerId, type, offsets.length]);
    };
    this.pending.push({ kind: 'write-marker', order, timeoutMs, done, applied });
  }

  /** For decisions about all that is stored: what is on its way to the log counts too. */
  afterWrites(then: WriteDone): void {
    this.pending.push({ kind: 'after-writes', then });
  }

  arm(slot: TimerSlot, delayMs: number, alarm: Alarm): void {
    this.pending.push({ kind: 'arm', slot, delayMs, alarm });
  }

  disarm(slot: TimerSlot): void {
    this.pending.push({ kind: 'disarm', slot });
  }

  tell(event: EventKind, values: readonly FieldValue[]): void {
    this.pending.push({ kind: 'tell', event, values });
  }

  /** The member was heard of, or answered: its session begins anew. */
  armSession(group: ClassicGroup, member: Member, delayMs: number = member.sessionTimeoutMs): void {
    this.arm(member.session, delayMs, { kind: 'session', group, memberId: member.memberId });
  }

  /** The only way for a group to get into another state. */
  transition(group: ClassicGroup, to: GroupStateName, reason: string): void {
    const from = group.state;
    assert(PREDECESSORS[to].includes(from), `group ${group.groupId} goes from ${from} to ${to}`);
    group.previousState = from;
    group.state = to;
    group.stateSinceMs = this.world.wallMs();
    this.tell(groupEvents['group-state-changed'], [group.groupId, from, to, group.generation, reason]);
  }
}

const PREDECESSORS: { readonly [S in GroupStateName]: readonly GroupStateName[] } = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Stable', 'CompletingRebalance', 'Empty'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable'],
};
