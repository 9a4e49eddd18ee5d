import { describe, expect, test } from 'vitest';
import { requestHeaderVersion, responseHeaderVersion } from '../../src/protocol/api.ts';
import { Fetch } from '../../src/protocol/apis/01-fetch.ts';
import { Metadata } from '../../src/protocol/apis/03-metadata.ts';
import { ControlledShutdown } from '../../src/protocol/apis/07-controlled-shutdown.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import { DescribeTopicPartitions } from '../../src/protocol/apis/75-describe-topic-partitions.ts';
import type { Codec } from '../../src/protocol/codec.ts';
import { requestHeaderCodec, responseHeaderCodec } from '../../src/protocol/header.ts';
import { LONG_MAX, Reader } from '../../src/protocol/reader.ts';
import { Writer } from '../../src/protocol/writer.ts';
import { fromHex, toHex } from './hex.ts';

function written<T>(codec: Codec<T>, value: T): string {
  const writer = new Writer(4);
  codec.write(writer, value);
  return toHex(writer.written());
}

function read<T>(codec: Codec<T>, hex: string): T {
  return codec.read(new Reader(fromHex(hex)));
}

describe('bytes derived by hand from the protocol', () => {
  test('request header 1 has a client id, 2 has tagged fields after it, and the client id stays an old string', () => {
    const header = { requestApiKey: 18, requestApiVersion: 3, correlationId: 7, clientId: 'ab' };
    expect(written(requestHeaderCodec(1), header)).toBe('0012 0003 00000007 0002 6162'.replaceAll(' ', ''));
    expect(written(requestHeaderCodec(2), header)).toBe('0012 0003 00000007 0002 6162 00'.replaceAll(' ', ''));
    expect(written(requestHeaderCodec(1), { ...header, clientId: null })).toMatch(/ffff$/);
    expect(written(requestHeaderCodec(0), header)).toBe('0012000300000007');
  });

  test('response header 1 ends with the section of tagged fields', () => {
    expect(written(responseHeaderCodec(0), { correlationId: 258 })).toBe('00000102');
    expect(written(responseHeaderCodec(1), { correlationId: 258 })).toBe('0000010200');
  });

  test('ApiVersions request 3: two compact strings', () => {
    const value = { clientSoftwareName: 'kz', clientSoftwareVersion: '1.0' };
    const hex = ['03', '6b7a', '04', '312e30', '00'].join('');
    expect(written(ApiVersions.requestCodec(3), value)).toBe(hex);
    expect(read(ApiVersions.requestCodec(3), hex)).toEqual(value);
    expect(written(ApiVersions.requestCodec(0), ApiVersions.request.make())).toBe('');
  });

  test('ApiVersions response: flat in version 0, tagged fields in version 3', () => {
    const value = ApiVersions.response.make({
      errorCode: 35,
      apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
      finalizedFeaturesEpoch: 5,
    });
    expect(written(ApiVersions.responseCodec(0), value)).toBe('0023' + '00000001' + '001200000004');
    const entry = '0012' + '0000' + '0004' + '00';
    const tagged = '01' + '01' + '08' + '0000000000000005';
    expect(written(ApiVersions.responseCodec(3), value)).toBe('0023' + '02' + entry + '00000000' + tagged);
  });

  test('Metadata 1: null topics ask for all, an empty list for none', () => {
    expect(written(Metadata.requestCodec(1), Metadata.request.make({ topics: null }))).toBe('ffffffff');
    expect(written(Metadata.requestCodec(1), Metadata.request.make({ topics: [] }))).toBe('00000000');
    expect(read(Metadata.requestCodec(1), '00000001' + '0001' + '74')).toEqual(
      Metadata.request.make({ topics: [{ name: 't' }] }),
    );
  });

  test('Metadata response 1', () => {
    const value = Metadata.response.make({
      brokers: [{ nodeId: 1, host: 'h', port: 9092, rack: null }],
      controllerId: 1,
      topics: [
        {
          name: 't',
          partitions: [{ partitionIndex: 0, leaderId: 1, replicaNodes: [1, 2], isrNodes: [1] }],
        },
      ],
    });
    const broker = '00000001' + '000168' + '00002384' + 'ffff';
    const partition = '0000' + '00000000' + '00000001' + '00000002' + '00000001' + '00000002' + '00000001' + '00000001';
    const topic = '0000' + '000174' + '00' + '00000001' + partition;
    const hex = `00000001${broker}00000001${'00000001'}${topic}`;
    expect(written(Metadata.responseCodec(1), value)).toBe(hex);
    expect(read(Metadata.responseCodec(1), hex)).toEqual(value);
  });

  test('a struct that may be null begins with a byte that says so', () => {
    const codec = DescribeTopicPartitions.requestCodec(0);
    const value = DescribeTopicPartitions.request.make({ responsePartitionLimit: 1, cursor: null });
    expect(written(codec, value)).toBe('01' + '00000001' + 'ff' + '00');
    const cursor = { topicName: 't', partitionIndex: 3 };
    expect(written(codec, { ...value, cursor })).toBe('01' + '00000001' + '01' + '0274' + '00000003' + '00' + '00');
  });
});

