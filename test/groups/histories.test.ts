import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partitionNames } from '../../src/broker/groups/assignments.ts';
import type { ClassicGroup } from '../../src/broker/groups/classic-group.ts';
import { groupFromStored } from '../../src/broker/groups/group-metadata.ts';
import { decodeGroupRecord } from '../../src/broker/groups/group-records.ts';
import { GroupState } from '../../src/broker/groups/group-state.ts';
import { Changes } from '../../src/cluster/model/changes.ts';
import { Groups } from '../../src/cluster/model/groups.ts';
import { OffsetCommit } from '../../src/protocol/apis/08-offset-commit.ts';
import { JoinGroup } from '../../src/protocol/apis/11-join-group.ts';
import { Heartbeat } from '../../src/protocol/apis/12-heartbeat.ts';
import { LeaveGroup } from '../../src/protocol/apis/13-leave-group.ts';
import { SyncGroup } from '../../src/protocol/apis/14-sync-group.ts';
import { ErrorCode } from '../../src/protocol/errors.ts';
import type { Api, Release, RequestOf, ResponseOf } from '../../src/protocol/schema.ts';
import { assignment, subscription } from './group-harness.ts';
import { GroupStage } from './group-stage.ts';

const GROUP = 'g';
const ERRORS = [ErrorCode.NOT_ENOUGH_REPLICAS, ErrorCode.REQUEST_TIMED_OUT, ErrorCode.KAFKA_STORAGE_ERROR];

type Act =
  /** What the client would do next by itself. */
  | { readonly verb: 'live'; readonly client: number }
  | { readonly verb: 'join' | 'sync' | 'heartbeat' | 'leave' | 'commit' | 'restart'; readonly client: number }
  | { readonly verb: 'run'; readonly seconds: number }
  | { readonly verb: 'fail'; readonly error: number }
  | { readonly verb: 'hold' | 'release' | 'failover' };

const client = fc.integer({ min: 0, max: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 24, arbitrary: fc.record({ verb: fc.constant('live' as const), client }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constantFrom('join' as const, 'sync' as const), client }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constantFrom('heartbeat' as const, 'commit' as const), client }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom('leave' as const, 'restart' as const), client }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('run' as const), seconds: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom('hold' as const, 'release' as const) }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('failover' as const) }) },
);
const failing: fc.Arbitrary<Act> = fc.record({ verb: fc.constant('fail' as const), error: fc.constantFrom(...ERRORS) });

interface Member {
  readonly name: string;
  readonly instance: string | null;
  memberId: string;
  generation: number;
  leads: readonly string[];
  waiting: boolean;
  next: 'join' | 'sync' | 'heartbeat';
  starts: number;
}

/** Four clients who do as they are told, and as their answers say; two of them are static members. */
class History {
  readonly stage: GroupStage;
  readonly model: Groups;
  asked = 0;
  answered = 0;
  offset = 0;
  private readonly members: readonly Member[] = ['A', 'B', 'C', 'D'].map((name, i) => ({
    name,
    instance: i < 2 ? null : `i${name}`,
    memberId: '',
    generation: -1,
    leads: [],
    waiting: false,
    next: 'join',
    starts: 0,
  }));

  constructor(release: Release) {
    this.stage = new GroupStage({ release, config: { 'group.initial.rebalance.delay.ms': '100' } });
    this.model = new Groups(this.stage.world.trace, new Changes());
  }

  get group(): ClassicGroup | undefined {
    return this.stage.coordinator.machines.get(0)!.shard.groups.get(GROUP);
  }

  perform(act: Act): void {
    const { stage } = this;
    switch (act.verb) {
      case 'run':
        stage.run(act.seconds * 1000);
        break;
      case 'fail':
        stage.log.failNext = act.error;
        break;
      case 'hold':
        stage.log.holding = true;
        break;
      case 'release':
        stage.log.release();
        break;
      case 'failover':
        stage.resign();
        stage.elect();
        stage.run(10);
        break;
      default:
        this.act(act.verb, this.members[act.client]!);
    }
    stage.run(1);
  }

  private act(verb: string, member: Member): void {
    this.request(verb === 'live' ? member.next : verb, member);
  }

  private request(verb: string, member: Member): void {
    if (verb === 'restart') {
      member.memberId = '';
      member.starts++;
      member.next = 'join';
      member.waiting = false;
      return;
    }
    // A client has one JoinGroup or SyncGroup at a time.
    if (member.waiting) return;
    const { memberId, instance, generation, name } = member;
    switch (verb) {
      case 'join':
        this.join(member);
        break;
      case 'sync': {
        const assignments = member.leads.map((id, i) => ({ memberId: id, assignment: assignment('orders', [i]) }));
        const body = { groupId: GROUP, generationId: generation, memberId, groupInstanceId: instance, assignments };
        member.waiting = true;
        this.ask(member, SyncGroup, 5, SyncGroup.request.make(body), ({ errorCode }, isStill) => {
          if (!isStill) return;
          member.waiting = false;
          member.next = errorCode === ErrorCode.NONE ? 'heartbeat' : 'join';
        });
        break;
      }
      case 'heartbeat': {
        const body = { groupId: GROUP, generationId: generation, memberId, groupInstanceId: instance };
        this.ask(member, Heartbeat, 4, Heartbeat.request.make(body), ({ errorCode }, isStill) => {
          if (isStill && errorCode !== ErrorCode.NONE) member.next = 'join';
        });
        break;
      }
      case 'leave': {
        const body = { groupId: GROUP, members: [{ memberId, groupInstanceId: instance }] };
        this.ask(member, LeaveGroup, 5, LeaveGroup.request.make(body), () => {});
        break;
      }
      default: {
        const partitions = [{ partitionIndex: 0, committedOffset: this.offset++, committedMetadata: name }];
        const topics = [{ name: 'orders', partitions }];
        const body = { groupId: GROUP, generationIdOrMemberEpoch: generation, memberId, groupInstanceId: instance };
        this.ask(member, OffsetCommit, 9, OffsetCommit.request.make({ ...body, topics }), () => {});
      }
    }
  }

