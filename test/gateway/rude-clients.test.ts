/** Clients that do what no client should, or what a network does to one: the cluster lives on, and its memory stays bounded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { LiveCluster } from '../../src/gateway/live-cluster.ts';
import { Produce } from '../../src/protocol/apis/00-produce.ts';
import { Fetch } from '../../src/protocol/apis/01-fetch.ts';
import { encodeBatch } from '../../src/protocol/record-batch.ts';
import { closeAll, frameOf, portOf, RawClient, run, startLive, topic, until } from './harness.ts';

afterEach(closeAll);

/** Reasons why bytes or requests of clients were refused, as the trace tells them. */
function refusals(live: LiveCluster): string[] {
  const found: string[] = [];
  live.onEvent(({ kind, values }) => {
    if (kind.name === 'client-bytes-refused') found.push(String(values[2]));
    if (kind.name === 'request-rejected') found.push(`request ${values[0]} version ${values[1]}`);
  });
  return found;
}

async function isWell(live: LiveCluster): Promise<void> {
  const raw = await new RawClient(portOf(live, 1)).connected();
  raw.askVersions();
  await until('an answer', () => raw.answers.length === 1);
  raw.socket.destroy();
}

function records(count: number, bytes: number): Uint8Array {
  const value = new Uint8Array(bytes);
  return encodeBatch({
    records: Array.from({ length: count }, () => ({ timestampMs: Date.now(), key: null, value })),
  });
}

function produceBody(acks: number, bytes: Uint8Array) {
  return Produce.request.make({
    acks,
    timeoutMs: 10_000,
    topicData: [{ name: 'orders', partitionData: [{ index: 0, records: bytes }] }],
  });
}

describe('what cannot be a request', () => {
  test('closes its connection with a reason in the trace, and without room for what was announced', async () => {
    const live = await startLive();
    const reasons = refusals(live);
    const before = process.memoryUsage().rss;
    for (const [bytes, reason] of [
      ['7fffffff', /^a request of 2147483647 bytes was announced, and socket.request.max.bytes is 104857600$/],
      ['ffffffff', /^a request of -1 bytes was announced$/],
      // No such API; an API that is there in no such version; a header that ends too early; a body that does.
      ['0000000a' + '03e7000000000001ffff', /^request 999 version 0$/],
      ['0000000a' + '00030063000000010000', /^request 3 version 99$/],
      ['00000002' + '0003', /^request -1 version -1$/],
      ['0000000a' + '0003000100000001ffff', /^request 3 version 1$/],
      ['00000000', /^request -1 version -1$/],
    ] as const) {
      const raw = await new RawClient(portOf(live, 1)).connected();
      raw.socket.write(Buffer.from(bytes, 'hex'));
      await until(`the end after ${bytes}`, () => raw.ended === 'fin' || raw.socket.destroyed);
      await until('a reason', () => reasons.length > 0);
      expect(reasons.shift()).toMatch(reason);
      raw.socket.destroy();
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    await isWell(live);
  });

  test("is also what is larger than the brokers' own setting", async () => {
    const live = await startLive({ config: { 'socket.request.max.bytes': '100' } });
    const reasons = refusals(live);
    const raw = await new RawClient(portOf(live, 1)).connected();
    raw.socket.write(Buffer.from('00000065', 'hex'));
    await until('a reason', () => reasons.length === 1);
    expect(reasons[0]).toContain('socket.request.max.bytes is 100');
    await isWell(live);
  });
});

describe('a slow client', () => {
  test('that sends a byte at a time is answered, and keeps nobody waiting', async () => {
    const live = await startLive();
    const raw = await new RawClient(portOf(live, 1)).connected();
    const frame = frameOf(Produce, 9, produceBody(1, new Uint8Array(0)), 1);
    for (const byte of frame) {
      raw.socket.write(Buffer.from([byte]));
      await sleep(1);
    }
    await until('an answer', () => raw.answers.length === 1);
  });

  test('that never reads gets no more than fits on the way, and keeps its requests', async () => {
    const live = await startLive({ topics: [topic('orders', 1, 1)] });
    const raw = await new RawClient(portOf(live, 1)).connected();
    raw.send(Produce, 9, produceBody(1, records(16, 60_000)));
    await until('the records are in', () => raw.answers.length === 1);
    const fetch = Fetch.request.make({
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1_000_000,
      topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }] }],
    });
    raw.socket.pause();
    const before = process.memoryUsage();
    // 60 answers of almost a megabyte each are asked for.
    for (let i = 0; i < 60; i++) raw.send(Fetch, 11, fetch);
    await sleep(1500);
    const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
    expect(grown).toBeLessThan(30_000_000);
    expect(raw.answers).toHaveLength(1);
    await isWell(live);
    raw.socket.resume();
    await until('every answer', () => raw.answers.length === 61, 60_000);
    expect(raw.answers.at(-1)).toBe(61);
  });

  test('under a partition is read no further than the world takes it', async () => {
    const live = await startLive({ topics: [topic('orders', 1, 1)] });
    const raw = await new RawClient(portOf(live, 1)).connected();
    raw.askVersions();
    await until('an answer', () => raw.answers.length === 1);
    await run(live, 'partition clients | 1');
    const body = produceBody(1, records(1, 900_000));
    for (let i = 0; i < 100; i++) raw.send(Produce, 9, body);
    await sleep(500);
    // Most of the 90 MB are still the client's own affair.
    expect(raw.socket.writableLength).toBeGreaterThan(60_000_000);
    await run(live, 'heal all');
    await until('every answer', () => raw.answers.length === 101, 60_000);
  });
});

