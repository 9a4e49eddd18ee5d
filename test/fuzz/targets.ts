/** Everything that reads bytes which somebody else wrote, with good bytes to begin from. */
import fc from 'fast-check';
import { OpCode } from '../../src/coordinator/zookeeper/ensemble/codes.ts';
import { decodeSnapshot, encodeSnapshot } from '../../src/coordinator/zookeeper/ensemble/snapshot-codec.ts';
import { decodeTxn, encodeTxn } from '../../src/coordinator/zookeeper/ensemble/txn-codec.ts';
import { compression } from '../../src/gateway/compression/index.ts';
import { apis } from '../../src/protocol/apis/index.ts';
import { BATCH_HEADER_SIZE, HEADER, LOG_OVERHEAD, MAGIC, setCrc } from '../../src/protocol/batch-header.ts';
import { putInt32, putInt64 } from '../../src/protocol/big-endian.ts';
import type { Codec } from '../../src/protocol/codec.ts';
import { encodeControlKey } from '../../src/protocol/control-batch.ts';
import { RequestHeader, ResponseHeader, requestHeaderCodec, responseHeaderCodec } from '../../src/protocol/header.ts';
import { Reader } from '../../src/protocol/reader.ts';
import { batches, decodeRecords, encodeBatch } from '../../src/protocol/record-batch.ts';
import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../src/protocol/records/consumer-protocol.ts';
import { decodeRecord, encodeKey, encodeValue } from '../../src/protocol/records/coordinator-record.ts';
import { groupRecords } from '../../src/protocol/records/group/index.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  metadataRecords,
} from '../../src/protocol/records/metadata/index.ts';

import { decodePrincipal, encodePrincipal } from '../../src/protocol/records/principal.ts';
import { decodeQuorumControl } from '../../src/protocol/records/quorum.ts';
import { TransactionLog } from '../../src/protocol/records/transaction/00-transaction-log.ts';
import type { Schema } from '../../src/protocol/schema.ts';
import { utf8Decode, utf8Encode } from '../../src/protocol/utf8.ts';
import { Writer } from '../../src/protocol/writer.ts';
import { decodeEpochs, decodeOffsets } from '../../src/storage/checkpoints.ts';
import { followable } from '../../src/storage/follower-batches.ts';
import { parseProperties } from '../../src/storage/meta-properties.ts';
import { ProducerEntry } from '../../src/storage/producer-entry.ts';
import { decodeProducers, encodeProducers } from '../../src/storage/producer-snapshot.ts';
import { validate } from '../../src/storage/validation.ts';
import { valuesOf } from '../protocol/arbitrary.ts';
import { CONFIG, WALL_MS } from '../storage/harness.ts';

export interface Target {
  readonly name: string;
  /** Whole messages, made at first use. */
  seeds(): readonly Uint8Array[];
  decode(bytes: Uint8Array): unknown;
}

const SEEDS = 4;

function ofCodec(name: string, schema: Schema<unknown>, codec: () => Codec<unknown>, version: number): Target {
  return {
    name: `${name} v${version}`,
    seeds: lazy(() => sample(schema, version).map((value) => written(codec(), value))),
    decode: (bytes) => codec().read(new Reader(bytes)),
  };
}

function sample(schema: Schema<unknown>, version: number): readonly unknown[] {
  return fc.sample(valuesOf(schema, version), { numRuns: SEEDS, seed: 1 });
}

