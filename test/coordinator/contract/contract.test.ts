/** What every kind of coordination owes a broker, and the trace. */
import { describe, expect, test } from 'vitest';
import { DeleteTopics } from '../../../src/protocol/apis/20-delete-topics.ts';
import { ElectLeaders, type ElectLeadersResponse } from '../../../src/protocol/apis/43-elect-leaders.ts';
import { IncrementalAlterConfigs } from '../../../src/protocol/apis/44-incremental-alter-configs.ts';
import { errorName } from '../../../src/protocol/errors.ts';
import { ContractCluster } from './contract-cluster.ts';
import { MODES } from './modes.ts';

const NO_RPC = { encode: false, interceptors: [] };

describe.each(MODES.map((makeMode) => ({ name: makeMode(NO_RPC).name, makeMode })))('$name', ({ makeMode }) => {
  const newCluster = () => new ContractCluster(makeMode);
  const withOrders = () => {
    const cluster = newCluster();
    expect(
      cluster.createTopic('orders', [
        [1, 2, 3],
        [2, 3, 1],
      ]),
    ).toBe('NONE');
    return cluster;
  };

  test('brokers register, and every one knows all of them', () => {
    const cluster = newCluster();
    cluster.run(3000);
    for (const id of [1, 2, 3]) {
      const { coordination } = cluster.broker(id);
      expect([...coordination.image.brokers.keys()].sort()).toEqual([1, 2, 3]);
      expect(coordination.image.brokers.get(id)).toMatchObject({
        node: `broker-${id}`,
        endpoints: [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'localhost', port: 9091 + id }],
      });
      const registered = cluster.eventsOf('broker-registered').find(({ broker }) => broker === id);
      expect(registered?.brokerEpoch).toBe(coordination.brokerEpoch);
      expect([1, 2, 3]).toContain(coordination.image.controllerId);
    }
    expect(cluster.eventsOf('broker-registered')).toHaveLength(3);
  });

  test('a new topic gives each replica its role, and each broker the same picture', () => {
    const cluster = withOrders();
    expect(cluster.broker(1).roles.get('orders-0')).toMatchObject({
      kind: 'leader',
      state: { leader: 1, isr: [1, 2, 3] },
    });
    expect(cluster.broker(1).roles.get('orders-1')).toMatchObject({
      kind: 'follower',
      state: { leader: 2, isr: [2, 3, 1] },
    });
    expect(cluster.broker(2).roles.get('orders-1')?.kind).toBe('leader');
    cluster.run(1000);
    const [one, two] = [1, 2].map((id) => cluster.broker(id).coordination.image.topics.get('orders')!);
    expect(one).toEqual(two);
    expect(one!.partitions[0]).toMatchObject({
      name: 'orders-0',
      replicas: [1, 2, 3],
      leaderEpoch: 0,
      recovering: false,
    });
    expect(cluster.broker(3).coordination.image.topicById(one!.id)?.name).toBe('orders');
    expect(cluster.eventsOf('topic-created')).toMatchObject([
      { topic: 'orders', topicId: one!.id, partitions: 2, replicationFactor: 3 },
    ]);
    expect(cluster.createTopic('orders', [[1]])).toBe('TOPIC_ALREADY_EXISTS');
  });

  test('a killed broker is noticed in its time; the next of the ISR in order of assignment leads', () => {
    const cluster = withOrders();
    cluster.run(3000);
    // Not the broker that is the controller: that fail-over has a test of its own.
    const victim = cluster.controller === 'broker-1' ? 2 : 1;
    const [partition, heir] = victim === 1 ? (['orders-0', 2] as const) : (['orders-1', 3] as const);
    const before = cluster.authority(partition);
    cluster.node(`broker-${victim}`).kill();
    cluster.run(3000);
    expect(cluster.authority(partition)['leader']).toBe(victim);
    cluster.until(
      'the leader has moved',
      cluster.mode.detectsWithinMs,
      () => cluster.authority(partition)['leader'] === heir,
    );
    const after = cluster.authority(partition);
    expect(after['isr']).not.toContain(victim);
    expect(after['leaderEpoch']).toBeGreaterThan(before['leaderEpoch'] as number);
    expect(after['partitionEpoch']).toBeGreaterThan(before['partitionEpoch'] as number);
    expect(after['unclean']).toBe(false);
    cluster.run(1000);
    expect(cluster.broker(heir).roles.get(partition)).toMatchObject({ kind: 'leader', state: { leader: heir } });
  });

  test('the last of an ISR leaves no leader behind, and leads again when it is back', () => {
    const cluster = newCluster();
    const victim = cluster.controller === 'broker-3' ? 2 : 3;
    const other = victim === 3 ? 2 : 3;
    cluster.createTopic('orders', [[victim, other]]);
    expect(cluster.propose(victim, 'orders-0', [victim])).toMatchObject({ kind: 'accepted', isr: [victim] });
    cluster.node(`broker-${victim}`).kill();
    cluster.until('there is no leader', 30_000, () => cluster.authority('orders-0')['leader'] === -1);
    cluster.run(1000);
    expect(cluster.broker(other).roles.get('orders-0')).toMatchObject({ kind: 'follower', state: { leader: -1 } });
    cluster.start(victim);
    cluster.until('it leads again', 40_000, () => cluster.authority('orders-0')['leader'] === victim);
    cluster.until('it knows', 1000, () => cluster.broker(victim).roles.get('orders-0')?.kind === 'leader');
  });

  test('proposals of an ISR are accepted from the leader that knows the latest state, and from nobody else', () => {
    const cluster = withOrders();
    const accepted = cluster.propose(1, 'orders-0', [1, 2]);
    expect(accepted).toMatchObject({ kind: 'accepted', isr: [1, 2], leaderEpoch: 0, recovering: false });
    expect(cluster.authority('orders-0')).toMatchObject({ isr: [1, 2], leader: 1, leaderEpoch: 0 });
    const known = cluster.authority('orders-0')['partitionEpoch'] as number;
    expect(accepted).toMatchObject({ partitionEpoch: known });
    expect(cluster.propose(1, 'orders-0', [1], { partitionEpoch: known - 1 })).toMatchObject({
      kind: 'refused',
      error: 95,
    });
    expect(cluster.propose(1, 'orders-0', [1, 2, 3], { partitionEpoch: known })).toMatchObject({
      kind: 'accepted',
      isr: [1, 2, 3],
    });
    expect(cluster.authority('orders-0')['isr']).toEqual([1, 2, 3]);
  });

  test('blocks of producer ids never overlap', () => {
    const cluster = newCluster();
    const blocks = [1, 2, 3, 1].map((id) =>
      cluster.await<[number, number]>('producer ids', (done) =>
        cluster.broker(id).coordination.allocateProducerIds((first, count) => done([first, count])),
      ),
    );
    expect(new Set(blocks.map(([first]) => first)).size).toBe(4);
    for (const [first, count] of blocks) {
      expect(count).toBeGreaterThan(0);
      for (const [other] of blocks) expect(other >= first + count || other <= first).toBe(true);
    }
  });

  test('a broker that leaves hands over before it goes', () => {
    const cluster = withOrders();
    cluster.run(3000);
    const leaver = cluster.controller === 'broker-1' ? 2 : 1;
    const [partition, heir] = leaver === 1 ? (['orders-0', 2] as const) : (['orders-1', 3] as const);
    const asked = cluster.nowMs;
    cluster.node(`broker-${leaver}`).terminate();
    cluster.until('it has gone', 10_000, () => !cluster.isUp(leaver) && cluster.broker(leaver).leftAtMs >= 0);
    const moved = cluster.authority(partition);
    expect(moved).toMatchObject({ leader: heir });
    expect(moved.atMs - asked).toBeLessThan(500);
    expect(moved.atMs).toBeLessThanOrEqual(cluster.broker(leaver).leftAtMs);
  });

  test('a deleted topic goes from every broker, and comes again as another', () => {
    const cluster = withOrders();
    const knows = () => cluster.broker(1).coordination.image.topics.has('orders');
    cluster.until('broker 1 knows it', 5000, knows);
    const { id } = cluster.broker(1).coordination.image.topics.get('orders')!;
    cluster.ask(1, DeleteTopics, 5, DeleteTopics.request.make({ topicNames: ['orders'], timeoutMs: 5000 }));
    cluster.until('its logs are to be deleted', 10_000, () =>
      [1, 2, 3].every((b) => cluster.broker(b).deleted.includes('orders-0')),
    );
    cluster.until('nobody knows it', 10_000, () =>
      [1, 2, 3].every((b) => !cluster.broker(b).coordination.image.topics.has('orders')),
    );
    cluster.until('the authority has forgotten it', 10_000, () => cluster.eventsOf('topic-deleted').length > 0);
    expect(cluster.eventsOf('topic-deleted')).toMatchObject([{ topic: 'orders', topicId: id }]);
    expect(cluster.createTopic('orders', [[2, 1]])).toBe('NONE');
    cluster.until('broker 1 knows it again', 5000, knows);
    expect(cluster.broker(1).coordination.image.topics.get('orders')!.id).not.toBe(id);
  });

  test('a restarted broker registers as another incarnation and learns everything anew', () => {
    const cluster = withOrders();
    const id = cluster.controller === 'broker-3' ? 2 : 3;
    const before = cluster.broker(id).coordination.brokerEpoch;
    cluster.node(`broker-${id}`).kill();
    cluster.run(30_000);
    cluster.start(id);
    cluster.until('it serves again', 40_000, () => cluster.broker(id).isServing);
    expect(cluster.broker(id).coordination.brokerEpoch).toBeGreaterThan(before);
    cluster.until('it has its roles', 5000, () => cluster.broker(id).roles.size === 2);
    for (const name of ['orders-0', 'orders-1']) expect(cluster.broker(id).roles.get(name)?.kind).toBe('follower');
  });

  test('the preferred leader leads again when it is in sync and somebody asks', () => {
    const cluster = withOrders();
    const id = cluster.controller === 'broker-1' ? 2 : 1;
    const [partition, index, heir] = id === 1 ? (['orders-0', 0, 2] as const) : (['orders-1', 1, 3] as const);
    cluster.node(`broker-${id}`).kill();
    cluster.until('the leader has moved', 30_000, () => cluster.authority(partition)['leader'] === heir);
    cluster.start(id);
    cluster.until('it serves again', 40_000, () => cluster.broker(id).isServing);
    cluster.run(1000);
    const { isr } = cluster.broker(heir).roles.get(partition)!.state;
    expect(cluster.propose(heir, partition, [...isr, id])).toMatchObject({ kind: 'accepted' });
    const topicPartitions = [{ topic: 'orders', partitions: [index] }];
    const body = ElectLeaders.request.make({ electionType: 0, topicPartitions, timeoutMs: 5000 });
    const { replicaElectionResults } = cluster.ask(heir, ElectLeaders, 2, body) as ElectLeadersResponse;
    expect(errorName(replicaElectionResults[0]!.partitionResult[0]!.errorCode)).toBe('NONE');
    expect(cluster.authority(partition)).toMatchObject({ leader: id });
  });

  test('a dynamic setting reaches every broker', () => {
    const cluster = withOrders();
    const configs = [{ name: 'retention.ms', configOperation: 0, value: '12345' }];
    const resources = [{ resourceType: 2, resourceName: 'orders', configs }];
    cluster.ask(2, IncrementalAlterConfigs, 1, IncrementalAlterConfigs.request.make({ resources }));
    const heard = (id: number) =>
      cluster
        .broker(id)
        .deltas.some(({ changedConfigs }) =>
          changedConfigs.some(({ type, name }) => type === 'topic' && name === 'orders'),
        );
    cluster.until('every broker has heard', 10_000, () => [1, 2, 3].every(heard));
    for (const id of [1, 2, 3])
      expect(cluster.broker(id).coordination.image.config('topic', 'orders').get('retention.ms')).toBe('12345');
    expect(cluster.eventsOf('config-changed').at(-1)).toMatchObject({
      type: 'topic',
      resource: 'orders',
      name: 'retention.ms',
      value: '12345',
    });
  });

  test('another controller takes over and goes on where the former stopped', () => {
    const cluster = withOrders();
    const former = cluster.controller;
    const epochs = cluster.eventsOf('controller-elected').map(({ controllerEpoch }) => controllerEpoch as number);
    cluster.node(former).kill();
    cluster.until('another is elected', 40_000, () => cluster.controller !== former);
    expect(cluster.eventsOf('controller-elected').at(-1)!['controllerEpoch']).toBeGreaterThan(epochs.at(-1)!);
    const asker = former === 'broker-1' ? 2 : 1;
    const third = [1, 2, 3].find((id) => id !== asker && `broker-${id}` !== former)!;
    const assignments = [{ partitionIndex: 0, brokerIds: [third, asker] }];
    expect(cluster.createTopic('payments', [assignments[0]!.brokerIds])).toBe('NONE');
    expect(cluster.broker(third).coordination.image.topics.get('orders')!.partitions).toHaveLength(2);
  });

  test('what the authority says of a partition only grows', () => {
    const cluster = withOrders();
    for (const id of [1, 2, 3]) {
      cluster.node(`broker-${id}`).kill();
      cluster.run(25_000);
      cluster.start(id);
      cluster.run(15_000);
    }
    const latest = new Map<unknown, { version: number; leaderEpoch: number; partitionEpoch: number }>();
    let changes = 0;
    for (const event of cluster.eventsOf('partition-changed')) {
      const { version, partition, leaderEpoch, partitionEpoch } = event as never as {
        version: number;
        partition: string;
        leaderEpoch: number;
        partitionEpoch: number;
      };
      const before = latest.get(partition);
      if (before !== undefined && version <= before.version) continue;
      if (before !== undefined) {
        changes++;
        expect(partitionEpoch).toBeGreaterThan(before.partitionEpoch);
        expect(leaderEpoch).toBeGreaterThanOrEqual(before.leaderEpoch);
      }
      latest.set(partition, { version, leaderEpoch, partitionEpoch });
    }
    expect(changes).toBeGreaterThan(3);
  });

  test('the same seed tells the same story', () => {
    const hash = () => {
      const cluster = withOrders();
      cluster.node(cluster.controller).kill();
      cluster.run(15_000);
      return cluster.world.trace.hash();
    };
    expect(hash()).toBe(hash());
  });
});
