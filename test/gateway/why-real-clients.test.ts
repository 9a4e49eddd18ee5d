/**
 * Errors that a real client meets, and what `why` says of them: kafkajs against live clusters. Times, which differ from run to run, are left
 * out of the golden texts, and so is the broker that a client asks by chance.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { afterAll, describe, test } from 'vitest';
import type { ClusterOptions } from '../../src/cluster/options.ts';
import type { LiveCluster } from '../../src/gateway/live-cluster.ts';
import { closeAll, run, startLive, topic, until } from './harness.ts';

afterAll(closeAll);

const CONFIG = {
  'min.insync.replicas': '2',
  'group.min.session.timeout.ms': '100',
  'group.initial.rebalance.delay.ms': '0',
  'message.max.bytes': '10000',
};

const start = (more: Partial<ClusterOptions> = {}) =>
  startLive(
    { topics: [topic('orders'), topic('secrets')], ...more, config: { ...CONFIG, ...more.config } },
    {
      listeners: [
        { name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '127.0.0.1', port: 0 },
        { name: 'SASL', securityProtocol: 'SASL_PLAINTEXT', host: '127.0.0.1', port: 0 },
      ],
    },
  );

function client(live: LiveCluster, more: Partial<KafkaConfig> = {}, listener = 0): Kafka {
  return new Kafka({
    clientId: 'app',
    brokers: [...live.listeners!.addresses(listener)],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    ...more,
  });
}

/** What is expected to go wrong, as the application is told. */
const failure = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'nothing', nameOf);

/** Kafka's name where there is one: kafkajs wraps what it was told. */
function nameOf(error: Error & { readonly type?: string; readonly cause?: unknown }): string {
  return error.type ?? (error.cause instanceof Error ? nameOf(error.cause) : error.name);
}

/** Answers of a cluster to `why`, without what is another in each run. */
class Answers {
  readonly lines: string[] = [];
  readonly #live: LiveCluster;

  constructor(live: LiveCluster) {
    this.#live = live;
  }

