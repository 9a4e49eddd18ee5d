/** What a broker may rely on, whoever decides: the same promises for both kinds of coordination. */
import { describe, expect, it } from 'vitest';
import { DeleteTopics, type DeleteTopicsResponse } from '../../src/protocol/apis/20-delete-topics.ts';
import { ErrorCode } from '../../src/protocol/errors.ts';
import type { Api } from '../../src/protocol/schema.ts';
import { CoordinationCluster, type Mode } from './coordination-cluster.ts';

const LAYOUT = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
];

function serving(mode: Mode, options: { seed?: number; encode?: boolean } = {}): CoordinationCluster {
  const cluster = new CoordinationCluster(mode, options);
  cluster.untilServing();
  return cluster;
}

function withTopic(mode: Mode, options: { seed?: number; encode?: boolean } = {}): CoordinationCluster {
  const cluster = serving(mode, options);
  expect(cluster.createTopic('orders', LAYOUT).errorCode).toBe(ErrorCode.NONE);
  cluster.until('every replica has its role', () => [1, 2, 3].every((id) => cluster.broker(id).roles.size === 3), 5000);
  cluster.run(1000);
  return cluster;
}

/** A live broker other than these. */
function other(...not: number[]): number {
  return [1, 2, 3].find((id) => !not.includes(id))!;
}

function controllerBroker(cluster: CoordinationCluster): number {
  return Number(/^broker-(\d+)$/.exec(cluster.controller())?.[1] ?? 0);
}

