import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameSplitter } from '../../src/gateway/frames.ts';

function withPrefix(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + frame.length);
  new DataView(bytes.buffer).setInt32(0, frame.length);
  bytes.set(frame, 4);
  return bytes;
}

function prefix(length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, length);
  return bytes;
}

describe('frames', () => {
  test('come out as they went in, however the stream is cut', () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 12 });
    const cuts = fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(frames, cuts, (frames, cuts) => {
        const stream = Buffer.concat(frames.map(withPrefix));
        const splitter = new FrameSplitter(10_000);
        const found: Uint8Array[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const length = cuts[cut % cuts.length]!;
          splitter.add(new Uint8Array(stream.subarray(at, at + length)));
          at += length;
          // Taken at once, or later: both happen.
          if (cut % 3 === 0) continue;
          for (let next = splitter.next(); next !== null && typeof next !== 'string'; next = splitter.next())
            found.push(next.slice());
        }
        for (let next = splitter.next(); next !== null; next = splitter.next()) found.push(next as Uint8Array);
        expect(found.map((frame) => Buffer.from(frame).toString('hex'))).toEqual(
          frames.map((frame) => Buffer.from(frame).toString('hex')),
        );
        expect(splitter.buffered).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test('too long ones and negative ones are refused by their prefix alone', () => {
    for (const length of [0x7fff_ffff, 101, -1, -2_147_483_648]) {
      const splitter = new FrameSplitter(100);
      splitter.add(prefix(length));
      expect(splitter.next()).toContain(`a request of ${length} bytes was announced`);
    }
    const splitter = new FrameSplitter(100);
    splitter.add(withPrefix(new Uint8Array(100)));
    expect(splitter.next()).toHaveLength(100);
  });

  test('a byte at a time costs no buffer for each', () => {
    const splitter = new FrameSplitter(2_000_000);
    splitter.add(prefix(1_000_000));
    expect(splitter.next()).toBeNull();
    const before = process.memoryUsage();
    for (let i = 0; i < 1_000_000; i++) {
      splitter.add(Buffer.from([i & 255]));
      if (i % 100_000 === 0) expect(splitter.next()).toBeNull();
    }
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(40_000_000);
    const frame = splitter.next() as Uint8Array;
    expect(frame).toHaveLength(1_000_000);
    expect([frame[0], frame[300], frame[999_999]]).toEqual([0, 300 & 255, 999_999 & 255]);
  });
});
