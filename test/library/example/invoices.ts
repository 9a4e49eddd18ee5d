/** The service under test: writes an invoice for every order that it reads. */
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';

export interface InvoiceService {
  stop(): Promise<void>;
}

export async function startInvoices(brokers: readonly string[]): Promise<InvoiceService> {
  const kafka = new Kafka({ clientId: 'invoices', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const consumer: Consumer = kafka.consumer({ groupId: 'invoices', sessionTimeout: 6000, heartbeatInterval: 500 });
  const producer: Producer = kafka.producer({ idempotent: true });
  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
  await consumer.run({
    async eachMessage({ message }) {
      const order = message.value?.toString() ?? '';
      await producer.send({ topic: 'invoices', messages: [{ key: message.key, value: `invoice for ${order}` }] });
    },
  });
  return {
    async stop() {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
}
