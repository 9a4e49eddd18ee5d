import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defineEvents, type FieldValue, type TraceEvent } from '../../src/kernel/api.ts';
import { newWorld } from './harness.ts';

const kinds = defineEvents({
  'tea-brewed': { fields: ['leaf', 'minutes'], level: 'notable', about: 'For the test.' },
  'cup-filled': { fields: ['cup'], level: 'detail', about: 'For the test.' },
  'sip-taken': { fields: ['cup', 'size'], level: 'message', about: 'For the test.' },
});

const value: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('b1', 'orders-0', 'x'.repeat(5000), 'Grüße', '\u{1F375}'),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }).map((number) => (number === 0 ? 0 : number)),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(fc.string(), fc.maxSafeInteger()), { maxLength: 5 }),
);

describe('the trace', () => {
  test('its hash means the same next year', () => {
    const world = newWorld();
    expect(world.trace.hash()).toMatchInlineSnapshot(
      `"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`,
    );
    world.emit(kinds['tea-brewed'], ['assam', 4]);
    world.runUntil(1_000_000);
    world.emit(kinds['cup-filled'], ['blue'], 1);
    world.emit(kinds['sip-taken'], ['blue', -0.5], 2);
    world.emit(kinds['tea-brewed'], [['assam', 'ceylon', 3], null]);
    world.emit(kinds['tea-brewed'], [true, 2 ** 52]);
    expect(world.trace.hash()).toMatchInlineSnapshot(
      `"sha256:5d3eb08aa39e885c3aad87c6b429f0e748806cec4f14553514c9651d99cea8cd"`,
    );
  });

  test('reading the hash in the middle does not change later ones', () => {
    const run = (readOften: boolean) => {
      const world = newWorld();
      for (let index = 0; index < 40_000; index++) {
        world.emit(kinds['sip-taken'], [`cup ${index % 100}`, index * 1_000_003]);
        if (readOften && index % 777 === 0) world.trace.hash();
      }
      return world.trace.hash();
    };
    expect(run(true)).toBe(run(false));
  });

  test.each<[string, FieldValue[], FieldValue[]]>([
    ['a number and its text', [1, 2], ['1', 2]],
    ['null and false', [null, 1], [false, 1]],
    ['a list and its items', [[1, 2], 3], [1, [2, 3]]],
    ['texts cut elsewhere', ['ab', 'c'], ['a', 'bc']],
    ['a sign', [5, 1], [-5, 1]],
  ])('tells apart %s', (_what, first, second) => {
    const hashOf = (values: FieldValue[]) => {
      const world = newWorld();
      world.emit(kinds['tea-brewed'], values);
      return world.trace.hash();
    };
    expect(hashOf(first)).not.toBe(hashOf(second));
  });

  test('the hash also covers time, node, kind and cause', () => {
    const hashes = [
      { kind: 'sip-taken' as const, node: 'a', cause: 0, atUs: 0 },
      { kind: 'cup-filled' as const, node: 'a', cause: 0, atUs: 0 },
      { kind: 'sip-taken' as const, node: 'b', cause: 0, atUs: 0 },
      { kind: 'sip-taken' as const, node: 'a', cause: 1, atUs: 0 },
      { kind: 'sip-taken' as const, node: 'a', cause: 0, atUs: 1 },
    ].map(({ kind, node, cause, atUs }) => {
      const world = newWorld();
      world.addNode({ name: 'a' });
      world.addNode({ name: 'b' });
      world.emit(kinds['tea-brewed'], ['assam', 4]);
      world.runUntil(atUs);
      world.emit(kinds[kind], ['x', 1], cause, node);
      return world.trace.hash();
    });
    expect(new Set(hashes).size).toBe(5);
  });

  test('what was recorded can be read back, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...Object.values(kinds)), value, value, fc.nat(5000))),
        (events) => {
          const world = newWorld();
          const heard: TraceEvent[] = [];
          world.trace.subscribe('all', (event) => heard.push(event));
          for (const [kind, first, second, pauseUs] of events) {
            world.runUntil(world.nowUs + pauseUs);
            world.emit(kind, [first, second], Math.max(0, world.trace.count - 2));
          }
          expect(heard.map(({ id }) => world.trace.get(id))).toEqual(heard);
          expect(heard.map(({ id }) => world.trace.causeOf(id))).toEqual(heard.map(({ cause }) => cause));
          expect(world.trace.get(0)).toBeUndefined();
          expect(world.trace.get(world.trace.count + 1)).toBeUndefined();
        },
      ),
    );
  });

  test('notable events and causes outlive the rest', () => {
    const world = newWorld();
    const brewed = world.emit(kinds['tea-brewed'], ['assam', 4]);
    const filled = world.emit(kinds['cup-filled'], ['blue'], brewed);
    for (let index = 0; index < 1_000_000; index++) world.emit(kinds['sip-taken'], ['blue', index], filled);
    expect(world.trace.get(brewed)?.values).toEqual(['assam', 4]);
    expect(world.trace.get(filled)).toBeUndefined();
    expect(world.trace.causeOf(filled)).toBe(brewed);
    expect(world.trace.get(world.trace.count)?.values).toEqual(['blue', 999_999]);
    expect(world.trace.get(world.trace.count - 50_000)?.values).toEqual(['blue', 949_999]);
  });

  test('every notable event is told as it was, however many others came between', () => {
    const world = newWorld();
    const told = new Map<number, TraceEvent>();
    world.trace.subscribe([kinds['tea-brewed']], (event) => told.set(event.id, event));
    for (let index = 0; index < 20_000; index++) {
      world.runUntil(index * 700);
      world.emit(kinds['tea-brewed'], [[`leaf ${index % 999}`, index, 'x'.repeat(index % 200)], index / 4], index % 50);
      for (let more = index % 7; more > 0; more--) world.emit(kinds['sip-taken'], ['blue', more]);
    }
    for (let id = 1; id <= world.trace.count; id += 13) {
      const known = told.get(id);
      if (known !== undefined) expect(world.trace.get(id)).toEqual(known);
      else expect(world.trace.get(id)?.kind ?? kinds['sip-taken']).toBe(kinds['sip-taken']);
    }
    expect(told.size).toBe(20_000);
  });

  test('listeners hear their kinds, in order of subscription, until they leave', () => {
    const world = newWorld();
    const heard: string[] = [];
    const leave = world.trace.subscribe([kinds['tea-brewed']], ({ id }) => heard.push(`tea ${id}`));
    world.trace.subscribe('all', ({ id }) => heard.push(`all ${id}`));
    world.trace.subscribe([kinds['sip-taken'], kinds['tea-brewed']], ({ id }) => heard.push(`both ${id}`));
    world.emit(kinds['tea-brewed'], ['assam', 4]);
    world.emit(kinds['cup-filled'], ['blue']);
    leave();
    world.emit(kinds['tea-brewed'], ['assam', 4]);
    world.emit(kinds['sip-taken'], ['blue', 1]);
    expect(heard).toEqual(['tea 1', 'all 1', 'both 1', 'all 2', 'all 3', 'both 3', 'all 4', 'both 4']);
  });

  test('a listener may record events itself; they come after the one it heard', () => {
    const world = newWorld();
    const order: string[] = [];
    world.trace.subscribe([kinds['tea-brewed']], ({ id }) => world.emit(kinds['cup-filled'], ['blue'], id));
    world.trace.subscribe('all', ({ id, kind, cause }) => order.push(`${id} ${kind.name} ${cause}`));
    world.emit(kinds['tea-brewed'], ['assam', 4]);
    expect([...order].sort()).toEqual(['1 tea-brewed 0', '2 cup-filled 1']);
  });
});