describe('clients that come and go', () => {
  test('a thousand idle ones cost little, and no time', async () => {
    const live = await startLive();
    const clients = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => new RawClient(portOf(live, (i % 3) + 1)).connected()),
    );
    await until('all are in', () => live.listeners!.connections === 1000);
    const cpu = process.cpuUsage();
    await sleep(500);
    const { user, system } = process.cpuUsage(cpu);
    expect((user + system) / 500_000).toBeLessThan(0.5);
    clients.at(-1)!.askVersions();
    await until('an answer', () => clients.at(-1)!.answers.length === 1);
    for (const { socket } of clients) socket.destroy();
    await until('all are gone', () => live.listeners!.connections === 0);
  });

  test('one that is idle for connections.max.idle.ms is closed, and one that is not stays', async () => {
    const live = await startLive({ config: { 'connections.max.idle.ms': '400' } });
    const idle = await new RawClient(portOf(live, 1)).connected();
    const busy = await new RawClient(portOf(live, 1)).connected();
    const startMs = performance.now();
    while (idle.ended === 'open') {
      busy.askVersions();
      await sleep(50);
    }
    expect(performance.now() - startMs).toBeGreaterThan(350);
    expect([idle.ended, busy.ended]).toEqual(['fin', 'open']);
    idle.socket.destroy();
    await until('it is forgotten', () => live.listeners!.connections === 1);
  });

  test('one that closes its side behind its requests is answered before the broker closes, too', async () => {
    const live = await startLive();
    const raw = await new RawClient(portOf(live, 1)).connected();
    for (let i = 0; i < 30; i++) raw.askVersions();
    raw.socket.end();
    await until('the end', () => raw.ended === 'fin');
    expect(raw.answers).toHaveLength(30);
    await until('it is forgotten', () => live.listeners!.connections === 0);
  });

  test('one that wants no acknowledgements has all its records taken, though it leaves at once', async () => {
    const live = await startLive({ topics: [topic('orders', 1, 1)] });
    let stored = 0;
    live.onEvent(({ kind, values }) => {
      if (kind.name === 'records-appended' && values[0] === 'orders-0') stored += 1;
    });
    const raw = await new RawClient(portOf(live, 1)).connected();
    const body = produceBody(0, records(1, 1000));
    for (let i = 0; i < 500; i++) raw.send(Produce, 9, body);
    raw.socket.end();
    await until('every record is there', () => stored === 500);
    await until('it is forgotten', () => live.listeners!.connections === 0);
  });

  test('one that breaks off in the middle of a request is forgotten', async () => {
    const live = await startLive();
    const raw = await new RawClient(portOf(live, 1)).connected();
    raw.socket.write(Buffer.from('0000ffff00', 'hex'));
    await until('it is in', () => live.listeners!.connections === 1);
    raw.socket.resetAndDestroy();
    await until('it is forgotten', () => live.listeners!.connections === 0);
    await isWell(live);
  });
});