describe('rules of the schema language', () => {
  test('unknown tagged fields are passed over', () => {
    const hex = '02' + '61' + '02' + '62' + '01' + '63' + '03' + 'aabbcc';
    expect(read(ApiVersions.requestCodec(3), hex)).toEqual({ clientSoftwareName: 'a', clientSoftwareVersion: 'b' });
  });

  test('Long.MAX_VALUE travels, other int64 past the safe integers do not', () => {
    const writer = new Writer();
    writer.int64(LONG_MAX);
    expect(toHex(writer.written())).toBe('7fffffffffffffff');
    expect(new Reader(writer.written()).int64()).toBe(LONG_MAX);
    expect(() => new Reader(fromHex('0020000000000000')).int64()).toThrow(/safe integers/);
    expect(new Reader(fromHex('ffe0000000000001')).int64()).toBe(Number.MIN_SAFE_INTEGER);
    expect(() => writer.int64(2 ** 53)).toThrow(/int64/);
  });

  test('a field that a version lacks is dropped if ignorable and refused otherwise', () => {
    const ignorable = Fetch.request.make({ rackId: 'r1' });
    expect(() => written(Fetch.requestCodec(4), ignorable)).not.toThrow();
    const epoch = Fetch.request.make({ topics: [{ topic: 't', partitions: [{ lastFetchedEpoch: 3 }] }] });
    expect(() => written(Fetch.requestCodec(11), epoch)).toThrow(/version 11 has no .*lastFetchedEpoch/);
    expect(() => written(Fetch.requestCodec(12), epoch)).not.toThrow();
  });

  test('null where none is allowed is refused, in writing and in reading', () => {
    const request = Metadata.request.make({ topics: null });
    expect(() => written(Metadata.requestCodec(0), request)).toThrow(/topics may not be null/);
    expect(() => read(Metadata.requestCodec(0), 'ffffffff')).toThrow(/topics may not be null/);
  });

  test('a number of elements that the message cannot hold is refused before memory is taken', () => {
    expect(() => read(Metadata.requestCodec(1), '7fffffff')).toThrow(/claims/);
  });

  test('make fills defaults at every depth', () => {
    const request = Fetch.request.make({ topics: [{ topic: 't', partitions: [{ partition: 2 }] }] });
    expect(request.replicaState).toEqual({ replicaId: -1, replicaEpoch: -1 });
    expect(request.topics[0]!.partitions[0]!.currentLeaderEpoch).toBe(-1);
    expect(request.maxBytes).toBe(0x7fffffff);
  });

  test('header versions follow flexibility, but for ApiVersions and the oldest ControlledShutdown', () => {
    expect([requestHeaderVersion(Fetch, 11), requestHeaderVersion(Fetch, 12)]).toEqual([1, 2]);
    expect([responseHeaderVersion(Fetch, 11), responseHeaderVersion(Fetch, 12)]).toEqual([0, 1]);
    expect([requestHeaderVersion(ApiVersions, 3), responseHeaderVersion(ApiVersions, 3)]).toEqual([2, 0]);
    expect([requestHeaderVersion(ControlledShutdown, 0), requestHeaderVersion(ControlledShutdown, 1)]).toEqual([0, 1]);
  });
});
