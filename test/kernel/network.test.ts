import { describe, expect, test } from 'vitest';
import type { Connection, LinkEffect, World } from '../../src/kernel/api.ts';
import { type Log, logging, MS, newWorld, SECOND, startListener, startProgram } from './harness.ts';

/** A client `a` connected to `b`, which notes everything down. */
function connected(world: World, log: Log): Connection {
  startListener(world, 'b', log);
  let connection: Connection | undefined;
  startProgram(world, 'a', (context) => {
    connection = context.connect('b', 'p', logging(context, log));
    return undefined;
  });
  world.runUntil(10 * MS);
  log.length = 0;
  return connection!;
}

function rule(effect: LinkEffect, from?: string) {
  return { name: 'test', matches: (a: string) => from === undefined || a === from, effect };
}

describe('connections', () => {
  test('stand after one round trip; what was sent before is delivered then, in order', () => {
    const world = newWorld();
    const log: Log = [];
    startListener(world, 'b', log, (connection, message) => connection.send(`re: ${message}`));
    startProgram(world, 'a', (context) => {
      const connection = context.connect('b', 'p', logging(context, log));
      connection.send(1);
      connection.send(2);
      return undefined;
    });
    world.runUntil(SECOND);
    expect(log).toEqual([
      '500 b open',
      '1000 a open',
      '1500 b got 1',
      '1500 b got 2',
      '2000 a got re: 1',
      '2000 a got re: 2',
    ]);
  });

  test('keep the order of each direction under jitter', () => {
    const world = newWorld({ jitterUs: 5000 });
    const log: Log = [];
    const connection = connected(world, log);
    world.at(
      20 * MS,
      () => {
        for (let index = 0; index < 50; index++) connection.send(index);
      },
      undefined,
    );
    for (let index = 50; index < 100; index++)
      world.at(20 * MS + index * 100, (n: number) => connection.send(n), index);
    world.runUntil(SECOND);
    expect(log.map((line) => line.split('got ')[1])).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  });

  test.each([
    ['close', 'closed', ['b got before', 'b closed']],
    ['reset', 'reset', ['b reset']],
  ] as const)('%s is seen by the peer as %s, and by its own side not at all', (verb, _reason, expected) => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    connection.send('before');
    connection[verb]();
    connection.send('after');
    expect(connection.open).toBe(false);
    world.runUntil(SECOND);
    expect(log.map((line) => line.replace(/^\d+ /, ''))).toEqual(expected);
  });

  test('are refused after one round trip where nobody listens', () => {
    const world = newWorld();
    const log: Log = [];
    world.addNode({ name: 'b' });
    startProgram(world, 'a', (context) => {
      context.connect('b', 'p', logging(context, log));
      return undefined;
    });
    world.runUntil(SECOND);
    expect(log).toEqual(['1000 a refused']);
  });

  test('to a machine that does not exist yet hang like to one that is off', () => {
    const world = newWorld();
    const log: Log = [];
    startProgram(world, 'a', (context) => {
      context.connect('b', 'p', logging(context, log));
      context.connect('nowhere', 'p', logging(context, log));
      return undefined;
    });
    world.runUntil(2 * SECOND);
    startListener(world, 'b', log);
    world.runUntil(200 * SECOND);
    expect(log).toEqual(['3000500 b open', '3001000 a open', '127000000 a timeout']);
  });

  test('end on both sides when the network resets them', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    connection.send('lost');
    expect(world.network.reset((a, b) => a === 'a' && b === 'b')).toBe(1);
    world.runUntil(SECOND);
    expect(log).toEqual(['10000 b reset', '10000 a reset']);
    expect(world.network.reset(() => true)).toBe(0);
  });

  test('a closed listener refuses, and old connections go on', () => {
    const world = newWorld();
    const log: Log = [];
    let listener: { close(): void } | undefined;
    startProgram(world, 'b', (context) => {
      listener = context.listen('p', logging(context, log));
      return undefined;
    });
    startProgram(world, 'a', (context) => {
      const first = context.connect('b', 'p', logging(context, log));
      context.after(5 * MS, () => listener?.close(), undefined);
      context.after(10 * MS, () => first.send('still here'), undefined);
      context.after(10 * MS, () => context.connect('b', 'p', logging(context, log)), undefined);
      return undefined;
    });
    world.runUntil(SECOND);
    expect(log).toEqual(['500 b open', '1000 a open', '10500 b got still here', '11000 a refused']);
  });

  test('loopback takes no time to speak of, and no cut reaches it', () => {
    const world = newWorld();
    const log: Log = [];
    world.network.install(rule({ kind: 'block' }));
    startProgram(world, 'a', (context) => {
      context.listen('p', logging(context, log));
      context.connect('a', 'p', logging(context, log)).send('self');
      return undefined;
    });
    world.runUntil(SECOND);
    expect(log).toEqual(['20 a open', '40 a open', '60 a got self']);
  });
});

