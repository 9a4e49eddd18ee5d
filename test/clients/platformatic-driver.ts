/** @platformatic/kafka as a client of the flow. */
import { randomUUID } from 'node:crypto';
import {
  Admin,
  type Broker,
  type Callback,
  type Connection,
  type ConsumeOptions,
  Consumer,
  kGetConnection,
  type Message,
  type MessagesStream,
  ProduceAcks,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
import { type Group, keyFor, type Load, type Log, numberOf, type PeerDriver, valueFor } from './driver.ts';
import { LOAD_BATCH, LOAD_PERIOD_MS, pause, readQuietly, until } from './pacing.ts';

type StringProducer = Producer<string, string, string, string>;
type StringConsumer = Consumer<string, string, string, string>;
type StringMessage = Message<string, string, string, string>;
type StringStream = MessagesStream<string, string, string, string>;

const READ_COMMITTED = 1;
const READ_UNCOMMITTED = 0;

/**
 * 1.35.0 asks for a connection to `undefined` once its coordinator has left the metadata, and the exception ends the process: nobody
 * is there to catch it. Here it is an error like another.
 */
class GuardedConsumer extends Consumer<string, string, string, string> {
  override [kGetConnection](broker: Broker | undefined, callback: Callback<Connection>): void {
    if (broker === undefined) callback(new Error('the coordinator has left the metadata'), undefined as never);
    else super[kGetConnection](broker, callback);
  }
}

class Clients {
  readonly #common: {
    readonly clientId: string;
    readonly bootstrapBrokers: string[];
    readonly retries: number;
    readonly retryDelay: number;
  };

  constructor(bootstrapServers: readonly string[]) {
    this.#common = { clientId: 'flow', bootstrapBrokers: [...bootstrapServers], retries: 5, retryDelay: 100 };
  }

  admin(): Admin {
    return new Admin(this.#common);
  }

  producer(transactionalId?: string): StringProducer {
    const own = transactionalId === undefined ? {} : { transactionalId };
    return new Producer({
      ...this.#common,
      ...own,
      idempotent: true,
      acks: ProduceAcks.ALL,
      serializers: stringSerializers,
    });
  }

  consumer(groupId: string): StringConsumer {
    return new GuardedConsumer({
      ...this.#common,
      groupId,
      deserializers: stringDeserializers,
      maxWaitTime: 200,
      sessionTimeout: 2000,
      rebalanceTimeout: 2000,
      heartbeatInterval: 500,
    });
  }
}

function messages(topic: string, first: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    topic,
    key: keyFor(first + index),
    value: valueFor(first + index),
  }));
}

