import type { EventKind } from '../../../kernel/api.ts';
import type { TimerSlot } from '../classic-group.ts';
import { groupEvents } from '../events.ts';
import type { GroupShard } from '../shard.ts';
import { isRefused } from '../write-errors.ts';
import type { Assignment } from './assignment.ts';
import { ConsumerGroup, type ConsumerGroupStateName, type ConsumerMember } from './consumer-group.ts';
import type { ConsumerRecord } from './consumer-records.ts';

interface MemberTimers {
  readonly session: TimerSlot;
  readonly rebalance: TimerSlot;
}

/**
 * A consumer group while it lives on its coordinator. `group` has what is decided, committed or not (as Kafka's timeline of
 * snapshots has its newest): whoever comes next decides from that. What is committed stands in the shard's `stored`; if a
 * write is refused, the group goes back to it.
 */
export class LiveGroup {
  group: ConsumerGroup;
  readonly timers = new Map<string, MemberTimers>();
  readonly regexTimer: TimerSlot = { pending: null };
  /** What is on its way to the log, in the order of writing; after a time-out it may yet get there. */
  readonly inFlight = new Set<readonly ConsumerRecord[]>();
  /** Version of the metadata that the topics were last looked up in. */
  seenVersion = -1;
  /** When the regular expressions were last resolved, by the wall clock, and in which version of the metadata. */
  resolvedAtMs = 0;
  resolvedVersion = -1;
  /** Told last. */
  state: ConsumerGroupStateName = 'Empty';

  constructor(group: ConsumerGroup) {
    this.group = group;
    this.state = group.state;
  }

  timersOf(memberId: string): MemberTimers {
    let timers = this.timers.get(memberId);
    if (timers === undefined) {
      timers = { session: { pending: null }, rebalance: { pending: null } };
      this.timers.set(memberId, timers);
    }
    return timers;
  }
}

/** One decision about a group: its records are applied as they are made, and written together. */
export class Step {
  readonly shard: GroupShard;
  readonly live: LiveGroup;
  readonly records: ConsumerRecord[] = [];

  constructor(shard: GroupShard, live: LiveGroup) {
    this.shard = shard;
    this.live = live;
  }

  get group(): ConsumerGroup {
    return this.live.group;
  }

  put(record: ConsumerRecord): void {
    this.records.push(record);
    this.live.group.apply(record);
  }

  bump(reason: string, metadataHash = this.group.metadataHash): void {
    const { groupId, epoch } = this.group;
    this.put({ kind: 'consumer-group', group: groupId, value: { epoch: epoch + 1, metadataHash } });
    this.shard.tell(groupEvents['group-epoch-bumped'], [groupId, epoch + 1, reason]);
  }

  /** Writes what was decided, if anything; `done` gets the log's error, at once where there is nothing to write. */
  commit(reason: string, done: (error: number) => void): void {
    const { shard, live, records } = this;
    tellState(shard, live, reason);
    if (records.length === 0) {
      shard.afterWrites(done);
      return;
    }
    live.inFlight.add(records);
    const settled = (): void => void live.inFlight.delete(records);
    shard.write(
      records,
      (error) => {
        if (isRefused(error)) {
          settled();
          goBack(shard, live);
        }
        done(error);
      },
      settled,
    );
  }
}

/** The group's state follows from its members; whoever changed them says so. */
export function tellState(shard: GroupShard, live: LiveGroup, reason: string): void {
  const { group } = live;
  const { state } = group;
  if (state === live.state) return;
  shard.tell(groupEvents['group-state-changed'], [group.groupId, live.state, state, group.epoch, reason]);
  live.state = state;
}

/** What was decided could not be stored: the group is as the log has it, and will have it, and everybody's session begins anew. */
function goBack(shard: GroupShard, live: LiveGroup): void {
  const { groupId } = live.group;
  if (shard.consumers.get(groupId) !== live) return;
  endTimers(shard, live);
  const stored = shard.stored.groups.get(groupId)?.consumer ?? null;
  if (stored === null && live.inFlight.size === 0) {
    shard.consumers.delete(groupId);
    shard.tell(groupEvents['group-state-changed'], [groupId, live.state, 'Dead', 0, 'it could not be stored']);
    return;
  }
  const before = live.group;
  live.group = stored?.copy() ?? new ConsumerGroup(groupId);
  for (const records of live.inFlight) for (const record of records) live.group.apply(record);
  live.seenVersion = -1;
  const tell = (event: EventKind, { memberId, clientId, instanceId }: ConsumerMember, reason?: string): void =>
    shard.tell(event, reason === undefined ? [groupId, memberId, clientId, instanceId] : [groupId, memberId, reason]);
  for (const member of before.members.values())
    if (!live.group.members.has(member.memberId)) tell(groupEvents['group-member-left'], member, 'could not be stored');
  for (const member of live.group.members.values())
    if (!before.members.has(member.memberId)) tell(groupEvents['group-member-joined'], member);
  tellState(shard, live, 'what was decided could not be stored');
  armTimers(shard, live);
}

/** `orders-0` for each partition, in order; topics that are gone have no name. */
export function partitionNamesOf({ world }: GroupShard, assignment: Assignment): readonly string[] {
  const names: string[] = [];
  for (const [topicId, partitions] of assignment) {
    const topic = world.topicName(topicId);
    if (topic !== undefined) for (const partition of partitions) names.push(`${topic}-${partition}`);
  }
  return names.sort();
}

export function endTimers(shard: GroupShard, live: LiveGroup): void {
  for (const { session, rebalance } of live.timers.values()) {
    shard.disarm(session);
    shard.disarm(rebalance);
  }
  live.timers.clear();
  shard.disarm(live.regexTimer);
}

/** Sessions of all members, and the time that those have who must give something back. */
export function armTimers(shard: GroupShard, live: LiveGroup): void {
  for (const { memberId, pending } of live.group.members.values()) {
    armSession(shard, live, memberId);
    if (pending.size > 0) armRebalance(shard, live, memberId);
  }
}

export function armSession(shard: GroupShard, live: LiveGroup, memberId: string): void {
  const { groupId } = live.group;
  const { sessionTimeoutMs } = shard.world.consumerTimes(groupId);
  shard.arm(live.timersOf(memberId).session, sessionTimeoutMs, { kind: 'consumer-session', groupId, memberId });
}

export function armRebalance(shard: GroupShard, live: LiveGroup, memberId: string): void {
  const { groupId } = live.group;
  const { epoch, rebalanceTimeoutMs } = live.group.members.get(memberId)!;
  const { rebalance } = live.timersOf(memberId);
  shard.arm(rebalance, rebalanceTimeoutMs, { kind: 'consumer-rebalance', groupId, memberId, epoch });
}

export function dropTimers(shard: GroupShard, live: LiveGroup, memberId: string): void {
  const timers = live.timers.get(memberId);
  if (timers === undefined) return;
  shard.disarm(timers.session);
  shard.disarm(timers.rebalance);
  live.timers.delete(memberId);
}