describe('a blocked link', () => {
  test('keeps segments, which arrive at the first retransmission after it healed', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    const cut = world.network.install(rule({ kind: 'block' }));
    connection.send(1);
    world.at(1 * SECOND, () => connection.send(2), undefined);
    // Retransmissions: 0.2, 0.6, 1.4, 3.0 s after the first.
    world.runUntil(2 * SECOND);
    expect(log).toEqual([]);
    cut.remove();
    world.at(2 * SECOND + 1, () => connection.send(3), undefined);
    world.runUntil(10 * SECOND);
    expect(log).toEqual(['3010500 b got 1', '3010500 b got 2', '3010500 b got 3']);
    expect(cut.hits).toBeGreaterThan(0);
    log.length = 0;
    connection.send(4);
    world.runUntil(11 * SECOND);
    expect(log).toEqual(['10000500 b got 4']);
  });

  test('breaks the connection after a quarter of an hour, on the side that sends', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    world.network.install(rule({ kind: 'block' }));
    connection.send(1);
    world.runUntil(2000 * SECOND);
    expect(log).toEqual(['924610000 a timeout']);
  });

  test('that lost only the way back delivers, but the sender hears nothing and gives up', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    world.network.install(rule({ kind: 'block' }, 'b'));
    connection.send(1);
    world.runUntil(2000 * SECOND);
    expect(log).toEqual(['10500 b got 1', '924610000 a timeout']);
  });

  test('that heals before an idle connection is used leaves no mark on it', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    const cut = world.network.install(rule({ kind: 'block' }));
    world.runUntil(5000 * SECOND);
    cut.remove();
    connection.send(1);
    world.runUntil(5001 * SECOND);
    expect(log).toEqual(['5000000500 b got 1']);
    expect(cut.hits).toBe(0);
  });

  test.each([
    ['healed after 2 s: the third attempt', 2, ['3000500 b open', '3001000 a open']],
    ['never healed: given up after 127 s', 9999, ['127000000 a timeout']],
  ])('lets connection attempts hang; %s', (_name, healsAtSeconds, expected) => {
    const world = newWorld();
    const log: Log = [];
    startListener(world, 'b', log);
    const cut = world.network.install(rule({ kind: 'block' }));
    startProgram(world, 'a', (context) => {
      context.connect('b', 'p', logging(context, log));
      return undefined;
    });
    world.at(healsAtSeconds * SECOND, () => cut.remove(), undefined);
    world.runUntil(200 * SECOND);
    expect(log).toEqual(expected);
  });

  test('one way only: attempts against it hang, and nothing is left behind at the other side', () => {
    const world = newWorld();
    const log: Log = [];
    startListener(world, 'b', log);
    world.network.install(rule({ kind: 'block' }, 'b'));
    startProgram(world, 'a', (context) => {
      context.connect('b', 'p', logging(context, log));
      return undefined;
    });
    world.runUntil(60 * SECOND);
    expect(log).toEqual([]);
  });

  test('a process that was killed behind it is discovered once it heals', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    const cut = world.network.install(rule({ kind: 'block' }));
    world.node('b')!.kill();
    connection.send('anyone?');
    world.runUntil(2 * SECOND);
    expect(log).toEqual([]);
    cut.remove();
    world.runUntil(10 * SECOND);
    expect(log).toEqual(['3010500 a closed']);
  });
});

