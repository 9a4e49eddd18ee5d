/** Listening in on the network: what becomes of each message is told, and nothing else is otherwise. */
import { describe, expect, test } from 'vitest';
import type { Connection, LinkEffect, SightedMessage, World } from '../../src/kernel/api.ts';
import { type Log, logging, MS, newWorld, SECOND, startListener, startProgram } from './harness.ts';

interface Stage {
  readonly world: World;
  readonly connection: Connection;
  readonly seen: SightedMessage[];
  readonly log: Log;
}

/** A client `a` connected to `b`, and somebody who listens in from then on. */
function stage(listen = true): Stage {
  const world = newWorld();
  const log: Log = [];
  startListener(world, 'b', log);
  let connection: Connection | undefined;
  startProgram(world, 'a', (context) => {
    connection = context.connect('b', 'p', logging(context, log));
    return undefined;
  });
  world.runUntil(10 * MS);
  const seen: SightedMessage[] = [];
  if (listen) world.network.listenIn((message) => seen.push(message));
  return { world, connection: connection!, seen, log };
}

const told = ({ from, to, sentUs, fate, fateUs }: SightedMessage) => `${sentUs} ${from}>${to} ${fate} ${fateUs}`;
const rule = (effect: LinkEffect, from = 'a') => ({ name: 'test', matches: (a: string) => a === from, effect });

describe('the fate of a message', () => {
  test('is to be under way, then to arrive; what it said is let go of', () => {
    const { world, connection, seen } = stage();
    connection.send('hello');
    expect(seen.map(told)).toEqual(['10000 a>b under way 10500']);
    expect(seen[0]!.message).toBe('hello');
    world.runUntil(11 * MS);
    expect(seen.map(told)).toEqual(['10000 a>b arrived 10500']);
    expect(seen[0]!.message).toBeUndefined();
  });

  test('behind a cut it waits, and arrives after the cut is healed', () => {
    const { world, connection, seen } = stage();
    const cut = world.network.install(rule({ kind: 'block' }));
    connection.send(1);
    connection.send(2);
    world.runUntil(300 * MS);
    expect(seen.map(told)).toEqual(['10000 a>b waiting 10000', '10000 a>b waiting 10000']);
    cut.remove();
    world.runUntil(SECOND);
    expect(seen.map(({ fate }) => fate)).toEqual(['arrived', 'arrived']);
    expect(seen[0]!.fateUs).toBeGreaterThan(300 * MS);
  });

  test('behind a cut that stays it is lost with its connection', () => {
    const { world, connection, seen } = stage();
    world.network.install(rule({ kind: 'block' }));
    connection.send(1);
    world.runUntil(20 * MS);
    world.network.reset(() => true);
    expect(seen.map(told)).toEqual(['10000 a>b lost 20000']);
  });

  test('it is held, and let go', () => {
    const { world, connection, seen } = stage();
    const hold = world.network.install(rule({ kind: 'hold' }));
    connection.send(1);
    world.runUntil(20 * MS);
    expect(seen.map(told)).toEqual(['10000 a>b held 10000']);
    hold.remove();
    world.runUntil(30 * MS);
    expect(seen.map(told)).toEqual(['10000 a>b arrived 20000']);
  });

  test('nobody reads it: it is due at a process that stands still, and lost with it', () => {
    const { world, connection, seen } = stage();
    world.node('b')!.pause();
    connection.send(1);
    world.runUntil(20 * MS);
    expect(seen.map(told)).toEqual(['10000 a>b under way 10500']);
    world.node('b')!.kill();
    expect(seen.map(told)).toEqual(['10000 a>b lost 20000']);
  });

  test.each(['kill', 'powerOff'] as const)('it is lost where it comes to after a %s', (verb) => {
    const { world, connection, seen } = stage();
    connection.send(1);
    world.node('b')![verb]();
    world.runUntil(SECOND);
    expect(seen.map(told)).toEqual(['10000 a>b lost 10500']);
  });

  test('with a connection that is broken under way it is lost', () => {
    const { world, connection, seen } = stage();
    connection.send(1);
    connection.reset();
    world.runUntil(SECOND);
    expect(seen.map(({ fate }) => fate)).toEqual(['lost']);
  });
});

test('nobody hears anything after having stopped', () => {
  const { world, connection, seen } = stage(false);
  const stop = world.network.listenIn((message) => seen.push(message));
  connection.send(1);
  stop();
  connection.send(2);
  world.runUntil(SECOND);
  expect(seen).toHaveLength(1);
});

test('programs see the same, with and without', () => {
  const run = (listen: boolean) => {
    const { world, connection, log } = stage(listen);
    for (const effect of [
      { kind: 'delay', latencyUs: 3 * MS, jitterUs: 2 * MS },
      { kind: 'loss', numerator: 1, denominator: 3 },
      { kind: 'bandwidth', bytesPerSecond: 10_000 },
      { kind: 'hold' },
      { kind: 'block' },
    ] as const) {
      connection.send(`before ${effect.kind}`);
      const handle = world.network.install(rule(effect));
      for (let index = 0; index < 5; index++) connection.send(`${effect.kind} ${index}`);
      world.runUntil(world.nowUs + 900 * MS);
      handle.remove();
    }
    world.node('b')!.pause();
    connection.send('paused');
    world.runUntil(world.nowUs + SECOND);
    world.node('b')!.kill();
    world.runUntil(world.nowUs + SECOND);
    return { log, hash: world.trace.hash(), events: world.trace.count };
  };
  expect(run(true)).toEqual(run(false));
});
