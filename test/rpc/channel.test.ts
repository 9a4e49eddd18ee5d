import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/kernel/api.ts';
import { describeEvent } from '../../src/kernel/determinism.ts';
import { backoffUs } from '../../src/rpc/backoff.ts';
import { MS, newWorld, SECOND } from '../kernel/harness.ts';
import { answer, nameOf, newBench } from './harness.ts';

describe.each([false, true])('a channel (encode: %s)', (encode) => {
  test('connects when it is first needed, and keeps at most so many requests in flight', () => {
    const { world, channel, log, ask } = newBench({ encode, client: { maxInFlight: 2 } });
    world.runUntil(10 * MS);
    expect([channel.connected, channel.ready, world.trace.count]).toEqual([false, true, 2]);
    for (const name of ['a', 'bb', 'ccc']) ask(name);
    world.runUntil(11.2 * MS);
    expect([channel.connected, channel.inFlight, channel.ready]).toEqual([true, 2, false]);
    world.runUntil(SECOND);
    expect(log).toEqual([
      '11500 handle a',
      '12500 handle bb',
      '13000 a: error 1',
      '13500 handle ccc',
      '14000 bb: error 2',
      '15000 ccc: error 3',
    ]);
    expect([channel.inFlight, channel.ready]).toEqual([0, true]);
  });

  test('a request that is not answered in time costs the connection and all that is in flight', () => {
    const { world, server, channel, log, ask } = newBench({ encode, client: { maxInFlight: 2 } });
    ask('warm');
    world.runUntil(100 * MS);
    log.length = 0;
    server.pause();
    ask('a');
    ask('patient', { timeoutMs: 9000 });
    ask('waiting', { timeoutMs: 9000 });
    world.runUntil(2 * SECOND);
    expect(log).toEqual([
      '1100000 a: overdue sent',
      '1100000 patient: timeout sent',
      '1100000 waiting: timeout unsent',
    ]);
    server.resume();
    ask('b');
    world.runUntil(3 * SECOND);
    expect(channel.connected).toBe(true);
    expect(log.slice(3).map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'handle a',
      'disconnected 1',
      'handle b',
      'b: error 1',
    ]);
  });

  test('a request that never left fails alone', () => {
    const { world, server, log, ask } = newBench({ encode, client: { maxInFlight: 1, requestTimeoutMs: 5000 } });
    server.pause();
    ask('a');
    ask('hasty', { timeoutMs: 300 });
    world.at(SECOND, () => server.resume(), undefined);
    world.runUntil(2 * SECOND);
    expect(log).toEqual(['300000 hasty: overdue unsent', '1000000 handle a', '1001500 a: error 1']);
  });

  test('a lost connection fails everything, and says what may have arrived', () => {
    const { world, server, log, ask } = newBench({ encode, client: { maxInFlight: 1 } });
    ask('a');
    ask('b');
    world.runUntil(1.7 * MS);
    server.kill();
    world.runUntil(SECOND);
    expect(log).toEqual(['1500 handle a', '2200 a: closed sent', '2200 b: closed unsent']);
  });

  test('backs off exponentially while nobody answers, and starts anew after a response', () => {
    const { world, server, log, ask } = newBench({
      encode,
      client: { reconnectBackoffMs: 50, reconnectBackoffMaxMs: 1000 },
    });
    server.kill();
    const attempts: number[] = [];
    world.trace.subscribe('all', ({ kind, atUs }) => {
      if (kind.name === 'connection-refused') attempts.push(atUs);
    });
    const askAgain = () => {
      if (attempts.length < 9) ask('x');
      world.at(world.nowUs + 10 * MS, askAgain, undefined);
    };
    askAgain();
    world.runUntil(20 * SECOND);
    const gaps = attempts.slice(1).map((at, index) => (at - attempts[index]!) / MS);
    const bases = [50, 100, 200, 400, 800, 1000, 1000, 1000];
    expect(gaps.length).toBe(8);
    for (const [index, gap] of gaps.entries()) {
      expect(gap).toBeGreaterThanOrEqual(bases[index]! * 0.8);
      expect(gap).toBeLessThanOrEqual(Math.min(bases[index]! * 1.2, 1000) + 12);
    }
    expect(new Set(log.map((line) => line.split(': ')[1]))).toEqual(new Set(['refused unsent']));
  });

  test('gives up on a connection that does not come to stand', () => {
    const { world, server, log, ask } = newBench({
      encode,
      client: { connectTimeoutMs: 2000, requestTimeoutMs: 60_000 },
    });
    server.powerOff();
    ask('a');
    world.runUntil(10 * SECOND);
    expect(log.length).toBe(1);
    expect(log[0]).toMatch(/a: timeout unsent$/);
    const after = Number(log[0]!.split(' ')[0]);
    expect(after).toBeGreaterThanOrEqual(1600 * MS);
    expect(after).toBeLessThanOrEqual(2400 * MS);
  });

  test('disconnect and close fail what is under way; a closed channel sends no more', () => {
    const { world, channel, log, ask } = newBench({ encode });
    ask('a');
    world.runUntil(1.2 * MS);
    channel.disconnect();
    ask('b');
    world.runUntil(SECOND);
    ask('c');
    channel.close();
    channel.close();
    ask('d');
    world.runUntil(2 * SECOND);
    expect(log.filter((line) => !line.includes('handle')).map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'a: closed sent',
      'disconnected 1',
      'b: error 1',
      'c: closed sent',
      'd: closed unsent',
      'disconnected 2',
    ]);
  });

  test('the trace tells why: sent, received, answered', () => {
    const { world, ask } = newBench({ encode });
    const seen: TraceEvent[] = [];
    world.trace.subscribe('all', (event) => seen.push(event));
    ask('a');
    world.runUntil(SECOND);
    expect(seen.map((event) => describeEvent(event).replace(/^t=\d+us /, ''))).toEqual([
      'c1 connection-opened connection=1 to="b1" port="kafka" cause=0',
      'b1 request-received api="Heartbeat" version=4 correlation=1 from="c1" connection=1 sentAtUs=1000 cause=0',
      'c1 response-received api="Heartbeat" correlation=1 from="b1" connection=1 sentAtUs=2500 error=1 cause=4',
    ]);
  });
});

