/** Groups as the admin client describes them, of both protocols (DescribeConsumerGroupsHandler). */
import { Metadata } from '../../protocol/apis/03-metadata.ts';
import { OffsetFetch } from '../../protocol/apis/09-offset-fetch.ts';
import { DescribeGroups } from '../../protocol/apis/15-describe-groups.ts';
import { ListGroups } from '../../protocol/apis/16-list-groups.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { ConsumerGroupDescribe } from '../../protocol/apis/69-consumer-group-describe.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { decodeAssignment } from '../../protocol/records/consumer-protocol.ts';
import { type Coordinator, findCoordinator } from './coordinator.ts';
import { refuse, ToolError } from './failure.ts';
import { comparePartitions, type TopicPartition } from './offsets.ts';
import { ask, askAll, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';
import { metadataRequest } from './topic-names.ts';

export interface Member {
  readonly id: string;
  readonly instanceId: string;
  readonly host: string;
  readonly clientId: string;
  readonly assignment: readonly TopicPartition[];
  /** Null: the classic protocol has none of the three. */
  readonly epoch: number | null;
  readonly target: readonly TopicPartition[] | null;
  readonly upgraded: boolean | null;
}

export interface Group {
  readonly id: string;
  readonly state: string;
  readonly assignor: string;
  readonly coordinator: Coordinator;
  readonly members: readonly Member[];
  readonly epoch: number | null;
  readonly targetEpoch: number | null;
}

export interface Committed extends TopicPartition {
  readonly offset: number;
  /** -1: not known. */
  readonly leaderEpoch: number;
}

export interface Listing {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  /** What its members speak: `consumer`, `connect`; empty where nobody has joined. */
  readonly protocol: string;
}

/** Every consumer group, in the order of their names. */
export function* listGroups(
  call: ToolCall,
  filters: { readonly states: readonly string[]; readonly types: readonly string[] },
): Steps<readonly Listing[]> {
  return (yield* listAllGroups(call, filters)).filter(({ protocol }) => protocol === 'consumer' || protocol === '');
}

/** Groups of every kind, in the order of their names. */
export function* listAllGroups(
  { admin }: ToolCall,
  filters: { readonly states: readonly string[]; readonly types: readonly string[] } = { states: [], types: [] },
): Steps<readonly Listing[]> {
  const { brokers } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  const body = ListGroups.request.make({ statesFilter: filters.states, typesFilter: filters.types });
  const answers = yield* askAll(
    admin,
    brokers.map(({ brokerId }) => ({ api: ListGroups, body, target: { kind: 'broker', id: brokerId } as const })),
  );
  return answers
    .flatMap(({ errorCode, groups }) => {
      refuse(errorCode);
      return groups;
    })
    .map(({ groupId, groupState, groupType, protocolType }) => ({
      id: groupId,
      state: groupState,
      type: groupType.charAt(0).toUpperCase() + groupType.slice(1),
      protocol: protocolType,
    }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Throws GroupIdNotFoundException for a group that is not there (brokers before 4.0 describe it as Dead). */
export function* describeGroup(call: ToolCall, id: string): Steps<Group> {
  const coordinator = yield* findCoordinator(call, 'group', id);
  return (yield* describeConsumer(call, id, coordinator)) ?? (yield* describeClassic(call, id, coordinator));
}

/** Undefined where the group is not one of the new protocol, or its broker does not know that. */
function* describeConsumer({ admin }: ToolCall, id: string, coordinator: Coordinator): Steps<Group | undefined> {
  const body = ConsumerGroupDescribe.request.make({ groupIds: [id] });
  try {
    const { groups } = yield* ask(admin, ConsumerGroupDescribe, body, { kind: 'coordinator', group: id });
    const { errorCode, errorMessage, groupState, assignorName, groupEpoch, assignmentEpoch, members } = groups[0]!;
    refuse(errorCode, errorMessage);
    return {
      id,
      state: groupState,
      assignor: assignorName,
      coordinator,
      epoch: groupEpoch,
      targetEpoch: assignmentEpoch,
      members: members.map((member) => ({
        id: member.memberId,
        instanceId: member.instanceId ?? '',
        host: member.clientHost,
        clientId: member.clientId,
        epoch: member.memberEpoch,
        assignment: partitionsIn(member.assignment.topicPartitions),
        target: partitionsIn(member.targetAssignment.topicPartitions),
        upgraded: member.memberType === -1 ? null : member.memberType === 1,
      })),
    };
  } catch (thrown) {
    const passing: readonly number[] = [ErrorCode.GROUP_ID_NOT_FOUND, ErrorCode.UNSUPPORTED_VERSION];
    if (thrown instanceof ToolError && passing.includes(thrown.code)) return undefined;
    throw thrown;
  }
}

function* describeClassic({ admin }: ToolCall, id: string, coordinator: Coordinator): Steps<Group> {
  const body = DescribeGroups.request.make({ groups: [id] });
  const { groups } = yield* ask(admin, DescribeGroups, body, { kind: 'coordinator', group: id });
  const { errorCode, errorMessage, groupState, protocolData, members } = groups[0]!;
  refuse(errorCode, errorMessage);
  return {
    id,
    state: groupState,
    assignor: protocolData,
    coordinator,
    epoch: null,
    targetEpoch: null,
    members: members.map((member) => ({
      id: member.memberId,
      instanceId: member.groupInstanceId ?? '',
      host: member.clientHost,
      clientId: member.clientId,
      epoch: null,
      assignment:
        member.memberAssignment.length === 0
          ? []
          : decodeAssignment(member.memberAssignment)
              .assignedPartitions.flatMap(({ topic, partitions }) =>
                partitions.map((partition) => ({ topic, partition })),
              )
              .sort(comparePartitions),
      target: null,
      upgraded: null,
    })),
  };
}

function partitionsIn(
  topics: readonly { readonly topicName: string; readonly partitions: readonly number[] }[],
): readonly TopicPartition[] {
  return topics
    .flatMap(({ topicName, partitions }) => partitions.map((partition) => ({ topic: topicName, partition })))
    .sort(comparePartitions);
}

/** What a group has committed, in the order of partitions. */
export function* committedOffsets({ admin }: ToolCall, id: string): Steps<readonly Committed[]> {
  const body = OffsetFetch.request.make({ groups: [{ groupId: id, topics: null }] });
  const { groups } = yield* ask(admin, OffsetFetch, body, { kind: 'coordinator', group: id });
  const { errorCode, topics } = groups[0]!;
  refuse(errorCode);
  // From version 10 on topics have only their ids.
  const names = topics.some(({ name }) => name === '') ? yield* namesOfTopics(admin) : undefined;
  return topics
    .flatMap(({ name, topicId, partitions }) => {
      const topic = names?.get(topicId) ?? name;
      return partitions.flatMap(({ partitionIndex, committedOffset, committedLeaderEpoch }) =>
        committedOffset < 0 || topic === ''
          ? []
          : [{ topic, partition: partitionIndex, offset: committedOffset, leaderEpoch: committedLeaderEpoch }],
      );
    })
    .sort(comparePartitions);
}

/** By id. */
function* namesOfTopics(admin: ToolCall['admin']): Steps<ReadonlyMap<string, string>> {
  const body = metadataRequest(null);
  const { topics } = yield* ask(admin, Metadata, body, { kind: 'any' });
  return new Map(topics.map(({ topicId, name }) => [topicId, name!]));
}