  async ask(subject: string): Promise<void> {
    const told = await run(this.#live, `why ${subject}`);
    this.lines.push(`> why ${subject}`, ...told.map(timeless), '');
  }

  /** Waits until a client was told an error. */
  async told(name: string, error: string): Promise<void> {
    const { realClients } = this.#live.cluster.model;
    await until(`${name} is told ${error}`, () => realClients.all.get(name)?.errors.has(error) === true, 20_000);
  }
}

function timeless(line: string): string {
  return line
    .replace(/^ *(\d+\.\d+s|at start) +/, '  ')
    .replace(/^ {4,}/, '  ')
    .replace(/ {3}\+[\d.]+ m?s$/, '')
    .replace(/, since .*$/, '')
    .replace(/\b[\d.]+ (?:ms|s)\b/g, 'some ms')
    .replace(/(got \w+ from )broker-\d( for (?:Metadata|CreateTopics|SaslAuthenticate))/, '$1a broker$2')
    .replace(/broker-\d( closed the connection)/, 'a broker$1');
}

async function reader(live: LiveCluster, clientId: string): Promise<Consumer> {
  const options = { groupId: 'billing', sessionTimeout: 1000, heartbeatInterval: 50, maxWaitTimeInMs: 100 };
  const retry = { retries: 100, initialRetryTime: 50, maxRetryTime: 200 };
  const consumer = client(live, { clientId, retry }).consumer({ ...options, retry });
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders', fromBeginning: true });
  const joined = new Promise<void>((resolve) => consumer.on('consumer.group_join', () => resolve()));
  await consumer.run({ eachMessage: async () => {} });
  await joined;
  return consumer;
}

describe.concurrent('a real client', { timeout: 60_000 }, () => {
  test('what brokers refuse', async ({ expect }) => {
    const live = await start({
      users: [{ mechanism: 'PLAIN', user: 'alice', password: 'secret' }],
      config: { 'authorizer.class.name': 'authorizer', 'allow.everyone.if.no.acl.found': 'true' },
    });
    const answers = new Answers(live);
    const admin = client(live).admin();
    await admin.connect();
    expect(await failure(admin.fetchTopicMetadata({ topics: ['nowhere'] }))).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    await answers.ask('UNKNOWN_TOPIC_OR_PARTITION');
    const made = (name: string, replicationFactor: number) =>
      admin.createTopics({ topics: [{ topic: name, numPartitions: 1, replicationFactor }] });
    await failure(made('wide', 5));
    await answers.ask('INVALID_REPLICATION_FACTOR');
    await failure(made('orders', 3));
    await answers.ask('TOPIC_ALREADY_EXISTS');
    await admin.disconnect();
    const producer = client(live).producer();
    await producer.connect();
    const send = (to: string, value: string) => producer.send({ topic: to, acks: -1, messages: [{ key: 'k', value }] });
    expect(await failure(send('orders', 'x'.repeat(20_000)))).toBe('MESSAGE_TOO_LARGE');
    await answers.ask('MESSAGE_TOO_LARGE');
    await run(live, 'acl --deny ANONYMOUS --operation All --topic secrets');
    expect(await failure(send('secrets', 'mine'))).toBe('TOPIC_AUTHORIZATION_FAILED');
    await answers.ask('TOPIC_AUTHORIZATION_FAILED');
    await producer.disconnect();
    const stranger = client(live, { sasl: { mechanism: 'plain', username: 'alice', password: 'wrong' } }, 1).producer();
    expect(await failure(stranger.connect())).toBe('KafkaJSSASLAuthenticationError');
    await answers.ask('SASL_AUTHENTICATION_FAILED');
    await live.close();
    await expect(answers.lines.join('\n')).toMatchFileSnapshot('../golden/why/real-clients/refused.txt');
  });

  test('what does not come through', async ({ expect }) => {
    const live = await start();
    const answers = new Answers(live);
    const producer = client(live).producer();
    await producer.connect();
    const send = (value: string) => producer.send({ topic: 'orders', acks: -1, messages: [{ key: 'k', value }] });
    await send('first');
    await run(live, 'inject Produce --hang --client app');
    const hanging = failure(send('held'));
    await sleep(100);
    await run(live, 'reset --between clients,all(brokers)');
    await hanging;
    await answers.ask('app.lastError');
    await run(live, 'heal all');
    await run(live, 'stop follower(orders-0, 2) --as second');
    await run(live, 'stop follower(orders-0) --as first');
    expect(await failure(send('alone'))).toBe('NOT_ENOUGH_REPLICAS');
    await answers.ask('NOT_ENOUGH_REPLICAS');
    for (const broker of ['$first', '$second']) await run(live, `start ${broker}`);
    await run(live, 'waitFor orders-0.isr.size == 3');
    await run(live, 'stop leader(orders-0) --as former');
    await run(live, 'start $former');
    await run(live, 'waitFor orders-0.isr.size == 3');
    await producer.disconnect();
    const patient = client(live, { retry: { retries: 5, initialRetryTime: 50 } }).producer();
    await patient.connect();
    const sendOn = (value: string) => patient.send({ topic: 'orders', acks: -1, messages: [{ value }] });
    await sendOn('well');
    await run(live, 'electLeaders orders-0');
    await sendOn('moved');
    await answers.told('app', 'NOT_LEADER_OR_FOLLOWER');
    await answers.ask('NOT_LEADER_OR_FOLLOWER');
    await patient.disconnect();
    const hasty = client(live, { requestTimeout: 1200 }).producer();
    await hasty.connect();
    await hasty.send({ topic: 'orders', acks: -1, messages: [{ value: 'in time' }] });
    await run(live, 'pause leader(orders-0) --during 1800ms');
    expect(await failure(hasty.send({ topic: 'orders', acks: -1, messages: [{ value: 'late' }] }))).toMatch(/Timeout/);
    await hasty.disconnect();
    await answers.told('app', 'REQUEST_TIMED_OUT');
    await answers.ask('REQUEST_TIMED_OUT');
    await live.close();
    await expect(answers.lines.join('\n')).toMatchFileSnapshot('../golden/why/real-clients/unanswered.txt');
  });

  test('what becomes of groups and transactions', async ({ expect }) => {
    const live = await start();
    const answers = new Answers(live);
    const one = await reader(live, 'reader');
    one.seek({ topic: 'orders', partition: 0, offset: '1000' });
    await answers.told('reader', 'OFFSET_OUT_OF_RANGE');
    await answers.ask('OFFSET_OUT_OF_RANGE');
    const two = await reader(live, 'second');
    await answers.told('reader', 'REBALANCE_IN_PROGRESS');
    await answers.ask('REBALANCE_IN_PROGRESS');
    await two.disconnect();
    await until('stable', () => live.cluster.model.groups.all.get('billing')?.state === 'Stable');
    await run(live, 'cut --between clients,all(brokers) --during 1300ms');
    await answers.told('reader', 'UNKNOWN_MEMBER_ID');
    await answers.ask('UNKNOWN_MEMBER_ID');
    await one.disconnect();
    const transactional = { transactionalId: 'etl', maxInFlightRequests: 1, idempotent: true };
    const [old, young] = [0, 1].map(() => client(live, { retry: { retries: 5 } }).producer(transactional));
    await old!.connect();
    const begun = await old!.transaction();
    await begun.send({ topic: 'orders', messages: [{ value: 'mine' }] });
    await young!.connect();
    await (await young!.transaction()).abort();
    await failure(begun.send({ topic: 'orders', messages: [{ value: 'too late' }] }));
    await answers.ask('app.lastError');
    await live.close();
    await expect(answers.lines.join('\n')).toMatchFileSnapshot('../golden/why/real-clients/groups.txt');
  });
});
