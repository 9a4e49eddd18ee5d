import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newWorld } from './harness.ts';

/** Delays of every magnitude: the same microsecond, the network, time-outs, days. */
const delay = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 2_000 }),
  fc.integer({ min: 1, max: 3_000_000 }),
  fc.integer({ min: 1, max: 200_000_000_000 }),
  fc.constantFrom(1023, 1024, 1025, 2 ** 20 - 1, 2 ** 20, 2 ** 30 - 1, 2 ** 30, 2 ** 30 + 1, 3 * 2 ** 30),
);

type Command =
  | { kind: 'set'; delay: number; followUps: number[] }
  | { kind: 'cancel'; index: number }
  | { kind: 'run'; delay: number }
  | { kind: 'slice'; delay: number; limit: number }
  | { kind: 'due'; delay: number; limit: number }
  | { kind: 'step' };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('set' as const), delay, followUps: fc.array(delay, { maxLength: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), index: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run' as const), delay }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('slice' as const), delay, limit: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('due' as const), delay, limit: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('step' as const) }) },
);

/** The dullest possible queue: a list that is sorted each time. */
class Model {
  now = 0;
  ran: string[] = [];
  private pending: { time: number; sequence: number; id: number; followUps: number[] }[] = [];
  private sequence = 0;

  set(id: number, time: number, followUps: number[]): void {
    this.pending.push({ time, sequence: this.sequence++, id, followUps });
  }

  cancel(id: number): void {
    this.pending = this.pending.filter((event) => event.id !== id);
  }

  next() {
    return this.pending.sort((a, b) => a.time - b.time || a.sequence - b.sequence)[0];
  }

  run(until: number, limit: number): void {
    let executed = 0;
    for (let event = this.next(); executed < limit; event = this.next()) {
      if (event === undefined || event.time > until) {
        if (until !== Number.POSITIVE_INFINITY) this.now = Math.max(this.now, until);
        return;
      }
      this.pending.shift();
      this.now = event.time;
      this.ran.push(`${event.time} ${event.id}`);
      for (const [index, delay] of event.followUps.entries())
        this.set(event.id * 10 + index + 1000, this.now + delay, []);
      executed += 1;
    }
  }
}

describe('pending events', () => {
  test('run in order of time, then of scheduling, whatever is scheduled, cancelled and run in between', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const world = newWorld();
        const model = new Model();
        const ran: string[] = [];
        const timers: { cancel(): void }[] = [];
        const set = (id: number, time: number, followUps: number[]) => {
          const handler = () => {
            ran.push(`${world.nowUs} ${id}`);
            for (const [index, delay] of followUps.entries()) set(id * 10 + index + 1000, world.nowUs + delay, []);
          };
          return world.at(time, handler, undefined);
        };
        for (const command of commands) {
          if (command.kind === 'set') {
            model.set(timers.length, model.now + command.delay, command.followUps);
            timers.push(set(timers.length, world.nowUs + command.delay, command.followUps));
          } else if (command.kind === 'cancel') {
            if (command.index < timers.length) model.cancel(command.index);
            timers[command.index]?.cancel();
          } else if (command.kind === 'run') {
            model.run(model.now + command.delay, Number.POSITIVE_INFINITY);
            world.runUntil(world.nowUs + command.delay);
          } else if (command.kind === 'slice') {
            model.run(model.now + command.delay, command.limit);
            world.runSlice(world.nowUs + command.delay, command.limit);
          } else if (command.kind === 'due') {
            const limitUs = world.nowUs + command.delay;
            const executed = world.runDue(limitUs, command.limit);
            model.run(limitUs, executed);
            // Where it stands is its own affair, within what is past and what comes next.
            expect(world.nowUs).toBeGreaterThanOrEqual(model.now);
            expect(world.nowUs).toBeLessThanOrEqual(Math.min(limitUs, model.next()?.time ?? limitUs));
            if (executed < command.limit) expect(model.next()?.time ?? limitUs + 1).toBeGreaterThan(limitUs);
            model.now = world.nowUs;
          } else {
            model.run(Number.POSITIVE_INFINITY, 1);
            world.step();
          }
          expect(world.nowUs).toBe(model.now);
          expect(world.nextUs).toBe(model.next()?.time);
        }
        model.run(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
        while (world.step());
        expect(ran).toEqual(model.ran);
      }),
      { numRuns: 300 },
    );
  });

  test('many cancelled timers are swept without losing the others', () => {
    const world = newWorld();
    const ran: number[] = [];
    const timers = Array.from({ length: 20_000 }, (_, index) =>
      world.at(1 + ((index * 7919) % 5_000_000_000), (id: number) => ran.push(id), index),
    );
    timers.forEach((timer, index) => {
      if (index % 100 !== 0) timer.cancel();
    });
    world.runUntil(5_000_000_000);
    const expected = Array.from({ length: 200 }, (_, index) => index * 100);
    expect(ran).toEqual(expected.sort((a, b) => ((a * 7919) % 5_000_000_000) - ((b * 7919) % 5_000_000_000) || a - b));
    expect(world.nextUs).toBeUndefined();
  });

  test('a handle stays harmless after its timer has fired', () => {
    const world = newWorld();
    const ran: string[] = [];
    const first = world.at(10, () => ran.push('first'), undefined);
    world.runUntil(10);
    world.at(20, () => ran.push('second'), undefined);
    first.cancel();
    first.cancel();
    world.runUntil(20);
    expect(ran).toEqual(['first', 'second']);
  });

  test('stop ends a run early, and the rest stays pending', () => {
    const world = newWorld();
    const ran: number[] = [];
    for (const time of [1, 2, 3]) {
      world.at(
        time,
        () => {
          ran.push(time);
          if (time === 2) world.stop();
        },
        undefined,
      );
    }
    world.runUntil(100);
    expect([ran, world.nowUs, world.nextUs]).toEqual([[1, 2], 2, 3]);
    world.runUntil(100);
    expect([ran, world.nowUs]).toEqual([[1, 2, 3], 100]);
  });

  test('an error of ours names the seed and the time', () => {
    const world = newWorld({ seed: 4711 });
    world.at(
      1500,
      () => {
        throw new Error('broken');
      },
      undefined,
    );
    expect(() => world.runUntil(2000)).toThrow('broken [seed 4711, t=1500us]');
  });
});
