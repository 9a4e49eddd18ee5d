import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Connection, LinkEffect } from '../../src/kernel/api.ts';
import { MS, newWorld, SECOND, startProgram } from './harness.ts';

const effect: fc.Arbitrary<LinkEffect> = fc.constantFrom<LinkEffect>(
  { kind: 'block' },
  { kind: 'hold' },
  { kind: 'delay', latencyUs: 40 * MS, jitterUs: 60 * MS },
  { kind: 'loss', numerator: 1, denominator: 3 },
  { kind: 'bandwidth', bytesPerSecond: 20_000 },
);

const disturbance = fc.record({
  effect,
  from: fc.constantFrom('a', 'b', 'both'),
  atMs: fc.nat(4_000),
  forMs: fc.nat(4_000),
});

const ending = fc.record({
  what: fc.constantFrom('nothing', 'kill a', 'kill b', 'power a', 'power b', 'pause b', 'close a', 'reset b'),
  atMs: fc.nat(6_000),
});

/** `a` and `b` count at each other, every 20 ms for five seconds, while the network and they themselves have trouble. */
function converse(
  disturbances: readonly { effect: LinkEffect; from: string; atMs: number; forMs: number }[],
  end: { what: string; atMs: number },
) {
  const world = newWorld({ jitterUs: 300 });
  const received: { [name: string]: number[] } = { a: [], b: [] };
  const closed: { [name: string]: string[] } = { a: [], b: [] };
  const ends: { [name: string]: Connection } = {};
  const handlerOf = (name: string) => ({
    onOpen: (connection: Connection) => {
      ends[name] = connection;
    },
    onMessage: (_connection: Connection, message: unknown) => received[name]!.push(Number(message)),
    onClose: (_connection: Connection, reason: string) => closed[name]!.push(reason),
    sizeOf: () => 100,
  });
  startProgram(world, 'b', (context) => {
    context.listen('p', handlerOf('b'));
    return undefined;
  });
  startProgram(world, 'a', (context) => {
    context.connect('b', 'p', handlerOf('a'));
    return undefined;
  });
  world.runUntil(10 * MS);
  for (let count = 0; count < 250; count++) {
    for (const name of ['a', 'b']) world.at((20 + count * 20) * MS, (n: number) => ends[name]!.send(n), count);
  }
  for (const { effect, from, atMs, forMs } of disturbances) {
    const matches = (node: string) => from === 'both' || node === from;
    world.at(
      (20 + atMs) * MS,
      () => {
        const rule = world.network.install({ name: 'trouble', matches, effect });
        world.at(world.nowUs + forMs * MS, () => rule.remove(), undefined);
      },
      undefined,
    );
  }
  const [verb, name] = end.what.split(' ') as [string, string];
  world.at(
    (20 + end.atMs) * MS,
    () => {
      if (verb === 'kill') world.node(name)!.kill();
      if (verb === 'power') world.node(name)!.powerOff();
      if (verb === 'pause') world.node(name)!.pause();
      if (verb === 'close') ends[name]!.close();
      if (verb === 'reset') ends[name]!.reset();
    },
    undefined,
  );
  world.runUntil(3000 * SECOND);
  return { received, closed };
}

/** Who must have learned of an end, since it still had something to say. */
const LEARNS: { readonly [what: string]: string } = {
  'kill a': 'b',
  'kill b': 'a',
  'power a': 'b',
  'power b': 'a',
  'close a': 'b',
  'reset b': 'a',
};

const counted = (length: number) => Array.from({ length }, (_, index) => index);

test('bytes are never lost or reordered within a connection: they are late', () => {
  fc.assert(
    fc.property(fc.array(disturbance, { maxLength: 8 }), (disturbances) => {
      const { received, closed } = converse(disturbances, { what: 'nothing', atMs: 0 });
      expect(received).toEqual({ a: counted(250), b: counted(250) });
      expect(closed).toEqual({ a: [], b: [] });
    }),
    { numRuns: 150 },
  );
});

test('or the connection breaks, once, and what came before has no gap', () => {
  fc.assert(
    fc.property(fc.array(disturbance, { maxLength: 5 }), ending, (disturbances, end) => {
      const { received, closed } = converse(disturbances, end);
      for (const name of ['a', 'b']) {
        expect(received[name]).toEqual(counted(received[name]!.length));
        expect(closed[name]!.length).toBeLessThanOrEqual(1);
      }
      // Whoever lives and still had something to say has learned of the end by now.
      const sender = LEARNS[end.what];
      if (sender !== undefined && end.atMs < 4_900) expect([end.what, closed[sender]!.length]).toEqual([end.what, 1]);
      // An end that is seen as orderly lost nothing that was sent before it. (It turns into a reset if the peer goes on
      // talking to what is closed, as in Linux, and a reset may overtake what waits to be sent again.)
      if (closed.b![0] === 'closed') {
        expect(received.b!.length).toBeGreaterThanOrEqual(Math.min(250, Math.floor(end.atMs / 20)));
      }
    }),
    { numRuns: 400 },
  );
});
