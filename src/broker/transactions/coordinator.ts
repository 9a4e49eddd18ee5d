import type { Context } from '../../kernel/api.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { InternalLog, InternalTopicCoordinator } from '../api.ts';
import type { CoordinatorFactory, CoordinatorParts } from '../coordinators.ts';
import { CONSUMER_OFFSETS, TRANSACTION_STATE } from '../internal-topics.ts';
import { javaAbs, javaHash } from '../java-hash.ts';
import { transactionVersion } from '../transaction-version.ts';
import { type TransactionDesk, transactionHandlers } from './handlers.ts';
import { MarkerSender } from './marker-sender.ts';
import { type TransactionSettings, transactionSettings } from './settings.ts';
import type { TransactionShard } from './shard.ts';
import { TransactionMachine, type TransactionParts } from './shard-machine.ts';
import { abortTimedOut, expireIds } from './sweeps.ts';

export const transactionCoordinator: CoordinatorFactory = {
  topic: TRANSACTION_STATE,
  create: (parts) => new TransactionCoordinator(parts),
};

/**
 * A broker's part in the coordination of transactions (Kafka's `TransactionCoordinator`): one machine for each partition of
 * `__transaction_state` that it leads.
 */
export class TransactionCoordinator implements InternalTopicCoordinator, TransactionDesk {
  readonly topic = TRANSACTION_STATE;
  readonly handlers: InternalTopicCoordinator['handlers'];
  readonly settings: TransactionSettings;
  readonly producerIds: TransactionDesk['producerIds'];
  /** By partition, in the order in which this broker came to lead them. */
  readonly machines = new Map<number, TransactionMachine>();
  private readonly context: Context;
  private readonly log: InternalLog;
  private readonly coordination: CoordinatorParts['coordination'];
  private readonly parts: TransactionParts;
  /** Read once: a topic that grows later would spread the ids anew (as in Kafka). */
  private partitionCount: number | undefined;

  constructor({ context, config, log, coordination, producerIds, peers }: CoordinatorParts) {
    this.context = context;
    this.log = log;
    this.coordination = coordination;
    this.producerIds = producerIds;
    this.settings = transactionSettings(config);
    const { settings } = this;
    const world = {
      wallMs: () => context.wallMs(),
      transactionVersion: () => transactionVersion(coordination.image),
    };
    const markers = new MarkerSender(context, coordination, peers('transaction-markers'));
    this.parts = { context, log, settings, world, producerIds, markers };
    this.handlers = transactionHandlers(this);
    this.every(settings.abortTimedOutIntervalMs, abortTimedOut);
    this.every(settings.removeExpiredIntervalMs, expireIds);
  }

  onElected(partition: number, leaderEpoch: number): void {
    this.machines.get(partition)?.close();
    this.machines.delete(partition);
    this.machines.set(partition, new TransactionMachine(this.parts, partition, leaderEpoch));
  }

  onResigned(partition: number): void {
    this.machines.get(partition)?.close();
    this.machines.delete(partition);
  }

  /** Markers for partitions that are gone count as written, which their sender sees by itself. */
  onTopicsDeleted(): void {}

  machineOf(transactionalId: string): TransactionMachine | number {
    this.partitionCount ??= this.log.partitionCount();
    const { partitionCount } = this;
    if (partitionCount === undefined) return ErrorCode.NOT_COORDINATOR;
    const machine = this.machines.get(javaAbs(javaHash(transactionalId)) % partitionCount);
    if (machine === undefined || machine.status === 'failed') return ErrorCode.NOT_COORDINATOR;
    return machine.status === 'active' ? machine : ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
  }

  hasPartition(topic: string, partition: number): boolean {
    return this.coordination.image.partition(topic, partition) !== undefined;
  }

  /** Also before the topic exists: then by what it will have. */
  groupPartition(groupId: string): number {
    const known = this.coordination.image.topics.get(CONSUMER_OFFSETS)?.partitions.length;
    return javaAbs(javaHash(groupId)) % (known ?? this.settings.offsetsPartitions);
  }

  /** Sweeps over everything that is coordinated here, for no reason but the clock. */
  private every(periodMs: number, sweep: (shard: TransactionShard) => void): void {
    const tick = (): void => {
      this.context.cause = 0;
      for (const machine of this.machines.values()) {
        if (machine.status === 'active') machine.step(() => sweep(machine.shard));
      }
      this.context.after(periodMs * 1000, tick, undefined);
    };
    this.context.after(periodMs * 1000, tick, undefined);
  }
}
