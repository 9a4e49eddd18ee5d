import { Metadata } from '../../protocol/apis/03-metadata.ts';
import { CreateTopics } from '../../protocol/apis/19-create-topics.ts';
import { DeleteTopics } from '../../protocol/apis/20-delete-topics.ts';
import { CreatePartitions } from '../../protocol/apis/37-create-partitions.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { javaInteger, refuse, ToolError, UsageError } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';
import { describeTopics } from './topic-description.ts';
import { metadataRequest, topicFilter } from './topic-names.ts';

const ACTIONS = ['list', 'describe', 'create', 'alter', 'delete'];
const FILTERS = [
  'under-replicated-partitions',
  'unavailable-partitions',
  'under-min-isr-partitions',
  'at-min-isr-partitions',
];
const TIMEOUT_MS = 30_000;

/** TopicCommand. */
export const topics: Tool = {
  name: 'kafka-topics',
  summary: 'creates, lists, describes, alters and deletes topics',
  failing: 'Error while executing topic command : ',
  differs: 'Several topics are described in the order of their names; the real tool has no order.',
  options: [
    { name: 'list', about: 'names of the topics' },
    { name: 'describe', about: 'partitions with leaders, replicas and ISR' },
    { name: 'create', about: 'creates a topic' },
    { name: 'alter', about: 'raises the number of partitions' },
    { name: 'delete', about: 'deletes topics' },
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'which; a regular expression but for --create' },
    { name: 'partitions', value: 'N', about: 'how many; the default of the cluster, if left out' },
    { name: 'replication-factor', value: 'N', about: 'replicas of each partition' },
    { name: 'replica-assignment', value: '1:2,2:3', about: 'brokers of each partition, in place of the two above' },
    { name: 'config', value: 'NAME=VALUE', about: 'a setting of the new topic; repeatable' },
    { name: 'under-replicated-partitions', about: 'only those with too few in-sync replicas' },
    { name: 'unavailable-partitions', about: 'only those without a leader that lives' },
    { name: 'under-min-isr-partitions', about: 'only those with fewer in-sync replicas than min.insync.replicas' },
    { name: 'at-min-isr-partitions', about: 'only those with exactly min.insync.replicas of them' },
    { name: 'topics-with-overrides', about: 'only topics with settings of their own, without partitions' },
    { name: 'exclude-internal', about: 'without topics like __consumer_offsets' },
    { name: 'if-exists', about: 'no error where there is no such topic' },
    { name: 'if-not-exists', about: 'no error where there is such a topic' },
  ],
  refuses: {
    'delete-config': 'the real tool refuses it since 4.0; kafka-configs --alter --delete-config takes a setting back',
    'topic-id': 'name the topic: --topic',
    'partition-size-limit-per-response': 'whole topics are described',
  },
  examples: [
    'kafka-topics --create --topic payments --partitions 3 --replication-factor 3 --config min.insync.replicas=2',
    'kafka-topics --describe --topic payments',
    'kafka-topics --describe --under-replicated-partitions',
  ],
  *run(call) {
    switch (readAction(call)) {
      case 'create':
        return yield* create(call);
      case 'list':
        return yield* list(call);
      case 'alter':
        return yield* alter(call);
      case 'delete':
        return yield* remove(call);
      default:
        return yield* describeTopics(
          call,
          yield* existing(call),
          FILTERS.filter((name) => call.args.has(name)),
        );
    }
  },
};

function* list(call: ToolCall): Steps<void> {
  const names = yield* topicNames(call);
  call.print(names.join('\n'));
  call.data(...names);
}

/** Which action it is. Throws `UsageError` where the options do not go together. */
function readAction({ args, older }: ToolCall): string {
  const action = args.exactlyOne(
    ACTIONS,
    'Command must include exactly one action: --list, --describe, --create, --alter or --delete',
  );
  if (action !== 'list' && action !== 'describe') args.required('topic');
  if (action === 'alter' && args.has('config'))
    throw new UsageError(
      older
        ? 'Option combination "[[bootstrap-server], [config]]" can\'t be used with option "[alter]" (the kafka-configs CLI supports altering topic configs with a --bootstrap-server option)'
        : 'Option combination "[[config], [bootstrap-server]]" can\'t be used with option "[alter]" (To alter topic configurations, the kafka-configs tool can be used.)',
    );
  if (action === 'alter') args.required('partitions');
  const changing = ['create', 'alter'];
  for (const name of ['config', 'partitions', 'replica-assignment'])
    if (!changing.includes(action)) args.exclude(name, [action]);
  if (action !== 'create') args.exclude('replication-factor', [action]);
  args.exclude('replica-assignment', action === 'create' ? ['partitions', 'replication-factor'] : []);
  for (const name of FILTERS) args.exclude(name, [...(action === 'describe' ? [] : [action]), 'topics-with-overrides']);
  if (action !== 'describe') args.exclude('topics-with-overrides', [action]);
  if (action !== 'create') args.exclude('if-not-exists', [action]);
  if (action === 'create' || action === 'list') args.exclude('if-exists', [action]);
  return action;
}