  private join(member: Member): void {
    member.waiting = true;
    const body = JoinGroup.request.make({
      groupId: GROUP,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 15_000,
      memberId: member.memberId,
      groupInstanceId: member.instance,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: subscription(['orders']) }],
    });
    this.ask(member, JoinGroup, 9, body, (answer, isStill) => {
      if (!isStill) return;
      member.waiting = false;
      const { errorCode, memberId, generationId, members } = answer;
      if (errorCode === ErrorCode.UNKNOWN_MEMBER_ID || errorCode === ErrorCode.FENCED_INSTANCE_ID) member.memberId = '';
      else if (memberId !== '') member.memberId = memberId;
      if (errorCode !== ErrorCode.NONE) return;
      member.next = 'sync';
      member.generation = generationId;
      member.leads = members.map((one) => one.memberId);
    });
  }

  private ask<A extends Api>(
    member: Member,
    api: A,
    version: number,
    body: RequestOf<A>,
    then: (body: ResponseOf<A>, isStill: boolean) => void,
  ): void {
    this.asked++;
    const { starts } = member;
    this.stage.ask(member.name, api, version, body, (response) => {
      this.answered++;
      // What was meant for the process before a restart reaches nobody.
      then(response, member.starts === starts);
    });
  }
}

/** What the log says, read anew. */
function replayed(stage: GroupStage): GroupState {
  const state = new GroupState();
  for (const [offset, record] of stage.log.records.entries()) state.apply(decodeGroupRecord(record)!, offset);
  return state;
}

function essence(group: ClassicGroup) {
  const { state, generation, protocol, protocolType, leader } = group;
  const members = [...group.members.values()]
    .map(({ memberId, instanceId, assignment, sessionTimeoutMs, rebalanceTimeoutMs }) => ({
      memberId,
      instanceId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      assignment: partitionNames('consumer', assignment),
    }))
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  return { state, generation, protocol, protocolType, leader, members, topics: group.subscribedTopics };
}

function checkModel({ group, model, stage }: History): void {
  const told = model.all.get(GROUP);
  if (group === undefined) {
    expect(told?.members.size ?? 0).toBe(0);
    return;
  }
  if (told === undefined) throw new Error('nothing was told of the group');
  expect(told).toMatchObject({ state: group.state, generation: group.generation, coordinator: 'broker-1' });
  expect([...told.members].sort()).toEqual([...group.members.keys()].sort());
  if (group.state === 'Stable') {
    for (const [memberId, partitions] of told.assignments)
      expect(partitions).toEqual(partitionNames('consumer', group.members.get(memberId)!.assignment));
  }
  const stored = stage.coordinator.machines.get(0)!.shard.stored.groups.get(GROUP);
  const offset = stored?.offsets.get('orders')?.get(0)?.value.offset;
  expect(told.committed.get('orders-0')).toBe(offset);
}

function checkInvariants({ group }: History): void {
  if (group === undefined) return;
  const { members, leader, staticMembers, state, pendingSyncs } = group;
  expect(leader === null ? members.size : Number(members.has(leader))).toBe(leader === null ? 0 : 1);
  for (const [instance, memberId] of staticMembers) expect(members.get(memberId)?.instanceId).toBe(instance);
  for (const memberId of pendingSyncs) expect(members.has(memberId)).toBe(true);
  for (const { sync } of members.values()) if (sync !== null) expect(state).toBe('CompletingRebalance');
}

test.each(['3.9', '4.2'] as const)('random histories of a group, Kafka %s: the log rebuilds what was', (release) => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 10, maxLength: 60 }), (acts) => {
      const history = new History(release);
      let generation = 0;
      for (const act of acts) {
        history.perform(act);
        checkInvariants(history);
        checkModel(history);
        const { stage, group } = history;
        if (act.verb === 'failover') generation = 0;
        expect(group?.generation ?? generation).toBeGreaterThanOrEqual(generation);
        generation = group?.generation ?? generation;
        if (stage.log.held.length > 0) continue;
        const { stored } = stage.coordinator.machines.get(0)!.shard;
        expect(stored.groups).toEqual(replayed(stage).groups);
        const group1 = stored.groups.get(GROUP);
        if (group !== undefined && group1?.metadata != null && (group.state === 'Stable' || group.state === 'Empty'))
          expect(essence(group)).toEqual(essence(groupFromStored(group1)));
      }
    }),
    { numRuns: 150 },
  );
});

test('random histories with writes that fail: everybody is answered once, and silence empties the group', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 12, arbitrary: act }, { weight: 1, arbitrary: failing }), {
        minLength: 10,
        maxLength: 60,
      }),
      (acts) => {
        const history = new History('4.2');
        for (const act of acts) {
          history.perform(act);
          checkInvariants(history);
          checkModel(history);
        }
        history.stage.log.release();
        history.stage.log.failNext = 0;
        history.stage.run(700_000);
        expect(history.answered).toBe(history.asked);
        if (history.group !== undefined) expect(essence(history.group)).toMatchObject({ state: 'Empty', members: [] });
      },
    ),
    { numRuns: 150 },
  );
});
