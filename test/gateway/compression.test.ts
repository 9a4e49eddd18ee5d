import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compression } from '../../src/gateway/compression/index.ts';
import { MOST_DECOMPRESSED } from '../../src/gateway/compression/output.ts';
import type { CompressionCodec } from '../../src/protocol/ports.ts';
import { batchAt, decodeRecords } from '../../src/protocol/record-batch.ts';
import { utf8Decode, utf8Encode } from '../../src/protocol/utf8.ts';
import { MalformedMessage } from '../../src/protocol/wire-error.ts';
import { fromHex, toHex } from '../protocol/hex.ts';

const codecs: readonly CompressionCodec[] = [1, 2, 3, 4].map((id) => compression.codec(id)!);

/** Batches of three records as Kafka 4.2's own Java client (MemoryRecords.withRecords) wrote them. */
const BY_JAVA = {
  gzip: '00000000000000000000006cffffffff022a14d8960001000000020000018bcfe568000000018bcfe56802ffffffffffffffffffffffffffff000000031f8b08000000000000ff7362606060c93630caae2acecc55c0240d189c18989858b20d71aa3004aa606161c936c2a9c2880100f9bf94e766000000',
  snappy:
    '000000000000000000000075ffffffff02b7e6a2aa0002000000020000018bcfe568000000018bcfe56802ffffffffffffffffffffffffffff0000000382534e4150505900000000010000000100000030663442000000046b30326b7a73696d2046060020300042000202046b3162220020310042000404046b32622200043200',
  lz4: '000000000000000000000071ffffffff02ca7feaae0003000000020000018bcfe568000000018bcfe56802ffffffffffffffffffffffffffff0000000304224d1860408231000000ee42000000046b30326b7a73696d2006009f300042000202046b312200069f310042000404046b3222000350696d20320000000000',
  zstd: '00000000000000000000006bffffffff02e2e7dac40004000000020000018bcfe568000000018bcfe56802ffffffffffffffffffffffffffff0000000328b52ffd0058740100240242000000046b30326b7a73696d20300042000202046b31310042000404046b32320003006039452d47bca204010000',
};

/** `kzsim ` twenty times and `end`, by other libraries: with other headers and checksums than ours. */
const BY_OTHERS: readonly (readonly [codec: string, what: string, hex: string])[] = [
  ['snappy', 'a raw block (cramjam)', '7b146b7a73696d20fe0600c6060008656e64'],
  [
    'lz4',
    'block and content checksums, a content size (liblz4)',
    '04224d187c407b000000000000001e100000006f6b7a73696d2006005d506d20656e643ce37ae10000000043bd7038',
  ],
  ['zstd', 'no content size (libzstd)', '28b52ffd0058850000486b7a73696d20656e6401002f692902'],
  ['gzip', 'zlib', '1f8b0800000000000203cbae2acecc55c8a63b999a97020028ef4a097b000000'],
];

function named(name: string): CompressionCodec {
  return codecs.find((codec) => codec.name === name)!;
}

describe.each(codecs)('$name', (codec) => {
  test('gives back what it was given', () => {
    const run = fc
      .tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 5000 }))
      .map(([bytes, times]) => Uint8Array.from({ length: bytes.length * times }, (_, i) => bytes[i % bytes.length]!));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 3000 }), run), (bytes) => {
        expect(toHex(codec.decompress(codec.compress(bytes)))).toBe(toHex(bytes));
      }),
      { numRuns: 150 },
    );
  });

  test('makes text smaller, and the same at every call', () => {
    const text = utf8Encode(Array.from({ length: 500 }, (_, i) => `order ${i} of customer ${i % 7}\n`).join(''));
    const bytes = codec.compress(text);
    expect(bytes.length).toBeLessThan(text.length / 2);
    expect(toHex(codec.compress(text))).toBe(toHex(bytes));
  });

  test('reads what Java wrote', () => {
    const batch = batchAt(fromHex(BY_JAVA[codec.name as keyof typeof BY_JAVA]), 0);
    expect(batch.verifyCrc()).toBe(true);
    const result = decodeRecords(batch, compression);
    const values = result.kind === 'records' ? result.records.map(({ value }) => utf8Decode(value!)) : [];
    expect(values).toEqual([0, 1, 2].map((i) => `kzsim kzsim kzsim kzsim ${i}`));
  });

  test('refuses a batch that decompresses to more than a process should hold', () => {
    const bytes = codec.name === 'zstd' ? bomb() : codec.compress(new Uint8Array(MOST_DECOMPRESSED));
    // A copy of the last element, block or frame more is one too many.
    const larger = grown(codec.name, bytes);
    expect(() => codec.decompress(larger)).toThrow(/decompresses to more than 67108864 bytes/);
  });

  test('of damaged bytes it reads something else, or says that they are malformed', () => {
    const good = codec.compress(utf8Encode('a sentence, and again a sentence, and again, '.repeat(30)));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const bytes = good.slice(0, length);
        if (at < length) bytes[at] = byte;
        try {
          codec.decompress(bytes);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test.each(BY_OTHERS)('%s: %s is read', (codec, _, hex) => {
  expect(utf8Decode(named(codec).decompress(fromHex(hex)))).toBe(`${'kzsim '.repeat(20)}end`);
});

test.each<[string, string, RegExp]>([
  ['lz4', '04224d1840408200000000', /dependent blocks/],
  ['lz4', '04224d1860408300000000', /header checksum/],
  ['lz4', '04224d18604082', /without its end/],
  ['snappy', 'ffffffff7f00', /claims/],
  ['snappy', '050061', /claims 5/],
  // A copy before the beginning of its block.
  ['snappy', '040501', /before the block/],
  ['snappy', '82534e415050590000000001000000017fffffff', /block of 2147483647 bytes/],
  ['zstd', '28b52ffd', /zstd/],
  ['gzip', '1f8b', /gzip/],
])('%s refuses %s', (codec, hex, message) => {
  expect(() => named(codec).decompress(fromHex(hex))).toThrow(message);
});

/** A zstd frame of one block of 128 KiB of zeros (RLE), again and again. */
function bomb(): Uint8Array {
  const block = fromHex('02001000');
  const count = MOST_DECOMPRESSED / 131072;
  // Single segment off, window of 1 MiB, no content size, no checksum.
  const bytes = [...fromHex('28b52ffd0050')];
  for (let i = 0; i < count; i++) bytes.push(...block);
  bytes.push(...fromHex('010000'));
  return Uint8Array.from(bytes);
}

/** The same stream with a little more in it. */
function grown(codec: string, bytes: Uint8Array): Uint8Array {
  const extra = named(codec).compress(new Uint8Array(1024));
  const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
  switch (codec) {
    case 'snappy':
      return joined(bytes, extra.subarray(16));
    case 'lz4':
      return joined(bytes.subarray(0, -4), extra.subarray(7));
    default:
      return joined(bytes, extra);
  }
}
