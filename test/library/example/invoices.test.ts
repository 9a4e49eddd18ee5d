import { Kafka, logLevel } from 'kafkajs';
import { clusterTest } from 'kzsim/vitest';
import { expect } from 'vitest';
import { startInvoices } from './invoices.ts';

const test = clusterTest({
  timers: 'fast',
  topics: {
    orders: { partitions: 3, replicationFactor: 3, config: { 'min.insync.replicas': 2 } },
    invoices: { partitions: 1, replicationFactor: 3, config: { 'min.insync.replicas': 2 } },
  },
});

test('every order gets its invoice, though a leader dies', async ({ cluster }) => {
  const service = await startInvoices(cluster.bootstrapServers);
  const kafka = new Kafka({ brokers: [...cluster.bootstrapServers], logLevel: logLevel.NOTHING });
  const shop = kafka.producer({ idempotent: true });
  await shop.connect();
  const order = async (number: number): Promise<void> => {
    await shop.send({ topic: 'orders', acks: -1, messages: [{ key: `${number}`, value: `order ${number}` }] });
  };

  for (let number = 0; number < 10; number++) await order(number);
  const { resolved } = await cluster.kill('leader(orders-0)', { as: 'dead' });
  expect(resolved).toHaveLength(1);
  for (let number = 10; number < 20; number++) await order(number);
  await cluster.expect('orders-0.leader != $dead within 20s');
  await cluster.start('$dead');
  await cluster.expect('orders-0.isr.size == 3 within 30s');

  // The invoices are read with the cluster's own client, so that this test needs no second consumer.
  await cluster.expect('invoices.records >= 20 within 30s');
  const { value } = await cluster.consume('invoices', { max: 100 });
  const invoices = new Set(value as readonly string[]);
  expect(invoices.size).toBe(20);

  await service.stop();
  await shop.disconnect();
  await cluster.settle();
  expect(cluster.ledger().lost).toBe(0);
});
