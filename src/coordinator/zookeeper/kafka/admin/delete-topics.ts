/** DeleteTopics (20): leaves a mark for the controller, and waits until this broker has forgotten the topic. */
import {
  type DeleteTopicState,
  DeleteTopics,
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
} from '../../../../protocol/apis/20-delete-topics.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import { ZERO_UUID } from '../../../../protocol/uuid.ts';
import { all, type Task } from '../task.ts';
import { deleteTopicPath } from '../znodes.ts';
import type { Admin } from './admin.ts';

/** Requests below version 6 name topics in a list of their own. */
export function* deleteTopics(admin: Admin, request: DeleteTopicsRequest): Task<DeleteTopicsResponse> {
  const asked: DeleteTopicState[] = [
    ...request.topics,
    ...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })),
  ];
  const responses = yield* all(
    asked.map(function* (which) {
      const { name, topicId } = which;
      const found = find(admin, which);
      if (typeof found === 'number') return { name, topicId, errorCode: found };
      yield* admin.zk.create(deleteTopicPath(found.name), null);
      const gone = yield* admin.waits.until(
        () => admin.image().topics.get(found.name)?.id !== found.id,
        request.timeoutMs,
      );
      return {
        name: found.name,
        topicId: found.id,
        errorCode: gone ? ErrorCode.NONE : ErrorCode.REQUEST_TIMED_OUT,
      };
    }),
  );
  return DeleteTopics.response.make({ responses });
}

function find({ image, settings }: Admin, { name, topicId }: DeleteTopicState) {
  if (name !== null && topicId !== ZERO_UUID) return ErrorCode.INVALID_REQUEST;
  const { topics } = image();
  const topic = name !== null ? topics.get(name) : image().topicById(topicId);
  if (topic === undefined) {
    return name !== null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.UNKNOWN_TOPIC_ID;
  }
  return settings.deleteTopicEnable ? topic : ErrorCode.TOPIC_DELETION_DISABLED;
}
