import type { ConsumerGroupHeartbeatRequest } from '../../../protocol/apis/68-consumer-group-heartbeat.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { GroupSettings } from '../settings.ts';
import { LEFT_FOR_A_WHILE } from './consumer-group.ts';
import { patternOf } from './regex.ts';

export const LEAVES = -1;
export const JOINS = 0;
const FIRST_WITH_OWN_MEMBER_IDS = 1;

export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

const invalid = (errorMessage: string): Refusal => ({ errorCode: ErrorCode.INVALID_REQUEST, errorMessage });

/** What is wrong with a heartbeat by itself, before a group is looked at (`GroupCoordinatorService.throwIfConsumerGroupHeartbeatRequestIsInvalid`). */
export function requestProblem(
  body: ConsumerGroupHeartbeatRequest,
  version: number,
  { consumerAssignors }: GroupSettings,
): Refusal | null {
  const { memberId, memberEpoch: epoch, instanceId, rackId, serverAssignor } = body;
  if (memberId === '' && (version >= FIRST_WITH_OWN_MEMBER_IDS || epoch > JOINS || epoch === LEAVES))
    return invalid("MemberId can't be empty.");
  if (body.groupId === '') return invalid("GroupId can't be empty.");
  if (instanceId === '') return invalid("InstanceId can't be empty.");
  if (rackId === '') return invalid("RackId can't be empty.");
  if (epoch === JOINS) {
    if (body.rebalanceTimeoutMs === -1) return invalid('RebalanceTimeoutMs must be provided in first request.');
    if (body.topicPartitions === null || body.topicPartitions.length > 0)
      return invalid('TopicPartitions must be empty when (re-)joining.');
    if ((body.subscribedTopicNames ?? []).length === 0 && (body.subscribedTopicRegex ?? '') === '')
      return invalid('Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.');
  } else if (epoch === LEFT_FOR_A_WHILE && instanceId === null) return invalid("InstanceId can't be null.");
  else if (epoch < LEFT_FOR_A_WHILE)
    return invalid(`MemberEpoch is ${epoch}, but must be greater than or equal to -2.`);
  if (serverAssignor !== null && !consumerAssignors.includes(serverAssignor)) {
    const known = consumerAssignors.join(', ');
    const errorMessage = `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${known}.`;
    return { errorCode: ErrorCode.UNSUPPORTED_ASSIGNOR, errorMessage };
  }
  const regex = body.subscribedTopicRegex ?? '';
  if (regex !== '' && patternOf(regex) === null)
    return {
      errorCode: ErrorCode.INVALID_REGULAR_EXPRESSION,
      errorMessage: `SubscribedTopicRegex ${regex} is not valid.`,
    };
  return null;
}
