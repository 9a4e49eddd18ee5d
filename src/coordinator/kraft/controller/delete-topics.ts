/** DeleteTopics (20): one record, and the topic is gone; brokers delete their logs when they apply it. */
import {
  type DeleteTopicState,
  DeleteTopics,
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
} from '../../../protocol/apis/20-delete-topics.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import type { TopicInfo } from '../../index.ts';
import type { MetadataRecord } from '../metadata/records.ts';
import type { ControllerState, Decision } from './state.ts';

/** Requests below version 6 name topics in a list of their own. */
export function decideDeleteTopics(
  state: ControllerState,
  request: DeleteTopicsRequest,
): Decision<DeleteTopicsResponse> {
  const asked: DeleteTopicState[] = [
    ...request.topics,
    ...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })),
  ];
  const records: MetadataRecord[] = [];
  const gone = new Set<string>();
  const responses = asked.map((which) => {
    const { name, topicId } = which;
    const found = find(state, which);
    if (typeof found === 'number') return { name, topicId, errorCode: found };
    if (!state.config.deleteTopicEnable) return { name, topicId, errorCode: ErrorCode.TOPIC_DELETION_DISABLED };
    if (gone.has(found.id)) return { name, topicId, errorCode: ErrorCode.INVALID_REQUEST };
    gone.add(found.id);
    records.push({ kind: 'remove-topic', topicId: found.id });
    return { name: found.name, topicId: found.id };
  });
  return { records, reason: 'topic-deleted', response: DeleteTopics.response.make({ responses }) };
}

function find(state: ControllerState, { name, topicId }: DeleteTopicState): TopicInfo | number {
  if (name !== null && topicId !== ZERO_UUID) return ErrorCode.INVALID_REQUEST;
  if (name !== null) return state.metadata.topics.get(name) ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  return state.metadata.topicById(topicId) ?? ErrorCode.UNKNOWN_TOPIC_ID;
}
