/** What happens in ZooKeeper mode, and how long it takes, when brokers, controllers and sessions end. */
import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../../src/protocol/errors.ts';
import { CoordinationCluster } from '../coordination-cluster.ts';

const LAYOUT = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
];
const ENSEMBLE = ['zk-1', 'zk-2', 'zk-3'];

function withTopic(
  options: ConstructorParameters<typeof CoordinationCluster>[1] = {},
  layout: readonly (readonly number[])[] = LAYOUT,
): CoordinationCluster {
  const cluster = new CoordinationCluster('zookeeper', options);
  cluster.untilServing();
  expect(cluster.createTopic('orders', layout).errorCode).toBe(ErrorCode.NONE);
  cluster.run(1000);
  return cluster;
}

const idOf = (node: string): number => Number(node.slice(-1));
const others = (...not: number[]): number[] => [1, 2, 3].filter((id) => !not.includes(id));
const ledBy = (id: number): number => LAYOUT.findIndex(([first]) => first === id);
const changesOf = (cluster: CoordinationCluster, partition: string) =>
  cluster.eventsOf('partition-changed').filter((event) => event['partition'] === partition);

describe('a broker that fails', () => {
  it.each([1, 2, 3, 4, 5])('is noticed 12 to 21 seconds after it was killed (seed %i)', (seed) => {
    const cluster = withTopic({ seed });
    const victim = others(idOf(cluster.controller()))[0]!;
    cluster.run(1700 * seed);
    const killedMs = cluster.nowMs;
    cluster.node(`broker-${victim}`).kill();
    cluster.run(25_000);
    const [gone] = cluster.eventsOf('broker-unregistered');
    expect(gone!.atMs - killedMs).toBeGreaterThanOrEqual(12_000);
    expect(gone!.atMs - killedMs).toBeLessThanOrEqual(21_000);
  });

  it('has its leaderships passed on by one change each, and the others by one that keeps the leader but raises the epoch', () => {
    const cluster = withTopic();
    const victim = others(idOf(cluster.controller()))[0]!;
    cluster.node(`broker-${victim}`).kill();
    cluster.run(25_000);
    for (const [p, replicas] of LAYOUT.entries()) {
      const changes = changesOf(cluster, `orders-${p}`).slice(1);
      expect(changes).toHaveLength(1);
      expect(changes[0]).toMatchObject({
        leader: replicas.find((id) => id !== victim),
        leaderEpoch: 1,
        unclean: false,
      });
    }
  });

  it('loses its leaderships in two steps if it was the controller too: first nobody leads, then another does', () => {
    const cluster = withTopic();
    const victim = idOf(cluster.controller());
    const p = ledBy(victim);
    cluster.node(`broker-${victim}`).kill();
    cluster.run(25_000);
    const changes = changesOf(cluster, `orders-${p}`).slice(1);
    expect(changes.map(({ leader, leaderEpoch }) => [leader, leaderEpoch])).toEqual([
      [-1, 1],
      [LAYOUT[p]![1], 2],
    ]);
    expect(cluster.eventsOf('controller-elected').map(({ controllerEpoch }) => controllerEpoch)).toEqual([1, 2]);
  });

  it('cannot come back before its old session has expired: its process ends', () => {
    const cluster = withTopic();
    const victim = others(idOf(cluster.controller()))[0]!;
    const node = cluster.node(`broker-${victim}`);
    node.kill();
    cluster.run(3000);
    cluster.startBroker(victim);
    cluster.run(2000);
    expect(node.state).toBe('stopped');
    expect(node.exit).toMatchObject({ code: 1 });
    expect(node.exit!.reason).toContain('NodeExists');
    cluster.run(20_000);
    cluster.startBroker(victim);
    cluster.until('it serves', () => cluster.broker(victim).serving, 5000);
  });

  it('has bounced when it is back, with a higher epoch, before the controller looks: it failed, and then it started', () => {
    const cluster = withTopic();
    const controller = cluster.controller();
    const victim = others(idOf(controller))[0]!;
    const p = ledBy(victim);
    const epoch = cluster.broker(victim).coordination.brokerEpoch;
    cluster.node(controller).pause();
    cluster.node(`broker-${victim}`).kill();
    cluster.expireSession(victim);
    cluster.startBroker(victim);
    cluster.until('it serves', () => cluster.broker(victim).serving, 5000);
    cluster.node(controller).resume();
    cluster.until('its roles', () => cluster.broker(victim).roles.size === 3, 5000);
    expect(cluster.eventsOf('broker-change-seen').at(-1)).toMatchObject({
      started: [],
      failed: [],
      bounced: [victim],
    });
    expect(cluster.broker(victim).coordination.brokerEpoch).toBeGreaterThan(epoch);
    expect(cluster.broker(victim).roles.get(`orders-${p}`)!.leader).toBe(LAYOUT[p]![1]);
  });
});

