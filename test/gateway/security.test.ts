/** kafkajs over real TLS and SASL: who is let in, who is not, and what each may do. */
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { afterEach, describe, expect, test } from 'vitest';
import type { LiveCluster } from '../../src/gateway/live-cluster.ts';
import { makeCertificate } from '../../src/gateway/tls-certificate.ts';
import { closeAll, startLive, topic } from './harness.ts';

afterEach(closeAll);

const certificate = makeCertificate([]);
const users = [
  { mechanism: 'PLAIN', user: 'alice', password: 'secret' },
  { mechanism: 'SCRAM-SHA-256', user: 'bob', password: 'pencil=256' },
  { mechanism: 'SCRAM-SHA-512', user: 'bob', password: 'pencil=512' },
];
const listeners = [
  { name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '127.0.0.1', port: 0 },
  { name: 'SSL', securityProtocol: 'SSL', host: '127.0.0.1', port: 0 },
  { name: 'SASL_SSL', securityProtocol: 'SASL_SSL', host: '127.0.0.1', port: 0 },
] as const;

const start = (mode: 'kraft' | 'zookeeper', config: Record<string, string> = {}) =>
  startLive({ mode, users, config, topics: [topic('orders', 3)] }, { listeners, certificate });

function client(live: LiveCluster, listener: number, more: Partial<KafkaConfig> = {}): Kafka {
  const secure = listener === 0 ? {} : { ssl: { ca: [certificate.certificate], servername: 'localhost' } };
  return new Kafka({
    clientId: 'test',
    brokers: [...live.listeners!.addresses(listener)],
    logLevel: logLevel.NOTHING,
    retry: { retries: 2, initialRetryTime: 50 },
    ...secure,
    ...more,
  });
}

const as = (mechanism: string, username: string, password: string): { sasl: SASLOptions } => ({
  sasl: { mechanism, username, password } as SASLOptions,
});

const MECHANISMS = [
  as('plain', 'alice', 'secret'),
  as('scram-sha-256', 'bob', 'pencil=256'),
  as('scram-sha-512', 'bob', 'pencil=512'),
];

async function roundTrip(kafka: Kafka): Promise<string> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'orders', messages: [{ key: 'k', value: 'v' }] });
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: 'g' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders', fromBeginning: true });
  const read = new Promise<string>((resolve) => {
    void consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) });
  });
  const value = await read;
  await consumer.disconnect();
  return value;
}

describe.each(['kraft', 'zookeeper'] as const)('%s', (mode) => {
  test('clients write and read by TLS, with each mechanism', async () => {
    const live = await start(mode);
    expect(await roundTrip(client(live, 1))).toBe('v');
    for (const sasl of MECHANISMS) {
      const admin = client(live, 2, sasl).admin();
      await admin.connect();
      expect(await admin.listTopics()).toContain('orders');
      await admin.disconnect();
    }
    expect(await roundTrip(client(live, 2, MECHANISMS[2]))).toBe('v');
  }, 30_000);

  test('a wrong password, a missing one and no TLS get nowhere, and the cluster goes on', async () => {
    const live = await start(mode);
    for (const sasl of [as('plain', 'alice', 'wrong'), as('scram-sha-256', 'bob', 'wrong'), {}]) {
      const admin = client(live, 2, sasl).admin();
      await expect(admin.connect().then(() => admin.listTopics())).rejects.toThrow();
      await admin.disconnect();
    }
    const naked = client(live, 2, { ssl: false, ...MECHANISMS[0] }).admin();
    await expect(naked.connect()).rejects.toThrow();
    await naked.disconnect();
    const distrustful = client(live, 1, { ssl: { ca: [makeCertificate([]).certificate] } }).admin();
    await expect(distrustful.connect()).rejects.toThrow();
    await distrustful.disconnect();
    const admin = client(live, 2, MECHANISMS[0]).admin();
    await admin.connect();
    expect(await admin.listTopics()).toContain('orders');
    await admin.disconnect();
  }, 30_000);

  test('ACLs decide what each may do', async () => {
    const live = await start(mode, { 'authorizer.class.name': 'authorizer', 'super.users': 'User:alice' });
    const root = client(live, 2, MECHANISMS[0]).admin();
    await root.connect();
    const bob = client(live, 2, MECHANISMS[1]);
    const producer = bob.producer();
    await producer.connect();
    const send = () => producer.send({ topic: 'orders', messages: [{ value: 'v' }] });
    await expect(send()).rejects.toThrow(/not authorized/i);
    const acl = { principal: 'User:bob', host: '127.0.0.1', permissionType: 3, resourcePatternType: 3 };
    await root.createAcls({ acl: [{ ...acl, resourceType: 2, resourceName: 'orders', operation: 4 }] });
    const until = async (what: () => Promise<unknown>) => {
      for (let tries = 0; ; tries++) {
        try {
          return await what();
        } catch (thrown) {
          if (tries === 20) throw thrown;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    await until(send);
    await producer.disconnect();
    const { resources } = await root.describeAcls({
      resourceType: 2,
      resourceName: 'orders',
      resourcePatternType: 3,
      operation: 1,
      permissionType: 1,
    });
    expect(resources[0]!.acls).toEqual([{ principal: 'User:bob', host: '127.0.0.1', operation: 4, permissionType: 3 }]);
    const other = bob.admin();
    await other.connect();
    await expect(other.deleteTopics({ topics: ['orders'] })).rejects.toThrow(/not authorized/i);
    await expect(other.createTopics({ topics: [{ topic: 'mine' }] })).rejects.toThrow(
      /not authorized|creation errors/i,
    );
    expect(await other.listTopics()).toEqual(['orders']);
    await other.disconnect();
    await root.disconnect();
  }, 30_000);
});

test('what a broker is killed with, a client by TLS sees too', async () => {
  const live = await start('kraft');
  const kafka = client(live, 2, { ...MECHANISMS[0], retry: { retries: 20, initialRetryTime: 100 } });
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  await producer.send({ topic: 'orders', acks: -1, messages: [{ value: 'before' }] });
  await live.execute('kill broker-1');
  await producer.send({ topic: 'orders', acks: -1, messages: [{ value: 'after', partition: 0 }] });
  await producer.disconnect();
}, 30_000);
