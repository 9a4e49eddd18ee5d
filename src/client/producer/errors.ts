import { ErrorCode } from '../../protocol/errors.ts';

/**
 * Whether a batch may stand in a log after an attempt that ended so. A leader that is deposed while it waits for the
 * in-sync replicas answers NOT_LEADER_OR_FOLLOWER too, so with acks=all that says nothing.
 */
export function mayBeStored(error: number, acks: number): boolean {
  switch (error) {
    case ErrorCode.NETWORK_EXCEPTION:
    case ErrorCode.REQUEST_TIMED_OUT:
    case ErrorCode.KAFKA_STORAGE_ERROR:
    case ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case ErrorCode.DUPLICATE_SEQUENCE_NUMBER:
    case ErrorCode.UNKNOWN_SERVER_ERROR:
      return true;
    case ErrorCode.NOT_LEADER_OR_FOLLOWER:
      return acks === -1;
    default:
      return false;
  }
}
