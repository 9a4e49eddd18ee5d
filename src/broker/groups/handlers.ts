import { OffsetCommit } from '../../protocol/apis/08-offset-commit.ts';
import { OffsetFetch } from '../../protocol/apis/09-offset-fetch.ts';
import { JoinGroup } from '../../protocol/apis/11-join-group.ts';
import { Heartbeat } from '../../protocol/apis/12-heartbeat.ts';
import { LeaveGroup } from '../../protocol/apis/13-leave-group.ts';
import { SyncGroup } from '../../protocol/apis/14-sync-group.ts';
import { DescribeGroups } from '../../protocol/apis/15-describe-groups.ts';
import { ListGroups } from '../../protocol/apis/16-list-groups.ts';
import { TxnOffsetCommit } from '../../protocol/apis/28-txn-offset-commit.ts';
import { type DeletableGroupResult, DeleteGroups } from '../../protocol/apis/42-delete-groups.ts';
import { OffsetDelete } from '../../protocol/apis/47-offset-delete.ts';
import { ConsumerGroupHeartbeat } from '../../protocol/apis/68-consumer-group-heartbeat.ts';
import { ConsumerGroupDescribe } from '../../protocol/apis/69-consumer-group-describe.ts';
import { ErrorCode, errorMeaning } from '../../protocol/errors.ts';
import type { Api, RequestOf } from '../../protocol/schema.ts';
import type { ServerRequest } from '../../rpc/api.ts';
import type { InternalTopicCoordinator } from '../api.ts';
import type { TransactionVerifier } from '../transaction-verifier.ts';
import { describeConsumerGroup, refuseConsumerDescription } from './consumer/describe.ts';
import { consumerHeartbeat, refuseHeartbeat } from './consumer/heartbeat.ts';
import { deleteGroup } from './delete-groups.ts';
import { authorizedOperations, describeGroup, refuseDescription } from './describe-groups.ts';
import { heartbeat } from './heartbeat.ts';
import { joinRefusal } from './join-answers.ts';
import { joinGroup } from './join-group.ts';
import { leaveGroup } from './leave-group.ts';
import { listGroups } from './list-groups.ts';
import { offsetCommit, refuseOffsetCommit } from './offset-commit.ts';
import { offsetDelete } from './offset-delete.ts';
import { askedGroups, fetchOffsets, offsetFetchAnswer, refuseOffsets } from './offset-fetch.ts';
import type { GroupShard } from './shard.ts';
import type { ShardMachine } from './shard-machine.ts';
import { syncGroup } from './sync-group.ts';
import type { TopicLookup } from './topic-lookup.ts';
import { handleTxnOffsetCommit } from './txn-offset-handler.ts';

/** What the handlers need of the coordinator. */
export interface GroupDesk {
  readonly machines: ReadonlyMap<number, ShardMachine>;
  readonly topics: TopicLookup;
  readonly verifier: Pick<TransactionVerifier, 'ask'>;
  machineOf(groupId: string): ShardMachine | number;
  /** Whether groups of the newer protocol are offered. */
  consumerGroups(): boolean;
}

type Handler = InternalTopicCoordinator['handlers'][number];

/** An API with its handler. The only place of this folder where a request's body gets its type back. */
function handler<A extends Api>(api: A, handle: (request: ServerRequest<RequestOf<A>>) => void): Handler {
  return { api, handle: (request) => handle(request as ServerRequest<RequestOf<A>>) };
}

/** The APIs of the group coordinator, behind the checks that all of them share. */
export function groupHandlers(desk: GroupDesk): readonly Handler[] {
  return [
    offsetCommitHandler(desk),
    offsetFetchHandler(desk),
    handler(TxnOffsetCommit, (request) => handleTxnOffsetCommit(desk, request)),
    joinHandler(desk),
    heartbeatHandler(desk),
    leaveHandler(desk),
    syncHandler(desk),
    describeHandler(desk),
    listHandler(desk),
    deleteHandler(desk),
    offsetDeleteHandler(desk),
    consumerHeartbeatHandler(desk),
    consumerDescribeHandler(desk),
  ];
}

