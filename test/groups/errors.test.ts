/** Error codes by situation, as groups-and-transactions.md §1.3, §2.4, §2.7–2.9 and §3.1 have them. */
import { expect, test } from 'vitest';
import { OffsetCommit } from '../../src/protocol/apis/08-offset-commit.ts';
import { OffsetFetch } from '../../src/protocol/apis/09-offset-fetch.ts';
import { JoinGroup, type JoinGroupResponse } from '../../src/protocol/apis/11-join-group.ts';
import { Heartbeat } from '../../src/protocol/apis/12-heartbeat.ts';
import { LeaveGroup } from '../../src/protocol/apis/13-leave-group.ts';
import { SyncGroup } from '../../src/protocol/apis/14-sync-group.ts';
import { DescribeGroups } from '../../src/protocol/apis/15-describe-groups.ts';
import { ListGroups } from '../../src/protocol/apis/16-list-groups.ts';
import { DeleteGroups } from '../../src/protocol/apis/42-delete-groups.ts';
import { OffsetDelete } from '../../src/protocol/apis/47-offset-delete.ts';
import { errorName } from '../../src/protocol/errors.ts';
import type { Api, RequestOf, ResponseOf } from '../../src/protocol/schema.ts';
import { subscription } from './group-harness.ts';
import { GroupStage } from './group-stage.ts';

function ask<A extends Api>(stage: GroupStage, api: A, version: number, body: RequestOf<A>): ResponseOf<A> {
  let answer: ResponseOf<A> | undefined;
  stage.ask('test', api, version, body, (response) => {
    answer = response;
  });
  for (let ms = 0; ms < 10_000 && answer === undefined; ms++) stage.run(1);
  if (answer === undefined) throw new Error(`${api.name} was not answered`);
  return answer;
}

interface Member {
  readonly memberId: string;
  readonly instanceId?: string;
}

const join = (stage: GroupStage, options: Parameters<typeof JoinGroup.request.make>[0] = {}, version = 9) =>
  ask(
    stage,
    JoinGroup,
    version,
    JoinGroup.request.make({
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: subscription(['orders']) }],
      ...options,
    }),
  );

const sync = (stage: GroupStage, memberId: string, options: Parameters<typeof SyncGroup.request.make>[0] = {}) =>
  errorName(
    ask(stage, SyncGroup, 5, SyncGroup.request.make({ groupId: 'g', generationId: 1, memberId, ...options })).errorCode,
  );

const beat = (stage: GroupStage, memberId: string, options: Parameters<typeof Heartbeat.request.make>[0] = {}) =>
  errorName(
    ask(stage, Heartbeat, 4, Heartbeat.request.make({ groupId: 'g', generationId: 1, memberId, ...options })).errorCode,
  );

const commit = (
  stage: GroupStage,
  memberId: string,
  generation: number,
  options: Parameters<typeof OffsetCommit.request.make>[0] = {},
) => {
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }] }];
  const body = { groupId: 'g', generationIdOrMemberEpoch: generation, memberId, topics, ...options };
  const { topics: answered } = ask(stage, OffsetCommit, 9, OffsetCommit.request.make(body));
  return errorName(answered[0]!.partitions[0]!.errorCode);
};

const leave = (stage: GroupStage, who: Member, version = 5) => {
  const { memberId, instanceId = null } = who;
  const body =
    version >= 3 ? { groupId: 'g', members: [{ memberId, groupInstanceId: instanceId }] } : { groupId: 'g', memberId };
  const { errorCode, members } = ask(stage, LeaveGroup, version, LeaveGroup.request.make(body));
  return [errorCode, ...members.map((member) => member.errorCode)].map(errorName).join(' ');
};

const config = { 'group.initial.rebalance.delay.ms': '0' };