function written(codec: Codec<unknown>, value: unknown): Uint8Array {
  const writer = new Writer(codec.size(value));
  codec.write(writer, value);
  return writer.written().slice();
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function messages(): Target[] {
  const found: Target[] = [];
  for (const api of apis)
    for (let version = api.versions.min; version <= api.versions.max; version++) {
      found.push(ofCodec(`${api.name}Request`, api.request, () => api.requestCodec(version), version));
      found.push(ofCodec(`${api.name}Response`, api.response, () => api.responseCodec(version), version));
    }
  for (const version of [0, 1, 2])
    found.push(
      ofCodec(
        'RequestHeader',
        RequestHeader as Schema<unknown>,
        () => requestHeaderCodec(version) as Codec<unknown>,
        version,
      ),
    );
  for (const version of [0, 1])
    found.push(
      ofCodec(
        'ResponseHeader',
        ResponseHeader as Schema<unknown>,
        () => responseHeaderCodec(version) as Codec<unknown>,
        version,
      ),
    );
  return found;
}

function records(): Target[] {
  const found: Target[] = [];
  const kinds = [...Object.values(groupRecords), TransactionLog];
  for (const kind of kinds)
    for (let version = kind.versions.min; version <= kind.versions.max; version++) {
      const keys: () => readonly Uint8Array[] = lazy(() =>
        sample(kind.key, 0).map((key) => encodeKey(kind as never, key as never)),
      );
      found.push({
        name: `${kind.name} v${version}`,
        seeds: lazy(() =>
          sample(kind.value, version).map((value) => encodeValue(kind as never, version, value as never)),
        ),
        decode: (bytes) => decodeRecord([kind] as never, keys()[0]!, bytes),
      });
    }
  found.push({
    name: 'key of a group coordinator record',
    seeds: lazy(() =>
      Object.values(groupRecords).flatMap((kind) =>
        sample(kind.key, 0).map((key) => encodeKey(kind as never, key as never)),
      ),
    ),
    decode: (bytes) => decodeRecord(Object.values(groupRecords) as never, bytes, null),
  });
  for (const [type, kind] of Object.entries(metadataRecords))
    for (let version = kind.versions.min; version <= kind.versions.max; version++)
      found.push({
        name: `${type} v${version}`,
        seeds: lazy(() =>
          sample(kind.schema, version).map((value) => encodeMetadataRecord({ type, version, value } as never)),
        ),
        decode: decodeMetadataRecord,
      });
  return found;
}

const plainRecords = Array.from({ length: 5 }, (_, i) => ({
  key: i % 2 === 0 ? null : utf8Encode(`key ${i}`),
  value: utf8Encode(`value ${i}, value ${i}`),
  timestampMs: WALL_MS + i,
  headers: i === 3 ? [{ key: 'trace', value: utf8Encode('x') }] : [],
}));

/** Batches are also given a right checksum again, so that what lies behind it is reached. */
function recordBatches(): Target[] {
  return [0, 1, 2, 3, 4].flatMap((id) => {
    const seeds = lazy(() => [
      encodeBatch({ records: plainRecords, compression: compression.codec(id) }),
      encodeBatch({
        records: plainRecords.slice(0, 1),
        compression: compression.codec(id),
        producerId: 5,
        producerEpoch: 1,
        baseSequence: 9,
      }),
    ]);
    const rules = { name: 'orders-0', config: CONFIG, compression };
    return [
      {
        name: `batch, codec ${id}`,
        seeds,
        decode: (bytes: Uint8Array) => {
          for (const batch of batches(bytes)) decodeRecords(batch, compression);
          followable(bytes, 0, 0);
          return null;
        },
      },
      {
        name: `produced batch, codec ${id}`,
        seeds,
        decode: (bytes: Uint8Array) => {
          seal(bytes);
          return validate(bytes, 'client', rules, WALL_MS);
        },
      },
      {
        name: `compressed bytes, codec ${id}`,
        seeds: lazy(() => seeds().map((bytes) => bytes.slice(61))),
        decode: (bytes: Uint8Array) => compression.codec(id)?.decompress(bytes),
      },
    ];
  });
}

/** Makes header and checksum fit what stands behind them. */
function seal(bytes: Uint8Array): void {
  if (bytes.length < BATCH_HEADER_SIZE) return;
  putInt64(bytes, HEADER.baseOffset, 0);
  putInt32(bytes, HEADER.length, bytes.length - LOG_OVERHEAD);
  bytes[HEADER.magic] = MAGIC;
  setCrc(bytes, 0);
}

function files(): Target[] {
  const text = (name: string, content: string, decode: (bytes: Uint8Array) => unknown): Target => ({
    name,
    seeds: () => [utf8Encode(content)],
    decode,
  });
  return [
    text('offset checkpoint', '0\n2\norders 0 17\norders 1 4\n', decodeOffsets),
    text('leader epoch checkpoint', '0\n2\n0 0\n3 17\n', decodeEpochs),
    text('meta.properties', '#\nversion=1\ncluster.id=abc\nnode.id=1\n', (bytes) => parseProperties(utf8Decode(bytes))),
    {
      name: 'producer snapshot',
      seeds: () => [encodeProducers([new ProducerEntry(5, 1), new ProducerEntry(6, 0)])],
      decode: decodeProducers,
    },
  ];
}

const STAT = {
  czxid: 1,
  mzxid: 2,
  ctime: 3,
  mtime: 4,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: 0,
  pzxid: 1,
};
const CLOSED = [{ perms: 31, scheme: 'digest', id: 'bob:hash' }];

function zookeeper(): Target[] {
  const txn = { clientId: 1, cxid: 2, zxid: 3, time: WALL_MS };
  const created = {
    type: OpCode.create,
    path: '/a',
    data: utf8Encode('x'),
    ephemeral: false,
    parentCVersion: 1,
    acl: undefined,
    lifetime: 'persistent',
  } as const;
  const bodies = [
    created,
    { ...created, acl: CLOSED, lifetime: 'container' },
    { ...created, lifetime: 60_000 },
    { type: OpCode.setACL, path: '/a', acl: CLOSED, version: 2 },
    { type: OpCode.setData, path: '/a', data: null, version: 3 },
    { type: OpCode.delete, path: '/a' },
    { type: OpCode.createSession, timeOut: 6000 },
    { type: OpCode.closeSession, paths2Delete: ['/a', '/b'] },
    { type: OpCode.error, err: -101 },
    { type: OpCode.multi, txns: [created, { type: OpCode.delete, path: '/b' }] },
  ] as const;
  return [
    {
      name: 'transaction of ZooKeeper',
      seeds: lazy(() => bodies.map((body) => encodeTxn({ ...txn, body }))),
      decode: decodeTxn,
    },
    {
      name: 'snapshot of ZooKeeper',
      seeds: lazy(() => [
        encodeSnapshot({
          zxid: 9,
          sessions: [{ sessionId: 1, timeout: 6000 }],
          nodes: [
            { path: '/a', data: utf8Encode('x'), ...STAT, acl: CLOSED, lifetime: 'persistent' },
            { path: '/b', data: null, ...STAT, acl: undefined, lifetime: 'container' },
            { path: '/c', data: null, ...STAT, acl: CLOSED, lifetime: 0xff_ffff_ffff },
          ],
        }),
      ]),
      decode: (bytes) => decodeSnapshot(9, bytes),
    },
  ];
}

function embedded(): Target[] {
  return [
    {
      name: 'ConsumerProtocolSubscription',
      seeds: lazy(() =>
        [0, 1, 2, 3].flatMap((version) =>
          sample(ConsumerProtocolSubscription, version).map((value) => encodeSubscription(value as never, version)),
        ),
      ),
      decode: decodeSubscription,
    },
    {
      name: 'ConsumerProtocolAssignment',
      seeds: lazy(() =>
        [0, 1, 2, 3].flatMap((version) =>
          sample(ConsumerProtocolAssignment, version).map((value) => encodeAssignment(value as never, version)),
        ),
      ),
      decode: decodeAssignment,
    },
    {
      name: 'principal',
      seeds: () => [encodePrincipal({ type: 'User', name: 'a', tokenAuthenticated: false })],
      decode: decodePrincipal,
    },
    ...(['leader-change', 'snapshot-header', 'snapshot-footer', 'kraft-version', 'kraft-voters'] as const).map(
      (type) => ({
        name: `control record ${type}`,
        seeds: () => [new Uint8Array(24)],
        decode: (bytes: Uint8Array) => {
          decodeQuorumControl(bytes, bytes);
          return decodeQuorumControl(encodeControlKey(type), bytes);
        },
      }),
    ),
  ];
}

export const targets: readonly Target[] = [
  ...messages(),
  ...records(),
  ...recordBatches(),
  ...files(),
  ...zookeeper(),
  ...embedded(),
];
