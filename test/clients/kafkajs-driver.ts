/** kafkajs as a client of the flow. */
import { CompressionTypes, type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { type Group, keyFor, type Load, type Log, numberOf, type PeerDriver, valueFor } from './driver.ts';
import { LOAD_PERIOD_MS, pause, readQuietly, until } from './pacing.ts';

/** kafkajs repeats what failed; it must not give up before a failover is over. */
const RETRY = { initialRetryTime: 50, maxRetryTime: 500, retries: 200 };
const CODECS = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP } as const;
type Codec = keyof typeof CODECS;

function messages(first: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({ key: keyFor(first + index), value: valueFor(first + index) }));
}

/**
 * One record in a `send`: of several whose partitions have different leaders, kafkajs 2.2.4 calls those sent whose leader failed if
 * their new leader has answered for others before (it takes note of answers by broker, not by partition).
 */
async function startLoad(kafka: Kafka, topic: string): Promise<Load> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: RETRY });
  await producer.connect();
  const acknowledged: number[] = [];
  const failed: number[] = [];
  let stopping = false;
  const run = async (): Promise<void> => {
    for (let next = 0; !stopping; next++) {
      await producer.send({ topic, acks: -1, messages: messages(next, 1) }).then(
        () => acknowledged.push(next),
        () => failed.push(next),
      );
      await pause(LOAD_PERIOD_MS);
    }
    await producer.disconnect();
  };
  const running = run();
  return {
    acknowledged: async () => acknowledged.length,
    async stop() {
      stopping = true;
      await running;
      return { acknowledged, failed };
    },
  };
}

/** A consumer that tells `each` what it reads, and commits after each batch. */
async function startMember(
  kafka: Kafka,
  groupId: string,
  topic: string,
  each: (partition: number, number: number) => void,
): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 1000, maxWaitTimeInMs: 200, retry: RETRY });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages) each(batch.partition, numberOf(String(message.value)));
    },
  });
  return consumer;
}

async function startGroup(kafka: Kafka, group: string, members: number, topic: string): Promise<Group> {
  const received: number[] = [];
  const consumers = await Promise.all(
    Array.from({ length: members }, () => startMember(kafka, group, topic, (_, number) => received.push(number))),
  );
  return {
    received: async () => new Set(received).size,
    async stop() {
      await Promise.all(consumers.map((consumer) => consumer.disconnect()));
      return received;
    },
  };
}

async function read(kafka: Kafka, topic: string, readUncommitted: boolean, atLeast: number): Promise<Log> {
  const consumer = kafka.consumer({ groupId: `reader-${Math.random()}`, readUncommitted, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const log = await readQuietly(atLeast, async (each) => {
    await consumer.run({
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) each(batch.partition, numberOf(String(message.value)));
      },
    });
  });
  await consumer.disconnect();
  return log;
}

/** Transactions of one producer, opened when the first is asked for. */
function transactions(kafka: Kafka, opened: Producer[]): PeerDriver['transactions'] {
  const open = async (): Promise<Producer> => {
    if (opened[0] !== undefined) return opened[0];
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      transactionalId: 'kafkajs',
      retry: RETRY,
    });
    await producer.connect();
    opened.push(producer);
    return producer;
  };
  return {
    async transact(topic, first, count, outcome) {
      const transaction = await (await open()).transaction();
      await transaction.send({ topic, messages: messages(first, count) });
      await transaction[outcome]();
    },
    async relay(source, target, group, count) {
      const producer = await open();
      const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 200, retry: RETRY });
      await consumer.connect();
      await consumer.subscribe({ topic: source, fromBeginning: true });
      let relayed = 0;
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const transaction = await producer.transaction();
          const copies = batch.messages.map(({ key, value }) => ({ key, value }));
          await transaction.send({ topic: target, messages: copies });
          const partitions = [{ partition: batch.partition, offset: String(Number(batch.lastOffset()) + 1) }];
          await transaction.sendOffsets({ consumerGroupId: group, topics: [{ topic: source, partitions }] });
          await transaction.commit();
          relayed += copies.length;
        },
      });
      await until(`relay of ${count}`, () => relayed >= count);
      await consumer.disconnect();
    },
  };
}

export function kafkajsDriver(bootstrapServers: readonly string[]): PeerDriver {
  const kafka = new Kafka({
    clientId: 'flow',
    brokers: [...bootstrapServers],
    logLevel: logLevel.NOTHING,
    retry: RETRY,
  });
  const admin = kafka.admin();
  const transactional: Producer[] = [];
  const connected = admin.connect();
  return {
    name: 'kafkajs 2.2.4',
    compressions: Object.keys(CODECS) as Codec[],
    keepsOrder: true,
    administration: {
      async create(topic, { partitions, replicationFactor }) {
        await connected;
        const made = await admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor }] });
        if (!made) throw new Error(`${topic} exists already`);
      },
      async describe(topic) {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const partitions = topics[0]!.partitions;
        return { partitions: partitions.length, replicationFactor: partitions[0]!.replicas.length };
      },
      topics: () => admin.listTopics(),
      delete: (topic) => admin.deleteTopics({ topics: [topic] }),
      async committed(groupId, topic) {
        const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
        return found!.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
      },
    },
    transactions: transactions(kafka, transactional),
    async produce(topic, compression, first, count) {
      const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: RETRY });
      await producer.connect();
      await producer.send({ topic, compression: CODECS[compression as Codec], messages: messages(first, count) });
      await producer.disconnect();
    },
    read: (topic, isolation, atLeast) => read(kafka, topic, isolation === 'read_uncommitted', atLeast),
    load: (topic) => startLoad(kafka, topic),
    group: (group, members, topic) => startGroup(kafka, group, members, topic),
    async close() {
      await Promise.all([admin.disconnect(), ...transactional.map((producer) => producer.disconnect())]);
    },
  };
}