/** A group of one static member in generation 1; it is its leader. */
function begun(state: 'CompletingRebalance' | 'Stable'): { stage: GroupStage; member: JoinGroupResponse } {
  const stage = new GroupStage({ config });
  const member = join(stage, { groupInstanceId: 'one' });
  if (state === 'Stable') sync(stage, member.memberId, { groupInstanceId: 'one' });
  return { stage, member };
}

test('a group that is not there', () => {
  const stage = new GroupStage({ config });
  expect(errorName(join(stage, { memberId: 'x' }).errorCode)).toBe('UNKNOWN_MEMBER_ID');
  expect(sync(stage, 'x')).toBe('UNKNOWN_MEMBER_ID');
  expect(beat(stage, 'x')).toBe('UNKNOWN_MEMBER_ID');
  expect(leave(stage, { memberId: 'x' })).toBe('NONE UNKNOWN_MEMBER_ID');
  expect(leave(stage, { memberId: 'x' }, 2)).toBe('UNKNOWN_MEMBER_ID');
  expect(commit(stage, 'x', 1)).toBe('GROUP_ID_NOT_FOUND');
});

test('a group without a name', () => {
  const stage = new GroupStage({ config });
  expect(errorName(join(stage, { groupId: '' }).errorCode)).toBe('INVALID_GROUP_ID');
  expect(beat(stage, 'x', { groupId: '' })).toBe('INVALID_GROUP_ID');
  expect(commit(stage, '', -1, { groupId: '' })).toBe('NONE');
});

test('JoinGroup', () => {
  const { stage, member } = begun('Stable');
  const { memberId } = member;
  const cases: [Parameters<typeof JoinGroup.request.make>[0], string][] = [
    [{ sessionTimeoutMs: 5_999 }, 'INVALID_SESSION_TIMEOUT'],
    [{ sessionTimeoutMs: 1_800_001 }, 'INVALID_SESSION_TIMEOUT'],
    [{ memberId: 'x' }, 'UNKNOWN_MEMBER_ID'],
    [{ memberId, groupInstanceId: 'nobody' }, 'UNKNOWN_MEMBER_ID'],
    [{ memberId: 'x', groupInstanceId: 'one' }, 'FENCED_INSTANCE_ID'],
    [{ protocolType: 'connect' }, 'INCONSISTENT_GROUP_PROTOCOL'],
    [{ protocols: [{ name: 'sticky', metadata: new Uint8Array(0) }] }, 'INCONSISTENT_GROUP_PROTOCOL'],
    [{ protocols: [] }, 'INCONSISTENT_GROUP_PROTOCOL'],
    [{}, 'MEMBER_ID_REQUIRED'],
  ];
  for (const [options, error] of cases)
    expect([options, errorName(join(stage, options).errorCode)]).toEqual([options, error]);
});

test('JoinGroup before version 4 makes a member at once, and before version 7 cannot be without a protocol', () => {
  const stage = new GroupStage({ config });
  expect(join(stage, {}, 3)).toMatchObject({ errorCode: 0, generationId: 1, protocolName: 'range' });
  expect(join(stage, { memberId: 'x' }, 6)).toMatchObject({ errorCode: 25, protocolName: '' });
  expect(join(stage, { memberId: 'x' }, 7)).toMatchObject({ errorCode: 25, protocolName: null });
});

test('SyncGroup', () => {
  const { stage, member } = begun('Stable');
  const { memberId } = member;
  expect(sync(stage, 'x')).toBe('UNKNOWN_MEMBER_ID');
  expect(sync(stage, 'x', { groupInstanceId: 'one' })).toBe('FENCED_INSTANCE_ID');
  expect(sync(stage, memberId, { generationId: 0 })).toBe('ILLEGAL_GENERATION');
  expect(sync(stage, memberId, { generationId: 2 })).toBe('ILLEGAL_GENERATION');
  expect(sync(stage, memberId, { protocolType: 'connect' })).toBe('INCONSISTENT_GROUP_PROTOCOL');
  expect(sync(stage, memberId, { protocolName: 'sticky' })).toBe('INCONSISTENT_GROUP_PROTOCOL');
  expect(sync(stage, memberId, { protocolType: 'consumer', protocolName: 'range' })).toBe('NONE');
  stage.ask('other', JoinGroup, 3, JoinGroup.request.make({ ...joinBody }));
  stage.run(1);
  expect(sync(stage, memberId)).toBe('REBALANCE_IN_PROGRESS');
});

