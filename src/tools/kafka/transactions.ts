import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { DescribeTransactions } from '../../protocol/apis/65-describe-transactions.ts';
import { ListTransactions } from '../../protocol/apis/66-list-transactions.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { NONE, printTable } from './columns.ts';
import { findCoordinator } from './coordinator.ts';
import { exceptionOf, PlainError, refuse } from './failure.ts';
import { ask, askAll, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';
import { abortTransaction, findHanging, forceTerminate, producersOf } from './transactions-hanging.ts';

const COMMANDS = ['list', 'describe', 'describe-producers', 'abort', 'find-hanging', 'forceTerminateTransaction'];

/** TransactionsCommand. */
export const transactions: Tool = {
  name: 'kafka-transactions',
  summary: 'transactional ids with their states, and the producers of a partition',
  differs: 'Transactional ids come by coordinator, and in the order of their names.',
  commands: COMMANDS,
  parser: 'kafka-transactions.sh',
  options: [
    { name: 'transactional-id', value: 'ID', about: 'for describe' },
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'for describe-producers, abort and find-hanging' },
    { name: 'partition', value: 'N', about: 'the same' },
    { name: 'broker-id', value: 'ID', completes: 'broker', about: 'ask this broker instead of the leader' },
    { name: 'duration-filter', value: 'MS', about: 'list only those that last longer' },
    { name: 'transactional-id-pattern', value: 'REGEX', about: 'list only those; from brokers of 4.1 on' },
    { name: 'start-offset', value: 'N', about: 'abort: where the transaction begins in the partition' },
    { name: 'producer-id', value: 'ID', about: 'abort: or whose it is, with the next two' },
    { name: 'producer-epoch', value: 'N', about: '' },
    { name: 'coordinator-epoch', value: 'N', about: '' },
    { name: 'max-transaction-timeout', value: 'MINUTES', about: 'find-hanging: those that last longer (15)' },
    { name: 'transactionalId', value: 'ID', about: 'forceTerminateTransaction: whose' },
  ],
  examples: [
    'kafka-transactions list',
    'kafka-transactions describe --transactional-id etl',
    'kafka-transactions describe-producers --topic orders --partition 0',
  ],
  *run(call) {
    return yield* RUNS[call.args.command()]!(call);
  },
};

const RUNS: Readonly<Record<string, (call: ToolCall) => Steps<void>>> = {
  list,
  describe,
  'describe-producers': describeProducers,
  abort: abortTransaction,
  'find-hanging': findHanging,
  forceTerminateTransaction: forceTerminate,
};

function* list(call: ToolCall): Steps<void> {
  const { admin, args } = call;
  const { brokers } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  const ids = brokers.map(({ brokerId }) => brokerId).sort((one, other) => one - other);
  const body = ListTransactions.request.make({
    durationFilter: args.integer('duration-filter') ?? -1,
    transactionalIdPattern: args.get('transactional-id-pattern') ?? null,
  });
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
  const { args } = call;
  const topic = args.required('topic');
  args.required('partition');
  const partition = args.integer('partition')!;
  const broker = args.integer('broker-id');
  const found = yield* producersOf(call, { topic, partition }, broker);
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
