/** `kafka-consumer-groups --reset-offsets`: where a group is to go on reading (OffsetsUtils). */
import { Metadata } from '../../protocol/apis/03-metadata.ts';
import { OffsetCommit } from '../../protocol/apis/08-offset-commit.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { row, widest } from './columns.ts';
import { javaText, PlainError, refuse, ToolError, UsageError } from './failure.ts';
import { type Committed, committedOffsets, describeGroup } from './group-description.ts';
import { durationMs, timestampOf } from './java-times.ts';
import {
  comparePartitions,
  EARLIEST,
  keyOf,
  LATEST,
  type ListedOffset,
  listOffsets,
  partitionsOf,
  type TopicPartition,
} from './offsets.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';
import { metadataRequest } from './topic-names.ts';

export const RESET_WAYS: readonly string[] = [
  'to-offset',
  'shift-by',
  'to-datetime',
  'by-duration',
  'to-earliest',
  'to-latest',
  'to-current',
  'from-file',
];

interface NewOffset extends TopicPartition {
  readonly offset: number;
}

export function* resetOffsets(call: ToolCall, groups: readonly string[]): Steps<void> {
  const { args, print } = call;
  if (!RESET_WAYS.some((way) => args.has(way)))
    throw new UsageError(
      "Option '[reset-offsets]' requires one of the following scenarios: [[to-offset], [to-earliest], [to-current], [to-latest], [by-duration], [to-datetime], [from-file], [shift-by]]",
    );
  if (!args.has('topic') && !args.has('all-topics') && !args.has('from-file'))
    throw new UsageError('One of the reset scopes should be defined: --all-topics, --topic.');
  const all: { readonly group: string; readonly offsets: readonly NewOffset[] }[] = [];
  for (const group of groups) {
    const state = yield* stateOf(call, group);
    if (state !== 'Empty' && state !== 'Dead') {
      print(
        '',
        `Error: Assignments can only be reset if the group '${group}' is inactive, but the current state is ${state}.`,
      );
      call.spoil();
      all.push({ group, offsets: [] });
      continue;
    }
    const offsets = yield* newOffsets(call, group);
    if (args.has('execute')) yield* commit(call, group, offsets);
    all.push({ group, offsets });
  }
  if (args.has('export'))
    return print(
      ...all.flatMap(({ group, offsets }) =>
        offsets.map(({ topic, partition, offset }) =>
          [...(groups.length > 1 ? [group] : []), topic, partition, offset].join(','),
        ),
      ),
      '',
    );
  for (const { group, offsets } of all)
    call.data(
      ...offsets.map(({ topic, partition, offset }) => {
        return { GROUP: group, TOPIC: topic, PARTITION: partition, 'NEW-OFFSET': offset };
      }),
    );
  const topics = all.flatMap(({ offsets }) => offsets.map(({ topic }) => topic));
  const widths = [widest(15, groups), widest(15, topics), 10, 0];
  print('', row(widths, ['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET']));
  for (const { group, offsets } of all)
    for (const { topic, partition, offset } of offsets) print(row(widths, [group, topic, partition, offset]));
}

/** A group that is not there can be given offsets, too. */
function* stateOf(call: ToolCall, group: string): Steps<string> {
  try {
    return (yield* describeGroup(call, group)).state;
  } catch (thrown) {
    if (thrown instanceof ToolError && thrown.code === ErrorCode.GROUP_ID_NOT_FOUND) return 'Dead';
    throw thrown;
  }
}

function* newOffsets(call: ToolCall, group: string): Steps<readonly NewOffset[]> {
  const { args } = call;
  const file = args.get('from-file');
  if (file !== undefined) return yield* withinLog(call, offsetsInFile(file, group));
  const committed = yield* committedOffsets(call, group);
  const partitions = yield* scope(call, committed);
  if (args.has('to-earliest')) return yield* listOffsets(call, partitions, EARLIEST);
  if (args.has('to-latest')) return yield* listOffsets(call, partitions, LATEST);
  if (args.has('to-current')) return yield* current(call, partitions, committed);
  const to = args.integer('to-offset');
  if (to !== undefined)
    return yield* withinLog(
      call,
      partitions.map((partition) => ({ ...partition, offset: to })),
    );
  const by = args.integer('shift-by');
  if (by !== undefined)
    return yield* withinLog(
      call,
      partitions.map((partition) => shifted(partition, by, committed)),
    );
  const time = args.get('to-datetime');
  const { context } = call.admin.network;
  const timestamp =
    time === undefined ? context.wallMs() - durationMs(args.required('by-duration')) : timestampOf(time);
  return yield* atTime(call, partitions, timestamp);
}

function* scope(call: ToolCall, committed: readonly Committed[]): Steps<readonly TopicPartition[]> {
  const { args } = call;
  if (args.has('all-topics')) return committed.map(({ topic, partition }) => ({ topic, partition }));
  const named = args.all('topic').flatMap((text) => (text.includes(':') ? namedPartitions(text) : []));
  const whole = args.all('topic').filter((text) => !text.includes(':'));
  const rest = whole.length > 0 ? yield* partitionsOrThrow(call, whole, wordsOfTopic(call)) : [];
  const known = yield* partitionsOrThrow(call, [...new Set(named.map(({ topic }) => topic))], wordsOfPartition(call));
  const missing = named.filter((partition) => !known.some((each) => keyOf(each) === keyOf(partition)));
  if (missing.length > 0) throw new PlainError(`The partitions "${missing.map(keyOf).join(',')}" do not exist`);
  return [...named, ...rest.map(({ topic, partition }) => ({ topic, partition }))].sort(comparePartitions);
}

