/** What real clients did to a cluster is done to it again, without them: five times of five the same trace. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Mode } from '../../src/cluster/options.ts';
import { replay } from '../../src/gateway/replay.ts';
import { JournalError } from '../../src/scenario/journal-read.ts';
import { closeAll, run, startLive, topic, until } from './harness.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kzsim-journal-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(closeAll);

/** Produces and consumes through kills, a pause and a partition; returns what was acknowledged and what was read. */
async function session(mode: Mode, path: string) {
  const live = await startLive(
    { mode, topics: [topic('orders', 3)], config: { 'min.insync.replicas': '2' } },
    { record: { path, kzsim: 'test' } },
  );
  const kafka = new Kafka({
    clientId: 'shop',
    brokers: [...live.bootstrapServers],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 50 },
    requestTimeout: 2000,
    connectionTimeout: 1000,
  });
  const read = new Set<string>();
  const consumer: Consumer = kafka.consumer({ groupId: 'billing', sessionTimeout: 6000, heartbeatInterval: 300 });
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders', fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void read.add(message.value!.toString()) });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const acked: string[] = [];
  const send = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const value = `order-${acked.length}`;
      await producer.send({ topic: 'orders', acks: -1, messages: [{ key: value, value }] });
      acked.push(value);
    }
  };
  await send(50);
  for (const [fault, repair] of [
    ['kill leader(orders-0) --as dead', 'start $dead'],
    ['partition clients | 2 --during 1500ms', 'partition clients | 1 --during 500ms'],
    ['pause leader(orders-1) --during 700ms', 'isolate follower(orders-2) --during 2s'],
  ] as const) {
    await run(live, fault);
    await send(20);
    await run(live, repair);
    await send(20);
  }
  await until('everything is read', () => read.size === acked.length, 30_000);
  await consumer.disconnect();
  await producer.disconnect();
  await sleep(50);
  await live.close();
  return { acked, read, hash: live.cluster.trace.hash(), events: live.cluster.trace.count };
}

describe.each<Mode>(['kraft', 'zookeeper'])('a recording in %s mode', (mode) => {
  test('of a producer and a consumer under faults replays five times alike, and nothing was lost', async () => {
    const path = join(folder, `${mode}.journal`);
    const { acked, read, hash, events } = await session(mode, path);
    expect(acked).toHaveLength(170);
    expect(read).toEqual(new Set(acked));
    for (let time = 0; time < 5; time++) {
      const replayed = replay(path);
      expect(replayed).toMatchObject({ hash, events, same: true, lines: 6, violations: [] });
      expect(replayed.recorded).toMatchObject({ kind: 'end', hash, events });
    }
  });
});

describe('a journal', () => {
  const path = () => join(folder, 'short.journal');

  async function short(): Promise<string[]> {
    const live = await startLive({ topics: [topic('orders', 1)] }, { record: { path: path(), kzsim: 'test' } });
    await run(live, 'kill broker-2');
    await run(live, 'wait 100ms');
    await run(live, 'start broker-2');
    await live.close();
    return readFileSync(path(), 'utf8').trimEnd().split('\n');
  }

  test('that was cut off is replayed to its last whole line', async () => {
    const lines = await short();
    expect(lines).toHaveLength(5);
    writeFileSync(path(), `${lines.slice(0, 3).join('\n')}\n${lines[3]!.slice(0, 10)}`);
    expect(replay(path())).toMatchObject({ lines: 2, lastLine: 3, recorded: undefined, same: undefined });
  });

  test('of another run is told apart', async () => {
    const lines = await short();
    writeFileSync(path(), `${lines.filter((line) => !line.includes('start broker-2')).join('\n')}\n`);
    expect(replay(path())).toMatchObject({ lines: 2, same: false });
  });

  test.each([
    ['an empty file', () => '', 1, /no whole line/],
    ['another file', () => '{"name":"x"}\n', 1, /no journal of kzsim/],
    ['a later version', (lines: string[]) => `${lines[0]!.replace('"version":1', '"version":2')}\n`, 1, /version 2/],
    ['options without a mode', (lines: string[]) => `${lines[0]!.replace('"mode"', '"mood"')}\n`, 1, /^options\.mode/],
    ['a line of something else', (lines: string[]) => `${lines[0]}\n{"t":1}\n`, 2, /Invalid/],
    ['a line that is no JSON', (lines: string[]) => `${lines[0]}\n${lines[1]}\nkill\n`, 3, /not JSON/],
    ['a time that goes back', (lines: string[]) => `${[lines[0], lines[3], lines[1]].join('\n')}\n`, 3, /is before/],
    ['lines behind the end', (lines: string[]) => `${[...lines, lines[1]].join('\n')}\n`, 6, /behind the end/],
  ] as const)('with %s is refused, with its line', async (_name, spoil, line, message) => {
    const lines = await short();
    writeFileSync(path(), spoil(lines));
    const thrown = await Promise.resolve().then(() => {
      try {
        replay(path());
        return undefined;
      } catch (error) {
        return error;
      }
    });
    expect(thrown).toBeInstanceOf(JournalError);
    expect(thrown).toMatchObject({ line, message: expect.stringMatching(message) });
  });
});
