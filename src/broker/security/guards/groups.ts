/** Groups: who may find, join, read and delete them, and commit in their name. */
import { Operation, ResourceType } from '../../../protocol/acl.ts';
import { OffsetCommit, type OffsetCommitRequest } from '../../../protocol/apis/08-offset-commit.ts';
import {
  OffsetFetch,
  type OffsetFetchRequest,
  type OffsetFetchResponse,
} from '../../../protocol/apis/09-offset-fetch.ts';
import { FindCoordinator } from '../../../protocol/apis/10-find-coordinator.ts';
import { JoinGroup } from '../../../protocol/apis/11-join-group.ts';
import { Heartbeat } from '../../../protocol/apis/12-heartbeat.ts';
import { LeaveGroup } from '../../../protocol/apis/13-leave-group.ts';
import { SyncGroup } from '../../../protocol/apis/14-sync-group.ts';
import { DescribeGroups } from '../../../protocol/apis/15-describe-groups.ts';
import { ListGroups } from '../../../protocol/apis/16-list-groups.ts';
import { DeleteGroups } from '../../../protocol/apis/42-delete-groups.ts';
import { OffsetDelete } from '../../../protocol/apis/47-offset-delete.ts';
import { ConsumerGroupHeartbeat } from '../../../protocol/apis/68-consumer-group-heartbeat.ts';
import { ConsumerGroupDescribe } from '../../../protocol/apis/69-consumer-group-describe.ts';
import { ErrorCode, errorMeaning } from '../../../protocol/errors.ts';
import { type Asker, type Guard, gate, guard, part } from '../guard.ts';

const GROUP_REFUSED = ErrorCode.GROUP_AUTHORIZATION_FAILED;
const TOPIC_REFUSED = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
const NOT_ASKED = -2147483648;

const mayReadGroup = (asker: Asker, { groupId }: { readonly groupId: string }): boolean =>
  asker.may(Operation.read, ResourceType.group, groupId);

const GROUP = 0;
const TRANSACTION = 1;
const FIRST_WITH_MANY_KEYS = 4;

function coordinatorError(asker: Asker, kind: number, key: string): number {
  if (kind === GROUP) return asker.may(Operation.describe, ResourceType.group, key) ? 0 : GROUP_REFUSED;
  if (kind === TRANSACTION && !asker.may(Operation.describe, ResourceType.transactionalId, key))
    return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  if (kind > TRANSACTION && !asker.mayOnCluster(Operation.clusterAction)) return ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
  return ErrorCode.NONE;
}

const findCoordinator = guard(FindCoordinator, (asker, request, goOn) => {
  const { body, version } = request;
  const answer = (key: string) => {
    const errorCode = coordinatorError(asker, body.keyType, key);
    return { key, nodeId: -1, host: '', port: -1, errorCode, errorMessage: errorMeaning(errorCode) };
  };
  if (version < FIRST_WITH_MANY_KEYS) {
    const { key: _, ...refusal } = answer(body.key);
    if (refusal.errorCode === ErrorCode.NONE) goOn(body);
    else request.respond(FindCoordinator.response.make(refusal));
    return;
  }
  const refusals = body.coordinatorKeys.map(answer).filter(({ errorCode }) => errorCode !== ErrorCode.NONE);
  if (refusals.length === 0) {
    goOn(body);
    return;
  }
  const coordinatorKeys = body.coordinatorKeys.filter((key) => refusals.every((refusal) => refusal.key !== key));
  goOn({ ...body, coordinatorKeys }, (response) => ({
    ...response,
    coordinators: [...response.coordinators, ...refusals],
  }));
});

