import { DescribeLogDirs } from '../../protocol/apis/35-describe-log-dirs.ts';
import { AlterPartitionReassignments } from '../../protocol/apis/45-alter-partition-reassignments.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { exceptionOf, PlainError, refuse, UsageError } from './failure.ts';
import { type NamedReplicas, partitionsInJson, topicsInJson } from './json-argument.ts';
import { comparePartitions, keyOf, replicasOf } from './offsets.ts';
import { currentLayout, movesUnderWay } from './reassign-moves.ts';
import { verify } from './reassign-verification.ts';
import { ask, askAll, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

const ACTIONS = ['generate', 'execute', 'verify', 'cancel', 'list'];
const FILE = 'reassignment-json-file';
const TIMEOUT_MS = 30_000;

/** What may stand beside each action. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  generate: ['topics-to-move-json-file', 'broker-list'],
  execute: [FILE, 'additional'],
  verify: [FILE, 'preserve-throttles'],
  cancel: [FILE, 'preserve-throttles'],
  list: [],
};
const ALL_OPTIONS = new Set(Object.values(TAKES).flat());

/** ReassignPartitionsCommand. */
export const reassignPartitions: Tool = {
  name: 'kafka-reassign-partitions',
  summary: 'moves replicas to other brokers',
  differs:
    'In place of a file the JSON itself can stand behind its option. --generate lays partitions out in turn from the first broker on, where the real one begins at a random one. Throttles are not simulated.',
  options: [
    { name: 'generate', about: 'proposes a layout over some brokers' },
    { name: 'execute', about: 'begins a move' },
    { name: 'verify', about: 'says how far it is' },
    { name: 'cancel', about: 'takes it back' },
    { name: 'list', about: 'every move that is under way' },
    {
      name: FILE,
      value: 'FILE',
      file: 'json',
      about: '{"version":1,"partitions":[{"topic":"orders","partition":0,"replicas":[2,3]}]}',
    },
    {
      name: 'topics-to-move-json-file',
      value: 'FILE',
      file: 'json',
      about: '{"version":1,"topics":[{"topic":"orders"}]}',
    },
    { name: 'broker-list', value: '1,2', about: 'to which brokers, for --generate' },
    { name: 'additional', about: 'although others are under way' },
    { name: 'preserve-throttles', about: 'taken, and not needed' },
  ],
  refuses: {
    throttle: 'replication is not throttled here; leave it out',
    'replica-alter-log-dirs-throttle': 'replication is not throttled here; leave it out',
    'disable-rack-aware': 'racks do not count for --generate here',
    'disallow-replication-factor-change': 'no request of the brokers here has that check',
    timeout: 'it is for moves between log directories; a broker here has one',
  },
  examples: [
    `kafka-reassign-partitions --execute --reassignment-json-file '{"version":1,"partitions":[{"topic":"orders","partition":0,"replicas":[2,3]}]}'`,
    'kafka-reassign-partitions --list',
  ],
  failing: 'Error: ',
  *run(call) {
    const action = call.args.exactlyOne(
      ACTIONS,
      'Command must include exactly one action: --generate, --execute, --verify, --cancel, --list',
    );
    for (const [name] of call.args.inOrder)
      if (name !== action && TAKES[action]?.includes(name) === false && ALL_OPTIONS.has(name))
        throw new UsageError(`Option "[${name}]" can't be used with action "[${action}]"`);
    if (action === 'list') return yield* list(call);
    if (action === 'generate') return yield* generate(call);
    const wanted = [...partitionsInJson(FILE, call.args.required(FILE))].sort(comparePartitions);
    if (action === 'execute') return yield* execute(call, wanted);
    if (action === 'verify') return yield* verify(call, wanted);
    return yield* cancel(call, wanted);
  },
};

function* list(call: ToolCall): Steps<void> {
  const moves = yield* movesUnderWay(call);
  if (moves.length === 0) return call.print('No partition reassignments found.');
  call.print('Current partition reassignments:');
  for (const { name, replicas, addingReplicas, removingReplicas } of moves) {
    const parts = [
      `replicas: ${replicas.join(',')}.`,
      ...(addingReplicas.length > 0 ? [`adding: ${addingReplicas.join(',')}.`] : []),
      ...(removingReplicas.length > 0 ? [`removing: ${removingReplicas.join(',')}.`] : []),
    ];
    call.print(`${name}: ${parts.join(' ')}`);
    call.data({ partition: name, replicas, addingReplicas, removingReplicas });
  }
}

function* generate(call: ToolCall): Steps<void> {
  const { args, print } = call;
  const option = 'topics-to-move-json-file';
  const topics = topicsInJson(option, args.required(option));
  const ids = args.required('broker-list').split(',').map(Number);
  if (ids.some((id) => !Number.isInteger(id))) throw new PlainError('--broker-list takes ids of brokers: 1,2,3');
  const present = yield* replicasOf(call, topics);
  const factors = present.map(({ replicas }) => replicas.length);
  const wanted = Math.max(0, ...factors);
  if (wanted > ids.length)
    throw exceptionOf(
      ErrorCode.INVALID_REPLICATION_FACTOR,
      call.older
        ? `Replication factor: ${wanted} larger than available brokers: ${ids.length}.`
        : `The target replication factor of ${wanted} cannot be reached because only ${ids.length} broker(s) are registered.`,
    );
  const proposed = present.map((partition) => ({
    ...partition,
    replicas: partition.replicas.map((_, index) => ids[(partition.partition + index) % ids.length]!),
  }));
  print('Current partition replica assignment', layoutJson(present), '');
  print('Proposed partition reassignment configuration', layoutJson(proposed));
}

/** `logDirs`: where a replica is; left out: anywhere. */
function layoutJson(partitions: readonly NamedReplicas[], logDirs?: ReadonlyMap<string, string>): string {
  return JSON.stringify({
    version: 1,
    partitions: partitions.map((each) => ({
      topic: each.topic,
      partition: each.partition,
      replicas: each.replicas,
      log_dirs: each.replicas.map((id) => logDirs?.get(`${id} ${keyOf(each)}`) ?? 'any'),
    })),
  });
}

function* execute(call: ToolCall, wanted: readonly NamedReplicas[]): Steps<void> {
  const { admin, args, print } = call;
  if (!args.has('additional') && (yield* movesUnderWay(call)).length > 0)
    throw exceptionOf(
      -1,
      'Cannot execute because there is an existing partition assignment.  Use --additional to override this and create a new partition assignment in addition to the existing one. The --additional option can also be used to change the throttle by resubmitting the current reassignment.',
    );
  const { brokers } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  const known = new Set(brokers.map(({ brokerId }) => brokerId));
  const strange = wanted.flatMap(({ replicas }) => replicas).find((id) => !known.has(id));
  if (strange !== undefined) throw exceptionOf(-1, `Unknown broker id ${strange}`);
  const present = yield* currentLayout(call, wanted);
  const dirs = call.older
    ? undefined
    : yield* logDirsOf(call, [...new Set(present.flatMap(({ replicas }) => replicas))]);
  print('Current partition replica assignment', '', layoutJson(present, dirs), '');
  print('Save this to use as the --reassignment-json-file option during rollback');
  const errors = yield* alter(call, wanted, ({ replicas }) => [...replicas]);
  if (errors.length > 0) throw exceptionOf(-1, ['Error reassigning partition(s):', ...errors].join('\n'));
  print(
    `Successfully started partition reassignment${wanted.length > 1 ? 's' : ''} for ${wanted.map(keyOf).join(',')}`,
  );
}

/** Errors by partition, as text. */
function* alter(
  { admin }: ToolCall,
  partitions: readonly NamedReplicas[],
  replicasOfPartition: (partition: NamedReplicas) => readonly number[] | null,
): Steps<readonly string[]> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))].map((name) => ({
    name,
    partitions: partitions
      .filter(({ topic }) => topic === name)
      .map((each) => ({ partitionIndex: each.partition, replicas: replicasOfPartition(each) })),
  }));
  const body = AlterPartitionReassignments.request.make({ topics, timeoutMs: TIMEOUT_MS });
  const response = yield* ask(admin, AlterPartitionReassignments, body, { kind: 'controller' });
  refuse(response.errorCode, response.errorMessage);
  return response.responses.flatMap(({ name, partitions: results }) =>
    results.flatMap(({ partitionIndex, errorCode, errorMessage }) =>
      errorCode === ErrorCode.NONE
        ? []
        : [`${name}-${partitionIndex}: ${exceptionOf(errorCode, errorMessage).message}`],
    ),
  );
}