/** Steps the shard of the group, or refuses. A group whose members work together needs a name; others may have an empty one. */
function within(
  desk: GroupDesk,
  groupId: string,
  needsName: 'needs-name' | 'may-be-empty',
  enter: (shard: GroupShard) => void,
  refuse: (error: number) => void,
): void {
  if (groupId === '' && needsName === 'needs-name') {
    refuse(ErrorCode.INVALID_GROUP_ID);
    return;
  }
  const machine = desk.machineOf(groupId);
  if (typeof machine === 'number') refuse(machine);
  else machine.step(() => enter(machine.shard));
}

const joinHandler = (desk: GroupDesk): Handler =>
  handler(JoinGroup, (request) => {
    const { body, peer, version } = request;
    within(
      desk,
      body.groupId,
      'needs-name',
      (shard) => joinGroup(shard, { body, ticket: request, clientId: peer.clientId, clientHost: `/${peer.node}` }),
      (error) => request.respond(joinRefusal(version, error, body.memberId)),
    );
  });

const syncHandler = (desk: GroupDesk): Handler =>
  handler(SyncGroup, (request) =>
    within(
      desk,
      request.body.groupId,
      'needs-name',
      (shard) => syncGroup(shard, request.body, request),
      (errorCode) => request.respond(SyncGroup.response.make({ errorCode })),
    ),
  );

const heartbeatHandler = (desk: GroupDesk): Handler =>
  handler(Heartbeat, (request) =>
    within(
      desk,
      request.body.groupId,
      'needs-name',
      (shard) => heartbeat(shard, request.body, request),
      (error) => {
        const errorCode = error === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : error;
        request.respond(Heartbeat.response.make({ errorCode }));
      },
    ),
  );

const leaveHandler = (desk: GroupDesk): Handler =>
  handler(LeaveGroup, (request) =>
    within(
      desk,
      request.body.groupId,
      'needs-name',
      (shard) => leaveGroup(shard, request.body, request),
      (errorCode) => request.respond(LeaveGroup.response.make({ errorCode })),
    ),
  );

const offsetCommitHandler = (desk: GroupDesk): Handler =>
  handler(OffsetCommit, (request) =>
    within(
      desk,
      request.body.groupId,
      'may-be-empty',
      (shard) => offsetCommit(shard, request.body, request, desk.topics),
      (error) => request.respond(refuseOffsetCommit(request.body, error)),
    ),
  );

const offsetDeleteHandler = (desk: GroupDesk): Handler =>
  handler(OffsetDelete, (request) =>
    within(
      desk,
      request.body.groupId,
      'needs-name',
      (shard) => offsetDelete(shard, request.body, request, desk.topics),
      (errorCode) => request.respond(OffsetDelete.response.make({ errorCode })),
    ),
  );

const offsetFetchHandler = (desk: GroupDesk): Handler =>
  handler(OffsetFetch, (request) => {
    const { body, version } = request;
    const { requireStable } = body;
    const asked = askedGroups(body, version);
    const reader = { version, requireStable, lookup: desk.topics };
    const answer = inTurn<ReturnType<typeof refuseOffsets>>(asked.length, (groups) =>
      request.respond(offsetFetchAnswer(groups, version)),
    );
    for (const [at, group] of asked.entries()) {
      const machine = desk.machineOf(group.groupId);
      if (typeof machine === 'number') answer(at, refuseOffsets(group, machine, version));
      else if (!requireStable || machine.shard.settings.release === '3.9')
        answer(at, fetchOffsets(machine.shard.stored, group, reader));
      else {
        // What is on its way to the log may be a transaction's.
        machine.step(() =>
          machine.shard.afterWrites((error) =>
            answer(
              at,
              error === ErrorCode.NONE
                ? fetchOffsets(machine.shard.stored, group, reader)
                : refuseOffsets(group, error, version),
            ),
          ),
        );
      }
    }
  });

