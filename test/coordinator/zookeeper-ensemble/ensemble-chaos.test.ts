/** Servers are killed, paused, cut off and lose their power while clients write. In the end everything acknowledged is there, once. */
import { expect, test } from 'vitest';
import { ZkCode } from '../../../src/coordinator/zookeeper/ensemble/codes.ts';
import { CreateFlag } from '../../../src/coordinator/zookeeper/ensemble/messages.ts';
import type { Chance, RuleHandle } from '../../../src/kernel/api.ts';
import { type ClientProcess, KernelEnsemble } from './kernel-ensemble.ts';

const SERVERS = [1, 2, 3];

class Chaos {
  readonly ensemble: KernelEnsemble;
  readonly clients: ClientProcess[];
  readonly acknowledged = new Set<string>();
  readonly #chance: Chance;
  #cuts: RuleHandle[] = [];
  #serial = 0;

  constructor(seed: number) {
    this.ensemble = new KernelEnsemble(3, seed, { snapCount: 40 });
    this.#chance = this.ensemble.world.chance('chaos');
    this.ensemble.run(1000);
    this.clients = ['a', 'b', 'c'].map((name) => this.ensemble.client(name, { renews: true }));
    this.ensemble.run(3000);
  }

  /** Every client writes; what fails is forgotten, in doubt or not. */
  write(): void {
    for (const { session } of this.clients) {
      const path = `/n${++this.#serial}`;
      session.create(path, null, this.#chance.below(2) === 0 ? CreateFlag.ephemeral : 0, (err, created, stat) => {
        if (err === ZkCode.OK && stat?.ephemeralOwner === 0) this.acknowledged.add(created);
      });
    }
  }

  /** One fault, or the end of one. */
  disturb(): void {
    const { ensemble } = this;
    const server = this.#chance.pick(ensemble.servers);
    const others = ensemble.servers.filter((it) => it !== server).map(({ name }) => name);
    switch (this.#chance.below(8)) {
      case 0:
        server.kill();
        break;
      case 1:
        server.disks[0]?.tear(true);
        server.powerOff();
        break;
      case 2:
        server.pause();
        break;
      case 3:
        this.#cuts.push(ensemble.cut([server.name], others));
        break;
      case 4:
        this.#cuts.push(ensemble.cut([server.name], ['a', 'b', 'c']));
        break;
      case 5:
        for (const cut of this.#cuts.splice(0)) cut.remove();
        break;
      default:
        server.resume();
        if (server.state === 'stopped' || server.state === 'off') ensemble.start(ensemble.servers.indexOf(server) + 1);
    }
  }

  heal(): void {
    for (const cut of this.#cuts.splice(0)) cut.remove();
    for (const sid of SERVERS) {
      const server = this.ensemble.servers[sid - 1]!;
      server.resume();
      if (server.state === 'stopped' || server.state === 'off') this.ensemble.start(sid);
    }
    this.ensemble.run(200_000);
    // A new session is a txn: with it all stand at the same zxid, whoever leads.
    this.ensemble.client('last');
    this.ensemble.run(10_000);
  }
}

function play(seed: number): { acknowledged: number; elections: number } {
  const chaos = new Chaos(seed);
  const { ensemble } = chaos;
  const chance = ensemble.world.chance('pace');
  for (let i = 0; i < 80; i++) {
    chaos.write();
    if (chance.below(2) === 0) chaos.disturb();
    ensemble.run(chance.pick([2, 7, 300, 300, 2500, 9000]));
  }
  chaos.heal();
  const last = new Map(ensemble.handles.map((handle) => [handle.context.node, handle]));
  const trees = [...last.values()].map(({ tree }) => tree);
  for (const tree of trees) {
    for (const path of chaos.acknowledged) expect([path, tree.get(path)?.version]).toEqual([path, 0]);
    expect(contents(tree.snapshot())).toEqual(contents(trees[0]!.snapshot()));
    for (const { ephemeralOwner } of tree.snapshot().nodes) {
      if (ephemeralOwner !== 0) expect(tree.sessions.has(ephemeralOwner)).toBe(true);
    }
  }
  // Told once and in order, whoever led.
  const zxids = ensemble.commits.map(({ zxid }) => zxid);
  expect(zxids).toEqual([...new Set(zxids)].sort((a, b) => a - b));
  expect(zxids.at(-1)).toBe(trees[0]?.lastZxid);
  return { acknowledged: chaos.acknowledged.size, elections: ensemble.of('ensemble-leader-elected').length };
}

/** Without the order of children, which a snapshot may change. */
function contents(state: ReturnType<KernelEnsemble['handles'][number]['tree']['snapshot']>): unknown {
  const { zxid, sessions, nodes } = state;
  return {
    zxid,
    sessions: new Map(sessions.map((it) => [it.sessionId, it.timeout])),
    nodes: new Map(nodes.map((it) => [it.path, it])),
  };
}

test('nothing acknowledged is lost, and all servers end with the same state', () => {
  const first = Number(process.env.ENSEMBLE_SEED ?? 1);
  const count = Number(process.env.ENSEMBLE_SEEDS ?? 15);
  let acknowledged = 0;
  let elections = 0;
  for (let seed = first; seed < first + count; seed++) {
    try {
      const played = play(seed);
      acknowledged += played.acknowledged;
      elections += played.elections;
    } catch (error) {
      throw new Error(`ENSEMBLE_SEED=${seed} ENSEMBLE_SEEDS=1`, { cause: error });
    }
  }
  expect(acknowledged / count).toBeGreaterThan(20);
  expect(elections / count).toBeGreaterThan(2);
});
