/** A live cluster goes back in time: whoever looks at it follows, real clients are disconnected, and the recording is of the branch that is lived. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Mode } from '../../src/cluster/options.ts';
import type { LiveCluster } from '../../src/gateway/live-cluster.ts';
import { replay } from '../../src/gateway/replay.ts';
import { closeAll, portOf, RawClient, run, startLive, topic, until } from './harness.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kzsim-live-time-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(closeAll);

function state({ timeline }: LiveCluster) {
  const { trace, timeUs } = timeline.cluster;
  return { timeUs, events: trace.count, hash: trace.hash() };
}

async function ask(client: RawClient): Promise<void> {
  const before = client.answers.length;
  client.askVersions();
  await until('an answer', () => client.answers.length > before);
}

describe.each<Mode>(['kraft', 'zookeeper'])('a live cluster in %s mode', (mode) => {
  test('goes back past what real clients did, disconnects them, and lets them in again', async () => {
    const live = await startLive({ mode, topics: [topic('orders')] });
    const client = await new RawClient(portOf(live, 1)).connected();
    for (let times = 0; times < 20; times++) await ask(client);
    await run(live, 'kill 3');
    await ask(client);
    await run(live, 'time pause');
    const latest = state(live);
    const told: number[] = [];
    live.onReplaced(({ timeUs }) => void told.push(timeUs));
    const first = live.cluster;
    const [where, said] = await run(live, 'time goto 0s');
    expect(where).toMatch(/^0\.000s, in the past: main was at .*, paused$/);
    expect(said).toBe('1 connection of real clients: disconnected');
    expect(told).toEqual([0]);
    expect(live.cluster).not.toBe(first);
    await until('the client is disconnected', () => client.socket.destroyed || client.ended !== 'open');
    const early = await new RawClient(portOf(live, 1)).connected();
    await until('nobody comes into the past', () => early.socket.destroyed || early.ended !== 'open');
    await run(live, 'time now');
    expect(state(live)).toMatchObject({ events: latest.events });
    await run(live, 'time goto 0s');
    await run(live, 'time resume');
    await run(live, 'kill 2');
    expect(live.timeline.branch.name).toBe('branch-2');
    const late = await new RawClient(portOf(live, 1)).connected();
    await ask(late);
    late.socket.destroy();
    await run(live, 'checkout main');
  });

  test('executes what a producer sent again, record by record', async () => {
    const live = await startLive({ mode, topics: [topic('orders', 2)] });
    const kafka = new Kafka({ clientId: 'shop', brokers: [...live.bootstrapServers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (let order = 0; order < 60; order++)
      await producer.send({ topic: 'orders', messages: [{ key: `${order}`, value: 'x'.repeat(100 * order) }] });
    await run(live, 'time pause');
    const latest = state(live);
    const ledger = live.session.checker!.ledger();
    expect(ledger.acked).toBe(60);
    for (const line of ['time goto 0s', 'time step 50ms', 'time now', 'time back 50ms', 'time now']) {
      await run(live, line);
      if (line !== 'time now') continue;
      expect(live.cluster.timeUs).toBe(latest.timeUs);
      expect(live.session.checker!.ledger()).toEqual(ledger);
    }
    await producer.disconnect().catch(() => {});
  });

  test('answers what waits when its cluster is left, and what comes while it travels', async () => {
    const live = await startLive({ mode }, { listeners: [] });
    await run(live, 'wait 100ms');
    const waiting = live.execute('wait 1h');
    const journey = live.execute('time goto 0s');
    const during = live.execute('status');
    expect(await waiting).toEqual({ ok: false, lines: ['time was moved before this had ended'] });
    expect((await journey).ok).toBe(true);
    expect((await during).lines[0]).toMatch(/, 0\.000s$/);
  });

  test('tells who follows its events of those of the present cluster', async () => {
    const live = await startLive({ mode }, { listeners: [] });
    const kills: string[] = [];
    const stop = live.onEvent(({ kind, node }) => void (kind.name === 'process-killed' && kills.push(node)));
    await run(live, 'kill 1');
    await run(live, 'time goto 0s');
    await run(live, 'kill 2');
    stop();
    await run(live, 'kill 3');
    expect(kills).toEqual(['broker-1', 'broker-2']);
  });

  test('records the branch that is lived', async () => {
    const path = join(folder, `${mode}.journal`);
    const live = await startLive({ mode }, { listeners: [], record: { path, kzsim: 'test' } });
    await run(live, 'wait 200ms');
    await run(live, 'kill 1');
    await run(live, 'time goto 100ms');
    await run(live, 'kill 2');
    await run(live, 'wait 100ms');
    await live.close();
    const replayed = replay(path);
    expect(replayed).toMatchObject({ same: true, lines: 3 });
    expect(replayed.hash).toBe(live.cluster.trace.hash());
  });

  test('records all of a branch in whose past it is closed', async () => {
    const path = join(folder, `${mode}-past.journal`);
    const live = await startLive({ mode }, { listeners: [], record: { path, kzsim: 'test' } });
    await run(live, 'kill 1');
    await run(live, 'wait 200ms');
    await run(live, 'time goto 0s');
    await live.close();
    expect(replay(path)).toMatchObject({ same: true, lines: 2 });
  });
});

test('says where the past is not kept any more', async () => {
  const live = await startLive({ topics: [topic('orders')] }, { mostPastBytes: 4000 });
  const client = await new RawClient(portOf(live, 1)).connected();
  await run(live, 'wait 10ms');
  for (let times = 0; times < 30; times++) await ask(client);
  const { ok, lines } = await live.execute('time back 5s');
  expect(ok).toBe(false);
  expect(lines[0]).toContain('there is no way back');
  expect(await run(live, 'history')).toEqual([expect.stringContaining('wait 10ms')]);
  await run(live, 'time step 1s');
  client.socket.destroy();
});
