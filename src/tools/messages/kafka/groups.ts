/** Groups: joining, assignments, heartbeats, committed offsets. */
import { OffsetCommit } from '../../../protocol/apis/08-offset-commit.ts';
import { OffsetFetch } from '../../../protocol/apis/09-offset-fetch.ts';
import { JoinGroup } from '../../../protocol/apis/11-join-group.ts';
import { Heartbeat } from '../../../protocol/apis/12-heartbeat.ts';
import { LeaveGroup } from '../../../protocol/apis/13-leave-group.ts';
import { SyncGroup } from '../../../protocol/apis/14-sync-group.ts';
import { ConsumerGroupHeartbeat } from '../../../protocol/apis/68-consumer-group-heartbeat.ts';
import { errorName } from '../../../protocol/errors.ts';
import {
  type Describer,
  describes,
  failed,
  more,
  outcome,
  plural,
  results,
  some,
  type TopicNames,
} from './describe.ts';

const joinGroup = describes(JoinGroup, {
  request({ groupId, memberId, protocols, groupInstanceId }) {
    const member = memberId === '' ? 'new member' : 'known member';
    const instance = groupInstanceId === null ? '' : ` instance=${groupInstanceId}`;
    return { text: `${groupId} ${member}${instance} ${some(protocols.map(({ name }) => name))}`.trimEnd() };
  },
  response({ errorCode, generationId, leader, memberId, members }) {
    if (errorCode !== 0) return failed(errorCode);
    const role = leader === memberId ? `leader of ${plural(members.length, 'member')}` : 'follower';
    return { text: `generation=${generationId} ${role}` };
  },
});

const syncGroup = describes(SyncGroup, {
  request({ groupId, generationId, assignments }) {
    const brought = assignments.length === 0 ? '' : `, ${plural(assignments.length, 'assignment')}`;
    return { text: `${groupId} generation=${generationId}${brought}` };
  },
  response: ({ errorCode, assignment }) => outcome(errorCode, `assignment of ${plural(assignment.length, 'byte')}`),
});

const heartbeat = describes(Heartbeat, {
  request: ({ groupId, generationId }) => ({ text: `${groupId} generation=${generationId}` }),
  response: ({ errorCode }) => (errorCode === 0 ? { text: '', idle: true } : failed(errorCode)),
});

const leaveGroup = describes(LeaveGroup, {
  request: ({ groupId, members }) => ({
    text: `${groupId}${members.length > 1 ? ` ${plural(members.length, 'member')}` : ''}`,
  }),
  response: ({ errorCode, members }) => {
    const wrong = members.find((member) => member.errorCode !== 0);
    return outcome(errorCode !== 0 ? errorCode : (wrong?.errorCode ?? 0));
  },
});

const consumerGroupHeartbeat = describes(ConsumerGroupHeartbeat, {
  request({ groupId, memberEpoch, subscribedTopicNames, topicPartitions }, names) {
    const wants = subscribedTopicNames === null ? '' : ` subscribes to ${some(subscribedTopicNames)}`;
    const owns = topicPartitions === null ? '' : ` owns ${partitionsText(topicPartitions, names)}`;
    return { text: `${groupId} memberEpoch=${memberEpoch}${wants}${owns}` };
  },
  response({ errorCode, memberEpoch, assignment }, names) {
    if (errorCode !== 0) return failed(errorCode);
    if (assignment === null) return { text: `memberEpoch=${memberEpoch}`, idle: true };
    return { text: `memberEpoch=${memberEpoch} assigned ${partitionsText(assignment.topicPartitions, names)}` };
  },
});

interface OwnedPartitions {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

function partitionsText(owned: readonly OwnedPartitions[], names: TopicNames): string {
  const each = owned.flatMap(({ topicId, partitions }) =>
    partitions.map((index) => `${names(topicId) ?? topicId}-${index}`),
  );
  return each.length === 0 ? 'nothing' : some(each, 3);
}

const offsetCommit = describes(OffsetCommit, {
  request({ groupId, generationIdOrMemberEpoch, topics }, names) {
    const each = topics.flatMap(({ name, topicId, partitions }) =>
      partitions.map(
        ({ partitionIndex, committedOffset }) =>
          `${name === '' ? (names(topicId) ?? topicId) : name}-${partitionIndex} offset=${committedOffset}`,
      ),
    );
    const generation = generationIdOrMemberEpoch < 0 ? '' : ` generation=${generationIdOrMemberEpoch}`;
    return { text: `${groupId}${generation} ${each[0] ?? 'nothing'}${more(each.length)}` };
  },
  response: ({ topics }, names) =>
    results(
      topics.flatMap(({ name, topicId, partitions }) =>
        partitions.map(({ partitionIndex, errorCode }) => ({
          what: `${name === '' ? (names(topicId) ?? topicId) : name}-${partitionIndex}`,
          error: errorCode,
        })),
      ),
      () => '',
    ),
});

const offsetFetch = describes(OffsetFetch, {
  request: ({ groupId, groups }) => ({
    text: groups.length === 0 ? groupId : some(groups.map((group) => group.groupId)),
  }),
  response({ errorCode, topics, groups }, names) {
    const wrong = groups.find((group) => group.errorCode !== 0);
    if (errorCode !== 0) return failed(errorCode);
    if (wrong !== undefined) return { text: `${wrong.groupId} ${errorName(wrong.errorCode)}`, error: wrong.errorCode };
    const old = topics.map((topic) => ({ ...topic, topicId: '' }));
    const each = [...old, ...groups.flatMap((group) => group.topics)].flatMap(({ name, topicId, partitions }) =>
      partitions.map(({ partitionIndex, errorCode: error, committedOffset }) => ({
        what: `${name === '' ? (names(topicId) ?? topicId) : name}-${partitionIndex}`,
        error,
        committedOffset,
      })),
    );
    return results(each, () => {
      const [first] = each;
      if (first === undefined) return 'nothing committed';
      return `${first.what} ${first.committedOffset < 0 ? 'nothing committed' : `offset=${first.committedOffset}`}${more(each.length)}`;
    });
  },
});

export const GROUPS: readonly Describer[] = [
  joinGroup,
  syncGroup,
  heartbeat,
  leaveGroup,
  consumerGroupHeartbeat,
  offsetCommit,
  offsetFetch,
];
