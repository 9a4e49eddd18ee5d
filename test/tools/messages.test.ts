/** What messages say: every API in every version, ZooKeeper's too; and what is kept of them. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostPorts } from '../../src/gateway/ports.ts';
import type { SightedMessage } from '../../src/kernel/api.ts';
import { Produce } from '../../src/protocol/apis/00-produce.ts';
import { Fetch } from '../../src/protocol/apis/01-fetch.ts';
import { apis } from '../../src/protocol/apis/index.ts';
import { ErrorCode } from '../../src/protocol/errors.ts';
import { encodeBatch } from '../../src/protocol/record-batch.ts';
import type { Api, Schema } from '../../src/protocol/schema.ts';
import { METADATA_TOPIC_ID } from '../../src/protocol/uuid.ts';
import { encodeRequest, encodeResponse, RequestMessage, ResponseMessage } from '../../src/rpc/messages.ts';
import { ScenarioRun } from '../../src/scenario/player.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { reportOf } from '../../src/scenario/report.ts';
import { MessageLog } from '../../src/tools/messages/log.ts';
import { MessageReader } from '../../src/tools/messages/reading.ts';
import { fullText, MOST_LETTERS } from '../../src/tools/messages/summary.ts';
import { SANE } from '../apis/sane-requests.ts';
import { valuesOf } from '../protocol/arbitrary.ts';

const FACTS = { topicId: 'aaaaaaaaaaaaaaaaaaaaaA', clusterId: 'c' };
const names = (id: string) => (id === FACTS.topicId ? 'orders' : undefined);
const nothing = (): void => {};
const way = {
  port: '9092',
  connection: 1,
  from: 'a',
  to: 'b',
  sentUs: 0,
  cause: 0,
  fate: 'under way',
  fateUs: 0,
} as const;

function request(api: Api, version: number, body: unknown): RequestMessage {
  return new RequestMessage(api, version, 'c', body, true, nothing, undefined, 0);
}

function read(message: unknown, toListener: boolean, reader = new MessageReader(names)): string {
  const summary = reader.read({ ...way, message, toListener });
  return summary === undefined ? 'nothing' : fullText(summary);
}

const NONSENSE = /undefined|NaN|\[object|null|=$|\s$/;

describe('Kafka', () => {
  test.each(apis.map((api) => [api.name, api] as const))('%s says something in all its versions', (name, api) => {
    for (let version = api.versions.min; version <= api.versions.max; version++) {
      const asked = request(api, version, api.request.make(SANE[name]?.(FACTS, version)));
      const answer = new ResponseMessage(api, version, 0, api.response.make(), 0);
      const said = [read(asked, true), read(answer, false)];
      expect(said[0]).toMatch(new RegExp(`^${name}\\b(?!:)`));
      expect(said[1]).toMatch(new RegExp(`^${name}: .`));
      for (const text of said) expect(text).not.toMatch(NONSENSE);
    }
  });

  test('whatever a message holds, reading it harms nobody', () => {
    const reader = new MessageReader(names);
    for (const api of apis)
      for (const version of [api.versions.min, api.versions.max]) {
        const of = (schema: Schema<unknown>) => fc.sample(valuesOf(schema, version), { numRuns: 4, seed: 1 });
        for (const body of of(api.request)) expect(read(request(api, version, body), true, reader)).toContain(api.name);
        for (const body of of(api.response))
          expect(read(new ResponseMessage(api, version, 0, body, 0), false, reader)).toContain(api.name);
      }
  });

  test('the same in bytes, in whatever version', () => {
    for (const [version, place] of [
      [11, 'orders-0'],
      [13, 'orders-0'],
    ] as const) {
      const reader = new MessageReader(names);
      const body = Produce.request.make(SANE.Produce!(FACTS, version));
      const asked = request(Produce, version, body);
      asked.correlationId = 77;
      expect(read(encodeRequest(asked), true, reader)).toBe(`Produce ${place} 1 record acks=all by c`);
      const partition = { index: 0, errorCode: 0, baseOffset: 120 };
      const topic = version < 13 ? { name: 'orders' } : { topicId: FACTS.topicId };
      const answer = Produce.response.make({ responses: [{ ...topic, partitionResponses: [partition] }] });
      expect(read(encodeResponse(Produce, version, 77, answer), false, reader)).toBe('Produce: orders-0 offset=120');
    }
  });

  test('bytes that are no message are told as such', () => {
    expect(read(new Uint8Array(20), false)).toBe('bytes: 20');
    expect(read(new Uint8Array([0x7f, 0xff, 0, 0, 0, 0, 0, 0]), true)).toBe('bytes 8');
    expect(read(new Uint8Array(3), true)).toBe('bytes 3');
    const cut = encodeRequest(request(Produce, 9, Produce.request.make(SANE.Produce!(FACTS, 9)))).subarray(0, 30);
    expect(read(cut, true)).toBe('Produce malformed by c');
    const future = Uint8Array.from([0, 3, 0, 99, 0, 0, 0, 1, 0, 0]);
    expect(read(future, true)).toBe('Metadata in version 99, which there is not');
    // What answers it says that in the oldest form, or closes; either way it is read without knowing the question.
    expect(read(new Uint8Array([0, 0, 0, 1, 0, 35]), false)).toBe('bytes: 6');
  });

  const answered = (partitions: readonly object[], topic: object = { topic: 'orders' }) =>
    read(
      new ResponseMessage(
        Fetch,
        12,
        0,
        Fetch.response.make({ responses: [{ ...topic, partitions: [...partitions] }] }),
        0,
      ),
      false,
    );

  test('a fetch tells where from, and what came: errors before logs that part before records', () => {
    const partition = { partition: 0, fetchOffset: 120, currentLeaderEpoch: 3, lastFetchedEpoch: 2 };
    const topics = [{ topic: 'orders', partitions: [partition, partition] }];
    expect(read(request(Fetch, 12, Fetch.request.make({ topics })), true)).toBe(
      'Fetch orders-0 offset=120 epoch=3 lastEpoch=2 (+1)',
    );
    const records = encodeBatch({
      baseOffset: 120,
      records: [1, 2].map((timestampMs) => ({ key: null, value: null, timestampMs })),
    });
    const some = { partitionIndex: 1, highWatermark: 119, records };
    const wrong = { partitionIndex: 2, errorCode: ErrorCode.FENCED_LEADER_EPOCH };
    const parted = { partitionIndex: 3, divergingEpoch: { epoch: 2, endOffset: 97 } };
    expect(answered([some])).toBe('Fetch: orders-1 120..121 (2 records) HW=119');
    expect(answered([some, parted])).toBe('Fetch: orders-3 logs part: epoch 2 ends at 97 (+1)');
    expect(answered([some, parted, wrong])).toBe('Fetch: orders-2 FENCED_LEADER_EPOCH (+2)');
    const damaged = records.slice();
    damaged[0] = 0x40;
    expect(answered([{ ...some, records: damaged }])).toBe('Fetch: malformed');
    expect(answered([{ partitionIndex: 0, highWatermark: 7, records: null }])).toBe(
      'Fetch: orders-0 HW=7, nothing new',
    );
    expect(answered([{ ...some, records: records.subarray(0, 40) }])).toBe('Fetch: orders-1 a part of a batch HW=119');
    expect(
      answered([{ ...some, records: encodeBatch({ baseOffset: 5, control: true, records: [] }) }], {
        topicId: METADATA_TOPIC_ID,
        topic: '',
      }),
    ).toBe('Fetch: metadata 5 (LeaderChange) HW=119');
  });

  test('a text has its length', () => {
    const topics = [{ name: 'o'.repeat(500) }];
    const metadata = apis.find(({ name }) => name === 'Metadata')!;
    const said = read(request(metadata, 9, metadata.request.make({ topics })), true);
    expect(said.length).toBeLessThanOrEqual('Metadata '.length + MOST_LETTERS);
    expect(said.endsWith('…')).toBe(true);
  });
});

describe('the log', () => {
  test('keeps the latest, knows since when, and finds a stretch', () => {
    let send: ((message: SightedMessage) => void) | undefined;
    const network = {
      listenIn(listener: (message: SightedMessage) => void) {
        send = listener;
        return nothing;
      },
    };
    const log = new MessageLog(network, names, 100);
    const body = Produce.request.make(SANE.Produce!(FACTS, 9));
    for (let at = 0; at < 250; at++)
      send!({
        ...way,
        message: request(Produce, 9, body),
        toListener: true,
        sentUs: at * 10,
        fate: 'arrived',
        fateUs: at * 10 + 5,
      });
    expect(log.count).toBe(250);
    expect(log.sinceUs).toBe(1500);
    expect(log.within(0, 1_000_000)).toHaveLength(100);
    expect(log.within(2005, 2020).map((message) => message.way.sentUs)).toEqual([2000, 2010, 2020]);
  });

  const FOLDER = new URL('../../scenarios/', import.meta.url);
  const hashes = JSON.parse(readFileSync(new URL('../golden/hashes.json', import.meta.url), 'utf8'));

  test('of a whole run everything can be read, and it is the same run', () => {
    const file = 'lost-ack.yaml';
    const plan = readScenario(file, readFileSync(new URL(file, FOLDER), 'utf8'));
    const run = new ScenarioRun(plan, { mode: 'zookeeper', seed: plan.seed, ports: hostPorts });
    const log = new MessageLog(run.cluster.world.network, names);
    run.finish();
    expect(reportOf(run, 0).traceHash).toBe(hashes[file].zookeeper);
    expect(log.count).toBeGreaterThan(1_000);
    const all = log.within(0, Number.MAX_SAFE_INTEGER);
    for (const { summary } of all) expect(fullText(summary)).not.toMatch(NONSENSE);
    expect(all.filter(({ summary }) => summary.name === 'bytes')).toEqual([]);
  });
});
