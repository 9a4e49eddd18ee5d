import { DeleteGroups } from '../../protocol/apis/42-delete-groups.ts';
import { OffsetDelete } from '../../protocol/apis/47-offset-delete.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import { MISSING, row, widest } from './columns.ts';
import { exceptionOf, ToolError, UsageError } from './failure.ts';
import { describeGroup, type Group, listGroups } from './group-description.ts';
import { namedPartitions, RESET_WAYS, resetOffsets } from './group-reset.ts';
import { printMembers, printOffsets, printState } from './group-tables.ts';
import { partitionsOf } from './offsets.ts';
import { ask, askAll, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets'];

/** ConsumerGroupCommand. */
export const consumerGroups: Tool = {
  name: 'kafka-consumer-groups',
  summary: 'lists, describes and deletes consumer groups, and moves their offsets',
  differs: 'Groups and partitions come in the order of their names. Times without a zone are UTC.',
  options: [
    { name: 'list', about: 'names of the groups' },
    { name: 'describe', about: 'offsets and lag, or members, or state' },
    { name: 'delete', about: 'deletes groups without members' },
    { name: 'delete-offsets', about: 'forgets what a group has committed of topics' },
    { name: 'reset-offsets', about: 'commits other offsets for a group without members' },
    { name: 'group', value: 'NAME', completes: 'group', about: 'which; repeatable' },
    { name: 'all-groups', about: 'all of them' },
    { name: 'offsets', about: 'describe offsets and lag (what it does by itself)' },
    { name: 'members', about: 'describe members' },
    { name: 'state', about: 'describe the state; with --list, list states, too' },
    { name: 'type', about: 'with --list: list types, too' },
    { name: 'verbose', about: 'more columns' },
    { name: 'topic', value: 'NAME[:0,1]', completes: 'topic', about: 'of which topics; repeatable' },
    { name: 'all-topics', about: 'of all topics that the group has committed' },
    { name: 'to-earliest', about: 'reset to the first offset' },
    { name: 'to-latest', about: 'reset to the end' },
    { name: 'to-current', about: 'reset to what is committed, or to the end' },
    { name: 'to-offset', value: 'N', about: 'reset to an offset' },
    { name: 'shift-by', value: 'N', about: 'reset by so many records, forwards or back' },
    { name: 'to-datetime', value: 'TIME', about: 'reset to the first record of that time: 2026-01-31T12:00:00.000' },
    { name: 'by-duration', value: 'P1DT2H', about: 'reset to what was written that long ago' },
    { name: 'from-file', value: "'TOPIC,PARTITION,OFFSET'", about: 'reset to these; the lines themselves, not a file' },
    { name: 'dry-run', about: 'show what a reset would commit' },
    { name: 'execute', about: 'commit it' },
    { name: 'export', about: 'show it as CSV' },
    { name: 'timeout', value: 'MS', about: 'taken, and not needed' },
  ],
  examples: [
    'kafka-consumer-groups --list --state',
    'kafka-consumer-groups --describe --group billing',
    'kafka-consumer-groups --describe --group billing --members --verbose',
    'kafka-consumer-groups --group billing --topic orders --reset-offsets --to-earliest --execute',
  ],
  *run(call) {
    const { args } = call;
    const action = args.exactlyOne(
      ACTIONS,
      'Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets.',
    );
    if (action === 'list') return yield* list(call);
    if (!args.has('group') && !args.has('all-groups'))
      throw new UsageError(`Option [${action}] takes one of these options: [all-groups], [group]`);
    args.exclude('group', ['all-groups']);
    if (action === 'describe') return yield* failing(call, describe(call));
    if (action === 'delete') return yield* failing(call, remove(call));
    if (action === 'delete-offsets') return yield* failing(call, removeOffsets(call));
    readWay(call);
    return yield* failing(call, resetOffsets(call, yield* groupsOf(call)));
  },
};

/** Any error of the cluster ends this tool with the same words. */
function* failing({ print, spoil }: ToolCall, steps: Steps<void>): Steps<void> {
  try {
    yield* steps;
  } catch (thrown) {
    if (!(thrown instanceof ToolError) || thrown instanceof UsageError) throw thrown;
    print('', `Error: Executing consumer group command failed due to ${javaText(thrown)}`);
    spoil();
  }
}

/** An exception as Java prints it. */
function javaText({ exception, message }: ToolError): string {
  return `org.apache.kafka.common.errors.${exception}: ${message}`;
}

function readWay({ args }: ToolCall): void {
  if (args.has('execute') && args.has('dry-run'))
    throw new UsageError(`Option "[execute]" can't be used with option "[dry-run]"`);
  args.exactlyOne(
    RESET_WAYS,
    `Option [reset-offsets] takes exactly one of these options: ${RESET_WAYS.map((name) => `[${name}]`).join(', ')}`,
  );
  args.exclude('topic', ['all-topics']);
  if (!args.has('topic') && !args.has('all-topics') && !args.has('from-file'))
    throw new UsageError('One of the reset scopes should be defined: --all-topics, --topic.');
}

function* groupsOf(call: ToolCall): Steps<readonly string[]> {
  if (!call.args.has('all-groups')) return [...new Set(call.args.all('group'))].sort();
  return (yield* listGroups(call, { states: [], types: [] })).map(({ id }) => id);
}

function* list(call: ToolCall): Steps<void> {
  const { args, print } = call;
  const groups = yield* listGroups(call, { states: [], types: [] });
  if (!args.has('state') && !args.has('type')) return print(...groups.map(({ id }) => id));
  const cells = groups.map(({ id, type, state }) => [
    id,
    ...(args.has('type') ? [type] : []),
    ...(args.has('state') ? [state] : []),
  ]);
  const head = ['GROUP', ...(args.has('type') ? ['TYPE'] : []), ...(args.has('state') ? ['STATE'] : [])];
  const widths = [
    widest(
      15,
      groups.map(({ id }) => id),
    ) + 10,
    20,
    20,
  ];
  print(...[head, ...cells].map((line) => row(widths, line)));
}

function* describe(call: ToolCall): Steps<void> {
  const groups: Group[] = [];
  for (const id of yield* groupsOf(call)) groups.push(yield* describeGroup(call, id));
  for (const group of groups)
    if (call.args.has('members')) printMembers(call, group);
    else if (call.args.has('state') && !call.args.has('offsets')) printState(call, group);
    else yield* printOffsets(call, group);
}

function* remove(call: ToolCall): Steps<void> {
  const { admin, print, spoil } = call;
  const ids = yield* groupsOf(call);
  const answers = yield* askAll(
    admin,
    ids.map((id) => ({
      api: DeleteGroups,
      body: DeleteGroups.request.make({ groupsNames: [id] }),
      target: { kind: 'coordinator', group: id } as const,
    })),
  );
  const results = answers.map(({ results: [result] }, index) => ({ id: ids[index]!, code: result!.errorCode }));
  const refused = results.filter(({ code }) => code !== ErrorCode.NONE);
  const quoted = (these: typeof results) => these.map(({ id }) => `'${id}'`).join(', ');
  if (refused.length === 0) return print(`Deletion of requested consumer groups (${quoted(results)}) was successful.`);
  spoil();
  print('', 'Error: Deletion of some consumer groups failed:');
  for (const { id, code } of refused)
    print(
      `* Group '${id}' could not be deleted due to: java.util.concurrent.ExecutionException: ${javaText(exceptionOf(code, null))}`,
    );
  const deleted = results.filter(({ code }) => code === ErrorCode.NONE);
  if (deleted.length > 0) print('', `These consumer groups were deleted successfully: ${quoted(deleted)}`);
}

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

function* removeOffsets(call: ToolCall): Steps<void> {
  const { admin, args, print, spoil } = call;
  const [id] = yield* groupsOf(call);
  if (!args.has('topic')) throw new UsageError('Option [delete-offsets] takes the following options: [group], [topic]');
  const named = args.all('topic').flatMap((text) => (text.includes(':') ? namedPartitions(text) : []));
  const whole = args.all('topic').filter((text) => !text.includes(':'));
  const partitions = [...named, ...(whole.length > 0 ? yield* partitionsOf(call, whole) : [])];
  const topics = [...new Set(partitions.map(({ topic }) => topic))].map((name) => ({
    name,
    partitions: partitions.flatMap(({ topic, partition }) => (topic === name ? [{ partitionIndex: partition }] : [])),
  }));
  const body = OffsetDelete.request.make({ groupId: id!, topics });
  const response = yield* ask(admin, OffsetDelete, body, { kind: 'coordinator', group: id! });
  const codes = response.topics.flatMap((topic) => topic.partitions.map(({ errorCode }) => errorCode));
  const code = response.errorCode || (codes.find((each) => each !== ErrorCode.NONE) ?? ErrorCode.NONE);
  if (code !== ErrorCode.NONE) spoil();
  if (code === ErrorCode.NONE) print(`Request succeeded for deleting offsets from group ${id}.`);
  else if (GROUP_ERRORS.includes(code)) print('', `Error: ${exceptionOf(code, null).message}`);
  else if (PARTITION_ERRORS.includes(code))
    print('', 'Error: Encountered some partition-level error, see the follow-up details.');
  else print('', `Error: Encountered some unknown error: ${errorName(code)}`);
  const widths = [
    widest(
      15,
      partitions.map(({ topic }) => topic),
    ),
    10,
    15,
  ];
  print('', row(widths, ['TOPIC', 'PARTITION', 'STATUS']));
  for (const { topic, partition } of partitions) {
    const own = response.topics
      .find(({ name }) => name === topic)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === partition)?.errorCode;
    const error = own || response.errorCode;
    const status = error === ErrorCode.NONE ? 'Successful' : `Error: ${javaText(exceptionOf(error, null))}`;
    print(row(widths, [topic, partition < 0 ? MISSING : partition, status]));
  }
}
