import { describe, expect, test } from 'vitest';
import type { Chance } from '../../src/kernel/api.ts';
import { ChanceStream } from '../../src/kernel/chance.ts';
import { newWorld } from './harness.ts';

function draws(chance: Chance, count: number): number[] {
  return Array.from({ length: count }, () => chance.next());
}

describe('chance', () => {
  test('a seed means the same next year: golden numbers', () => {
    expect({
      'seed 1, a': draws(new ChanceStream(1, 'a'), 3),
      'seed 1, b': draws(new ChanceStream(1, 'b'), 3),
      'seed 2^40, a': draws(new ChanceStream(2 ** 40, 'a'), 3),
      'seed -1, a': draws(new ChanceStream(-1, 'a'), 3),
      bytes: [...new ChanceStream(1, 'a').bytes(6)],
    }).toMatchInlineSnapshot(`
      {
        "bytes": [
          101,
          141,
          7,
          172,
          155,
          128,
        ],
        "seed -1, a": [
          665679973,
          1081908602,
          914258125,
        ],
        "seed 1, a": [
          2886176101,
          4103372955,
          2755369498,
        ],
        "seed 1, b": [
          4101970857,
          4108866322,
          1256832176,
        ],
        "seed 2^40, a": [
          3357662283,
          2723348216,
          2784032318,
        ],
      }
    `);
  });

  test('xoshiro128** follows its reference from a known state', () => {
    const chance = new ChanceStream(0, '');
    // The state is written over: 1, 2, 3, 4 gives these by the authors' C code.
    Object.assign(chance, { state: Uint32Array.of(1, 2, 3, 4) });
    expect(draws(chance, 6)).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
  });

  test('a draw from one stream, or a new stream, moves no other', () => {
    const plain = newWorld();
    const expected = draws(plain.chance('latency'), 5);
    const busy = newWorld();
    const stream = busy.chance('latency');
    const got: number[] = [];
    for (let index = 0; index < 5; index++) {
      busy.chance(`other ${index}`).next();
      busy.chance('another').bytes(100);
      got.push(stream.next());
    }
    expect(got).toEqual(expected);
  });

  test('asking for a stream again continues it, and a new incarnation does not repeat the old one', () => {
    const world = newWorld();
    const seen: number[] = [];
    const node = world.addNode({ name: 'a' });
    for (let incarnation = 0; incarnation < 3; incarnation++) {
      node.start((context) => {
        seen.push(context.chance('id').next(), context.chance('id').next());
        return {};
      });
      node.kill();
    }
    expect(new Set(seen).size).toBe(6);
  });

  test.each([1, 2, 3, 7, 201, 65_536, 1_000_003, 2 ** 31, 2 ** 32])('below(%i) stays below, evenly', (bound) => {
    const chance = new ChanceStream(3, 'even');
    const buckets = [0, 0, 0, 0];
    let outside = 0;
    for (let index = 0; index < 8_000; index++) {
      const value = chance.below(bound);
      if (!(Number.isInteger(value) && value >= 0 && value < bound)) outside += 1;
      buckets[Math.floor((value * 4) / bound)]! += 1;
    }
    expect(outside).toBe(0);
    if (bound > 200) for (const bucket of buckets) expect(Math.abs(bucket - 2000)).toBeLessThan(200);
  });

  test('between includes both ends, oneIn keeps its odds, pick reaches all', () => {
    const chance = new ChanceStream(5, 'x');
    const values = new Set(Array.from({ length: 200 }, () => chance.between(-2, 2)));
    expect([...values].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    let hits = 0;
    for (let index = 0; index < 10_000; index++) if (chance.oneIn(3, 10)) hits += 1;
    expect(Math.abs(hits - 3000)).toBeLessThan(200);
    expect(new Set(Array.from({ length: 100 }, () => chance.pick(['a', 'b', 'c']))).size).toBe(3);
  });
});
