/** `kafka-consumer-groups --delete-offsets`: a group forgets where it was. */
import { OffsetDelete } from '../../protocol/apis/47-offset-delete.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import { MISSING, row, widest } from './columns.ts';
import { exceptionOf, javaText, ToolError } from './failure.ts';
import { namedPartitions } from './group-reset.ts';
import { partitionsOf, type TopicPartition } from './offsets.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

const PARTITION_ERRORS: readonly number[] = [
  ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC,
  ErrorCode.TOPIC_AUTHORIZATION_FAILED,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
];
const GROUP_ERRORS: readonly number[] = [
  ErrorCode.INVALID_GROUP_ID,
  ErrorCode.GROUP_ID_NOT_FOUND,
  ErrorCode.GROUP_AUTHORIZATION_FAILED,
  ErrorCode.NON_EMPTY_GROUP,
];

/** A topic that is not there stands as one partition, -1. */
function* partitionsOrNone(call: ToolCall, topic: string): Steps<readonly TopicPartition[]> {
  try {
    return yield* partitionsOf(call, [topic]);
  } catch (thrown) {
    if (thrown instanceof ToolError && thrown.code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
      return [{ topic, partition: -1 }];
    throw thrown;
  }
}

export function* removeOffsets(call: ToolCall, id: string): Steps<void> {
  const { admin, args, print, data, spoil, older } = call;
  const named = args.all('topic').flatMap((text) => (text.includes(':') ? namedPartitions(text) : []));
  const whole = args.all('topic').filter((text) => !text.includes(':'));
  const partitions: TopicPartition[] = [...named];
  for (const topic of whole) partitions.push(...(yield* partitionsOrNone(call, topic)));
  const asked = partitions.filter(({ partition }) => partition >= 0);
  const topics = [...new Set(asked.map(({ topic }) => topic))].map((name) => ({
    name,
    partitions: partitions.flatMap(({ topic, partition }) =>
      topic === name && partition >= 0 ? [{ partitionIndex: partition }] : [],
    ),
  }));
  const body = OffsetDelete.request.make({ groupId: id, topics });
  const response = yield* ask(admin, OffsetDelete, body, { kind: 'coordinator', group: id });
  const codes = response.topics.flatMap((topic) => topic.partitions.map(({ errorCode }) => errorCode));
  const code = response.errorCode || (codes.find((each) => each !== ErrorCode.NONE) ?? ErrorCode.NONE);
  if (code !== ErrorCode.NONE) spoil();
  if (code === ErrorCode.NONE)
    print(
      older
        ? `Request succeed for deleting offsets with topic ${args.all('topic').join(', ')} group ${id}`
        : `Request succeeded for deleting offsets from group ${id}.`,
    );
  else if (GROUP_ERRORS.includes(code))
    print(
      '',
      `Error: ${older && code === ErrorCode.GROUP_ID_NOT_FOUND ? `'${id}' does not exist.` : exceptionOf(code, null).message}`,
    );
  else if (PARTITION_ERRORS.includes(code))
    print(
      '',
      older
        ? 'Error: Encounter some partition level error, see the follow-up details:'
        : 'Error: Encountered some partition-level error, see the follow-up details.',
    );
  else print('', `Error: Encountered some unknown error: ${errorName(code)}`);
  const widths = [
    widest(
      15,
      partitions.map(({ topic }) => topic),
    ),
    10,
    15,
  ];
  print('', row(widths, ['TOPIC', 'PARTITION', 'STATUS'.padEnd(15)]));
  for (const { topic, partition } of partitions) {
    const own = response.topics
      .find(({ name }) => name === topic)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === partition)?.errorCode;
    const error = partition < 0 ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : own || response.errorCode;
    const status =
      error === ErrorCode.NONE ? 'Successful' : `Error: ${older ? ':' : ''}${javaText(exceptionOf(error, null))}`;
    print(row(widths, [topic, partition < 0 ? (older ? 'Not Provided' : MISSING) : partition, status.padEnd(15)]));
    data({ TOPIC: topic, PARTITION: partition, STATUS: status });
  }
}