const offsetCommit = guard(OffsetCommit, (asker, request, goOn) => {
  const { body } = request;
  if (!mayReadGroup(asker, body)) {
    request.respond(OffsetCommit.response.make({ topics: refuseCommits(body.topics, GROUP_REFUSED) }));
    return;
  }
  const { kept, refused } = part(body.topics, ({ name, topicId }) => {
    const topic = name === '' ? asker.topicName(topicId) : name;
    return topic === undefined || asker.mayOnTopic(Operation.read, topic);
  });
  if (refused.length === 0) {
    goOn(body);
    return;
  }
  goOn({ ...body, topics: kept }, (response) => ({
    ...response,
    topics: [...response.topics, ...refuseCommits(refused, TOPIC_REFUSED)],
  }));
});

function refuseCommits(topics: OffsetCommitRequest['topics'], errorCode: number) {
  return topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  }));
}

const FIRST_OFFSET_FETCH_WITH_GROUPS = 8;
const FIRST_OFFSET_FETCH_WITH_ERROR = 2;
type FetchedGroup = OffsetFetchResponse['groups'][number];
type FetchedTopic = Pick<FetchedGroup['topics'][number], 'name'> & {
  readonly partitions: FetchedGroup['topics'][number]['partitions'];
};

/** Topics that may not be described answer with an error if they were named, and are left out otherwise. */
function hideTopics<T extends FetchedTopic>(
  topics: readonly T[],
  wereNamed: boolean,
  mayDescribe: (topic: T) => boolean,
): T[] {
  return topics.flatMap((topic) => {
    if (mayDescribe(topic)) return topic;
    if (!wereNamed) return [];
    const partitions = topic.partitions.map((partition) => ({
      ...partition,
      committedOffset: -1,
      committedLeaderEpoch: -1,
      metadata: '',
      errorCode: TOPIC_REFUSED,
    }));
    return { ...topic, partitions };
  });
}

const offsetFetch = guard(OffsetFetch, (asker, request, goOn) => {
  const { body, version } = request;
  const mayDescribe = (groupId: string) => asker.may(Operation.describe, ResourceType.group, groupId);
  const seesTopic = ({ name, topicId }: { name: string; topicId?: string }): boolean => {
    const topic = name === '' && topicId !== undefined ? asker.topicName(topicId) : name;
    return topic === undefined || asker.mayOnTopic(Operation.describe, topic);
  };
  if (version < FIRST_OFFSET_FETCH_WITH_GROUPS) {
    const { topics } = body;
    if (mayDescribe(body.groupId)) {
      goOn(body, (response) => ({ ...response, topics: hideTopics(response.topics, topics !== null, seesTopic) }));
    } else request.respond(refuseOffsetFetch(body, version));
    return;
  }
  const { kept, refused } = part(body.groups, ({ groupId }) => mayDescribe(groupId));
  const refusals = refused.map(({ groupId }) => ({ groupId, topics: [], errorCode: GROUP_REFUSED }));
  const named = new Set(body.groups.flatMap(({ groupId, topics }) => (topics === null ? [] : groupId)));
  goOn({ ...body, groups: kept }, (response) => ({
    ...response,
    groups: [
      ...response.groups.map((group) => ({
        ...group,
        topics: hideTopics(group.topics, named.has(group.groupId), seesTopic),
      })),
      ...refusals,
    ],
  }));
});

function refuseOffsetFetch({ topics }: OffsetFetchRequest, version: number): OffsetFetchResponse {
  if (version >= FIRST_OFFSET_FETCH_WITH_ERROR) return OffsetFetch.response.make({ errorCode: GROUP_REFUSED });
  return OffsetFetch.response.make({
    topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: -1,
        metadata: '',
        errorCode: GROUP_REFUSED,
      })),
    })),
  });
}

const describeGroups = guard(DescribeGroups, (asker, { body }, goOn) => {
  const { kept, refused } = part(body.groups, (groupId) => asker.may(Operation.describe, ResourceType.group, groupId));
  const refusals = DescribeGroups.response.make({
    groups: refused.map((groupId) => ({ groupId, errorCode: GROUP_REFUSED })),
  });
  goOn({ ...body, groups: kept }, (response) => ({
    ...response,
    groups: [...withOperations(asker, response.groups), ...refusals.groups],
  }));
});

