import { expect, test } from 'vitest';
import type { RuleHandle } from '../../../src/kernel/api.ts';
import { KraftTestCluster } from './kraft-cluster.ts';

/** Whatever the authority said of a metadata offset, it says again. */
function checkAuthority(cluster: KraftTestCluster, seed: number): void {
  const said = new Map<string, string>();
  const newest = new Map<string, { leaderEpoch: number; partitionEpoch: number }>();
  for (const { kind, values } of cluster.events) {
    if (kind.fields[0] !== 'version' || kind.name === 'metadata-published') continue;
    const { reason: _reason, ...fields } = Object.fromEntries(kind.fields.map((field, i) => [field, values[i]]));
    const key = `${kind.name} ${values[0]} ${values[1]}`;
    const text = JSON.stringify(fields);
    const before = said.get(key);
    if (before !== undefined) {
      expect(text, `seed ${seed}: offset ${values[0]} was committed twice`).toBe(before);
      continue;
    }
    said.set(key, text);
    if (kind.name !== 'partition-changed') continue;
    const name = `${fields['topicId']} ${fields['partition']}`;
    const { leaderEpoch, partitionEpoch, leader, isr } = fields as never as {
      leaderEpoch: number;
      partitionEpoch: number;
      leader: number;
      isr: number[];
    };
    const last = newest.get(name);
    if (last !== undefined) {
      expect(partitionEpoch, `seed ${seed}: ${name}`).toBe(last.partitionEpoch + 1);
      expect(leaderEpoch, `seed ${seed}: ${name}`).toBeGreaterThanOrEqual(last.leaderEpoch);
    }
    expect(leader === -1 || isr.includes(leader), `seed ${seed}: ${name}`).toBe(true);
    newest.set(name, { leaderEpoch, partitionEpoch });
  }
}

function runSeed(seed: number): { elections: number; fencings: number } {
  const cluster = new KraftTestCluster({ seed });
  const chance = cluster.world.chance('faults');
  cluster.untilServing();
  cluster.createTopic('orders', 4, 3);
  const names = cluster.world.nodes.map(({ name }) => name);
  const start = (name: string) => {
    const id = Number(name.slice(name.lastIndexOf('-') + 1));
    if (cluster.node(name).state === 'running' || cluster.node(name).state === 'paused') return;
    if (name.startsWith('broker')) cluster.startBroker(id);
    else cluster.startController(id);
  };
  const rules: RuleHandle[] = [];
  for (let round = 0; round < 60; round++) {
    cluster.run(chance.between(10, 3000));
    const node = cluster.node(chance.pick(names));
    const other = chance.pick(names);
    switch (chance.below(9)) {
      case 0:
        node.kill();
        break;
      case 1:
        node.powerOff();
        break;
      case 2:
        node.terminate();
        break;
      case 3:
        node.pause();
        break;
      case 4:
        node.resume();
        break;
      case 5: {
        const oneWay = chance.oneIn(1, 2);
        const matches = (from: string, to: string) =>
          (from === node.name && to === other) || (!oneWay && from === other && to === node.name);
        rules.push(cluster.world.network.install({ name: 'cut', matches, effect: { kind: 'block' } }));
        break;
      }
      case 6:
        for (const rule of rules.splice(0)) rule.remove();
        break;
      default:
        start(node.name);
    }
  }
  for (const rule of rules) rule.remove();
  for (const node of cluster.world.nodes) node.resume();
  // Whoever is on its way out may take its time over it.
  for (let i = 0; i < 10; i++) {
    cluster.run(6000);
    for (const name of names) start(name);
  }
  cluster.run(60_000);
  checkAuthority(cluster, seed);
  const images = [...cluster.brokers.values()].map(({ coordination }) => coordination.image);
  for (const { isr, replicas, name } of images[0]!.topics.get('orders')!.partitions) {
    expect([...isr].sort(), `seed ${seed}: ISR of ${name}`).toEqual([...replicas].sort());
  }
  for (const image of images) {
    expect(image.topics, `seed ${seed}: all brokers know the same`).toEqual(images[0]!.topics);
    expect(image.brokers, `seed ${seed}: all brokers know the same`).toEqual(images[0]!.brokers);
    for (const broker of image.brokers.values()) expect(broker.fenced, `seed ${seed}: broker ${broker.id}`).toBe(false);
  }
  const leaders = new Map<unknown, string>();
  for (const { epoch, node } of cluster.eventsOf('quorum-leader-elected')) {
    expect(leaders.get(epoch) ?? node, `seed ${seed}: two leaders of epoch ${epoch}`).toBe(node);
    leaders.set(epoch, node);
  }
  return { elections: leaders.size, fencings: cluster.eventsOf('broker-fenced').length };
}

test('agrees and converges under kills, power loss, pauses and cuts of controllers and brokers', () => {
  let elections = 0;
  let fencings = 0;
  const [first, last] = (process.env['KRAFT_SEEDS'] ?? '1-12').split('-').map(Number);
  for (let seed = first!; seed <= last!; seed++) {
    const seen = runSeed(seed);
    elections += seen.elections;
    fencings += seen.fencings;
  }
  expect(elections).toBeGreaterThan(30);
  expect(fencings).toBeGreaterThan(60);
});
