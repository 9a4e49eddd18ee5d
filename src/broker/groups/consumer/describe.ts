/**
 * ConsumerGroupDescribe, versions 0–1 (KIP-848): epochs and members of consumer groups, as they are stored. Kafka's
 * `GroupMetadataManager.consumerGroupDescribe`. A classic group is none.
 */
import {
  ConsumerGroupDescribe,
  type ConsumerGroupDescribeResponseDescribedGroup,
} from '../../../protocol/apis/69-consumer-group-describe.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { GroupShard } from '../shard.ts';
import type { TopicLookup } from '../topic-lookup.ts';
import { type Assignment, written } from './assignment.ts';
import type { ConsumerMember } from './consumer-group.ts';
import { assignorOf } from './targets.ts';

type Described = ConsumerGroupDescribeResponseDescribedGroup;

/** `ConsumerGroupDescribeResponse.MemberType`: of the consumer protocol. */
const CONSUMER_MEMBER = 1;

export function refuseConsumerDescription(groupId: string, errorCode: number, errorMessage: string | null): Described {
  return ConsumerGroupDescribe.response.make({ groups: [{ groupId, errorCode, errorMessage }] }).groups[0]!;
}

export function describeConsumerGroup(shard: GroupShard, groupId: string, lookup: TopicLookup): Described {
  const group = shard.stored.groups.get(groupId)?.consumer ?? null;
  if (group === null) {
    const known = shard.groups.has(groupId);
    const message = known ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`;
    return refuseConsumerDescription(groupId, ErrorCode.GROUP_ID_NOT_FOUND, message);
  }
  return ConsumerGroupDescribe.response.make({
    groups: [
      {
        groupId,
        groupState: group.state,
        groupEpoch: group.epoch,
        assignmentEpoch: group.assignmentEpoch,
        assignorName: assignorOf(group, shard.settings.consumerAssignors),
        members: [...group.members.values()].map((member) => describeMember(member, lookup)),
      },
    ],
  }).groups[0]!;
}

function describeMember(member: ConsumerMember, lookup: TopicLookup) {
  return {
    memberId: member.memberId,
    instanceId: member.instanceId,
    rackId: member.rackId,
    memberEpoch: member.epoch,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: member.topics,
    subscribedTopicRegex: member.regex,
    assignment: describeAssignment(member.assigned, lookup),
    targetAssignment: describeAssignment(member.target, lookup),
    memberType: CONSUMER_MEMBER,
  };
}

/** Topics that are gone have no name, and are left out. */
function describeAssignment(assignment: Assignment, lookup: TopicLookup) {
  const topicPartitions = written(assignment).flatMap(({ topicId, partitions }) => {
    const topicName = lookup.nameOf(topicId);
    return topicName === undefined ? [] : [{ topicId, topicName, partitions }];
  });
  return { topicPartitions };
}
