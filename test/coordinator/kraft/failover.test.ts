import { describe, expect, test } from 'vitest';
import { KraftTestCluster } from './kraft-cluster.ts';

function readyCluster(options: ConstructorParameters<typeof KraftTestCluster>[0] = {}): KraftTestCluster {
  const cluster = new KraftTestCluster(options);
  cluster.untilServing();
  cluster.createTopic('orders', 3, 3);
  cluster.run(3000);
  return cluster;
}

const lastState = (cluster: KraftTestCluster, partition: string) =>
  cluster
    .eventsOf('partition-changed')
    .filter((event) => event['partition'] === partition)
    .at(-1)!;

describe('a cluster of three controllers and three brokers', () => {
  test('starts: one controller, brokers registered, unfenced and serving, replicas in turn', () => {
    const cluster = readyCluster();
    expect(cluster.eventsOf('controller-elected')).toHaveLength(1);
    expect(
      cluster
        .eventsOf('broker-unfenced')
        .map(({ broker }) => broker)
        .sort(),
    ).toEqual([1, 2, 3]);
    const image = cluster.brokers.get(2)!.coordination.image;
    expect(
      image.topics.get('orders')!.partitions.map(({ replicas, isr, leader }) => ({ replicas, isr, leader })),
    ).toEqual([
      { replicas: [1, 2, 3], isr: [1, 2, 3], leader: 1 },
      { replicas: [2, 3, 1], isr: [2, 3, 1], leader: 2 },
      { replicas: [3, 1, 2], isr: [3, 1, 2], leader: 3 },
    ]);
    expect([1, 2, 3]).toContain(image.controllerId);
    // The broker epoch is the offset of the registration.
    for (const { version, brokerEpoch } of cluster.eventsOf('broker-registered')) expect(version).toBe(brokerEpoch);
  });

  test('fences a killed broker after its session, and only then moves its leaders', () => {
    const cluster = readyCluster();
    cluster.node('broker-1').kill();
    const killedMs = cluster.nowMs;
    cluster.run(15_000);
    const [fenced] = cluster.eventsOf('broker-fenced').filter(({ reason }) => reason === 'session-expired');
    expect(fenced!['broker']).toBe(1);
    // The last heartbeat was up to 2 s before; the sweep comes every 1.125 s.
    expect(fenced!.atMs - killedMs).toBeGreaterThan(7000);
    expect(fenced!.atMs - killedMs).toBeLessThan(10_300);
    expect(lastState(cluster, 'orders-0')).toMatchObject({ leader: 2, leaderEpoch: 1, partitionEpoch: 1, isr: [2, 3] });
    // Its follower's place went without a new leader epoch.
    expect(lastState(cluster, 'orders-1')).toMatchObject({ leader: 2, leaderEpoch: 0, partitionEpoch: 1, isr: [2, 3] });
    const delta = cluster.brokers.get(2)!.deltas.at(-1)!;
    expect(delta.leaders.map(({ name }) => name)).toEqual(['orders-0', 'orders-1']);
    expect(delta.followers.map(({ name }) => name)).toEqual(['orders-2']);
  });

  test('lets a stopped broker hand over at once', () => {
    const cluster = readyCluster();
    cluster.node('broker-1').terminate();
    const stoppedMs = cluster.nowMs;
    cluster.run(5000);
    const [moved] = cluster.eventsOf('partition-changed').filter(({ reason }) => reason === 'controlled-shutdown');
    expect(moved!.atMs - stoppedMs).toBeLessThan(100);
    expect(lastState(cluster, 'orders-0')).toMatchObject({ leader: 2, isr: [2, 3] });
    expect(cluster.node('broker-1').state).toBe('stopped');
    expect(cluster.eventsOf('broker-fenced').at(-1)).toMatchObject({
      broker: 1,
      reason: 'controlled-shutdown-complete',
    });
  });

  test('refuses a quick restart until the old session has run out', () => {
    const cluster = readyCluster();
    const epochBefore = cluster.brokers.get(1)!.coordination.brokerEpoch;
    cluster.node('broker-1').kill();
    cluster.run(1000);
    cluster.startBroker(1);
    cluster.run(5000);
    expect(cluster.brokers.get(1)!.servingSinceMs).toBe(-1);
    cluster.until('broker 1 serves again', () => cluster.brokers.get(1)!.servingSinceMs > 0, 10_000);
    const again = cluster.brokers.get(1)!;
    expect(again.servingSinceMs).toBeGreaterThan(0);
    expect(again.coordination.brokerEpoch).toBeGreaterThan(epochBefore);
    // Unfenced is not in sync: a follower has to fetch, and its leader to propose it.
    expect(lastState(cluster, 'orders-0')).toMatchObject({ leader: 2, isr: [2, 3] });
    cluster.run(6000);
    expect(lastState(cluster, 'orders-0')).toMatchObject({ leader: 2, isr: [1, 2, 3], reason: 'alter-partition' });
    expect(cluster.brokers.get(2)!.answers.at(-1)).toMatchObject({ kind: 'accepted' });
  });

  test('elects another controller when the active one is killed, and gives brokers a new session of grace', () => {
    const cluster = readyCluster();
    const first = cluster.activeController();
    cluster.node(first).kill();
    cluster.node('broker-3').kill();
    const killedMs = cluster.nowMs;
    cluster.run(20_000);
    const elected = cluster.eventsOf('controller-elected').at(-1)!;
    expect(elected['controller']).not.toBe(first);
    expect(elected['controllerEpoch']).toBeGreaterThan(1);
    expect(elected.atMs - killedMs).toBeGreaterThan(1500);
    expect(elected.atMs - killedMs).toBeLessThan(4500);
    const [fenced] = cluster.eventsOf('broker-fenced').filter(({ reason }) => reason === 'session-expired');
    expect(fenced!['broker']).toBe(3);
    expect(fenced!.atMs - elected.atMs).toBeGreaterThan(9000);
    expect(fenced!.atMs - elected.atMs).toBeLessThan(10_300);
    // The others never noticed.
    expect(
      cluster.eventsOf('broker-fenced').filter(({ broker, reason }) => broker !== 3 && reason !== 'registered'),
    ).toEqual([]);
  });

  test('hands the controllership over at once when the active controller is stopped', () => {
    const cluster = readyCluster();
    const first = cluster.activeController();
    cluster.node(first).terminate();
    const stoppedMs = cluster.nowMs;
    cluster.run(2000);
    const elected = cluster.eventsOf('controller-elected').at(-1)!;
    expect(elected['controller']).not.toBe(first);
    expect(elected.atMs - stoppedMs).toBeLessThan(200);
    expect(cluster.node(first).state).toBe('stopped');
  });

  test('does nothing without a quorum, and goes on when it is back', () => {
    const cluster = readyCluster();
    const active = cluster.activeController();
    for (const { node } of cluster.cluster.voters) if (node !== active) cluster.node(node).powerOff();
    cluster.run(5000);
    expect(cluster.eventsOf('quorum-leader-resigned').at(-1)).toMatchObject({ node: active, reason: 'check-quorum' });
    cluster.node('broker-2').kill();
    cluster.run(30_000);
    expect(lastState(cluster, 'orders-1')).toMatchObject({ leader: 2 });
    for (const { id, node } of cluster.cluster.voters) if (node !== active) cluster.startController(id);
    cluster.run(20_000);
    expect(lastState(cluster, 'orders-1')).toMatchObject({ leader: 3 });
  });

  test('knows everything after all controllers and brokers lost power', () => {
    const cluster = readyCluster();
    for (const node of cluster.world.nodes) node.powerOff();
    cluster.run(1000);
    for (const { id } of cluster.cluster.voters) cluster.startController(id);
    for (const id of [1, 2, 3]) cluster.startBroker(id);
    cluster.run(20_000);
    cluster.untilServing();
    const image = cluster.brokers.get(3)!.coordination.image;
    expect(image.topics.get('orders')!.partitions).toHaveLength(3);
    for (const { leader } of image.topics.get('orders')!.partitions) expect(leader).toBeGreaterThan(0);
  });

  test('tells every broker the same, and the trace the same whether bytes travel or values', () => {
    const run = (encode: boolean) => {
      const cluster = readyCluster({ seed: 7, encode });
      cluster.node('broker-2').kill();
      cluster.run(12_000);
      cluster.node(cluster.activeController()).kill();
      cluster.run(8000);
      return cluster;
    };
    const values = run(false);
    expect(run(true).world.trace.hash()).toBe(values.world.trace.hash());
    const [one, three] = [1, 3].map((id) => values.brokers.get(id)!.coordination.image);
    expect(one!.topics).toEqual(three!.topics);
    expect(one!.brokers).toEqual(three!.brokers);
  });

  test('may have its controllers in its brokers: one process falls, a voter and a broker are gone', () => {
    const cluster = readyCluster({ combined: true });
    const active = cluster.activeController();
    const id = Number(active.slice('broker-'.length));
    cluster.node(active).kill();
    cluster.run(20_000);
    expect(cluster.activeController()).not.toBe(active);
    expect(cluster.eventsOf('broker-fenced').at(-1)).toMatchObject({ broker: id, reason: 'session-expired' });
    cluster.startBroker(id);
    cluster.run(15_000);
    expect(cluster.brokers.get(id)!.servingSinceMs).toBeGreaterThan(0);
  });

  test('loses a controller whose disk fails, and takes it back with an empty one', () => {
    const cluster = readyCluster();
    const active = cluster.activeController();
    const node = cluster.node(active);
    node.disks[0]!.fail('EIO');
    cluster.run(6000);
    expect(node.exit?.reason).toMatch(/metadata log directory/);
    expect(cluster.activeController()).not.toBe(active);
    node.disks[0]!.fail(null);
    node.wipe(0);
    cluster.startController(Number(active.slice('controller-'.length)));
    cluster.createTopic('payments', 1, 3);
    cluster.run(2000);
    // With the third controller down, the one that lost its disk makes the majority.
    const third = cluster.cluster.voters.find((one) => one.node !== active && one.node !== cluster.activeController())!;
    cluster.node(third.node).kill();
    cluster.createTopic('refunds', 1, 3);
    expect([...cluster.brokers.get(2)!.coordination.image.topics.keys()].sort()).toEqual([
      'orders',
      'payments',
      'refunds',
    ]);
  });

  test('ends a broker whose metadata disk fails', () => {
    const cluster = readyCluster();
    cluster.node('broker-2').disks[0]!.fail('EIO');
    cluster.run(12_000);
    expect(cluster.node('broker-2').state).toBe('stopped');
    expect(cluster.eventsOf('broker-fenced').at(-1)).toMatchObject({ broker: 2, reason: 'session-expired' });
    cluster.startBroker(2);
    cluster.run(100);
    expect(cluster.brokers.get(2)!.fatal).toMatch(/metadata log directory/);
  });

  test('can say why: what a broker publishes goes back to what the controller decided, and that to what it saw', () => {
    const cluster = readyCluster();
    cluster.node('broker-1').kill();
    cluster.run(12_000);
    const { trace } = cluster.world;
    const published = cluster.events.findLast(
      ({ kind, node }) => kind.name === 'metadata-published' && node === 'broker-2',
    )!;
    const chain: string[] = [];
    for (let id = published.id; id !== 0; id = trace.causeOf(id)) {
      const event = cluster.events.find((one) => one.id === id)!;
      if (event.kind.level === 'notable') chain.push(`${event.node} ${event.kind.name}`);
    }
    const controller = cluster.activeController();
    expect(chain).toEqual([`${controller} broker-fenced`, `${controller} broker-session-expired`]);
  });

  test('answers a proposal that was made while an older one for the same partition was on its way', () => {
    const cluster = readyCluster();
    const { coordination, answers } = cluster.brokers.get(1)!;
    const state = coordination.image.partition('orders', 0)!;
    const propose = (members: readonly number[], partitionEpoch: number) => {
      const isr = members.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));
      const { topic, topicId, partition, leaderEpoch } = state;
      const proposal = { topic, topicId, partition, leaderEpoch, partitionEpoch, isr, recovering: false };
      coordination.proposeIsr(proposal, (answer) => answers.push(answer));
    };
    cluster.world.at(cluster.world.nowUs, () => propose([1, 2], 0), undefined);
    cluster.world.at(cluster.world.nowUs + 100, () => propose([1], 1), undefined);
    cluster.run(200);
    expect(answers).toMatchObject([
      { kind: 'accepted', isr: [1, 2], partitionEpoch: 1 },
      { kind: 'accepted', isr: [1], partitionEpoch: 2 },
    ]);
  });
});