/** Collects so many results, which may come in any order. Of none there is an end at once. */
function inTurn<T>(count: number, end: (results: readonly T[]) => void): (at: number, result: T) => void {
  const results: T[] = [];
  let open = count;
  if (open === 0) end(results);
  return (at, result) => {
    results[at] = result;
    open--;
    if (open === 0) end(results);
  };
}

const consumerHeartbeatHandler = (desk: GroupDesk): Handler =>
  handler(ConsumerGroupHeartbeat, (request) => {
    const { body, peer } = request;
    const refuse = (errorCode: number): void =>
      request.respond(refuseHeartbeat({ errorCode, errorMessage: errorMeaning(errorCode) }));
    if (!desk.consumerGroups()) {
      refuse(ErrorCode.UNSUPPORTED_VERSION);
      return;
    }
    const input = { body, ticket: request, clientId: peer.clientId, clientHost: `/${peer.node}` };
    within(desk, body.groupId, 'may-be-empty', (shard) => consumerHeartbeat(shard, input, desk.topics), refuse);
  });

const consumerDescribeHandler = (desk: GroupDesk): Handler =>
  handler(ConsumerGroupDescribe, (request) => {
    const { groupIds, includeAuthorizedOperations } = request.body;
    const operations = authorizedOperations(includeAuthorizedOperations);
    const refuse = (groupId: string, error: number) => refuseConsumerDescription(groupId, error, errorMeaning(error));
    const groups = groupIds.map((groupId) => {
      if (!desk.consumerGroups()) return refuse(groupId, ErrorCode.UNSUPPORTED_VERSION);
      if (groupId === '') return refuse(groupId, ErrorCode.INVALID_GROUP_ID);
      const machine = desk.machineOf(groupId);
      if (typeof machine === 'number') return refuse(groupId, machine);
      return { ...describeConsumerGroup(machine.shard, groupId, desk.topics), ...operations };
    });
    request.respond(ConsumerGroupDescribe.response.make({ groups }));
  });

const describeHandler = (desk: GroupDesk): Handler =>
  handler(DescribeGroups, (request) => {
    const { body, version } = request;
    const operations = authorizedOperations(body.includeAuthorizedOperations);
    const groups = body.groups.map((groupId) => {
      const machine = desk.machineOf(groupId);
      if (typeof machine === 'number') return refuseDescription(groupId, machine);
      const { groups: classic } = machine.shard;
      return { ...describeGroup(classic.get(groupId), groupId, version), ...operations };
    });
    request.respond(DescribeGroups.response.make({ groups }));
  });

const listHandler = (desk: GroupDesk): Handler =>
  handler(ListGroups, (request) => {
    const machines = [...desk.machines.values()];
    if (machines.some(({ status }) => status === 'loading')) {
      request.respond(ListGroups.response.make({ errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS }));
      return;
    }
    const shards = machines.filter(({ status }) => status === 'active').map(({ shard }) => shard);
    request.respond(ListGroups.response.make({ groups: listGroups(shards, request.body) }));
  });

const deleteHandler = (desk: GroupDesk): Handler =>
  handler(DeleteGroups, (request) => {
    const { body, version } = request;
    const names = [...new Set(body.groupsNames)];
    const settle = inTurn<DeletableGroupResult>(names.length, (results) =>
      request.respond(DeleteGroups.response.make({ results: [...results] })),
    );
    for (const [at, groupId] of names.entries()) {
      within(
        desk,
        groupId,
        'may-be-empty',
        (shard) =>
          deleteGroup(shard, groupId, { version, respond: (result: DeletableGroupResult) => settle(at, result) }),
        (errorCode) => settle(at, { groupId, errorCode }),
      );
    }
  });