const consumerGroupDescribe = guard(ConsumerGroupDescribe, (asker, { body }, goOn) => {
  const { kept, refused } = part(body.groupIds, (id) => asker.may(Operation.describe, ResourceType.group, id));
  const refusals = ConsumerGroupDescribe.response.make({
    groups: refused.map((groupId) => ({ groupId, errorCode: GROUP_REFUSED })),
  });
  goOn({ ...body, groupIds: kept }, (response) => ({
    ...response,
    groups: [...withOperations(asker, response.groups), ...refusals.groups],
  }));
});

function withOperations<G extends { readonly groupId: string; readonly authorizedOperations: number }>(
  asker: Asker,
  groups: readonly G[],
): G[] {
  return groups.map((group) => {
    if (group.authorizedOperations === NOT_ASKED) return group;
    return { ...group, authorizedOperations: asker.operationsOn(ResourceType.group, group.groupId) };
  });
}

/** Who may describe the cluster sees every group; others see those that they may describe. */
const listGroups = guard(ListGroups, (asker, { body }, goOn) => {
  if (asker.mayOnCluster(Operation.describe)) goOn(body);
  else
    goOn(body, (response) => ({
      ...response,
      groups: response.groups.filter(({ groupId }) => asker.may(Operation.describe, ResourceType.group, groupId)),
    }));
});

const deleteGroups = guard(DeleteGroups, (asker, { body }, goOn) => {
  const { kept, refused } = part(body.groupsNames, (id) => asker.may(Operation.delete, ResourceType.group, id));
  if (refused.length === 0) goOn(body);
  else
    goOn({ ...body, groupsNames: kept }, (response) => ({
      ...response,
      results: [...response.results, ...refused.map((groupId) => ({ groupId, errorCode: GROUP_REFUSED }))],
    }));
});

const offsetDelete = guard(OffsetDelete, (asker, request, goOn) => {
  const { body } = request;
  if (!asker.may(Operation.delete, ResourceType.group, body.groupId)) {
    request.respond(OffsetDelete.response.make({ errorCode: GROUP_REFUSED }));
    return;
  }
  const { kept, refused } = part(body.topics, ({ name }) => asker.mayOnTopic(Operation.read, name));
  if (refused.length === 0) {
    goOn(body);
    return;
  }
  const answers = refused.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: TOPIC_REFUSED })),
  }));
  goOn({ ...body, topics: kept }, (response) => ({ ...response, topics: [...response.topics, ...answers] }));
});

const consumerGroupHeartbeat = guard(ConsumerGroupHeartbeat, (asker, request, goOn) => {
  const { body } = request;
  const refuse = (errorCode: number): void =>
    request.respond(ConsumerGroupHeartbeat.response.make({ errorCode, errorMessage: errorMeaning(errorCode) }));
  if (!mayReadGroup(asker, body)) refuse(GROUP_REFUSED);
  else if ((body.subscribedTopicNames ?? []).some((topic) => !asker.mayOnTopic(Operation.describe, topic)))
    refuse(TOPIC_REFUSED);
  else goOn(body);
});

const refused = { errorCode: GROUP_REFUSED };

export const groupGuards: readonly Guard[] = [
  findCoordinator,
  offsetCommit,
  offsetFetch,
  gate(JoinGroup, mayReadGroup, () => JoinGroup.response.make({ ...refused, generationId: -1 })),
  gate(SyncGroup, mayReadGroup, () => SyncGroup.response.make(refused)),
  gate(Heartbeat, mayReadGroup, () => Heartbeat.response.make(refused)),
  gate(LeaveGroup, mayReadGroup, () => LeaveGroup.response.make(refused)),
  describeGroups,
  listGroups,
  deleteGroups,
  offsetDelete,
  consumerGroupHeartbeat,
  consumerGroupDescribe,
];
