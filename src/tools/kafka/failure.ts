/** Refusals in the words of Kafka's Java client, in which its tools print them (org.apache.kafka.common.protocol.Errors). */
import { ErrorCode, errorMeaning, errorName } from '../../protocol/errors.ts';

/** What a tool prints instead of an answer, and ends with. */
export class ToolError extends Error {
  /** Short name of the Java class: `TopicExistsException`. */
  readonly exception: string;
  readonly code: number;

  constructor(exception: string, message: string, code: number = ErrorCode.UNKNOWN_SERVER_ERROR) {
    super(message);
    this.name = 'ToolError';
    this.exception = exception;
    this.code = code;
  }
}

/** A mistake in the line itself. */
export class UsageError extends ToolError {
  constructor(message: string) {
    super('IllegalArgumentException', message);
    this.name = 'UsageError';
  }
}

/** Ends a tool with its message alone. */
export class PlainError extends ToolError {
  constructor(message: string) {
    super('IllegalArgumentException', message);
    this.name = 'PlainError';
  }
}

/** What the client says where the broker said no more than the code. */
const WORDS: ReadonlyMap<number, string> = new Map<number, string>([
  [ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.'],
  [
    ErrorCode.LEADER_NOT_AVAILABLE,
    'There is no leader for this topic-partition as we are in the middle of a leadership election.',
  ],
  [ErrorCode.REQUEST_TIMED_OUT, 'The request timed out.'],
  [ErrorCode.OFFSET_OUT_OF_RANGE, 'The requested offset is not within the range of offsets maintained by the server.'],
  [
    ErrorCode.NOT_LEADER_OR_FOLLOWER,
    'For requests intended only for the leader, this error indicates that the broker is not the current leader. For requests intended for any replica, this error indicates that the broker is not a replica of the topic partition.',
  ],
  [ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE, 'The preferred leader was not available.'],
  [ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE, 'Eligible topic partition leaders are not available.'],
  [ErrorCode.COORDINATOR_NOT_AVAILABLE, 'The coordinator is not available.'],
  [ErrorCode.GROUP_ID_NOT_FOUND, 'The group id does not exist.'],
  [ErrorCode.NON_EMPTY_GROUP, 'The group is not empty.'],
  [
    ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC,
    'Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.',
  ],
  [ErrorCode.TOPIC_ALREADY_EXISTS, 'Topic with this name already exists.'],
  [ErrorCode.CLUSTER_AUTHORIZATION_FAILED, 'Cluster authorization failed.'],
  [ErrorCode.GROUP_AUTHORIZATION_FAILED, 'Group authorization failed.'],
  [ErrorCode.TOPIC_AUTHORIZATION_FAILED, 'Topic authorization failed.'],
  [ErrorCode.NOT_CONTROLLER, 'This is not the correct controller for this cluster.'],
  [ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, 'No partition reassignment is in progress.'],
  [ErrorCode.UNSUPPORTED_VERSION, 'The version of API is not supported.'],
  [ErrorCode.TRANSACTIONAL_ID_NOT_FOUND, 'The transactionalId could not be found'],
  [ErrorCode.SECURITY_DISABLED, 'Security features are disabled.'],
]);

/** Java classes that are not called after the code. */
const CLASSES: ReadonlyMap<number, string> = new Map<number, string>([
  [ErrorCode.UNKNOWN_SERVER_ERROR, 'UnknownServerException'],
  [ErrorCode.TOPIC_ALREADY_EXISTS, 'TopicExistsException'],
  [ErrorCode.REQUEST_TIMED_OUT, 'TimeoutException'],
  [ErrorCode.INVALID_TOPIC_EXCEPTION, 'InvalidTopicException'],
  [ErrorCode.NON_EMPTY_GROUP, 'GroupNotEmptyException'],
  [ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC, 'GroupSubscribedToTopicException'],
  [ErrorCode.GROUP_ID_NOT_FOUND, 'GroupIdNotFoundException'],
  [ErrorCode.INVALID_CONFIG, 'InvalidConfigurationException'],
  [ErrorCode.CLUSTER_AUTHORIZATION_FAILED, 'ClusterAuthorizationException'],
  [ErrorCode.TOPIC_AUTHORIZATION_FAILED, 'TopicAuthorizationException'],
  [ErrorCode.GROUP_AUTHORIZATION_FAILED, 'GroupAuthorizationException'],
]);

/** Throws as Java does for what is no number. */
export function javaInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new ToolError('NumberFormatException', `For input string: "${text}"`);
  return Number(text);
}

/** An exception as Java prints it. */
export function javaText({ exception, message }: ToolError): string {
  return `org.apache.kafka.common.errors.${exception}: ${message}`;
}

export function exceptionOf(code: number, message: string | null | undefined): ToolError {
  const words = message || WORDS.get(code) || sentenceOf(errorMeaning(code));
  return new ToolError(CLASSES.get(code) ?? classOf(errorName(code)), words, code);
}

/** `PREFERRED_LEADER_NOT_AVAILABLE` → `PreferredLeaderNotAvailableException`. */
function classOf(name: string): string {
  const words = name.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return `${words.join('')}Exception`;
}

/** Throws where the code is an error. */
export function refuse(code: number, message?: string | null): void {
  if (code !== ErrorCode.NONE) throw exceptionOf(code, message);
}

function sentenceOf(meaning: string): string {
  return `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
}