const joinBody = {
  groupId: 'g',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 60_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: subscription(['orders']) }],
};

test('Heartbeat', () => {
  const { stage, member } = begun('CompletingRebalance');
  const { memberId } = member;
  expect(beat(stage, memberId)).toBe('NONE');
  sync(stage, memberId);
  expect(beat(stage, memberId)).toBe('NONE');
  expect(beat(stage, 'x')).toBe('UNKNOWN_MEMBER_ID');
  expect(beat(stage, memberId, { groupInstanceId: 'nobody' })).toBe('UNKNOWN_MEMBER_ID');
  expect(beat(stage, 'x', { groupInstanceId: 'one' })).toBe('FENCED_INSTANCE_ID');
  expect(beat(stage, memberId, { generationId: 0 })).toBe('ILLEGAL_GENERATION');
  stage.ask('other', JoinGroup, 3, JoinGroup.request.make(joinBody));
  stage.run(1);
  expect(beat(stage, memberId)).toBe('REBALANCE_IN_PROGRESS');
  leave(stage, { memberId });
  expect(beat(stage, memberId)).toBe('UNKNOWN_MEMBER_ID');
});

test('LeaveGroup', () => {
  const { stage, member } = begun('Stable');
  const { memberId } = member;
  expect(leave(stage, { memberId: 'x' })).toBe('NONE UNKNOWN_MEMBER_ID');
  expect(leave(stage, { memberId: 'x', instanceId: 'one' })).toBe('NONE FENCED_INSTANCE_ID');
  expect(leave(stage, { memberId, instanceId: 'nobody' })).toBe('NONE UNKNOWN_MEMBER_ID');
  expect(leave(stage, { memberId: '', instanceId: 'nobody' })).toBe('NONE UNKNOWN_MEMBER_ID');
  const pending = join(stage).memberId;
  expect(leave(stage, { memberId: pending })).toBe('NONE NONE');
  expect(leave(stage, { memberId: '', instanceId: 'one' })).toBe('NONE NONE');
});

test('OffsetCommit', () => {
  const { stage, member } = begun('CompletingRebalance');
  const { memberId } = member;
  expect(commit(stage, memberId, 1)).toBe('REBALANCE_IN_PROGRESS');
  sync(stage, memberId);
  expect(commit(stage, memberId, 1)).toBe('NONE');
  expect(commit(stage, memberId, 0)).toBe('ILLEGAL_GENERATION');
  expect(commit(stage, memberId, -1)).toBe('ILLEGAL_GENERATION');
  expect(commit(stage, '', -1)).toBe('UNKNOWN_MEMBER_ID');
  expect(commit(stage, 'x', 1)).toBe('UNKNOWN_MEMBER_ID');
  expect(commit(stage, 'x', 1, { groupInstanceId: 'one' })).toBe('FENCED_INSTANCE_ID');
  leave(stage, { memberId });
  expect(commit(stage, '', -1)).toBe('NONE');
});

