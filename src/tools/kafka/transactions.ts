import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { DescribeProducers } from '../../protocol/apis/61-describe-producers.ts';
import { DescribeTransactions } from '../../protocol/apis/65-describe-transactions.ts';
import { ListTransactions } from '../../protocol/apis/66-list-transactions.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { NONE, printTable } from './columns.ts';
import { findCoordinator } from './coordinator.ts';
import { exceptionOf, PlainError, refuse, UsageError } from './failure.ts';
import { ask, askAll, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

const COMMANDS = ['list', 'describe', 'describe-producers'];

/** TransactionsCommand. */
export const transactions: Tool = {
  name: 'kafka-transactions',
  summary: 'transactional ids with their states, and the producers of a partition',
  differs: 'Of its commands abort, forceTerminateTransaction and find-hanging are not here.',
  commands: COMMANDS,
  options: [
    { name: 'transactional-id', value: 'ID', about: 'for describe' },
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'for describe-producers' },
    { name: 'partition', value: 'N', about: 'for describe-producers' },
    { name: 'broker-id', value: 'ID', completes: 'broker', about: 'ask this broker instead of the leader' },
    { name: 'duration-filter', value: 'MS', about: 'list only those that last longer' },
  ],
  examples: [
    'kafka-transactions list',
    'kafka-transactions describe --transactional-id etl',
    'kafka-transactions describe-producers --topic orders --partition 0',
  ],
  *run(call) {
    const [command, ...more] = call.args.words;
    if (command === undefined || more.length > 0) throw new UsageError(`it takes a command: ${COMMANDS.join(', ')}`);
    if (command === 'list') return yield* list(call);
    if (command === 'describe') return yield* describe(call);
    return yield* describeProducers(call);
  },
};

function* list(call: ToolCall): Steps<void> {
  const { admin, args } = call;
  const { brokers } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  const ids = brokers.map(({ brokerId }) => brokerId).sort((one, other) => one - other);
  const body = ListTransactions.request.make({ durationFilter: args.integer('duration-filter') ?? -1 });
  const answers = yield* askAll(
    admin,
    ids.map((id) => ({ api: ListTransactions, body, target: { kind: 'broker', id } as const })),
  );
  const rows = answers.flatMap(({ errorCode, transactionStates }, index) => {
    refuse(errorCode);
    return transactionStates.map(({ transactionalId, producerId, transactionState }) => [
      transactionalId,
      ids[index]!,
      producerId,
      transactionState,
    ]);
  });
  printTable(call, ['TransactionalId', 'Coordinator', 'ProducerId', 'TransactionState'], rows);
}

function* describe(call: ToolCall): Steps<void> {
  const { admin, args } = call;
  const id = args.required('transactional-id');
  const coordinator = yield* findCoordinator(call, 'transaction', id);
  const body = DescribeTransactions.request.make({ transactionalIds: [id] });
  const target = { kind: 'broker', id: coordinator.id } as const;
  const state = (yield* ask(admin, DescribeTransactions, body, target)).transactionStates[0]!;
  if (state.errorCode !== ErrorCode.NONE) {
    const why =
      state.errorCode === ErrorCode.TRANSACTIONAL_ID_NOT_FOUND
        ? `DescribeTransactions request for transactionalId \`${id}\` failed because the ID could not be found`
        : exceptionOf(state.errorCode, null).message;
    throw new PlainError(
      `Failed to describe transaction state of transactional-id \`${id}\`: ${why}. Enable debug logging for additional detail.`,
    );
  }
  const open = state.transactionStartTimeMs >= 0;
  const partitions = state.topics.flatMap(({ topic, partitions: numbers }) =>
    numbers.map((each) => `${topic}-${each}`),
  );
  printTable(
    call,
    [
      'CoordinatorId',
      'TransactionalId',
      'ProducerId',
      'ProducerEpoch',
      'TransactionState',
      'TransactionTimeoutMs',
      'CurrentTransactionStartTimeMs',
      'TransactionDurationMs',
      'TopicPartitions',
    ],
    [
      [
        coordinator.id,
        id,
        state.producerId,
        state.producerEpoch,
        state.transactionState,
        state.transactionTimeoutMs,
        open ? state.transactionStartTimeMs : NONE,
        open ? admin.network.context.wallMs() - state.transactionStartTimeMs : NONE,
        partitions.join(','),
      ],
    ],
  );
}

function* describeProducers(call: ToolCall): Steps<void> {
  const { admin, args } = call;
  const topic = args.required('topic');
  const partition = args.integer('partition');
  if (partition === undefined) throw new UsageError('Missing required argument "[partition]"');
  const broker = args.integer('broker-id');
  const body = DescribeProducers.request.make({ topics: [{ name: topic, partitionIndexes: [partition] }] });
  const target =
    broker === undefined ? ({ kind: 'leader', topic, partition } as const) : ({ kind: 'broker', id: broker } as const);
  const found = (yield* ask(admin, DescribeProducers, body, target)).topics[0]!.partitions[0]!;
  if (found.errorCode !== ErrorCode.NONE)
    throw new PlainError(
      `Failed to describe producers for partition ${topic}-${partition} on ${broker === undefined ? 'leader' : `broker ${broker}`}: ${exceptionOf(found.errorCode, found.errorMessage).message}. Enable debug logging for additional detail.`,
    );
  const rows = found.activeProducers.map((producer) => [
    producer.producerId,
    producer.producerEpoch,
    producer.coordinatorEpoch,
    producer.lastSequence,
    producer.lastTimestamp,
    producer.currentTxnStartOffset < 0 ? NONE : producer.currentTxnStartOffset,
  ]);
  const head = [
    'ProducerId',
    'ProducerEpoch',
    'LatestCoordinatorEpoch',
    'LastSequence',
    'LastTimestamp',
    'CurrentTransactionStartOffset',
  ];
  printTable(call, head, rows);
}
