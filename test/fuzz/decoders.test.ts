import { expect, test } from 'vitest';
import { fuzzDecoders } from './decoders.ts';
import { mutated, Random } from './mutate.ts';
import { targets } from './targets.ts';

test('of ten thousand damaged messages every decoder makes a value or MalformedMessage', () => {
  const result = fuzzDecoders(10_000, 1);
  expect(result.failures).toEqual([]);
  expect(result.frames).toBe(10_000);
  // The damage is of both kinds: what is noticed, and what is not.
  expect(result.malformed).toBeGreaterThan(3000);
  expect(result.returned).toBeGreaterThan(1000);
});

test('undamaged messages are read by every decoder', () => {
  for (const { name, seeds, decode } of targets) {
    if (name.startsWith('compressed bytes, codec 0') || name.startsWith('control record')) continue;
    for (const bytes of seeds()) expect(() => decode(bytes.slice()), name).not.toThrow();
  }
});

test('counts and lengths that are lies cost no memory', () => {
  const random = new Random(3);
  const before = process.memoryUsage();
  for (const { seeds, decode } of targets) {
    const large = new Uint8Array(64 * 1024);
    const seed = random.pick(seeds());
    large.set(seed.subarray(0, large.length));
    for (const filler of [0xff, 0x7f, 0x01]) {
      large.fill(filler, Math.min(seed.length, 1 + random.below(16)));
      try {
        decode(large);
      } catch {
        // What it throws is looked at above.
      }
    }
  }
  const after = process.memoryUsage();
  // 1,400 decoders were given 270 MB altogether.
  expect(after.rss - before.rss).toBeLessThan(600 << 20);
});

test('the same seed does the same damage', () => {
  const once = () => {
    const random = new Random(7);
    return Array.from({ length: 50 }, () => Buffer.from(mutated(Uint8Array.of(1, 2, 3, 4), random)).toString('hex'));
  };
  expect(once()).toEqual(once());
});
