import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apis } from '../../src/protocol/apis/index.ts';
import type { Codec } from '../../src/protocol/codec.ts';
import { Reader } from '../../src/protocol/reader.ts';
import { groupRecords } from '../../src/protocol/records/group/index.ts';
import { metadataRecords } from '../../src/protocol/records/metadata/index.ts';
import { TransactionLog } from '../../src/protocol/records/transaction/00-transaction-log.ts';
import type { Schema } from '../../src/protocol/schema.ts';
import type { VersionRange } from '../../src/protocol/versions.ts';
import { Writer } from '../../src/protocol/writer.ts';
import { valuesOf } from './arbitrary.ts';

const RUNS = 12;

function roundTrips(
  schema: Schema<unknown>,
  codecOf: (version: number) => Codec<unknown>,
  versions: VersionRange,
): void {
  for (let version = versions.min; version <= versions.max; version++) {
    const codec = codecOf(version);
    fc.assert(
      fc.property(valuesOf(schema, version), (value) => {
        const writer = new Writer(8);
        codec.write(writer, value);
        expect(codec.size(value)).toBe(writer.position);
        const reader = new Reader(writer.written());
        expect(codec.read(reader)).toEqual(value);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: RUNS },
    );
  }
}

describe('what is written is read back, in every version', () => {
  for (const api of apis) {
    test(api.name, () => {
      roundTrips(api.request, (version) => api.requestCodec(version), api.versions);
      roundTrips(api.response, (version) => api.responseCodec(version), api.versions);
    });
  }
  for (const kind of Object.values(metadataRecords)) {
    test(kind.name, () => roundTrips(kind.schema, (version) => kind.codec(version), kind.versions));
  }
  for (const kind of [...Object.values(groupRecords), TransactionLog]) {
    test(kind.name, () => {
      roundTrips(kind.key, (version) => kind.keyCodec(version), { min: 0, max: 0 });
      roundTrips(kind.value, (version) => kind.valueCodec(version), kind.versions);
    });
  }
});

test('bytes that are no message end in MalformedMessage and nothing worse', () => {
  const targets = apis.map((api) => api.requestCodec(api.versions.max));
  fc.assert(
    fc.property(fc.constantFrom(...targets), fc.uint8Array({ maxLength: 60 }), (codec, bytes) => {
      try {
        codec.read(new Reader(bytes));
      } catch (error) {
        expect((error as Error).name).toBe('MalformedMessage');
      }
    }),
    { numRuns: 2000 },
  );
});
