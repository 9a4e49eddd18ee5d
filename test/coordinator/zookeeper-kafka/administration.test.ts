/** What administrators ask of a ZooKeeper-mode cluster. */
import { describe, expect, it } from 'vitest';
import { DeleteTopics, type DeleteTopicsResponse } from '../../../src/protocol/apis/20-delete-topics.ts';
import { CreatePartitions, type CreatePartitionsResponse } from '../../../src/protocol/apis/37-create-partitions.ts';
import { ElectLeaders, type ElectLeadersResponse } from '../../../src/protocol/apis/43-elect-leaders.ts';
import {
  IncrementalAlterConfigs,
  type IncrementalAlterConfigsResponse,
} from '../../../src/protocol/apis/44-incremental-alter-configs.ts';
import {
  AlterPartitionReassignments,
  type AlterPartitionReassignmentsResponse,
} from '../../../src/protocol/apis/45-alter-partition-reassignments.ts';
import {
  ListPartitionReassignments,
  type ListPartitionReassignmentsResponse,
} from '../../../src/protocol/apis/46-list-partition-reassignments.ts';
import { ErrorCode } from '../../../src/protocol/errors.ts';
import type { Api } from '../../../src/protocol/schema.ts';
import { CoordinationCluster } from '../coordination-cluster.ts';

function withTopic(
  layout: readonly (readonly number[])[],
  options: ConstructorParameters<typeof CoordinationCluster>[1] = {},
): CoordinationCluster {
  const cluster = new CoordinationCluster('zookeeper', options);
  cluster.untilServing();
  expect(cluster.createTopic('orders', layout).errorCode).toBe(ErrorCode.NONE);
  cluster.run(1000);
  return cluster;
}

function ask<Init, Res>(
  cluster: CoordinationCluster,
  api: Api<never, Res, Init, never> | unknown,
  version: number,
  init: Init,
): Res {
  const described = api as Api;
  const topLevel = (response: unknown) => (response as { errorCode?: number }).errorCode;
  return cluster.ask(
    described,
    version,
    () => described.request.make(init as never),
    (response) => topLevel(response) === ErrorCode.NOT_CONTROLLER,
  ) as Res;
}

const idOf = (node: string): number => Number(node.slice(-1));

/** Kills a broker that is not the controller, and waits until the controller has noticed. */
function lose(cluster: CoordinationCluster, id: number): void {
  cluster.node(`broker-${id}`).kill();
  cluster.run(25_000);
}

/** A broker that is not the controller; the cluster is started with other seeds until the wanted one is free. */
function clusterWhere(
  controllerIsNot: number,
  layout: readonly (readonly number[])[],
  config: Readonly<Record<string, string>> = {},
): CoordinationCluster {
  for (let seed = 1; ; seed++) {
    const cluster = withTopic(layout, { seed, config });
    if (idOf(cluster.controller()) !== controllerIsNot) return cluster;
  }
}

