import { groupCoordinator } from '../../src/broker/groups/coordinator.ts';
import { OffsetCommit } from '../../src/protocol/apis/08-offset-commit.ts';
import { OffsetFetch } from '../../src/protocol/apis/09-offset-fetch.ts';
import { FindCoordinator } from '../../src/protocol/apis/10-find-coordinator.ts';
import { JoinGroup, type JoinGroupResponse } from '../../src/protocol/apis/11-join-group.ts';
import { Heartbeat } from '../../src/protocol/apis/12-heartbeat.ts';
import { SyncGroup, type SyncGroupResponse } from '../../src/protocol/apis/14-sync-group.ts';
import { encodeAssignment, encodeSubscription } from '../../src/protocol/records/consumer-protocol.ts';
import { Harness, type HarnessOptions, type Pending } from '../broker/harness.ts';

/** Real brokers with group coordinators, under the broker tests' fake authority. */
export class GroupHarness extends Harness {
  constructor(options: HarnessOptions = {}) {
    super({ coordinators: [groupCoordinator], ...options });
  }

  /** The broker that coordinates a group, once there is one. */
  coordinatorOf(group: string, askedBroker = 1): number {
    for (let tries = 0; tries < 100; tries++) {
      const { coordinators } = this.call(
        askedBroker,
        FindCoordinator,
        4,
        FindCoordinator.request.make({ keyType: 0, coordinatorKeys: [group] }),
      );
      if (coordinators[0]?.errorCode === 0) return coordinators[0].nodeId;
      this.run(50);
    }
    throw new Error(`${group} has no coordinator`);
  }

  join(broker: number, group: string, options: JoinOptions = {}): Pending<JoinGroupResponse> {
    const connection = options.connection ?? 'a';
    return this.ask(
      broker,
      JoinGroup,
      options.version ?? 9,
      JoinGroup.request.make({
        groupId: group,
        sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
        rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 60_000,
        memberId: options.memberId ?? '',
        groupInstanceId: options.instanceId ?? null,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: subscription(options.topics ?? ['orders']) }],
      }),
      connection,
      connection,
    );
  }

  /** Joins with the id that the coordinator hands out. */
  joinWithId(broker: number, group: string, options: JoinOptions = {}): Pending<JoinGroupResponse> {
    const first = this.join(broker, group, options);
    this.await(first);
    return this.join(broker, group, { ...options, memberId: first.value!.memberId });
  }

  sync(broker: number, group: string, options: SyncOptions): Pending<SyncGroupResponse> {
    return this.ask(
      broker,
      SyncGroup,
      5,
      SyncGroup.request.make({
        groupId: group,
        generationId: options.generation,
        memberId: options.memberId,
        protocolType: 'consumer',
        protocolName: 'range',
        assignments: Object.entries(options.assignments ?? {}).map(([memberId, partitions]) => ({
          memberId,
          assignment: assignment('orders', partitions),
        })),
      }),
      options.connection ?? 'a',
    );
  }

  heartbeat(broker: number, group: string, generation: number, memberId: string, connection = 'a'): number {
    return this.call(
      broker,
      Heartbeat,
      4,
      Heartbeat.request.make({ groupId: group, generationId: generation, memberId }),
      connection,
    ).errorCode;
  }

  commit(broker: number, group: string, offset: number, options: CommitOptions = {}): number {
    const { topics } = this.call(
      broker,
      OffsetCommit,
      8,
      OffsetCommit.request.make({
        groupId: group,
        generationIdOrMemberEpoch: options.generation ?? -1,
        memberId: options.memberId ?? '',
        topics: [
          { name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }] },
        ],
      }),
      options.connection ?? 'a',
    );
    return topics[0]!.partitions[0]!.errorCode;
  }

  committed(broker: number, group: string): number {
    const { groups } = this.call(
      broker,
      OffsetFetch,
      8,
      OffsetFetch.request.make({ groups: [{ groupId: group, topics: [{ name: 'orders', partitionIndexes: [0] }] }] }),
    );
    return groups[0]!.topics[0]?.partitions[0]?.committedOffset ?? -1000 - groups[0]!.errorCode;
  }

  await<T>(pending: Pending<T>, limitMs = 120_000): T {
    for (let ms = 0; ms < limitMs && pending.value === undefined && !pending.failed; ms++) this.run(1);
    if (pending.value === undefined) throw new Error('not answered');
    return pending.value;
  }
}

export interface JoinOptions {
  readonly memberId?: string;
  readonly instanceId?: string;
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly topics?: readonly string[];
  readonly version?: number;
  readonly connection?: string;
}

export interface SyncOptions {
  readonly generation: number;
  readonly memberId: string;
  readonly assignments?: Record<string, readonly number[]>;
  readonly connection?: string;
}

export interface CommitOptions {
  readonly generation?: number;
  readonly memberId?: string;
  readonly connection?: string;
}

export function subscription(topics: readonly string[]): Uint8Array {
  return encodeSubscription({
    topics: [...topics],
    userData: null,
    ownedPartitions: [],
    generationId: -1,
    rackId: null,
  });
}

export function assignment(topic: string, partitions: readonly number[]): Uint8Array {
  return encodeAssignment({
    assignedPartitions: partitions.length === 0 ? [] : [{ topic, partitions: [...partitions] }],
    userData: null,
  });
}
