/** Records of real clients in the ledger, as far as the protocol shows them. */
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, test } from 'vitest';
import type { LiveCluster } from '../../src/gateway/live-cluster.ts';
import { Produce } from '../../src/protocol/apis/00-produce.ts';
import { encodeBatch } from '../../src/protocol/record-batch.ts';
import { closeAll, portOf, RawClient, run, startLive, topic, until } from './harness.ts';

afterEach(closeAll);

function body(acks: number, value: string) {
  const records = encodeBatch({
    records: [{ timestampMs: Date.now(), key: null, value: new TextEncoder().encode(value) }],
  });
  return Produce.request.make({
    acks,
    timeoutMs: 5000,
    topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }],
  });
}

const counts = (live: LiveCluster) => live.session.checker!.ledger();
const clients = (live: LiveCluster) => live.session.checker!.clients();

describe('the ledger', () => {
  test('counts what kafkajs sent, was told, and fetched', async () => {
    const live = await startLive({ topics: [topic('orders', 3)] });
    const kafka = new Kafka({ clientId: 'shop', brokers: [...live.bootstrapServers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ idempotent: true });
    await producer.connect();
    for (let i = 0; i < 20; i++)
      await producer.send({ topic: 'orders', messages: [{ value: `a${i}` }, { value: `b${i}` }] });
    const consumer = kafka.consumer({ groupId: 'billing' });
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders', fromBeginning: true });
    let read = 0;
    await consumer.run({ eachMessage: async () => void read++ });
    await until('everything is read', () => read === 40);
    expect(clients(live)).toEqual([expect.objectContaining({ client: 'shop', sent: 40, acked: 40, failed: 0 })]);
    expect(clients(live)[0]!.fetched).toBeGreaterThanOrEqual(40);
    expect(counts(live)).toMatchObject({ sent: 40, acked: 40, failed: 0, duplicated: 0, reordered: 0 });
    expect((await run(live, 'ledger')).join('\n')).toContain('real client shop: sent 40  acked 40  failed 0');
    await Promise.all([producer.disconnect(), consumer.disconnect()]);
    live.session.checker!.finish(live.cluster.world.nowUs);
    expect(counts(live)).toMatchObject({ lost: 0, duplicated: 0 });
  });

  test('finds a record lost that was acknowledged under acks=1 by a leader that nobody had copied', async () => {
    const live = await startLive({ topics: [{ ...topic('orders', 1), assignment: [[1, 2, 3]] }] });
    const raw = await new RawClient(portOf(live, 1)).connected();
    raw.send(Produce, 9, body(1, 'kept'));
    await until('an answer', () => raw.answers.length === 1);
    await run(live, 'wait 300ms');
    // Its followers hear no more of it; clients do.
    await run(live, 'cut --between broker-1,broker-2');
    await run(live, 'cut --between broker-1,broker-3');
    raw.send(Produce, 9, body(1, 'lost'));
    await until('an answer', () => raw.answers.length === 2);
    await run(live, 'kill broker-1');
    await run(live, 'waitFor orders-0.leader != 1 within 20s');
    await run(live, 'heal all');
    await run(live, 'start broker-1');
    await run(live, 'waitFor orders-0.isr.size == 3 within 20s');
    live.session.checker!.finish(live.cluster.world.nowUs);
    expect(counts(live)).toMatchObject({ sent: 2, acked: 2, lost: 1, truncated: 1, duplicated: 0 });
    expect(live.session.checker!.entries(10)).toEqual([
      expect.objectContaining({ client: 'raw', serial: 2, partition: 'orders-0', offset: 1, outcome: 'lost' }),
    ]);
  });

  test('finds a record duplicated whose retry was stored again, and a refusal failed until it is made good', async () => {
    const live = await startLive({ topics: [{ ...topic('orders', 1), assignment: [[1, 2, 3]] }] });
    await run(live, 'inject Produce --error REQUEST_TIMED_OUT --handled --client raw --count 1');
    const raw = await new RawClient(portOf(live, 1)).connected();
    const retried = body(-1, 'again');
    raw.send(Produce, 9, retried);
    await until('an answer', () => raw.answers.length === 1);
    expect(counts(live)).toMatchObject({ sent: 1, acked: 0, failed: 1 });
    raw.send(Produce, 9, retried);
    await until('an answer', () => raw.answers.length === 2);
    await run(live, 'wait 1s');
    expect(counts(live)).toMatchObject({ sent: 1, acked: 1, failed: 0, duplicated: 1, lost: 0 });
  });
});
