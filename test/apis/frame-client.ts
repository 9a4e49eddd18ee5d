import { Cluster } from '../../src/cluster/cluster.ts';
import { brokersNumbered, type ClusterOptions, defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import type { Connection, Context } from '../../src/kernel/api.ts';
import { requestHeaderVersion, responseHeaderVersion } from '../../src/protocol/api.ts';
import { Metadata } from '../../src/protocol/apis/03-metadata.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import { CreateTopics } from '../../src/protocol/apis/19-create-topics.ts';
import { requestHeaderCodec, responseHeaderCodec } from '../../src/protocol/header.ts';
import { Reader } from '../../src/protocol/reader.ts';
import type { Api, Init, Release, Value } from '../../src/protocol/schema.ts';
import { Writer } from '../../src/protocol/writer.ts';

export interface Variant {
  readonly mode: Mode;
  readonly kafkaVersion: Release;
}

/** Every cluster that there is: ZooKeeper mode ends with 3.9. */
export const VARIANTS: readonly Variant[] = [
  { mode: 'zookeeper', kafkaVersion: '3.9' },
  { mode: 'kraft', kafkaVersion: '3.9' },
  { mode: 'kraft', kafkaVersion: '4.0' },
  { mode: 'kraft', kafkaVersion: '4.1' },
  { mode: 'kraft', kafkaVersion: '4.2' },
];

export const variantName = ({ mode, kafkaVersion }: Variant): string => `${kafkaVersion} ${mode}`;

const ALONE: Readonly<Record<string, string>> = {
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'group.initial.rebalance.delay.ms': '0',
};

/** A whole small cluster, booted, and a client of one of its brokers that speaks in frames. */
export class FrameClient {
  readonly cluster: Cluster;
  private context!: Context;
  private connection: Connection | null = null;
  private answer: Uint8Array | null = null;
  private broker = 'broker-1';
  closed = false;
  private correlationId = 0;

  constructor({ mode, kafkaVersion }: Variant, options: Partial<ClusterOptions> = {}) {
    const { config = {}, ...rest } = options;
    this.cluster = new Cluster(
      {
        ...defaultClusterOptions(mode, 1),
        brokers: brokersNumbered(1),
        quorum: 1,
        combined: mode === 'kraft',
        kafkaVersion,
        config: { ...ALONE, ...config },
        ...rest,
      },
      hostPorts,
    );
    this.cluster.boot();
    this.cluster.addNode('raw', 'client', (context) => {
      this.context = context;
      return {};
    });
    this.cluster.start('raw');
    this.run(1);
  }

  run(ms: number): void {
    this.cluster.world.runUntil(this.cluster.world.nowUs + ms * 1000);
  }

  /** Later requests go to this broker, over a connection of their own. */
  use(broker: number): void {
    this.connection?.close();
    this.connection = null;
    this.broker = `broker-${broker}`;
  }

  /** Creates a topic as soon as the broker lets it, and waits until it has leaders. */
  createTopic(name: string, numPartitions = 1, replicationFactor = 1): void {
    const topics = [{ name, numPartitions, replicationFactor }];
    for (let attempt = 0; attempt < 50; attempt++) {
      const { errorCode } = this.ask(CreateTopics, 7, { topics, timeoutMs: 10_000 }).topics[0]!;
      this.run(100);
      if (errorCode === 0) return;
    }
    throw new Error(`${name} could not be created`);
  }

  topicId(name: string): string {
    return this.ask(Metadata, 12, { topics: [{ name }] }).topics[0]!.topicId;
  }

  /** What this broker lists. */
  offered(): ReadonlyMap<number, { readonly min: number; readonly max: number }> {
    const { apiKeys } = this.ask(ApiVersions, 4, { clientSoftwareName: 'test', clientSoftwareVersion: '1' });
    return new Map(apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { min: minVersion, max: maxVersion }]));
  }

  /** Sends a request as bytes and reads the bytes that come back. Throws if none come within two minutes, or the connection closes. */
  ask<A extends Api>(api: A, version: number, body: Init<A['request']>): Value<A['response']> {
    const frame = this.send(api, version, body);
    if (frame === null) throw new Error(`${api.name} ${version}: ${this.closed ? 'closed' : 'no answer'}`);
    const reader = new Reader(frame);
    const { correlationId } = responseHeaderCodec(responseHeaderVersion(api, version)).read(reader);
    if (correlationId !== this.correlationId) throw new Error(`an answer to ${correlationId}`);
    const response = api.responseCodec(version).read(reader) as Value<A['response']>;
    if (reader.remaining > 0) throw new Error(`${api.name} ${version}: ${reader.remaining} bytes are left over`);
    return response;
  }

  /** The bytes that came back, or null. */
  send(api: Api, version: number, body: unknown): Uint8Array | null {
    const codec = api.requestCodec(version);
    const full = api.request.make(body as never);
    const header = {
      requestApiKey: api.key,
      requestApiVersion: version,
      correlationId: ++this.correlationId,
      clientId: 'test',
    };
    const headerCodec = requestHeaderCodec(requestHeaderVersion(api, version));
    const writer = new Writer(headerCodec.size(header) + codec.size(full));
    headerCodec.write(writer, header);
    codec.write(writer, full);
    return this.sendBytes(writer.written());
  }

  sendBytes(frame: Uint8Array): Uint8Array | null {
    this.answer = null;
    this.closed = false;
    this.connection ??= this.connect();
    this.connection.send(frame);
    for (let ms = 0; ms < 120_000 && this.answer === null && !this.closed; ms++) this.run(1);
    return this.answer;
  }

  private connect(): Connection {
    return this.context.connect(this.broker, '9092', {
      onMessage: (_connection, message) => {
        this.answer = message as Uint8Array;
      },
      onClose: () => {
        this.closed = true;
        this.connection = null;
      },
    });
  }
}

/** Every error code that stands anywhere in a response, each once, in the order in which they stand. */
export function errorCodesIn(value: unknown): number[] {
  const codes: number[] = [];
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) for (const item of part) walk(item);
    else if (typeof part === 'object' && part !== null && !(part instanceof Uint8Array))
      for (const [name, inner] of Object.entries(part)) {
        if (name === 'errorCode' && typeof inner === 'number') {
          if (!codes.includes(inner)) codes.push(inner);
        } else walk(inner);
      }
  };
  walk(value);
  return codes;
}