describe('leaders', () => {
  it('go back to the preferred replica when asked, or when too many are elsewhere', () => {
    const cluster = clusterWhere(1, [[1, 2, 3]], { 'leader.imbalance.check.interval.seconds': '60' });
    lose(cluster, 1);
    expect(cluster.partition(2, 'orders', 0)!.leader).toBe(2);
    const request = { electionType: 0, topicPartitions: [{ topic: 'orders', partitions: [0] }] };
    const early: ElectLeadersResponse = ask(cluster, ElectLeaders, 2, request);
    const code = (response: ElectLeadersResponse) => response.replicaElectionResults[0]!.partitionResult[0]!.errorCode;
    expect(code(early)).toBe(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
    cluster.startBroker(1);
    cluster.run(3000);
    cluster.propose(2, cluster.partition(2, 'orders', 0)!, [2, 3, 1]);
    expect(code(ask(cluster, ElectLeaders, 2, request))).toBe(ErrorCode.NONE);
    cluster.run(500);
    expect(cluster.broker(1).roles.get('orders-0')).toMatchObject({ leader: 1 });
    expect(code(ask(cluster, ElectLeaders, 2, request))).toBe(ErrorCode.ELECTION_NOT_NEEDED);
  });

  it('are balanced by the clock', () => {
    const cluster = clusterWhere(1, [[1, 2, 3]], { 'leader.imbalance.check.interval.seconds': '60' });
    lose(cluster, 1);
    cluster.startBroker(1);
    cluster.run(3000);
    cluster.propose(2, cluster.partition(2, 'orders', 0)!, [2, 3, 1]);
    cluster.until('the preferred leader', () => cluster.partition(2, 'orders', 0)!.leader === 1, 70_000);
  });

  it('are nobody while no member of the ISR lives, unless an unclean election is allowed', () => {
    const cluster = clusterWhere(1, [[1, 2]]);
    cluster.propose(1, cluster.partition(1, 'orders', 0)!, [1]);
    lose(cluster, 1);
    expect(cluster.partition(2, 'orders', 0)).toMatchObject({ leader: -1, isr: [1], leaderEpoch: 1 });
    const unclean = { electionType: 1, topicPartitions: [{ topic: 'orders', partitions: [0] }] };
    const response: ElectLeadersResponse = ask(cluster, ElectLeaders, 2, unclean);
    expect(response.replicaElectionResults[0]!.partitionResult[0]!.errorCode).toBe(ErrorCode.NONE);
    cluster.run(500);
    expect(cluster.broker(2).roles.get('orders-0')).toMatchObject({ leader: 2, isr: [2], recovering: true });
    expect(cluster.eventsOf('partition-changed').at(-1)).toMatchObject({ unclean: true, reason: 'unclean-election' });
  });

  it('may be unclean as soon as the settings of a topic allow it', () => {
    const cluster = clusterWhere(1, [[1, 2]]);
    cluster.propose(1, cluster.partition(1, 'orders', 0)!, [1]);
    lose(cluster, 1);
    expect(cluster.partition(2, 'orders', 0)!.leader).toBe(-1);
    const configs = [{ name: 'unclean.leader.election.enable', configOperation: 0, value: 'true' }];
    ask(cluster, IncrementalAlterConfigs, 1, { resources: [{ resourceType: 2, resourceName: 'orders', configs }] });
    cluster.run(1000);
    expect(cluster.broker(2).roles.get('orders-0')).toMatchObject({ leader: 2, isr: [2], recovering: true });
  });

  it('come back with the only member of the ISR', () => {
    const cluster = clusterWhere(1, [[1, 2]]);
    cluster.propose(1, cluster.partition(1, 'orders', 0)!, [1]);
    lose(cluster, 1);
    cluster.startBroker(1);
    cluster.run(3000);
    expect(cluster.broker(1).roles.get('orders-0')).toMatchObject({ leader: 1, isr: [1], leaderEpoch: 2 });
  });
});

describe('topics', () => {
  it('grow: new partitions get leaders, old ones are left alone', () => {
    const cluster = withTopic([[1, 2, 3]]);
    const topics = [{ name: 'orders', count: 3, assignments: null }];
    const response: CreatePartitionsResponse = ask(cluster, CreatePartitions, 3, { topics, timeoutMs: 10_000 });
    expect(response.results).toMatchObject([{ errorCode: ErrorCode.NONE }]);
    cluster.run(500);
    expect(cluster.partition(1, 'orders', 1)).toMatchObject({ replicas: [2, 3, 1], leader: 2 });
    expect(cluster.partition(1, 'orders', 2)).toMatchObject({ replicas: [3, 1, 2], leader: 3 });
    expect(cluster.eventsOf('partition-changed').filter((e) => e['partition'] === 'orders-0')).toHaveLength(1);
  });

  it('wait with their deletion for a broker that is down', () => {
    const cluster = clusterWhere(3, [[1, 2, 3]]);
    lose(cluster, 3);
    const request = { topics: [{ name: 'orders' }], timeoutMs: 2000 };
    const response: DeleteTopicsResponse = ask(cluster, DeleteTopics, 6, request);
    expect(response.responses[0]!.errorCode).toBe(ErrorCode.REQUEST_TIMED_OUT);
    expect(cluster.eventsOf('topic-deleted')).toHaveLength(0);
    cluster.startBroker(3);
    cluster.until('the end of the topic', () => cluster.eventsOf('topic-deleted').length === 1, 10_000);
    cluster.run(500);
    for (const id of [1, 2, 3]) expect(cluster.broker(id).coordination.image.topics.has('orders')).toBe(false);
  });

  it('have settings that every broker hears of', () => {
    const cluster = withTopic([[1, 2, 3]]);
    const configs = [{ name: 'retention.ms', configOperation: 0, value: '1000' }];
    const resources = [{ resourceType: 2, resourceName: 'orders', configs }];
    const response: IncrementalAlterConfigsResponse = ask(cluster, IncrementalAlterConfigs, 1, { resources });
    expect(response.responses).toMatchObject([{ errorCode: ErrorCode.NONE }]);
    cluster.run(500);
    for (const id of [1, 2, 3]) {
      const { image } = cluster.broker(id).coordination;
      expect([...image.config('topic', 'orders')]).toEqual([['retention.ms', '1000']]);
      expect(cluster.broker(id).deltas.at(-1)!.changedConfigs).toEqual([{ type: 'topic', name: 'orders' }]);
    }
    expect(cluster.eventsOf('config-changed')).toHaveLength(1);
  });
});

describe('reassignment', () => {
  const move = (replicas: readonly number[] | null) => ({
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas }] }],
  });
  const codes = (response: AlterPartitionReassignmentsResponse) =>
    response.responses.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode));

  it('adds the new replicas, waits until they are in sync, and removes the old ones', () => {
    const cluster = withTopic([[1, 2]]);
    expect(codes(ask(cluster, AlterPartitionReassignments, 0, move([3, 2])))).toEqual([ErrorCode.NONE]);
    cluster.run(500);
    const listed: ListPartitionReassignmentsResponse = ask(cluster, ListPartitionReassignments, 0, { topics: null });
    expect(listed.topics[0]!.partitions[0]).toMatchObject({
      replicas: [3, 2, 1],
      addingReplicas: [3],
      removingReplicas: [1],
    });
    const role = cluster.broker(1).roles.get('orders-0')!;
    expect(role).toMatchObject({ leader: 1, leaderEpoch: 1 });
    expect(cluster.broker(3).roles.get('orders-0')).toMatchObject({ leader: 1, leaderEpoch: 1 });
    expect(cluster.propose(1, role, [1, 2, 3])).toMatchObject({ kind: 'accepted' });
    cluster.run(1000);
    expect(cluster.partition(2, 'orders', 0)).toMatchObject({ replicas: [3, 2], leader: 3 });
    expect(cluster.broker(3).roles.get('orders-0')).toMatchObject({ leader: 3, replicas: [3, 2] });
    expect(cluster.broker(1).deleted).toEqual(['orders-0']);
    const after: ListPartitionReassignmentsResponse = ask(cluster, ListPartitionReassignments, 0, { topics: null });
    expect(after.topics).toEqual([]);
    expect([...cluster.partition(2, 'orders', 0)!.isr].sort()).toEqual([2, 3]);
  });

  it('survives the controller, and can be taken back', () => {
    const cluster = withTopic([[1, 2]]);
    ask(cluster, AlterPartitionReassignments, 0, move([3, 2]));
    cluster.run(500);
    const old = cluster.controller();
    cluster.node(old).terminate();
    cluster.run(3000);
    const listed: ListPartitionReassignmentsResponse = ask(cluster, ListPartitionReassignments, 0, { topics: null });
    expect(listed.topics[0]!.partitions[0]).toMatchObject({ addingReplicas: [3], removingReplicas: [1] });
    cluster.startBroker(idOf(old));
    cluster.run(5000);
    expect(codes(ask(cluster, AlterPartitionReassignments, 0, move(null)))).toEqual([ErrorCode.NONE]);
    cluster.run(1000);
    expect(cluster.partition(2, 'orders', 0)!.replicas).toEqual(expect.arrayContaining([1, 2]));
    expect(cluster.partition(2, 'orders', 0)!.replicas).toHaveLength(2);
    expect(codes(ask(cluster, AlterPartitionReassignments, 0, move(null)))).toEqual([
      ErrorCode.NO_REASSIGNMENT_IN_PROGRESS,
    ]);
  });
});