/** `1 orders-0` → its directory. */
function* logDirsOf({ admin }: ToolCall, brokers: readonly number[]): Steps<ReadonlyMap<string, string>> {
  const body = DescribeLogDirs.request.make({ topics: null });
  const answers = yield* askAll(
    admin,
    brokers.map((id) => ({ api: DescribeLogDirs, body, target: { kind: 'broker', id } as const })),
  );
  return new Map(
    answers.flatMap(({ results }, index) =>
      results.flatMap(({ logDir, topics }) =>
        topics.flatMap(({ name, partitions }) =>
          partitions.map(({ partitionIndex }) => [`${brokers[index]} ${name}-${partitionIndex}`, logDir] as const),
        ),
      ),
    ),
  );
}

function* cancel(call: ToolCall, wanted: readonly NamedReplicas[]): Steps<void> {
  const moves = new Set((yield* movesUnderWay(call)).map(({ name }) => name));
  const active = wanted.filter((partition) => moves.has(keyOf(partition)));
  if (active.length === 0) return call.print('None of the specified partition reassignments are active.');
  const errors = yield* alter(call, active, () => null);
  if (errors.length > 0) throw exceptionOf(-1, ['Error cancelling partition reassignments for:', ...errors].join('\n'));
  call.print(
    `Successfully cancelled partition reassignment${active.length > 1 ? 's' : ''} for: ${active.map(keyOf).join(',')}`,
  );
}
