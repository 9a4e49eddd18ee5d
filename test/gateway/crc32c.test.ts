import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostCrc32c } from '../../src/gateway/crc32c.ts';
import { crc32cOf } from '../../src/protocol/crc32c.ts';

describe('CRC-32C by WebAssembly', () => {
  test('gives what JavaScript gives, at any length and place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.nat(40), (bytes, from) => {
        const start = Math.min(from, bytes.length);
        expect(hostCrc32c(bytes, start, bytes.length)).toBe(crc32cOf(bytes, start, bytes.length));
      }),
    );
  });

  test('in pieces, too', () => {
    const bytes = Uint8Array.from({ length: 300_001 }, (_, index) => (index * index) >> 5);
    for (const length of [65_536, 65_537, 65_552, 131_072, 131_087, 300_000])
      expect(hostCrc32c(bytes, 1, 1 + length)).toBe(crc32cOf(bytes, 1, 1 + length));
  });
});