describe('encoding', () => {
  test('changes nothing in the trace, whatever happens', () => {
    const action = fc.record({
      atMs: fc.nat(4000),
      what: fc.constantFrom(
        'ask',
        'ask',
        'ask',
        'ask',
        'silent',
        'hasty',
        'kill',
        'start',
        'pause',
        'resume',
        'disconnect',
      ),
    });
    const hashOf = (encode: boolean, seed: number, actions: readonly { atMs: number; what: string }[]) => {
      const bench = newBench({
        encode,
        client: { maxInFlight: 3 },
        handle: (context, request) => {
          if (nameOf(request) === 'silent') request.noResponse();
          else context.after((seed % 7) * 10 * MS, answer, request);
        },
        intercept: (request) => (request.correlationId % 5 === 0 ? { kind: 'delay', delayUs: 300 * MS } : null),
      });
      const { world, server, channel, ask, startServer } = bench;
      const slow = { kind: 'bandwidth', bytesPerSecond: 20_000 } as const;
      world.network.install({ name: 'slow', matches: () => true, effect: slow });
      for (const { atMs, what } of actions) {
        world.at(
          atMs * MS,
          () => {
            if (what === 'ask') ask(`at ${atMs}`);
            else if (what === 'silent') ask('silent', { expectsResponse: false });
            else if (what === 'hasty') ask('hasty', { timeoutMs: 20 });
            else if (what === 'disconnect') channel.disconnect();
            else if (what === 'kill') server.kill();
            else if (what === 'start') startServer();
            else if (what === 'pause') server.pause();
            else if (what === 'resume') server.resume();
          },
          undefined,
        );
      }
      world.runUntil(10 * SECOND);
      return [world.trace.hash(), ...bench.log].join('\n');
    };
    fc.assert(
      fc.property(fc.nat(100), fc.array(action, { maxLength: 40 }), (seed, actions) => {
        expect(hashOf(true, seed, actions)).toBe(hashOf(false, seed, actions));
      }),
      { numRuns: 60 },
    );
  });
});

describe('back-off', () => {
  test('is constant where the maximum is not above the base, and never past the maximum', () => {
    const chance = newWorld().chance('x');
    expect(backoffUs(50, 50, 7, chance)).toBe(50_000);
    for (let failures = 0; failures < 200; failures++) {
      const waited = backoffUs(50, 1000, failures, chance);
      expect(Number.isInteger(waited) && waited >= 40_000 && waited <= 1_000_000).toBe(true);
    }
  });
});