describe('a broker that stops', () => {
  it('keeps the partitions that only it has, to the end, and its znode goes at once', () => {
    const cluster = withTopic({}, [[1], [2], [3]]);
    const leaving = others(idOf(cluster.controller()))[0]!;
    cluster.node(`broker-${leaving}`).terminate();
    cluster.until('its end', () => cluster.node(`broker-${leaving}`).state === 'stopped', 20_000);
    cluster.run(500);
    const changes = changesOf(cluster, `orders-${leaving - 1}`).slice(1);
    expect(changes.map(({ leader, isr }) => [leader, isr])).toEqual([[-1, [leaving]]]);
    expect(cluster.eventsOf('broker-unregistered')).toHaveLength(1);
  });

  it('gives the controllership up within tens of milliseconds', () => {
    const cluster = withTopic();
    const old = cluster.controller();
    cluster.node(old).terminate();
    cluster.until('its end', () => cluster.node(old).state === 'stopped', 20_000);
    cluster.run(100);
    expect(cluster.controller()).not.toBe(old);
    for (const [p] of LAYOUT.entries()) {
      const witness = others(idOf(old))[0]!;
      expect(cluster.broker(witness).roles.get(`orders-${p}`)!.leader).not.toBe(idOf(old));
    }
  });

  it('stops anyway when there is no controller to ask', () => {
    const cluster = withTopic({ config: { 'controlled.shutdown.retry.backoff.ms': '1000' } });
    const controller = cluster.controller();
    const leaving = others(idOf(controller))[0]!;
    cluster.node(controller).kill();
    cluster.node(`broker-${leaving}`).terminate();
    cluster.until('its end', () => cluster.node(`broker-${leaving}`).state === 'stopped', 100_000);
    expect(cluster.node(`broker-${leaving}`).exit).toMatchObject({ code: 0 });
  });
});

