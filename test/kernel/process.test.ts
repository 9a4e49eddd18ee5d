import { describe, expect, test } from 'vitest';
import type { Connection, Context, NodeState } from '../../src/kernel/api.ts';
import { type Log, logging, MS, newWorld, SECOND, startListener, startProgram } from './harness.ts';

/** `a` talks to `b`; both note everything down. */
function pair(log: Log) {
  const world = newWorld();
  const b = startListener(world, 'b', log);
  let connection: Connection | undefined;
  let context: Context | undefined;
  const a = startProgram(world, 'a', (given) => {
    context = given;
    connection = given.connect('b', 'p', logging(given, log));
    return undefined;
  });
  world.runUntil(10 * MS);
  log.length = 0;
  return { world, a, b, connection: connection!, context: context! };
}

describe('kill', () => {
  test('what was sent still arrives, then the peer sees the end', () => {
    const log: Log = [];
    const { world, a, connection } = pair(log);
    connection.send('last words');
    expect(a.kill()).toBe(true);
    world.runUntil(SECOND);
    expect(log).toEqual(['10500 b got last words', '10500 b closed']);
    expect([a.state, a.exit]).toEqual(['stopped', { code: 137, reason: 'killed' }]);
    expect(a.kill()).toBe(false);
  });

  test('turns into a reset where data was left unread', () => {
    const log: Log = [];
    const { world, b, connection } = pair(log);
    b.pause();
    connection.send('unread');
    world.runUntil(20 * MS);
    b.kill();
    world.runUntil(SECOND);
    expect(log).toEqual(['20500 a reset']);
  });

  test('no timer, message or other callback of that incarnation comes any more, and its calls do nothing', () => {
    const log: Log = [];
    const { world, a, context, connection } = pair(log);
    context.after(5 * MS, () => log.push('timer'), undefined);
    context.cpu.run(5 * MS, () => log.push('cpu'), undefined);
    context
      .disk(0)
      .open('f', true)
      .sync(() => log.push('sync'), undefined);
    a.kill();
    const events = world.trace.count;
    context.after(1, () => log.push('late timer'), undefined);
    context.listen('q', logging(context, log));
    connection.send('ghost');
    expect(context.connect('b', 'p', logging(context, log)).open).toBe(false);
    context.disk(0).open('f').append(Uint8Array.of(1));
    context.exit(0, 'again');
    expect(world.trace.count).toBe(events);
    world.runUntil(SECOND);
    expect(log).toEqual(['10500 b closed']);
    expect(a.disks[0]!.disk.open('f').size).toBe(0);
  });

  test('an end that was lost on the way is repeated until it gets through', () => {
    const log: Log = [];
    const { world, b, connection } = pair(log);
    const cut = world.network.install({ name: 'lost', matches: (from) => from === 'b', effect: { kind: 'block' } });
    b.kill();
    connection.send('hello?');
    world.runUntil(SECOND);
    expect(log).toEqual([]);
    cut.remove();
    world.runUntil(10 * SECOND);
    expect(log).toEqual(['1410500 a closed']);
  });
});

describe('pause', () => {
  test('holds everything in order, and accepts connections meanwhile', () => {
    const log: Log = [];
    const { world, b, connection } = pair(log);
    b.pause();
    connection.send(1);
    startProgram(world, 'c', (context) => {
      context.connect('b', 'p', logging(context, log)).send('from c');
      return undefined;
    });
    world.at(SECOND, () => connection.send(2), undefined);
    world.runUntil(2 * SECOND);
    expect(log).toEqual(['11000 c open']);
    b.resume();
    connection.send(3);
    world.runUntil(3 * SECOND);
    expect(log.slice(1)).toEqual([
      '2000000 b got 1',
      '2000000 b open',
      '2000000 b got from c',
      '2000000 b got 2',
      '2000500 b got 3',
    ]);
  });

  test('what is due at the moment of the resume comes after what was held', () => {
    const log: Log = [];
    const { world, b, connection } = pair(log);
    world.at(20 * MS - 500, () => connection.send('second'), undefined);
    b.pause();
    connection.send('first');
    world.at(20 * MS, () => b.resume(), undefined);
    world.runUntil(SECOND);
    expect(log).toEqual(['20000 b got first', '20000 b got second']);
  });

  test('timers that came due run at the resume; a second pause in between keeps the rest', () => {
    const log: Log = [];
    const { world, a, context } = pair(log);
    for (const name of ['one', 'two', 'three']) {
      context.after(
        1 * MS,
        () => {
          log.push(`${world.nowUs} ${name}`);
          if (name === 'one') a.pause();
        },
        undefined,
      );
    }
    a.pause();
    world.runUntil(SECOND);
    a.resume();
    world.runUntil(2 * SECOND);
    expect(log).toEqual(['1000000 one']);
    a.resume();
    world.runUntil(3 * SECOND);
    expect(log).toEqual(['1000000 one', '2000000 two', '2000000 three']);
  });

  test('a timer that is cancelled while it is held does not run', () => {
    const log: Log = [];
    const { world, a, context } = pair(log);
    const timer = context.after(1 * MS, () => log.push('timer'), undefined);
    a.pause();
    world.runUntil(SECOND);
    timer.cancel();
    a.resume();
    world.runUntil(2 * SECOND);
    expect(log).toEqual([]);
  });
});

