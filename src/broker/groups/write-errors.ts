import { ErrorCode } from '../../protocol/errors.ts';

/** Whether the records are certainly not in the log. */
export function isRefused(error: number): boolean {
  return error !== ErrorCode.NONE && error !== ErrorCode.REQUEST_TIMED_OUT;
}

/** What a group's client is told when the coordinator's write failed (Kafka's `CoordinatorOperationExceptionHelper`). */
export function writeErrorForClient(error: number): number {
  switch (error) {
    case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case ErrorCode.NOT_ENOUGH_REPLICAS:
    case ErrorCode.REQUEST_TIMED_OUT:
      return ErrorCode.COORDINATOR_NOT_AVAILABLE;
    case ErrorCode.NOT_LEADER_OR_FOLLOWER:
    case ErrorCode.KAFKA_STORAGE_ERROR:
      return ErrorCode.NOT_COORDINATOR;
    case ErrorCode.MESSAGE_TOO_LARGE:
    case ErrorCode.RECORD_LIST_TOO_LARGE:
    case ErrorCode.INVALID_FETCH_SIZE:
      return ErrorCode.UNKNOWN_SERVER_ERROR;
    default:
      return error;
  }
}
