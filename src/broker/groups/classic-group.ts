import type { Timer } from '../../kernel/api.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Ticket } from './ticket.ts';

export type GroupStateName = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

/** One way of assigning that a member can take part in, with what it tells the leader. */
export interface Protocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

/** A place for one timer. The machine puts it there, and takes it away. */
export interface TimerSlot {
  pending: Timer | null;
}

export interface Member {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  /** In the member's order of preference. */
  protocols: readonly Protocol[];
  /** As its leader encoded it; no bytes while there is none. */
  assignment: Uint8Array;
  /** Its JoinGroup that waits for the others. */
  join: Ticket | null;
  /** Its SyncGroup that waits for the leader's. */
  sync: Ticket | null;
  /** Its first JoinGroup is not answered yet: it does not know that it is a member, and cannot send heartbeats. */
  isNew: boolean;
  readonly session: TimerSlot;
}

export const NO_ASSIGNMENT = new Uint8Array(0);
export const CONSUMER_PROTOCOL_TYPE = 'consumer';

/**
 * A classic group while it lives on its coordinator: the soft state around what is stored. Whatever is not Stable or Empty is
 * known here only, and ends with the coordinator.
 *
 * 1. `leader` is a member, or null when there are none.
 * 2. Every instance id maps to a member with that instance id.
 * 3. Joins wait in PreparingRebalance, and in other states only until a static member's return is stored; syncs wait in
 *    CompletingRebalance.
 * 4. The generation never falls.
 */
export class ClassicGroup {
  readonly groupId: string;
  state: GroupStateName = 'Empty';
  previousState: GroupStateName = 'Empty';
  /** Wall clock when the state was entered; -1: not known. */
  stateSinceMs: number;
  generation = 0;
  /** Null until the first member; a group of simple consumers never has one. */
  protocolType: string | null = null;
  protocol: string | null = null;
  leader: string | null = null;
  /** Topics of all members; null: not known. */
  subscribedTopics: ReadonlySet<string> | null = null;
  /** In the order in which they joined. */
  readonly members = new Map<string, Member>();
  /** Instance id → member id. */
  readonly staticMembers = new Map<string, string>();
  /** Ids that were handed out with MEMBER_ID_REQUIRED and have not come back, with their time-outs. */
  readonly pendingJoins = new Map<string, TimerSlot>();
  /** Members of this generation whose SyncGroup has not come. */
  readonly pendingSyncs = new Set<string>();
  /** Somebody joined since the initial delay began: it is worth waiting once more. */
  newMemberAdded = false;
  readonly joinTimer: TimerSlot = { pending: null };
  readonly syncTimer: TimerSlot = { pending: null };

  constructor(groupId: string, nowMs: number) {
    this.groupId = groupId;
    this.stateSinceMs = nowMs;
  }

  add(member: Member): void {
    const { memberId, instanceId } = member;
    this.members.set(memberId, member);
    if (instanceId !== null) this.staticMembers.set(instanceId, memberId);
    this.leader ??= memberId;
    this.pendingJoins.delete(memberId);
  }

  /** The first of those who stay follows a leader that goes. */
  remove({ memberId, instanceId }: Member): void {
    this.members.delete(memberId);
    if (instanceId !== null && this.staticMembers.get(instanceId) === memberId) this.staticMembers.delete(instanceId);
    this.pendingSyncs.delete(memberId);
    if (this.leader === memberId) this.leader = firstKey(this.members);
  }

  /** A static member came back under a new member id. */
  rename(old: Member, renamed: Member): void {
    this.members.delete(old.memberId);
    this.members.set(renamed.memberId, renamed);
    if (renamed.instanceId !== null) this.staticMembers.set(renamed.instanceId, renamed.memberId);
    if (this.leader === old.memberId) this.leader = renamed.memberId;
    if (this.pendingSyncs.delete(old.memberId)) this.pendingSyncs.add(renamed.memberId);
  }

  /** How long a rebalance waits for its members: as long as the most patient of them. */
  get rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const { rebalanceTimeoutMs } of this.members.values()) longest = Math.max(longest, rebalanceTimeoutMs);
    return longest;
  }

  get allJoined(): boolean {
    if (this.pendingJoins.size > 0) return false;
    for (const { join } of this.members.values()) if (join === null) return false;
    return true;
  }

  get waitingJoins(): number {
    let count = 0;
    for (const { join } of this.members.values()) if (join !== null) count++;
    return count;
  }

  isLeader(memberId: string): boolean {
    return this.leader === memberId;
  }

  /** Whether a member may join with these: it must share one protocol with all others. */
  supports(protocolType: string, protocols: readonly Protocol[]): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0;
    return this.protocolType === protocolType && protocols.some(({ name }) => this.offeredByAll(name));
  }

  offeredByAll(name: string): boolean {
    for (const { protocols } of this.members.values()) {
      if (!protocols.some((protocol) => protocol.name === name)) return false;
    }
    return true;
  }

  /** `ClassicGroup.validateMember`: a Kafka error, or NONE. An instance id counts more than a member id. */
  memberError(memberId: string, instanceId: string | null): number {
    if (instanceId !== null) {
      const known = this.staticMembers.get(instanceId);
      if (known === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
      if (known !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
    }
    return this.members.has(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
  }
}

function firstKey(map: ReadonlyMap<string, unknown>): string | null {
  for (const key of map.keys()) return key;
  return null;
}

/** Same names, same order, same bytes. */
export function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, metadata }, i) => name === b[i]!.name && sameBytes(metadata, b[i]!.metadata))
  );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
