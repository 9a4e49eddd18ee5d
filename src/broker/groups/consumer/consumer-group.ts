import type { ConsumerGroupCurrentMemberAssignmentValue } from '../../../protocol/records/group/08-consumer-group-current-member-assignment.ts';
import { type Assignment, assignmentOf, NOTHING } from './assignment.ts';
import type { ConsumerRecord } from './consumer-records.ts';
import { hashOfTopics } from './metadata-hash.ts';

/** How far a member has come towards its target. */
export const MEMBER_STATE = {
  /** It has what it should have at its epoch. */
  stable: 0,
  /** It must give partitions back, and has not said yet that it did. */
  unrevoked: 1,
  /** It waits for partitions that others have not given back. */
  unreleased: 2,
} as const;

/** A static member that has left and may come back: its partitions are kept for it. */
export const LEFT_FOR_A_WHILE = -2;

/** A member of a consumer group, as its records have it. Never changed; replaced. */
export interface ConsumerMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly topics: readonly string[];
  readonly regex: string | null;
  readonly rebalanceTimeoutMs: number;
  readonly serverAssignor: string | null;
  readonly epoch: number;
  readonly previousEpoch: number;
  readonly state: number;
  readonly assigned: Assignment;
  /** Given back by the member, once it says so; until then nobody else may have them. */
  readonly pending: Assignment;
  readonly target: Assignment;
}

export type ConsumerGroupStateName = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable';

/**
 * A consumer group as its records tell it (KIP-848). `apply` is the only writer.
 *
 * 1. member epoch ≤ assignment epoch ≤ group epoch.
 * 2. A partition has one owner at most: it stands in `assigned` or `pending` of one member.
 */
export class ConsumerGroup {
  readonly groupId: string;
  epoch = 0;
  /** Of the topics that members subscribe to; the number is kzsim's own. */
  metadataHash = 0;
  assignmentEpoch = 0;
  readonly members = new Map<string, ConsumerMember>();
  /** Regular expression → names of topics that it matched. */
  readonly regexes = new Map<string, readonly string[]>();
  /** Topic id → partition → member id. */
  private readonly owners = new Map<string, Map<number, string>>();

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  /** With the same contents; members are shared, since they never change. */
  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.groupId);
    copy.epoch = this.epoch;
    copy.metadataHash = this.metadataHash;
    copy.assignmentEpoch = this.assignmentEpoch;
    for (const member of this.members.values()) {
      copy.members.set(member.memberId, member);
      copy.own(member);
    }
    for (const [regex, topics] of this.regexes) copy.regexes.set(regex, topics);
    return copy;
  }

  get state(): ConsumerGroupStateName {
    if (this.members.size === 0) return 'Empty';
    if (this.epoch > this.assignmentEpoch) return 'Assigning';
    for (const { state, epoch } of this.members.values())
      if (state !== MEMBER_STATE.stable || epoch !== this.assignmentEpoch) return 'Reconciling';
    return 'Stable';
  }

  ownerOf(topicId: string, partition: number): string | undefined {
    return this.owners.get(topicId)?.get(partition);
  }

  byInstance(instanceId: string): ConsumerMember | undefined {
    for (const member of this.members.values()) if (member.instanceId === instanceId) return member;
    return undefined;
  }

  /** Names of the topics that a member reads. */
  topicsOf({ topics, regex }: ConsumerMember): ReadonlySet<string> {
    return new Set([...topics, ...(regex === null ? [] : (this.regexes.get(regex) ?? []))]);
  }

  isSubscribed(topic: string): boolean {
    for (const member of this.members.values()) if (this.topicsOf(member).has(topic)) return true;
    return false;
  }

  apply(record: ConsumerRecord): void {
    const { value } = record;
    switch (record.kind) {
      case 'consumer-group':
        this.epoch = record.value?.epoch ?? 0;
        if (record.value === null || record.value.metadataHash !== 0)
          this.metadataHash = record.value?.metadataHash ?? 0;
        break;
      case 'consumer-topics':
        this.metadataHash = hashOfTopics(record.value?.topics ?? []);
        break;
      case 'consumer-member':
        this.applyMember(record);
        break;
      case 'consumer-target-epoch':
        this.assignmentEpoch = record.value?.assignmentEpoch ?? 0;
        break;
      case 'consumer-target':
        if (value !== null || this.members.has(record.member))
          this.change(record.member, { target: assignmentOf(record.value?.topicPartitions ?? []) });
        break;
      case 'consumer-current':
        if (value !== null || this.members.has(record.member)) this.change(record.member, currentOf(record.value));
        break;
      case 'consumer-regex':
        if (record.value === null) this.regexes.delete(record.regex);
        else this.regexes.set(record.regex, record.value.topics);
        break;
    }
  }

  private applyMember({ member: memberId, value }: ConsumerRecord & { kind: 'consumer-member' }): void {
    if (value === null) {
      const gone = this.members.get(memberId);
      if (gone !== undefined) this.disown(gone);
      this.members.delete(memberId);
      return;
    }
    this.change(memberId, {
      instanceId: value.instanceId,
      rackId: value.rackId,
      clientId: value.clientId,
      clientHost: value.clientHost,
      topics: value.subscribedTopicNames,
      regex: value.subscribedTopicRegex,
      rebalanceTimeoutMs: value.rebalanceTimeoutMs,
      serverAssignor: value.serverAssignor,
    });
  }

  /** Compaction may leave a member's records in any order: whichever comes first makes the member. */
  private change(memberId: string, change: Partial<ConsumerMember>): void {
    const before = this.members.get(memberId);
    if (before !== undefined) this.disown(before);
    const after = { ...(before ?? blank(memberId)), ...change };
    this.members.set(memberId, after);
    this.own(after);
  }

  private own({ memberId, assigned, pending }: ConsumerMember): void {
    for (const of of [assigned, pending]) {
      for (const [topicId, partitions] of of) {
        let owners = this.owners.get(topicId);
        if (owners === undefined) {
          owners = new Map();
          this.owners.set(topicId, owners);
        }
        for (const partition of partitions) owners.set(partition, memberId);
      }
    }
  }

  private disown({ memberId, assigned, pending }: ConsumerMember): void {
    for (const of of [assigned, pending]) {
      for (const [topicId, partitions] of of) {
        const owners = this.owners.get(topicId);
        for (const partition of partitions) if (owners?.get(partition) === memberId) owners.delete(partition);
      }
    }
  }
}

function currentOf(value: ConsumerGroupCurrentMemberAssignmentValue | null): Partial<ConsumerMember> {
  if (value === null) return { epoch: 0, previousEpoch: 0, state: 0, assigned: NOTHING, pending: NOTHING };
  return {
    epoch: value.memberEpoch,
    previousEpoch: value.previousMemberEpoch,
    state: value.state,
    assigned: assignmentOf(value.assignedPartitions),
    pending: assignmentOf(value.partitionsPendingRevocation),
  };
}

export function blank(memberId: string): ConsumerMember {
  return {
    memberId,
    instanceId: null,
    rackId: null,
    clientId: '',
    clientHost: '',
    topics: [],
    regex: null,
    rebalanceTimeoutMs: -1,
    serverAssignor: null,
    epoch: 0,
    previousEpoch: 0,
    state: MEMBER_STATE.stable,
    assigned: NOTHING,
    pending: NOTHING,
    target: NOTHING,
  };
}