test('a log that fails, as the client is told of it', () => {
  const stage = new GroupStage({ config });
  const cases: [number, string][] = [
    [3, 'COORDINATOR_NOT_AVAILABLE'],
    [19, 'COORDINATOR_NOT_AVAILABLE'],
    [7, 'COORDINATOR_NOT_AVAILABLE'],
    [6, 'NOT_COORDINATOR'],
    [56, 'NOT_COORDINATOR'],
    [10, 'UNKNOWN_SERVER_ERROR'],
    [18, 'UNKNOWN_SERVER_ERROR'],
    [4, 'UNKNOWN_SERVER_ERROR'],
    [20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'],
  ];
  for (const [error, told] of cases) {
    stage.log.failNext = error;
    expect([error, commit(stage, '', -1)]).toEqual([error, told]);
  }
});

test('a broker that does not coordinate the group', () => {
  const stage = new GroupStage({ config });
  stage.resign();
  expect(errorName(join(stage).errorCode)).toBe('NOT_COORDINATOR');
  expect(sync(stage, 'x')).toBe('NOT_COORDINATOR');
  expect(beat(stage, 'x')).toBe('NOT_COORDINATOR');
  expect(leave(stage, { memberId: 'x' })).toBe('NOT_COORDINATOR');
  expect(commit(stage, 'x', 1)).toBe('NOT_COORDINATOR');
  const groups = [{ groupId: 'g', topics: null }];
  expect(ask(stage, OffsetFetch, 9, OffsetFetch.request.make({ groups })).groups[0]!.errorCode).toBe(16);
  expect(ask(stage, DescribeGroups, 5, DescribeGroups.request.make({ groups: ['g'] })).groups[0]!.errorCode).toBe(16);
  expect(ask(stage, DeleteGroups, 2, DeleteGroups.request.make({ groupsNames: ['g'] })).results[0]!.errorCode).toBe(16);
  expect(ask(stage, OffsetDelete, 0, OffsetDelete.request.make({ groupId: 'g' })).errorCode).toBe(16);
  expect(ask(stage, ListGroups, 5, ListGroups.request.make())).toMatchObject({ errorCode: 0, groups: [] });
});

test('offsets in every form of the request', () => {
  const stage = new GroupStage({ config });
  const id = stage.authority.topics.get('orders')!.id;
  const partitions = [{ partitionIndex: 2, committedOffset: 7, committedLeaderEpoch: 4, committedMetadata: 'note' }];
  const byId = OffsetCommit.request.make({ groupId: 'g', topics: [{ topicId: id, partitions }] });
  expect(ask(stage, OffsetCommit, 10, byId).topics).toMatchObject([{ topicId: id, partitions: [{ errorCode: 0 }] }]);
  const unknown = OffsetCommit.request.make({ groupId: 'g', topics: [{ topicId: `${'B'.repeat(21)}A`, partitions }] });
  expect(ask(stage, OffsetCommit, 10, unknown).topics[0]!.partitions).toMatchObject([{ errorCode: 100 }]);
  const offset = { partitionIndex: 2, committedOffset: 7, metadata: 'note', errorCode: 0 };
  const none = { partitionIndex: 3, committedOffset: -1, metadata: '', errorCode: 0 };
  for (const version of [1, 2, 5, 7]) {
    const topics = [{ name: 'orders', partitionIndexes: [2, 3] }];
    const answer = ask(stage, OffsetFetch, version, OffsetFetch.request.make({ groupId: 'g', topics }));
    expect(answer.topics).toMatchObject([{ name: 'orders', partitions: [offset, none] }]);
  }
  const all = ask(stage, OffsetFetch, 5, OffsetFetch.request.make({ groupId: 'g', topics: null }));
  expect(all.topics).toMatchObject([{ name: 'orders', partitions: [{ ...offset, committedLeaderEpoch: 4 }] }]);
  const groups = [
    { groupId: 'g', topics: null },
    { groupId: 'nobody', topics: [{ topicId: id, partitionIndexes: [2] }] },
  ];
  expect(ask(stage, OffsetFetch, 10, OffsetFetch.request.make({ groups })).groups).toMatchObject([
    { groupId: 'g', topics: [{ topicId: id, partitions: [offset] }] },
    { groupId: 'nobody', topics: [{ topicId: id, partitions: [{ ...offset, committedOffset: -1, metadata: '' }] }] },
  ]);
});