describe('a session that ends while its broker lives', () => {
  it('leaves a zombie that believes to lead until it has registered anew with another epoch', () => {
    const cluster = withTopic();
    const zombie = others(idOf(cluster.controller()))[0]!;
    const p = ledBy(zombie);
    const node = `broker-${zombie}`;
    const { coordination } = cluster.broker(zombie);
    const epoch = coordination.brokerEpoch;
    const cut = cluster.cut([node], ENSEMBLE);
    cluster.run(30_000);
    const heir = LAYOUT[p]![1]!;
    expect(cluster.broker(heir).roles.get(`orders-${p}`)!.leader).toBe(heir);
    expect(cluster.broker(zombie).roles.get(`orders-${p}`)!.leader).toBe(zombie);
    expect(coordination.brokerEpoch).toBe(epoch);
    expect(cluster.eventsOf('zookeeper-session-lost')).toHaveLength(0);
    cut.remove();
    cluster.until('it obeys', () => cluster.broker(zombie).roles.get(`orders-${p}`)!.leader === heir, 60_000);
    expect(cluster.eventsOf('zookeeper-session-lost')).toHaveLength(1);
    expect(coordination.brokerEpoch).toBeGreaterThan(epoch);
  });

  it('refuses the ISR changes of the zombie, whose epoch is old', () => {
    const cluster = withTopic();
    const zombie = others(idOf(cluster.controller()))[0]!;
    const p = ledBy(zombie);
    const cut = cluster.cut([`broker-${zombie}`], ENSEMBLE);
    cluster.run(30_000);
    const role = cluster.broker(zombie).roles.get(`orders-${p}`)!;
    let answered = false;
    cluster.inside(zombie, ({ coordination }) =>
      coordination.proposeIsr({ ...role, isr: [{ brokerId: zombie, brokerEpoch: -1 }], recovering: false }, () => {
        answered = true;
      }),
    );
    cluster.run(10_000);
    expect(answered).toBe(false);
    cut.remove();
    cluster.until('an answer', () => answered, 60_000);
    const heir = LAYOUT[p]![1]!;
    expect(cluster.partition(heir, 'orders', p)!.leader).toBe(heir);
  });

  it('fences a controller that slept: another was elected, and nothing that the old one says or writes counts', () => {
    const cluster = withTopic();
    const zombie = idOf(cluster.controller());
    cluster.node(`broker-${zombie}`).pause();
    cluster.run(30_000);
    expect(idOf(cluster.controller())).not.toBe(zombie);
    const changesBefore = cluster.eventsOf('partition-changed').length;
    cluster.node(`broker-${zombie}`).resume();
    cluster.run(10_000);
    const resigned = cluster.eventsOf('controller-resigned');
    expect(resigned.map(({ controller, controllerEpoch }) => [controller, controllerEpoch])).toEqual([
      [`broker-${zombie}`, 1],
    ]);
    expect(cluster.eventsOf('controller-elected').map(({ controllerEpoch }) => controllerEpoch)).toEqual([1, 2]);
    // Whatever was written after its return was written by its successor.
    expect(cluster.eventsOf('partition-changed')).toHaveLength(changesBefore);
    for (const id of [1, 2, 3]) {
      cluster.until('it knows the new one', () => cluster.broker(id).coordination.image.controllerId !== zombie, 5000);
    }
  });

  it('refuses the requests of a controller that is cut off from the ensemble', () => {
    const cluster = withTopic();
    const zombie = idOf(cluster.controller());
    const [witness] = others(zombie);
    const cut = cluster.cut([`broker-${zombie}`], ENSEMBLE);
    cluster.run(30_000);
    expect(idOf(cluster.controller())).not.toBe(zombie);
    const successor = idOf(cluster.controller());
    // The old one still believes, and would serve whoever asks it; but it cannot write.
    expect(cluster.eventsOf('controller-resigned')).toHaveLength(0);
    expect(cluster.broker(witness!).coordination.image.controllerId).toBe(successor);
    cut.remove();
    cluster.until('it resigns', () => cluster.eventsOf('controller-resigned').length === 1, 60_000);
    cluster.run(5000);
    expect(cluster.broker(zombie).coordination.image.controllerId).toBe(successor);
  });
});

describe('an ensemble that fails', () => {
  it('changes nothing when its leader is killed: sessions, controller and leaders stay', () => {
    const cluster = withTopic();
    const controller = cluster.controller();
    const leader = cluster.eventsOf('ensemble-leader-elected').at(-1)!.node;
    const changes = cluster.eventsOf('partition-changed').length;
    cluster.node(leader).kill();
    cluster.run(60_000);
    expect(cluster.eventsOf('broker-unregistered')).toHaveLength(0);
    expect(cluster.controller()).toBe(controller);
    expect(cluster.eventsOf('partition-changed')).toHaveLength(changes);
    expect(cluster.createTopic('more', [[1, 2]]).errorCode).toBe(ErrorCode.NONE);
  });

  it('freezes the cluster without a quorum, expires nobody, and finds the dead a session time-out after it is back', () => {
    const cluster = withTopic();
    const victim = others(idOf(cluster.controller()))[0]!;
    for (const node of ['zk-1', 'zk-2']) cluster.node(node).kill();
    cluster.run(1000);
    cluster.node(`broker-${victim}`).kill();
    cluster.run(60_000);
    expect(cluster.eventsOf('broker-unregistered')).toHaveLength(0);
    for (const node of ['zk-1', 'zk-2']) cluster.startQuorumNode(node);
    const backMs = cluster.nowMs;
    cluster.run(40_000);
    const gone = cluster.eventsOf('broker-unregistered');
    expect(gone.map(({ broker }) => broker)).toEqual([victim]);
    expect(gone[0]!.atMs - backMs).toBeGreaterThan(18_000);
    expect(gone[0]!.atMs - backMs).toBeLessThan(24_000);
  });

  it('is waited for at the start, but not for ever', () => {
    const cluster = new CoordinationCluster('zookeeper');
    cluster.cut(['broker-1'], ENSEMBLE);
    cluster.run(30_000);
    expect(cluster.node('broker-1').exit?.reason).toContain('timed out');
    expect(cluster.broker(2).serving).toBe(true);
  });
});