type Words = (error: ToolError, topic: string) => string;

const EXECUTION = 'java.util.concurrent.ExecutionException: ';

function wordsOfTopic({ older }: ToolCall): Words {
  return (error) => (older ? EXECUTION + javaText(error) : error.message);
}

function wordsOfPartition({ older }: ToolCall): Words {
  return (error, topic) =>
    older && error.code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
      ? `${EXECUTION}org.apache.kafka.common.errors.UnknownTopicOrPartitionException: Failed to fetch metadata for partition ${topic}-0 because metadata for topic \`${topic}\` could not be found`
      : EXECUTION + javaText(error);
}

/** `words`: what is said of an error. */
function* partitionsOrThrow(call: ToolCall, topics: readonly string[], words: Words) {
  try {
    return topics.length === 0 ? [] : yield* partitionsOf(call, topics);
  } catch (thrown) {
    throw thrown instanceof ToolError ? new PlainError(words(thrown, topics[0]!)) : thrown;
  }
}

/** `orders:0,1`. Throws `UsageError`. */
export function namedPartitions(text: string): readonly TopicPartition[] {
  const [topic, numbers, ...more] = text.split(':');
  if (topic === undefined || numbers === undefined || more.length > 0)
    throw new UsageError(`Invalid topic arg '${text}', expected topic name and partitions`);
  return numbers.split(',').map((number) => {
    if (!/^\d+$/.test(number)) throw new UsageError(`Invalid partition '${number}' specified in topic arg '${text}''`);
    return { topic, partition: Number(number) };
  });
}

function shifted(partition: TopicPartition, by: number, committed: readonly Committed[]): NewOffset {
  const found = committed.find((commit) => keyOf(commit) === keyOf(partition));
  if (found === undefined)
    throw new UsageError(
      `Cannot shift offset for partition ${keyOf(partition)} since there is no current committed offset`,
    );
  return { ...partition, offset: found.offset + by };
}

/** What is committed; the end, where nothing is. */
function* current(
  call: ToolCall,
  partitions: readonly TopicPartition[],
  committed: readonly Committed[],
): Steps<readonly NewOffset[]> {
  const known = new Map(committed.map((commit) => [keyOf(commit), commit.offset]));
  const others = partitions.filter((partition) => !known.has(keyOf(partition)));
  const ends = new Map((yield* listOffsets(call, others, LATEST)).map((end) => [keyOf(end), end.offset]));
  return partitions.map((partition) => {
    const key = keyOf(partition);
    return { ...partition, offset: known.get(key) ?? ends.get(key)! };
  });
}

/** Offsets outside of the log become its nearer end (the real tool says so in its log). */
function* withinLog(call: ToolCall, wanted: readonly NewOffset[]): Steps<readonly NewOffset[]> {
  const first = yield* listOffsets(call, wanted, EARLIEST);
  const end = yield* listOffsets(call, wanted, LATEST);
  return wanted.map((partition, index) => {
    const [low, high] = [first[index]!.offset, end[index]!.offset];
    const offset = Math.min(Math.max(partition.offset, low), high);
    return { ...partition, offset };
  });
}

function* atTime(
  call: ToolCall,
  partitions: readonly TopicPartition[],
  timestamp: number,
): Steps<readonly NewOffset[]> {
  const found = yield* listOffsets(call, partitions, timestamp);
  const without = found.filter(({ offset }) => offset < 0);
  for (const { topic, partition } of without)
    call.print('', `Warn: Partition ${partition} from topic ${topic} is empty. Falling back to latest known offset.`);
  const ends = new Map<string, ListedOffset>(
    (yield* listOffsets(call, without, LATEST)).map((end) => [keyOf(end), end]),
  );
  return found.map((listed) => ends.get(keyOf(listed)) ?? listed);
}

function offsetsInFile(text: string, group: string): readonly NewOffset[] {
  const lines = text.split(/[\n;]/).filter((line) => line.trim() !== '');
  return lines.flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim().replaceAll('"', ''));
    const [topic, partition, offset] = cells.slice(-3);
    if (cells.length < 3 || !/^\d+$/.test(partition!) || !/^\d+$/.test(offset!))
      throw new UsageError(`"${line}" is no line of a reset plan: orders,0,5 (the text itself stands for the file)`);
    if (cells.length > 3 && cells[0] !== group) return [];
    return [{ topic: topic!, partition: Number(partition), offset: Number(offset) }];
  });
}

function* commit({ admin }: ToolCall, group: string, offsets: readonly NewOffset[]): Steps<void> {
  if (offsets.length === 0) return;
  const names = [...new Set(offsets.map(({ topic }) => topic))];
  const wanted = metadataRequest(names);
  const { topics } = yield* ask(admin, Metadata, wanted, { kind: 'any' });
  const body = OffsetCommit.request.make({
    groupId: group,
    generationIdOrMemberEpoch: -1,
    topics: names.map((name) => ({
      name,
      topicId: topics.find((topic) => topic.name === name)!.topicId,
      partitions: offsets
        .filter(({ topic }) => topic === name)
        .map(({ partition, offset }) => ({
          partitionIndex: partition,
          committedOffset: offset,
          committedMetadata: '',
        })),
    })),
  });
  const response = yield* ask(admin, OffsetCommit, body, { kind: 'coordinator', group });
  for (const { errorCode } of response.topics.flatMap(({ partitions }) => partitions)) refuse(errorCode);
}
