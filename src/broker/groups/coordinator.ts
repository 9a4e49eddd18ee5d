import { groupConfig } from '../../config/resources.ts';
import type { Context } from '../../kernel/api.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { uuidFromBytes } from '../../protocol/uuid.ts';
import type { InternalLog, InternalTopicCoordinator } from '../api.ts';
import type { CoordinatorFactory, CoordinatorParts } from '../coordinators.ts';
import { CONSUMER_OFFSETS } from '../internal-topics.ts';
import { javaAbs, javaHash } from '../java-hash.ts';
import type { MarkerOrder } from '../replicated-append.ts';
import { groupHandlers } from './handlers.ts';
import { expireOffsets } from './offset-expiry.ts';
import { onTopicsDeleted } from './offset-removal.ts';
import { type GroupSettings, groupSettings } from './settings.ts';
import type { ShardWorld } from './shard.ts';
import { ShardMachine } from './shard-machine.ts';
import type { TopicLookup } from './topic-lookup.ts';

export const groupCoordinator: CoordinatorFactory = { topic: CONSUMER_OFFSETS, create: createGroupCoordinator };

/** A broker's part in the coordination of groups: one machine for each partition of `__consumer_offsets` that it leads. */
export function createGroupCoordinator(parts: CoordinatorParts): InternalTopicCoordinator {
  return new GroupCoordinator(parts);
}

export class GroupCoordinator implements InternalTopicCoordinator {
  readonly topic = CONSUMER_OFFSETS;
  readonly handlers: InternalTopicCoordinator['handlers'];
  readonly topics: TopicLookup;
  /** Whether groups of the newer protocol are offered now. */
  readonly consumerGroups: () => boolean;
  readonly verifier: CoordinatorParts['verifier'];
  /** By partition, in the order in which this broker came to lead them. */
  readonly machines = new Map<number, ShardMachine>();
  private readonly context: Context;
  private readonly log: InternalLog;
  private readonly settings: GroupSettings;
  private readonly world: ShardWorld;
  /** Read once: a topic that grows later would spread groups anew (as in Kafka). */
  private partitionCount: number | undefined;

  constructor({ context, config, log, coordination, verifier }: CoordinatorParts) {
    this.context = context;
    this.log = log;
    this.verifier = verifier;
    this.settings = groupSettings(config);
    const chance = context.chance('group-member-ids');
    const times = {
      sessionTimeoutMs: config.number('group.consumer.session.timeout.ms'),
      heartbeatIntervalMs: config.number('group.consumer.heartbeat.interval.ms'),
    };
    const offersConsumerGroups = config.list('group.coordinator.rebalance.protocols').includes('consumer');
    this.consumerGroups = () => {
      if (!offersConsumerGroups || coordination.mode === 'zookeeper') return false;
      // 3.9 has no such feature: there the list of protocols decides alone.
      return this.settings.release === '3.9' || (coordination.image.features.get(GROUP_VERSION) ?? 0) > 0;
    };
    this.world = {
      wallMs: () => context.wallMs(),
      newMemberId: (prefix) => `${prefix}-${uuidText(chance.bytes(16))}`,
      topicName: (topicId) => coordination.image.topicById(topicId)?.name,
      newConsumerMemberId: () => uuidFromBytes(chance.bytes(16)),
      consumerTimes: (groupId) => {
        const own = coordination.image.config('group', groupId);
        if (own.size === 0) return times;
        const group = groupConfig(Object.fromEntries(own), config);
        return {
          sessionTimeoutMs: group.number('consumer.session.timeout.ms'),
          heartbeatIntervalMs: group.number('consumer.heartbeat.interval.ms'),
        };
      },
    };
    this.topics = {
      nameOf: (topicId) => coordination.image.topicById(topicId)?.name,
      idOf: (topic) => coordination.image.topics.get(topic)?.id,
      has: (topic, partition) => coordination.image.partition(topic, partition) !== undefined,
      partitionsOf: (topic) => coordination.image.topics.get(topic)?.partitions.length ?? 0,
      names: () => coordination.image.topics.keys(),
      version: () => coordination.image.version,
    };
    this.handlers = groupHandlers(this);
    this.scheduleSweep();
  }

  onElected(partition: number, leaderEpoch: number): void {
    this.machines.get(partition)?.close();
    const { context, log, settings, world } = this;
    const machine = new ShardMachine({ context, log, settings, world }, partition, leaderEpoch);
    this.machines.delete(partition);
    this.machines.set(partition, machine);
    machine.load();
  }

  onResigned(partition: number): void {
    this.machines.get(partition)?.close();
    this.machines.delete(partition);
  }

  onTopicsDeleted(topics: readonly string[]): void {
    for (const machine of this.machines.values()) {
      if (machine.status === 'active') machine.step(() => onTopicsDeleted(machine.shard, topics));
    }
  }

  /** A coordinator that is not ready cannot take what a marker makes true: whoever sent it has to come again. */
  writeMarker(partition: number, order: MarkerOrder, timeoutMs: number, done: (error: number) => void): void {
    const machine = this.machines.get(partition);
    if (machine?.status !== 'active') done(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    else machine.step(() => machine.shard.writeMarker(order, timeoutMs, done));
  }

  /** The machine that answers for a group, or the Kafka error that keeps it from answering. */
  machineOf(groupId: string): ShardMachine | number {
    // In ZooKeeper mode leadership is told before the metadata are: the first request is early enough to ask.
    this.partitionCount ??= this.log.partitionCount();
    const { partitionCount } = this;
    if (partitionCount === undefined) return ErrorCode.NOT_COORDINATOR;
    const machine = this.machines.get(javaAbs(javaHash(groupId)) % partitionCount);
    if (machine === undefined || machine.status === 'failed') return ErrorCode.NOT_COORDINATOR;
    return machine.status === 'active' ? machine : ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
  }

  private scheduleSweep(): void {
    this.context.after(this.settings.offsetsRetentionCheckIntervalMs * 1000, this.sweep, undefined);
  }

  private readonly sweep = (): void => {
    this.context.cause = 0;
    for (const machine of this.machines.values()) {
      if (machine.status === 'active') machine.step(() => expireOffsets(machine.shard));
    }
    this.scheduleSweep();
  };
}

/** Feature with which a cluster says that it has groups of the newer protocol. */
const GROUP_VERSION = 'group.version';

const HEX = '0123456789abcdef';

/** Sixteen bytes of chance as a random UUID (version 4) in its usual form. */
function uuidText(bytes: Uint8Array): string {
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  let text = '';
  for (const [i, byte] of bytes.entries()) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX[byte >> 4]! + HEX[byte & 15]!;
  }
  return text;
}
