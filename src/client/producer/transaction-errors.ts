import { ErrorCode, isRetriable } from '../../protocol/errors.ts';

/** What a producer makes of an error that a request of its transaction met (TransactionManager's handlers). */
export type TransactionReaction =
  /** The same again, after a pause. */
  | 'retry'
  /** The same, to whoever coordinates now. */
  | 'rediscover'
  /** This transaction is lost: the application has to abort it. */
  | 'abortable'
  /** Another producer has the transactional id, or all is lost for another reason. */
  | 'fatal';

const ABORTABLE: readonly number[] = [
  ErrorCode.TRANSACTION_ABORTABLE,
  ErrorCode.UNKNOWN_PRODUCER_ID,
  ErrorCode.TOPIC_AUTHORIZATION_FAILED,
  ErrorCode.GROUP_AUTHORIZATION_FAILED,
  ErrorCode.FENCED_INSTANCE_ID,
  ErrorCode.ILLEGAL_GENERATION,
  ErrorCode.UNKNOWN_MEMBER_ID,
];

export function reactionTo(error: number): TransactionReaction {
  switch (error) {
    case ErrorCode.NETWORK_EXCEPTION:
    case ErrorCode.REQUEST_TIMED_OUT:
    case ErrorCode.NOT_COORDINATOR:
    case ErrorCode.COORDINATOR_NOT_AVAILABLE:
      return 'rediscover';
    case ErrorCode.CONCURRENT_TRANSACTIONS:
      return 'retry';
    default:
      if (ABORTABLE.includes(error)) return 'abortable';
      return isRetriable(error) ? 'retry' : 'fatal';
  }
}

/** Of a batch: these end the producer, all others its transaction (TransactionManager.maybeTransitionToErrorState). */
export function endsProducer(error: number): boolean {
  switch (error) {
    case ErrorCode.CLUSTER_AUTHORIZATION_FAILED:
    case ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case ErrorCode.PRODUCER_FENCED:
    case ErrorCode.UNSUPPORTED_VERSION:
    case ErrorCode.INVALID_PRODUCER_ID_MAPPING:
      return true;
    default:
      return false;
  }
}