describe.each<Mode>(['kraft', 'zookeeper'])('coordination by %s', (mode) => {
  it('registers every broker with an epoch of its own, and lets all of them serve', () => {
    const cluster = serving(mode);
    const epochs = [1, 2, 3].map((id) => cluster.broker(id).coordination.brokerEpoch);
    expect(new Set(epochs).size).toBe(3);
    expect(Math.min(...epochs)).toBeGreaterThan(0);
    for (const id of [1, 2, 3]) {
      const info = cluster.broker(id).coordination.image.brokers.get(2)!;
      const endpoints = [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'localhost', port: 9093 }];
      expect(info).toMatchObject({ id: 2, node: 'broker-2', endpoints, fenced: false });
    }
  });

  it('gives a new topic its leaders in the order of the assignment, and tells every replica its role', () => {
    const cluster = withTopic(mode);
    for (const id of [1, 2, 3]) {
      for (const [partition, replicas] of LAYOUT.entries()) {
        const role = cluster.broker(id).roles.get(`orders-${partition}`)!;
        expect(role).toMatchObject({ leader: replicas[0], leaderEpoch: 0, partitionEpoch: 0, isr: replicas, replicas });
        expect(cluster.partition(id, 'orders', partition)).toMatchObject({ leader: replicas[0], isr: replicas });
        expect(cluster.broker(id).coordination.image.topicById(role.topicId)?.name).toBe('orders');
      }
    }
  });

  it('refuses a topic that exists', () => {
    const cluster = withTopic(mode);
    expect(cluster.createTopic('orders', [[1]]).errorCode).toBe(ErrorCode.TOPIC_ALREADY_EXISTS);
  });

  it('elects another leader with a higher epoch when one is killed, and takes the dead one out of every ISR', () => {
    const cluster = withTopic(mode);
    const victim = other(controllerBroker(cluster));
    const survivors = [1, 2, 3].filter((id) => id !== victim);
    cluster.node(`broker-${victim}`).kill();
    const tookMs = cluster.until(
      'other leaders',
      () => survivors.every((id) => [0, 1, 2].every((p) => !cluster.partition(id, 'orders', p)!.isr.includes(victim))),
      25_000,
    );
    expect(tookMs).toBeGreaterThan(mode === 'kraft' ? 6500 : 12_000 - 1);
    expect(tookMs).toBeLessThan(mode === 'kraft' ? 10_500 : 21_000);
    for (const [p, replicas] of LAYOUT.entries()) {
      const state = cluster.partition(survivors[0]!, 'orders', p)!;
      expect(state.leader).toBe(replicas.find((id) => id !== victim));
      if (replicas[0] === victim) expect(state.leaderEpoch).toBe(1);
      expect([...state.isr].sort()).toEqual(survivors);
      const role = cluster.broker(state.leader).roles.get(`orders-${p}`)!;
      expect(role).toMatchObject({ leader: state.leader, leaderEpoch: state.leaderEpoch });
    }
  });

  it('accepts an ISR from the leader, refuses one that is based on an old state, and takes a returned replica in again', () => {
    const cluster = withTopic(mode);
    const before = cluster.broker(1).roles.get('orders-0')!;
    const shrunk = cluster.propose(1, before, [1, 2]);
    expect(shrunk).toMatchObject({ kind: 'accepted', isr: [1, 2], leaderEpoch: 0, partitionEpoch: 1 });
    expect(cluster.propose(1, before, [1])).toEqual({ kind: 'refused', error: ErrorCode.INVALID_UPDATE_VERSION });
    const expanded = cluster.propose(1, before, [1, 2, 3], { partitionEpoch: 1 });
    expect(expanded).toMatchObject({ kind: 'accepted', isr: [1, 2, 3], leaderEpoch: 0, partitionEpoch: 2 });
    cluster.run(1000);
    for (const id of [1, 2, 3]) expect(cluster.partition(id, 'orders', 0)).toMatchObject({ partitionEpoch: 2 });
  });

  it('refuses an ISR of an old leadership, one with a dead broker in it, and one of a topic that nobody knows', () => {
    const cluster = withTopic(mode);
    const victim = other(controllerBroker(cluster));
    const leader = other(controllerBroker(cluster), victim) ?? controllerBroker(cluster);
    const partition = LAYOUT.findIndex(([first]) => first === leader);
    cluster.node(`broker-${victim}`).kill();
    cluster.run(25_000);
    const now = cluster.partition(leader, 'orders', partition)!;
    const isr = [1, 2, 3];
    expect(cluster.propose(leader, now, isr)).toEqual({ kind: 'refused', error: ErrorCode.INELIGIBLE_REPLICA });
    const stale = LAYOUT.findIndex(([first]) => first === victim);
    const lost = cluster.partition(leader, 'orders', stale)!;
    expect(cluster.propose(lost.leader, lost, [lost.leader], { leaderEpoch: 0 })).toEqual({
      kind: 'refused',
      error: ErrorCode.FENCED_LEADER_EPOCH,
    });
    expect(cluster.propose(leader, now, [leader], { topicId: 'AAAAAAAAAAAAAAAAAAAABA' })).toEqual({
      kind: 'refused',
      error: ErrorCode.UNKNOWN_TOPIC_ID,
    });
  });

  it('hands leaderships over at once when a broker is stopped', () => {
    const cluster = withTopic(mode);
    const leaving = other(controllerBroker(cluster));
    const partition = LAYOUT.findIndex(([first]) => first === leaving);
    const heir = LAYOUT[partition]![1]!;
    cluster.node(`broker-${leaving}`).terminate();
    const tookMs = cluster.until(
      'the new leader',
      () => cluster.broker(heir).roles.get(`orders-${partition}`)!.leader === heir,
      5000,
    );
    expect(tookMs).toBeLessThan(2100);
    cluster.until('its end', () => cluster.node(`broker-${leaving}`).state === 'stopped', 20_000);
    expect(cluster.node(`broker-${leaving}`).exit).toMatchObject({ code: 0 });
    for (const p of [0, 1, 2]) expect(cluster.partition(heir, 'orders', p)!.isr).not.toContain(leaving);
  });

  it('keeps all it knows when the controller fails over, with a higher controller epoch', () => {
    const cluster = withTopic(mode);
    const before = cluster.broker(1).roles.get('orders-0')!;
    cluster.propose(1, before, [1, 2]);
    const old = cluster.controller();
    const elections = cluster.eventsOf('controller-elected').length;
    const epoch = cluster.eventsOf('controller-elected').at(-1)!['controllerEpoch'] as number;
    cluster.node(old).kill();
    cluster.until('another controller', () => cluster.eventsOf('controller-elected').length > elections, 25_000);
    expect(cluster.controller()).not.toBe(old);
    expect(cluster.eventsOf('controller-elected').at(-1)!['controllerEpoch']).toBeGreaterThan(epoch);
    expect(cluster.createTopic('more', [[other(Number(old.slice(-1)))]]).errorCode).toBe(ErrorCode.NONE);
    const witness = other(Number(old.slice(-1)));
    const state = cluster.partition(witness, 'orders', 0)!;
    expect(state.topicId).toBe(before.topicId);
    expect(state.isr.every((id) => id === 1 || id === 2)).toBe(true);
    expect(state.leader).toBe(old === 'broker-1' ? 2 : 1);
  });

  it('never gives a producer id out twice, not even across a failover', () => {
    const cluster = withTopic(mode);
    const blocks: { first: number; count: number }[] = [];
    const ask = (id: number): void =>
      cluster.inside(id, ({ coordination }) =>
        coordination.allocateProducerIds((first, count) => void blocks.push({ first, count })),
      );
    for (const id of [1, 2, 3]) ask(id);
    cluster.until('three blocks', () => blocks.length === 3, 5000);
    const old = cluster.controller();
    cluster.node(old).kill();
    const witness = other(Number(old.slice(-1)));
    ask(witness);
    cluster.until('one more', () => blocks.length === 4, 30_000);
    blocks.sort((a, b) => a.first - b.first);
    for (let i = 1; i < blocks.length; i++) {
      expect(blocks[i]!.first).toBeGreaterThanOrEqual(blocks[i - 1]!.first + blocks[i - 1]!.count);
    }
  });

  it('deletes a topic: every replica is told to, nobody knows it any more, and its name is free', () => {
    const cluster = withTopic(mode);
    const before = cluster.partition(1, 'orders', 0)!;
    const body = () => DeleteTopics.request.make({ topics: [{ name: 'orders' }], timeoutMs: 30_000 });
    const codes = (response: unknown) => (response as DeleteTopicsResponse).responses.map(({ errorCode }) => errorCode);
    const response = cluster.ask(DeleteTopics as unknown as Api, 6, body, (one) =>
      codes(one).includes(ErrorCode.NOT_CONTROLLER),
    );
    expect(codes(response)).toEqual([ErrorCode.NONE]);
    cluster.run(1000);
    for (const id of [1, 2, 3]) {
      expect([...cluster.broker(id).deleted].sort()).toEqual(['orders-0', 'orders-1', 'orders-2']);
      expect(cluster.broker(id).coordination.image.topics.has('orders')).toBe(false);
    }
    expect(cluster.eventsOf('topic-deleted')).toHaveLength(1);
    expect(cluster.createTopic('orders', LAYOUT).errorCode).toBe(ErrorCode.NONE);
    cluster.run(1000);
    const after = cluster.partition(1, 'orders', 0)!;
    expect(after.topicId).not.toBe(before.topicId);
    expect(cluster.broker(2).roles.get('orders-0')).toMatchObject({ topicId: after.topicId, leaderEpoch: 0 });
  });

  it('gives a broker that comes back a new epoch, and its roles anew', () => {
    const cluster = withTopic(mode);
    const victim = other(controllerBroker(cluster));
    const epoch = cluster.broker(victim).coordination.brokerEpoch;
    cluster.node(`broker-${victim}`).kill();
    cluster.run(25_000);
    cluster.startBroker(victim);
    cluster.until('it serves', () => cluster.broker(victim).serving, 30_000);
    cluster.until('its roles', () => cluster.broker(victim).roles.size === 3, 5000);
    expect(cluster.broker(victim).coordination.brokerEpoch).toBeGreaterThan(epoch);
    for (const role of cluster.broker(victim).roles.values()) expect(role.leader).not.toBe(victim);
  });

  it('tells the trace every decision once, with versions that only grow', () => {
    const cluster = withTopic(mode);
    cluster.node(cluster.controller()).kill();
    cluster.run(30_000);
    const versions = ['broker-registered', 'topic-created', 'partition-changed']
      .flatMap((kind) => cluster.eventsOf(kind))
      .sort((a, b) => a.atMs - b.atMs)
      .map(({ version }) => version as number);
    expect(versions.length).toBeGreaterThanOrEqual(7);
    for (let i = 1; i < versions.length; i++) expect(versions[i]).toBeGreaterThanOrEqual(versions[i - 1]!);
    const epochs = new Map<unknown, number>();
    for (const { partition, partitionEpoch } of cluster.eventsOf('partition-changed')) {
      expect(partitionEpoch as number).toBeGreaterThan(epochs.get(partition) ?? -1);
      epochs.set(partition, partitionEpoch as number);
    }
  });

  it('comes to the same trace whether bytes travel or values, and in each run', () => {
    const hash = (encode: boolean): string => {
      const cluster = withTopic(mode, { seed: 7, encode });
      cluster.node(cluster.controller()).kill();
      cluster.run(30_000);
      return cluster.world.trace.hash();
    };
    expect(hash(false)).toBe(hash(true));
    expect(hash(false)).toBe(hash(false));
  });
});
