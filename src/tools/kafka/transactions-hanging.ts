/** `kafka-transactions abort`, `find-hanging` and `forceTerminateTransaction`. */
import { InitProducerId } from '../../protocol/apis/22-init-producer-id.ts';
import { WriteTxnMarkers } from '../../protocol/apis/27-write-txn-markers.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { DescribeProducers } from '../../protocol/apis/61-describe-producers.ts';
import { DescribeTransactions } from '../../protocol/apis/65-describe-transactions.ts';
import { ListTransactions } from '../../protocol/apis/66-list-transactions.ts';
import { ErrorCode, isRetriable } from '../../protocol/errors.ts';
import { printTable } from './columns.ts';
import { findCoordinator } from './coordinator.ts';
import { exceptionOf, PlainError, refuse } from './failure.ts';
import { keyOf, partitionsOf, replicasOf, type TopicPartition } from './offsets.ts';
import { ask, askAll, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

const DEFAULT_TIMEOUT_MINUTES = 15;
const MINUTE_MS = 60_000;
/** So long the coordinator tries to write the new epoch down. */
const REQUEST_TIMEOUT_MS = 30_000;
const RETRY_US = 100_000;
const PATIENCE_US = 60_000_000;

type Target = { readonly kind: 'leader'; readonly topic: string; readonly partition: number } | Broker;
type Broker = { readonly kind: 'broker'; readonly id: number };

/** Producers with records in the partition, as its leader or this broker knows them. Throws. */
export function* producersOf({ admin }: ToolCall, { topic, partition }: TopicPartition, broker: number | undefined) {
  const body = DescribeProducers.request.make({ topics: [{ name: topic, partitionIndexes: [partition] }] });
  const target: Target = broker === undefined ? { kind: 'leader', topic, partition } : { kind: 'broker', id: broker };
  return (yield* ask(admin, DescribeProducers, body, target)).topics[0]!.partitions[0]!;
}

export function* abortTransaction(call: ToolCall): Steps<void> {
  const { args } = call;
  args.required('partition');
  const partition = { topic: args.required('topic'), partition: args.integer('partition')! };
  const startOffset = args.integer('start-offset');
  const producerId = args.integer('producer-id');
  if (startOffset === undefined && producerId === undefined)
    throw new PlainError(
      'The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or with --producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)',
    );
  const marked = startOffset === undefined ? markedBy(call, producerId!) : yield* beganAt(call, partition, startOffset);
  const body = WriteTxnMarkers.request.make({
    markers: [
      {
        ...marked,
        transactionResult: false,
        topics: [{ name: partition.topic, partitionIndexes: [partition.partition] }],
      },
    ],
  });
  const { markers } = yield* ask(call.admin, WriteTxnMarkers, body, { kind: 'leader', ...partition });
  const { errorCode } = markers[0]!.topics[0]!.partitions[0]!;
  if (errorCode === ErrorCode.NONE) return;
  const { producerEpoch, coordinatorEpoch } = marked;
  throw new PlainError(
    `Failed to abort transaction AbortTransactionSpec(topicPartition=${keyOf(partition)}, producerId=${marked.producerId}, producerEpoch=${producerEpoch}, coordinatorEpoch=${coordinatorEpoch}): ${exceptionOf(errorCode, null).message}. Enable debug logging for additional detail.`,
  );
}

function markedBy({ args }: ToolCall, producerId: number) {
  const producerEpoch = args.integer('producer-epoch');
  const coordinatorEpoch = args.integer('coordinator-epoch');
  if (producerEpoch === undefined) throw new PlainError('Missing required argument --producer-epoch');
  if (coordinatorEpoch === undefined) throw new PlainError('Missing required argument --coordinator-epoch');
  return { producerId, producerEpoch, coordinatorEpoch: Math.max(0, coordinatorEpoch) };
}

function* beganAt(call: ToolCall, partition: TopicPartition, startOffset: number) {
  const { errorCode, errorMessage, activeProducers } = yield* producersOf(call, partition, undefined);
  if (errorCode !== ErrorCode.NONE)
    throw new PlainError(
      `Failed to validate producer state for partition ${keyOf(partition)}: ${exceptionOf(errorCode, errorMessage).message}. Enable debug logging for additional detail.`,
    );
  const found = activeProducers.find(({ currentTxnStartOffset }) => currentTxnStartOffset === startOffset);
  if (found === undefined)
    throw new PlainError(
      `Could not find any open transactions starting at offset ${startOffset} on partition ${keyOf(partition)}`,
    );
  const { producerId, producerEpoch, coordinatorEpoch } = found;
  return { producerId, producerEpoch, coordinatorEpoch: Math.max(0, coordinatorEpoch) };
}

/** Whoever had the transactional id is fenced, and what it had begun is aborted. */
export function* forceTerminate(call: ToolCall): Steps<void> {
  const transactionalId = call.args.required('transactionalId');
  const body = InitProducerId.request.make({ transactionalId, transactionTimeoutMs: REQUEST_TIMEOUT_MS });
  const { world } = call.cluster;
  const deadlineUs = world.nowUs + PATIENCE_US;
  for (;;) {
    const { id } = yield* findCoordinator(call, 'transaction', transactionalId);
    const { errorCode } = yield* ask(call.admin, InitProducerId, body, { kind: 'broker', id });
    if (errorCode === ErrorCode.NONE) return;
    const passing = isRetriable(errorCode) || errorCode === ErrorCode.CONCURRENT_TRANSACTIONS;
    if (!passing || world.nowUs > deadlineUs) refuse(errorCode);
    yield (resume) => void world.at(world.nowUs + RETRY_US, resume, undefined);
  }
}

export function* findHanging(call: ToolCall): Steps<void> {
  const { admin, args } = call;
  const broker = args.integer('broker-id');
  const minutes = args.integer('max-transaction-timeout') ?? DEFAULT_TIMEOUT_MINUTES;
  if (!args.has('topic') && broker === undefined)
    throw new PlainError(
      'The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search',
    );
  if (args.has('partition') && !args.has('topic'))
    throw new PlainError('The --partition argument requires --topic to be provided');
  const nowMs = admin.network.context.wallMs();
  const open: (Open & TopicPartition)[] = [];
  for (const partition of yield* searched(call, broker)) {
    const { errorCode, errorMessage, activeProducers } = yield* producersOf(call, partition, broker);
    refuse(errorCode, errorMessage);
    for (const producer of activeProducers)
      if (producer.currentTxnStartOffset >= 0 && nowMs - producer.lastTimestamp >= minutes * MINUTE_MS)
        open.push({ ...producer, ...partition });
  }
  const known = yield* transactionsOf(call, new Set(open.map(({ producerId }) => producerId)));
  const hanging = open.filter((each) => known.get(each.producerId)?.has(keyOf(each)) !== true);
  printTable(
    call,
    [
      'Topic',
      'Partition',
      'ProducerId',
      'ProducerEpoch',
      'CoordinatorEpoch',
      'StartOffset',
      'LastTimestamp',
      'Duration(min)',
    ],
    hanging.map((each) => [
      each.topic,
      each.partition,
      each.producerId,
      each.producerEpoch,
      each.coordinatorEpoch,
      each.currentTxnStartOffset,
      each.lastTimestamp,
      Math.floor((nowMs - each.lastTimestamp) / MINUTE_MS),
    ]),
  );
}

interface Open {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly currentTxnStartOffset: number;
  readonly lastTimestamp: number;
}

/** Partitions of the topic or of all, on the broker if one is named. */
function* searched(call: ToolCall, broker: number | undefined): Steps<readonly TopicPartition[]> {
  const topic = call.args.get('topic');
  const partition = call.args.integer('partition');
  if (topic !== undefined && partition !== undefined) return [{ topic, partition }];
  const names =
    topic === undefined ? [...new Set((yield* partitionsOf(call, null)).map((each) => each.topic))] : [topic];
  const all = yield* replicasOf(call, names);
  return all.filter(({ replicas }) => broker === undefined || replicas.includes(broker));
}

/** Of these producers, the partitions that their coordinators have in their transactions; nothing of those that none knows. */
function* transactionsOf(
  { admin }: ToolCall,
  producerIds: ReadonlySet<number>,
): Steps<ReadonlyMap<number, ReadonlySet<string>>> {
  if (producerIds.size === 0) return new Map();
  const { brokers } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  const targets = brokers.map(({ brokerId }): Broker => ({ kind: 'broker', id: brokerId }));
  const body = ListTransactions.request.make({ producerIdFilters: [...producerIds] });
  const listed = yield* askAll(
    admin,
    targets.map((target) => ({ api: ListTransactions, body, target })),
  );
  const described = yield* askAll(
    admin,
    targets.map((target, index) => ({
      api: DescribeTransactions,
      body: DescribeTransactions.request.make({
        transactionalIds: listed[index]!.transactionStates.map(({ transactionalId }) => transactionalId),
      }),
      target,
    })),
  );
  return new Map(
    described.flatMap(({ transactionStates }) =>
      transactionStates.map(({ producerId, topics }) => {
        const names = topics.flatMap(({ topic, partitions }) => partitions.map((each) => `${topic}-${each}`));
        return [producerId, new Set(names)] as const;
      }),
    ),
  );
}