describe('other rules', () => {
  test('delay adds its latency, only in its direction', () => {
    const world = newWorld();
    const log: Log = [];
    startListener(world, 'b', log, (connection) => connection.send('back'));
    world.network.install(rule({ kind: 'delay', latencyUs: 10 * MS, jitterUs: 0 }, 'a'));
    startProgram(world, 'a', (context) => {
      context.connect('b', 'p', logging(context, log)).send('there');
      return undefined;
    });
    world.runUntil(SECOND);
    expect(log).toEqual(['10500 b open', '11000 a open', '21500 b got there', '22000 a got back']);
  });

  test('delays of several rules add up, and end with the rule', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    const first = world.network.install(rule({ kind: 'delay', latencyUs: 1 * MS, jitterUs: 0 }));
    const second = world.network.install(rule({ kind: 'delay', latencyUs: 2 * MS, jitterUs: 0 }));
    connection.send(1);
    world.runUntil(20 * MS);
    first.remove();
    connection.send(2);
    world.runUntil(30 * MS);
    second.remove();
    second.remove();
    connection.send(3);
    world.runUntil(40 * MS);
    expect(log).toEqual(['13500 b got 1', '22500 b got 2', '30500 b got 3']);
    expect([first.hits, second.hits]).toEqual([1, 2]);
  });

  test('loss is seen as retransmission delay; order and completeness stay', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    const loss = world.network.install(rule({ kind: 'loss', numerator: 3, denominator: 10 }));
    for (let index = 0; index < 200; index++) {
      world.at((20 + index * 50) * MS, (n: number) => connection.send(n), index);
    }
    world.runUntil(60 * SECOND);
    expect(log.map((line) => line.split('got ')[1])).toEqual(Array.from({ length: 200 }, (_, index) => String(index)));
    const late = log.filter((line, index) => Number(line.split(' ')[0]) > (20 + index * 50) * MS + 500);
    expect(late.length).toBeGreaterThan(50);
    expect(late.length).toBeLessThan(200);
    expect(loss.hits).toBeGreaterThan(50);
  });

  test('bandwidth sends one segment after another, by size', () => {
    const world = newWorld();
    const log: Log = [];
    startListener(world, 'b', log);
    let connection: Connection | undefined;
    startProgram(world, 'a', (context) => {
      connection = context.connect('b', 'p', { ...logging(context, log), sizeOf: (message) => Number(message) });
      return undefined;
    });
    world.runUntil(10 * MS);
    log.length = 0;
    world.network.install(rule({ kind: 'bandwidth', bytesPerSecond: 1_000_000 }, 'a'));
    connection!.send(1000);
    connection!.send(5000);
    world.runUntil(SECOND);
    expect(log).toEqual(['11500 b got 1000', '16500 b got 5000']);
  });

  test('hold keeps messages and attempts, and lets them go at once, in order, when it is lifted', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    const hold = world.network.install(rule({ kind: 'hold' }, 'a'));
    connection.send(1);
    startProgram(world, 'c', (context) => {
      context.connect('b', 'p', logging(context, log));
      return undefined;
    });
    world.runUntil(SECOND);
    connection.send(2);
    world.runUntil(2 * SECOND);
    log.length = 0;
    hold.remove();
    connection.send(3);
    world.runUntil(3 * SECOND);
    expect(log).toEqual(['2000000 b got 1', '2000000 b got 2', '2000500 b got 3']);
    expect(hold.hits).toBe(2);
  });

  test('rules are announced in the trace, with what they met', () => {
    const world = newWorld();
    const log: Log = [];
    const connection = connected(world, log);
    const from = world.trace.count;
    const cut = world.network.install({ name: 'split', matches: () => true, effect: { kind: 'block' } });
    connection.send(1);
    cut.remove();
    const told = [from + 1, from + 2].map((id) => world.trace.get(id)!);
    expect(told.map(({ kind, node, values }) => [kind.name, node, ...values])).toEqual([
      ['link-rule-installed', 'world', 'split', 'block', []],
      ['link-rule-removed', 'world', 'split', 1],
    ]);
  });
});