describe('causes', () => {
  test('travel with timers and messages, and end with the step', () => {
    const world = newWorld();
    world.addNode({ name: 'b' }).start((context) => {
      context.listen('p', {
        onMessage: () => context.emit(kinds['cup-filled'], ['received']),
        onClose: () => {},
      });
      return {};
    });
    const seen: TraceEvent[] = [];
    world.addNode({ name: 'a' }).start((context) => {
      const connection = context.connect('b', 'p', { onMessage: () => {}, onClose: () => {} });
      const later = () => {
        context.emit(kinds['cup-filled'], ['timer']);
        connection.send('x');
      };
      context.after(
        10_000,
        () => {
          context.cause = context.emit(kinds['tea-brewed'], ['assam', 4]);
          context.after(10_000, later, undefined);
        },
        undefined,
      );
      context.after(15_000, () => context.emit(kinds['cup-filled'], ['unrelated']), undefined);
      return {};
    });
    world.trace.subscribe([kinds['tea-brewed'], kinds['cup-filled']], (event) => seen.push(event));
    world.runUntil(100_000);
    const tea = seen[0]!.id;
    expect(seen.map(({ values, cause }) => [values[0], cause])).toEqual([
      ['assam', 2],
      ['unrelated', 2],
      ['timer', tea],
      ['received', tea],
    ]);
    expect(world.cause).toBe(0);
  });

  test('what an operator does is caused by the cause that is set', () => {
    const world = newWorld();
    const node = world.addNode({ name: 'a' });
    const why = world.emit(kinds['tea-brewed'], ['assam', 4]);
    world.cause = why;
    node.start(() => ({}));
    expect(world.trace.causeOf(world.trace.count)).toBe(why);
  });
});
