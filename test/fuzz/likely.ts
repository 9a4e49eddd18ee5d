/** Values that a confused client might send: the right shapes, with names, numbers and bytes that mean something here and there. */
import { compression } from '../../src/gateway/compression/index.ts';
import { encodeBatch } from '../../src/protocol/record-batch.ts';
import { encodeSubscription } from '../../src/protocol/records/consumer-protocol.ts';
import type { Schema } from '../../src/protocol/schema.ts';
import { utf8Encode } from '../../src/protocol/utf8.ts';
import { uuidFromBytes, ZERO_UUID } from '../../src/protocol/uuid.ts';
import { inRange } from '../../src/protocol/versions.ts';
import type { Random } from './mutate.ts';

export interface Pool {
  readonly names: readonly string[];
  readonly topicIds: readonly string[];
}

const NUMBERS = [0, 0, 0, 1, 1, 2, 3, -1, -2, 5, 100, 1000, 30_000] as const;
const INT32 = [...NUMBERS, 1001, 65_536, 0x7fffffff, -0x80000000] as const;
const INT64 = [...INT32, 1_704_067_200_000, Number.MAX_SAFE_INTEGER, 2 ** 63] as const;

export function likely(schema: Schema<unknown>, version: number, random: Random, pool: Pool): unknown {
  if (schema.nullable !== null && inRange(schema.nullable, version) && random.below(5) === 0) return null;
  switch (schema.kind) {
    case 'bool':
      return random.below(2) === 0;
    case 'int8':
      return random.pick([0, 0, 1, 2, 3, -1, 127, -128]);
    case 'int16':
      return random.pick([...NUMBERS, 0x7fff, -0x8000]);
    case 'uint16':
      return random.pick([0, 1, 9092, 0xffff]);
    case 'int32':
      return random.pick(INT32);
    case 'uint32':
      return random.pick([0, 1, 0xffffffff]);
    case 'int64':
      return random.pick(INT64);
    case 'float64':
      return random.pick([0, -1, 1.5, Number.POSITIVE_INFINITY, Number.NaN]);
    case 'uuid':
      return random.below(4) === 0 ? uuidFromBytes(random.bytes(16)) : random.pick([ZERO_UUID, ...pool.topicIds]);
    case 'string':
      return random.below(8) === 0 ? String.fromCharCode(...random.bytes(random.below(20))) : random.pick(pool.names);
    case 'bytes':
    case 'records':
      return bytes(random);
    case 'array':
      return Array.from({ length: random.below(3) }, () => likely(schema.element!, version, random, pool));
    case 'struct': {
      const value: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(schema.fields!))
        value[name] = inRange(field.versions, version) ? likely(field, version, random, pool) : field.make();
      return value;
    }
  }
}

function bytes(random: Random): Uint8Array {
  switch (random.below(6)) {
    case 0:
      return new Uint8Array(0);
    case 1:
      return random.bytes(random.below(80));
    case 2:
      return encodeSubscription({
        topics: ['orders'],
        userData: null,
        ownedPartitions: [],
        generationId: -1,
        rackId: null,
      });
    default:
      return encodeBatch({
        records: Array.from({ length: 1 + random.below(3) }, () => ({
          key: null,
          value: utf8Encode('fuzz'),
          timestampMs: 1_704_067_200_000,
        })),
        compression: compression.codec(random.below(5)),
        producerId: random.pick([-1, -1, 0, 1000]),
        producerEpoch: random.pick([-1, 0]),
        baseSequence: random.pick([-1, 0, 3]),
        transactional: random.below(6) === 0,
      });
  }
}
