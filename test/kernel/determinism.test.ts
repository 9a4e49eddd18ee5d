import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Connection, type Context, defineEvents, type LinkEffect, type World } from '../../src/kernel/api.ts';
import { describeDifference, findDifference } from '../../src/kernel/determinism.ts';
import { MS, newWorld, SECOND } from './harness.ts';

const { 'gossip-heard': heard } = defineEvents({
  'gossip-heard': { fields: ['from', 'rumour'], level: 'message', about: 'For the test.' },
});

const NAMES = ['a', 'b', 'c', 'd'];

/** Passes numbers on to random others, keeps some on disk, and reconnects when it has to. */
function gossip(context: Context) {
  const chance = context.chance('gossip');
  const connections = new Map<string, Connection>();
  const file = context.disk(0).open('rumours', true);
  const handler = {
    onMessage: (connection: Connection, rumour: unknown) => {
      context.cause = context.emit(heard, [connection.remoteNode, Number(rumour)]);
      file.append(Uint8Array.of(Number(rumour) & 255));
      if (chance.oneIn(1, 4)) file.sync(() => tell(Number(rumour) + 1), undefined);
      if (chance.oneIn(1, 2)) context.cpu.run(chance.below(3 * MS), tell, Number(rumour) * 3 + 1);
    },
    onClose: (connection: Connection) => {
      if (connections.get(connection.remoteNode) === connection) connections.delete(connection.remoteNode);
    },
    sizeOf: () => 1000,
  };
  const tell = (rumour: number): void => {
    const to = chance.pick(NAMES);
    const connection = connections.get(to) ?? context.connect(to, 'gossip', handler);
    connections.set(to, connection);
    connection.send(rumour % 1_000_003);
  };
  context.listen('gossip', handler);
  const spread = (): void => {
    tell(file.size);
    context.after(chance.between(1, 400) * MS, spread, undefined);
  };
  spread();
  return { terminate: () => context.exit(0, 'asked to') };
}

const effects: fc.Arbitrary<LinkEffect> = fc.constantFrom<LinkEffect>(
  { kind: 'block' },
  { kind: 'delay', latencyUs: 20 * MS, jitterUs: 30 * MS },
  { kind: 'loss', numerator: 1, denominator: 5 },
  { kind: 'bandwidth', bytesPerSecond: 50_000 },
  { kind: 'hold' },
);

const trouble = fc.oneof(
  fc.record({
    kind: fc.constantFrom('start', 'kill', 'terminate', 'pause', 'resume', 'powerOff', 'reset' as const),
    node: fc.constantFrom(...NAMES),
    atMs: fc.nat(20_000),
  }),
  fc.record({
    kind: fc.constant('rule' as const),
    node: fc.constantFrom(...NAMES),
    effect: effects,
    atMs: fc.nat(20_000),
    forMs: fc.nat(8_000),
  }),
);

type Trouble = typeof trouble extends fc.Arbitrary<infer T> ? T : never;

function troubledWorld(seed: number, troubles: readonly Trouble[]): World {
  const world = newWorld({ seed, jitterUs: 300 });
  for (const name of NAMES) world.addNode({ name }).start(gossip);
  for (const each of troubles) world.at(each.atMs * MS, (what) => inflict(world, what), each);
  return world;
}

function inflict(world: World, what: Trouble): void {
  const node = world.node(what.node)!;
  if (what.kind === 'rule') {
    const matches = (from: string) => from === what.node;
    const handle = world.network.install({ name: 'trouble', matches, effect: what.effect });
    world.at(world.nowUs + what.forMs * MS, () => handle.remove(), undefined);
  } else if (what.kind === 'start') node.start(gossip);
  else if (what.kind === 'reset') world.network.reset((a) => a === what.node);
  else node[what.kind]();
}

const endless = (world: World) => ({ world, isOver: () => false });

describe('a run', () => {
  test('is the same each time, whatever goes wrong in it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(trouble, { maxLength: 25 }), (seed, troubles) => {
        const difference = findDifference(() => endless(troubledWorld(seed, troubles)), 30 * SECOND);
        expect(difference === null ? '' : describeDifference(difference)).toBe('');
      }),
      { numRuns: 40 },
    );
  });

  test('has another history with another seed, and the same one in pieces of any size', () => {
    const hashOf = (seed: number, run: (world: World) => void) => {
      const world = troubledWorld(seed, []);
      run(world);
      return world.trace.hash();
    };
    const whole = hashOf(1, (world) => world.runUntil(5 * SECOND));
    const pieces = hashOf(1, (world) => {
      for (let timeUs = 0; timeUs <= 5 * SECOND; timeUs += 1234) world.runUntil(timeUs);
      while (world.runSlice(5 * SECOND, 7) === 7);
    });
    const steps = hashOf(1, (world) => {
      while (world.nextUs !== undefined && world.nextUs <= 5 * SECOND) world.step();
    });
    const other = hashOf(2, (world) => world.runUntil(5 * SECOND));
    expect([pieces, steps]).toEqual([whole, whole]);
    expect(other).not.toBe(whole);
  });

  test('that depends on something outside the seed is found out, at its first event', () => {
    let outside = 0;
    const make = () => {
      const world = newWorld();
      outside += 1;
      const secret = outside;
      const node = world.addNode({ name: 'a' });
      node.start((context) => {
        for (let index = 0; index < 5_000; index++) {
          const rumour = index === 4_321 ? secret : index;
          context.after(index * MS, () => context.emit(heard, ['x', rumour]), undefined);
        }
        return {};
      });
      return world;
    };
    const difference = findDifference(() => endless(make()), 60 * SECOND)!;
    expect(describeDifference(difference)).toBe(
      [
        'runs part at event 4323',
        '  first:  t=4321000us a gossip-heard from="x" rumour=1 cause=1',
        '  second: t=4321000us a gossip-heard from="x" rumour=2 cause=1',
      ].join('\n'),
    );
  });

  test('that goes on longer than the other is found out too', () => {
    let runs = 0;
    const make = () => {
      const world = newWorld();
      runs += 1;
      if (runs === 2) world.at(SECOND, () => world.emit(heard, ['x', 1]), undefined);
      return world;
    };
    expect(findDifference(() => endless(make()), 2 * SECOND)).toMatchObject({
      id: 1,
      first: undefined,
      second: { values: ['x', 1] },
    });
  });

  test.each([999, 1_000, 1_001])('that stops after %d events is over, although it could go on', (events) => {
    const make = () => {
      const world = newWorld();
      let ticks = 0;
      const tick = (): void => {
        ticks += 1;
        if (ticks === events) return world.stop();
        world.at(world.nowUs + MS, tick, undefined);
      };
      world.at(0, tick, undefined);
      const beside = (): void => void world.at(world.nowUs + MS, beside, undefined);
      world.at(events * MS, beside, undefined);
      return { world, isOver: () => ticks === events };
    };
    expect(findDifference(make, Number.MAX_SAFE_INTEGER)).toBeNull();
  });
});
