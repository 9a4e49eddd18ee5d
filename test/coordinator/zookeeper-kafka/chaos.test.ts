/** Whole clusters in ZooKeeper mode under random faults: what the authority may never say, and what must come right once they end. */
import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { type ClusterOptions, defaultClusterOptions } from '../../../src/cluster/options.ts';
import { authorityEvents } from '../../../src/coordinator/index.ts';
import { hostPorts } from '../../../src/gateway/ports.ts';

const NODES = ['broker-1', 'broker-2', 'broker-3', 'zk-1', 'zk-2', 'zk-3'];

function booted(seed: number, change: Partial<ClusterOptions> = {}): Cluster {
  const topics = [{ name: 'orders', partitions: 6, replicationFactor: 3, assignment: undefined, config: {} }];
  const cluster = new Cluster({ ...defaultClusterOptions('zookeeper', seed), topics, ...change }, hostPorts);
  cluster.boot();
  return cluster;
}

function run(cluster: Cluster, ms: number): void {
  cluster.world.runUntil(cluster.world.nowUs + ms * 1000);
}

/** Versions and epochs only grow; the leader is in the ISR, and the ISR is never empty. */
function watchAuthority(cluster: Cluster): string[] {
  const broken: string[] = [];
  const latest = new Map<unknown, { version: number; leaderEpoch: number; partitionEpoch: number }>();
  cluster.trace.subscribe([authorityEvents['partition-changed']], ({ values }) => {
    const [version, name, , leader, leaderEpoch, partitionEpoch, isr] = values as [
      number,
      string,
      string,
      number,
      number,
      number,
      readonly number[],
    ];
    const before = latest.get(name);
    if (before !== undefined) {
      const grows =
        version > before.version && leaderEpoch >= before.leaderEpoch && partitionEpoch > before.partitionEpoch;
      if (!grows) broken.push(`${name} went back: ${values.join(' ')}`);
    }
    if (isr.length === 0) broken.push(`${name} has nobody in sync`);
    if (leader >= 0 && !isr.includes(leader)) broken.push(`${name} is led from outside the ISR`);
    latest.set(name, { version, leaderEpoch, partitionEpoch });
  });
  return broken;
}

function disturb(cluster: Cluster): void {
  const chance = cluster.world.chance('disturbances');
  const { world, nodes } = cluster;
  const block = (matches: (from: string, to: string) => boolean): void => {
    const rule = world.network.install({ name: 'disturbance', matches, effect: { kind: 'block' } });
    world.at(world.nowUs + chance.below(40) * 1_000_000, () => rule.remove(), undefined);
  };
  for (let i = 0; i < 15; i++) {
    const one = chance.pick(NODES);
    const other = chance.pick(NODES);
    const { control } = nodes.get(one)!;
    const faults = [
      () => control.kill(),
      () => control.terminate(),
      () => control.pause(),
      () => block((from, to) => from === one || to === one),
      () => block((from, to) => from === one && to === other),
      () => bringBack(cluster),
    ];
    chance.pick(faults)();
    run(cluster, chance.below(15_000));
  }
}

function bringBack(cluster: Cluster): void {
  for (const node of NODES) {
    cluster.nodes.get(node)!.control.resume();
    cluster.start(node);
  }
}

describe('whatever happens', () => {
  it.each(Array.from({ length: 8 }, (_, i) => i + 1))(
    'epochs only grow, and all is well in the end (seed %i)',
    (seed) => {
      const cluster = booted(seed);
      const broken = watchAuthority(cluster);
      disturb(cluster);
      run(cluster, 45_000);
      // A broker that was killed cannot come back before its session has expired: it is started again and again.
      for (let i = 0; i < 5; i++) {
        bringBack(cluster);
        run(cluster, 25_000);
      }
      run(cluster, 60_000);
      expect(broken).toEqual([]);
      const { authority, replicas } = cluster.model;
      expect([...authority.brokers.keys()].sort()).toEqual([1, 2, 3]);
      expect(authority.believers.size).toBe(1);
      for (const partition of authority.partitions.values()) {
        expect([...partition.isr].sort()).toEqual([1, 2, 3]);
        for (const id of partition.replicas) {
          const role = id === partition.leader ? 'leader' : 'follower';
          expect(`${partition.name} ${id} ${replicas.get(partition.name, id)?.role}`).toBe(
            `${partition.name} ${id} ${role}`,
          );
        }
      }
    },
  );
});

describe("the operator's hands", () => {
  const active = (cluster: Cluster) => cluster.authorities.active((node) => cluster.model.nodes.running(node));

  it('end a session of a broker that lives: it registers anew, with a new epoch', () => {
    const cluster = booted(1);
    const { authority } = cluster.model;
    const victim = authority.controller!.node === 'broker-1' ? 2 : 1;
    const { epoch } = authority.brokers.get(victim)!;
    expect(active(cluster).some((handle) => handle.expireSession(victim))).toBe(true);
    run(cluster, 10_000);
    expect(authority.brokers.get(victim)!.epoch).toBeGreaterThan(epoch);
    run(cluster, 10_000);
    for (const { isr } of authority.partitions.values()) expect(isr).toHaveLength(3);
  });

  it('move the controllership, with a higher epoch', () => {
    const cluster = booted(1);
    const { authority } = cluster.model;
    const before = authority.controller!.epoch;
    expect(active(cluster).filter((handle) => handle.resign())).toHaveLength(1);
    run(cluster, 1000);
    expect(authority.controller!.epoch).toBe(before + 1);
    expect(authority.believers.size).toBe(1);
  });
});

describe('fast timers', () => {
  it('shorten the failover in proportion', () => {
    const cluster = booted(1, { timers: 'fast' });
    const victim = cluster.model.authority.controller!.node === 'broker-1' ? 'broker-2' : 'broker-1';
    cluster.nodes.get(victim)!.control.kill();
    run(cluster, 2600);
    for (const { leader } of cluster.model.authority.partitions.values()) expect(`broker-${leader}`).not.toBe(victim);
  });
});
