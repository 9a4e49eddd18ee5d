/** Whatever breaks: one order of txns for all, nothing applied is ever taken back, one leader for an epoch, and in the end all agree. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpCode } from '../../../src/coordinator/zookeeper/ensemble/codes.ts';
import { EnsembleModel } from './ensemble-model.ts';

type Step =
  | { readonly do: 'run'; readonly ms: number }
  | { readonly do: 'write' | 'crash' | 'start'; readonly sid: number }
  | { readonly do: 'slow-disk'; readonly sid: number; readonly ms: number }
  | { readonly do: 'cut'; readonly sid: number; readonly other: number }
  | { readonly do: 'heal' };

const sid = fc.integer({ min: 1, max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('run' as const), ms: fc.constantFrom(1, 2, 3, 5, 10, 250, 3000, 12_000) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), sid }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'start' as const), sid }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('slow-disk' as const), sid, ms: fc.constantFrom(1, 7, 400) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), sid, other: sid }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('heal' as const) }) },
);

/** Follows what the servers apply. */
class Witness {
  /** Which txn came after which, on whatever server. */
  readonly #next = new Map<number, number>();
  readonly #texts = new Map<number, string>();
  readonly #last = new Map<number, number>();
  readonly #leaders = new Map<number, number>();
  applied = 0;

  constructor(model: EnsembleModel) {
    model.onApplied = (server, txn) => {
      this.applied++;
      const before = this.#last.get(server) ?? 0;
      const text = JSON.stringify(txn.body);
      expect([before, this.#next.get(before) ?? txn.zxid]).toEqual([before, txn.zxid]);
      expect(this.#texts.get(txn.zxid) ?? text).toBe(text);
      this.#next.set(before, txn.zxid);
      this.#texts.set(txn.zxid, text);
      this.#last.set(server, txn.zxid);
    };
    // A snapshot may be of an epoch's beginning: then the last txn is one of an earlier epoch.
    model.onRestored = (server, zxid) => {
      const reached = [...this.#texts.keys()].filter((known) => known <= zxid);
      this.#last.set(server, Math.max(0, ...reached));
    };
    model.onEstablished = (server, epoch) => {
      expect([epoch, this.#leaders.get(epoch) ?? server]).toEqual([epoch, server]);
      this.#leaders.set(epoch, server);
    };
  }
}

function play(servers: number, steps: readonly Step[]): Witness {
  const model = new EnsembleModel(servers);
  model.voice = 'quiet';
  const witness = new Witness(model);
  const within = (n: number): number => ((n - 1) % servers) + 1;
  for (let n = 1; n <= servers; n++) model.start(n);
  model.run(1000);
  let session = 0;
  const write = (at: number): void => {
    model.submit(at, ++session, { type: OpCode.createSession, timeOut: 1_000_000_000 });
    model.submit(at, session, { type: OpCode.create, path: '/n', data: null, flags: 2 });
  };
  for (const it of steps) {
    switch (it.do) {
      case 'run':
        model.run(it.ms);
        break;
      case 'write':
        write(within(it.sid));
        break;
      case 'crash':
        model.crash(within(it.sid));
        break;
      case 'start':
        if (model.server(within(it.sid)).peer === null) model.start(within(it.sid));
        break;
      case 'slow-disk':
        model.server(within(it.sid)).diskMs = it.ms;
        break;
      case 'cut':
        if (within(it.sid) !== within(it.other)) model.cut(within(it.sid), within(it.other));
        break;
      case 'heal':
        model.heal();
        break;
    }
  }
  model.heal();
  for (const server of model.servers.values()) if (server.peer === null) model.start(server.sid);
  model.run(200_000);
  write(model.leader()?.sid ?? 0);
  model.run(3000);
  const states = [...model.servers.values()].map(({ tree, peer }) => ({
    state: tree.snapshot(),
    leader: peer?.leader,
  }));
  for (const { state, leader } of states) {
    expect(leader).toBe(states[0]?.leader);
    expect(sorted(state)).toEqual(sorted(states[0]!.state));
  }
  return witness;
}

function sorted(state: { readonly nodes: readonly { readonly path: string }[] }): unknown {
  return { ...state, nodes: [...state.nodes].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

for (const servers of [3, 5]) {
  test(`${servers} servers keep one history`, () => {
    let applied = 0;
    const property = fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      applied += play(servers, steps).applied;
    });
    fc.assert(property, { numRuns: Number(process.env.ZAB_RUNS ?? 150), seed: Number(process.env.ZAB_SEED ?? 7) });
    expect(applied).toBeGreaterThan(1000);
  });
}