/** Found out too late for a look at the options. */
function invalid(message: string): ToolError {
  return new ToolError('IllegalArgumentException', message);
}

function* create({ admin, args, print }: ToolCall): Steps<void> {
  const name = args.required('topic');
  const partitions = number(args, 'partitions');
  const replicationFactor = number(args, 'replication-factor');
  const assignment = args.get('replica-assignment');
  const configs = args.all('config').map((text) => {
    const [key, value, ...more] = text.split('=').map((part) => part.trim());
    if (!key || value === undefined || more.length > 0)
      throw invalid(
        'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
      );
    return { name: key, value };
  });
  if (/[._]/.test(name))
    print(
      "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.",
    );
  if (replicationFactor !== undefined && (replicationFactor < 1 || replicationFactor > 32_767))
    throw invalid('The replication factor must be between 1 and 32767 inclusive');
  if (partitions !== undefined && partitions < 1) throw invalid('The partitions must be greater than 0');
  const assignments = assignment === undefined ? [] : readAssignment(assignment);
  const topic = {
    name,
    numPartitions: assignments.length > 0 ? -1 : (partitions ?? -1),
    replicationFactor: assignments.length > 0 ? -1 : (replicationFactor ?? -1),
    assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs,
  };
  const body = CreateTopics.request.make({ topics: [topic], timeoutMs: TIMEOUT_MS });
  const [result] = (yield* ask(admin, CreateTopics, body, { kind: 'controller' })).topics;
  if (result!.errorCode === ErrorCode.TOPIC_ALREADY_EXISTS && args.has('if-not-exists')) return;
  refuse(result!.errorCode, result!.errorMessage);
  print(`Created topic ${name}.`);
}

/** What is no number is refused late, when the tool is at work. */
function number(args: ToolCall['args'], name: string): number | undefined {
  try {
    return args.integer(name);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw invalid(thrown.message);
    throw thrown;
  }
}

/** `1:2,2:3`: the replicas of each partition. */
function readAssignment(text: string): readonly (readonly number[])[] {
  const lists = text.split(',').map((list) => list.split(':').map((id) => javaInteger(id.trim())));
  for (const [partition, list] of lists.entries()) {
    const twice = [...new Set(list.filter((id, index) => list.indexOf(id) !== index))];
    if (twice.length > 0)
      throw new ToolError(
        'AdminCommandFailedException',
        `Partition replica lists may not contain duplicate entries: ${twice.join(',')}`,
      );
    if (list.length !== lists[0]!.length)
      throw new ToolError(
        'AdminOperationException',
        `Partition ${partition} has different replication factor: [${list.join(', ')}]`,
      );
  }
  return lists;
}

function* alter(call: ToolCall): Steps<void> {
  const { admin, args } = call;
  const names = yield* existing(call);
  if (names.length === 0) return;
  const count = number(args, 'partitions')!;
  const assignment = args.get('replica-assignment');
  const lists = assignment === undefined ? undefined : readAssignment(assignment);
  const { topics: known } = yield* ask(admin, Metadata, metadataRequest(names), { kind: 'any' });
  const body = CreatePartitions.request.make({
    topics: names.map((name) => {
      const from = known.find((topic) => topic.name === name)?.partitions.length ?? 0;
      return { name, count, assignments: lists?.slice(from).map((brokerIds) => ({ brokerIds })) ?? null };
    }),
    timeoutMs: TIMEOUT_MS,
  });
  const { results } = yield* ask(admin, CreatePartitions, body, { kind: 'controller' });
  for (const { errorCode, errorMessage } of results) refuse(errorCode, errorMessage);
}

function* remove(call: ToolCall): Steps<void> {
  const names = yield* existing(call);
  if (names.length === 0) return;
  const body = DeleteTopics.request.make({
    topics: names.map((name) => ({ name })),
    topicNames: names,
    timeoutMs: TIMEOUT_MS,
  });
  const { responses } = yield* ask(call.admin, DeleteTopics, body, { kind: 'controller' });
  for (const { errorCode, errorMessage } of responses) refuse(errorCode, errorMessage);
}

/** Those that `--topic` means. Throws where there is none, and there should be. */
function* existing(call: ToolCall): Steps<readonly string[]> {
  const names = yield* topicNames(call);
  const wanted = call.args.get('topic') ?? '';
  if (wanted !== '' && names.length === 0 && !call.args.has('if-exists'))
    throw invalid(`Topic '${call.older ? `Optional[${wanted}]` : wanted}' does not exist as expected`);
  return names;
}

function* topicNames({ admin, args }: ToolCall): Steps<readonly string[]> {
  const { topics: all } = yield* ask(admin, Metadata, metadataRequest(null), { kind: 'any' });
  const wanted = args.get('topic');
  const matches = wanted === undefined ? undefined : topicFilter(wanted);
  return all
    .filter(({ isInternal }) => !(isInternal && args.has('exclude-internal')))
    .map(({ name }) => name!)
    .filter((name) => matches === undefined || matches.test(name))
    .sort();
}