async function startLoad(producer: StringProducer, topic: string): Promise<Load> {
  const acknowledged: number[] = [];
  const failed: number[] = [];
  let stopping = false;
  const run = async (): Promise<void> => {
    for (let next = 0; !stopping; next += LOAD_BATCH) {
      const batch = messages(topic, next, LOAD_BATCH);
      const numbers = batch.map(({ value }) => numberOf(value));
      await producer.send({ messages: batch }).then(
        () => acknowledged.push(...numbers),
        () => failed.push(...numbers),
      );
      await pause(LOAD_PERIOD_MS * LOAD_BATCH);
    }
    await producer.close();
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

/** How a member of a group reads: from where the group was, or from the beginning, and what is committed only. */
function membership(topic: string, autocommit: number | false): ConsumeOptions<string, string, string, string> {
  return { topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit, isolationLevel: READ_COMMITTED };
}

/**
 * A member of a group as an application has to keep it with this client, whose consumers end with the broker that they fetch from or
 * that coordinates them (1.35.0 looks neither of the two up again): one that fails is replaced, and goes on from what is committed.
 */
class Member {
  readonly #make: () => StringConsumer;
  readonly #topic: string;
  readonly #each: (message: StringMessage) => void;
  #consumer: StringConsumer | undefined;
  #stream: StringStream | undefined;
  #stopped = false;

  constructor(make: () => StringConsumer, topic: string, each: (message: StringMessage) => void) {
    this.#make = make;
    this.#topic = topic;
    this.#each = each;
  }

  async start(): Promise<void> {
    const consumer = this.#make();
    this.#consumer = consumer;
    const stream = await consumer.consume(membership(this.#topic, 100));
    this.#stream = stream;
    stream.on('data', this.#each);
    stream.on('error', () => void this.#replace(consumer));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#stream?.close().then(undefined, () => {});
    await this.#end(this.#consumer);
  }

  async #replace(failed: StringConsumer): Promise<void> {
    await this.#end(failed);
    while (!this.#stopped) {
      try {
        return await this.start();
      } catch {
        await this.#end(this.#consumer);
        await pause(100);
      }
    }
  }

  /** Its coordinator may be gone, and with it the way to leave the group. */
  async #end(consumer: StringConsumer | undefined): Promise<void> {
    await (consumer?.close(true) as Promise<void> | undefined)?.catch(() => {});
  }
}

async function startGroup(clients: Clients, group: string, count: number, topic: string): Promise<Group> {
  const received: number[] = [];
  const members = Array.from(
    { length: count },
    () =>
      new Member(
        () => clients.consumer(group),
        topic,
        ({ value }) => received.push(numberOf(value)),
      ),
  );
  await Promise.all(members.map((member) => member.start()));
  return {
    received: async () => new Set(received).size,
    async stop() {
      for (const member of members) await member.stop();
      return received;
    },
  };
}

async function read(clients: Clients, topic: string, isolationLevel: number, atLeast: number): Promise<Log> {
  const consumer = clients.consumer(randomUUID());
  let stream: StringStream | undefined;
  const log = await readQuietly(atLeast, async (each) => {
    stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, isolationLevel });
    stream.on('data', ({ partition, value }) => each(partition, numberOf(value)));
  });
  await stream?.close();
  await consumer.close(true);
  return log;
}

function transactions(clients: Clients, producer: StringProducer): PeerDriver['transactions'] {
  return {
    async transact(topic, first, count, outcome) {
      const transaction = await producer.beginTransaction();
      await transaction.send({ messages: messages(topic, first, count) });
      await transaction[outcome]();
    },
    async relay(source, target, group, count) {
      const consumer = clients.consumer(group);
      const stream = await consumer.consume(membership(source, false));
      const arrived: StringMessage[] = [];
      stream.on('data', (message) => arrived.push(message));
      for (let relayed = 0; relayed < count; ) {
        await until('messages to relay', () => arrived.length > 0);
        const batch = arrived.splice(0);
        const transaction = await producer.beginTransaction();
        await transaction.addConsumer(consumer);
        await transaction.send({ messages: batch.map(({ key, value }) => ({ topic: target, key, value })) });
        const last = new Map(batch.map((message) => [message.partition, message]));
        for (const message of last.values()) await transaction.addOffset(message);
        await transaction.commit();
        relayed += batch.length;
      }
      await stream.close();
      await consumer.close(true);
    },
  };
}

/** Its errors say what was asked, and keep the reason inside. */
function withReasons<Result>(asked: Promise<Result>): Promise<Result> {
  return asked.catch((thrown: Error & { errors?: readonly Error[] }) => {
    const reasons = [thrown, ...(thrown.errors ?? [])].map(({ message }) => message);
    throw new Error(reasons.join(': '), { cause: thrown });
  });
}

export function platformaticDriver(bootstrapServers: readonly string[]): PeerDriver {
  const clients = new Clients(bootstrapServers);
  const admin = clients.admin();
  const transactional = clients.producer(`flow-${randomUUID()}`);
  return {
    name: '@platformatic/kafka 1.35.0',
    compressions: ['none', 'gzip', 'snappy', 'lz4'],
    keepsOrder: true,
    administration: {
      async create(topic, { partitions, replicationFactor }) {
        await withReasons(admin.createTopics({ topics: [topic], partitions, replicas: replicationFactor }));
      },
      async describe(topic) {
        const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
        const { partitions } = topics.get(topic)!;
        return { partitions: partitions.length, replicationFactor: partitions[0]!.replicas.length };
      },
      topics: () => admin.listTopics(),
      delete: (topic) => admin.deleteTopics({ topics: [topic] }),
      async committed(group, topic) {
        const [found] = await admin.listConsumerGroupOffsets({ groups: [group] });
        const partitions = found!.topics.find(({ name }) => name === topic)!.partitions;
        return partitions.reduce((sum, { committedOffset }) => sum + Math.max(0, Number(committedOffset)), 0);
      },
    },
    transactions: transactions(clients, transactional),
    async produce(topic, compression, first, count) {
      const producer = clients.producer();
      await producer.send({ messages: messages(topic, first, count), compression });
      await producer.close();
    },
    read: (topic, isolation, atLeast) =>
      read(clients, topic, isolation === 'read_committed' ? READ_COMMITTED : READ_UNCOMMITTED, atLeast),
    load: (topic) => startLoad(clients.producer(), topic),
    group: (group, members, topic) => startGroup(clients, group, members, topic),
    async close() {
      await admin.close();
      await transactional.close(true);
    },
  };
}