describe('terminate and exit', () => {
  test('a program with its own way to end takes its time', () => {
    const world = newWorld();
    const states: NodeState[] = [];
    const node = startProgram(world, 'a', (context) => ({
      terminate: () => {
        context.after(5 * MS, () => context.exit(0, 'done'), undefined);
      },
    }));
    node.onStateChange((state) => states.push(state));
    expect(node.terminate()).toBe(true);
    expect(node.terminate()).toBe(false);
    world.runUntil(SECOND);
    expect(states).toEqual(['stopping', 'stopped']);
    expect(node.exit).toEqual({ code: 0, reason: 'done' });
  });

  test('a program without one just ends', () => {
    const world = newWorld();
    const node = startProgram(world, 'a', () => undefined);
    node.terminate();
    world.runUntil(1);
    expect([node.state, node.exit]).toEqual(['stopped', { code: 0, reason: 'terminated' }]);
  });

  test('exit closes connections, and the rest of its step has no effect', () => {
    const log: Log = [];
    const { world, a, context, connection } = pair(log);
    context.after(
      1,
      () => {
        context.exit(1, 'fatal');
        connection.send('too late');
      },
      undefined,
    );
    world.runUntil(SECOND);
    expect(log).toEqual(['10501 b closed']);
    expect(a.exit).toEqual({ code: 1, reason: 'fatal' });
  });
});

describe('power', () => {
  test('loss is silent; the peer finds out when the machine is back and does not know the connection', () => {
    const log: Log = [];
    const { world, b, connection } = pair(log);
    b.powerOff();
    connection.send('hello?');
    world.runUntil(2 * SECOND);
    expect(log).toEqual([]);
    b.start(() => ({}));
    expect([b.state, b.incarnation]).toEqual(['running', 2]);
    world.runUntil(10 * SECOND);
    expect(log).toEqual(['3011000 a reset']);
  });

  test('that stays off: the peer gives up after a quarter of an hour, attempts after two minutes', () => {
    const log: Log = [];
    const { world, b, connection, context } = pair(log);
    b.powerOff();
    connection.send('hello?');
    context.connect('b', 'p', logging(context, log));
    world.runUntil(2000 * SECOND);
    expect(log).toEqual(['127010000 a timeout', '924610500 a timeout']);
  });

  test('loss also ends what the operating system was still repeating for a process that was killed before', () => {
    const log: Log = [];
    const { world, b, connection } = pair(log);
    const cut = world.network.install({ name: 'cut', matches: () => true, effect: { kind: 'block' } });
    b.kill();
    world.runUntil(50 * MS);
    b.powerOff();
    b.start(() => ({}));
    cut.remove();
    world.runUntil(SECOND);
    expect(log).toEqual([]);
    connection.send('hello?');
    world.runUntil(2 * SECOND);
    expect(log).toEqual(['1001000 a reset']);
  });

  test('what an off machine had sent still arrives', () => {
    const log: Log = [];
    const { world, a, connection } = pair(log);
    connection.send('last words');
    a.powerOff();
    world.runUntil(SECOND);
    expect(log).toEqual(['10500 b got last words']);
  });
});

describe('states', () => {
  const verbs = ['kill', 'terminate', 'pause', 'resume', 'powerOff'] as const;
  const table: [NodeState, (typeof verbs)[number][]][] = [
    ['running', ['kill', 'terminate', 'pause', 'powerOff']],
    ['paused', ['kill', 'resume', 'powerOff']],
    ['stopping', ['kill', 'pause', 'powerOff']],
    ['stopped', ['powerOff']],
    ['off', []],
  ];

  test.each(table)('a node that is %s allows %j', (state, allowed) => {
    for (const verb of verbs) {
      const world = newWorld();
      const node = startProgram(world, 'a', () => ({ terminate: () => {} }));
      if (state === 'paused') node.pause();
      if (state === 'stopping') node.terminate();
      if (state === 'stopped') node.kill();
      if (state === 'off') node.powerOff();
      expect(node.state).toBe(state);
      const events = world.trace.count;
      expect([verb, node[verb]()]).toEqual([verb, allowed.includes(verb)]);
      expect(world.trace.count > events).toBe(allowed.includes(verb));
    }
  });

  test('resuming a process that was stopping goes on stopping', () => {
    const world = newWorld();
    const node = startProgram(world, 'a', (context) => ({ terminate: () => context.exit(0, 'done') }));
    node.terminate();
    node.pause();
    world.runUntil(SECOND);
    expect(node.state).toBe('paused');
    node.resume();
    expect(node.state).toBe('stopping');
    world.runUntil(2 * SECOND);
    expect(node.state).toBe('stopped');
  });
});
