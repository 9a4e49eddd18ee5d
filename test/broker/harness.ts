import { createHash } from 'node:crypto';
import { type BrokerOptions, startBroker } from '../../src/broker/broker.ts';
import type { CoordinatorFactory } from '../../src/broker/coordinators.ts';
import { CLIENT_PORT } from '../../src/broker/listeners.ts';
import type { SaslUser } from '../../src/broker/security/sasl/settings.ts';
import { brokerConfig } from '../../src/config/resources.ts';
import { compression } from '../../src/gateway/compression/index.ts';
import { hostHashing } from '../../src/gateway/hashing.ts';
import type { Context, NodeControl, TraceEvent, World } from '../../src/kernel/api.ts';
import { createWorld } from '../../src/kernel/world.ts';
import { Produce, type ProduceResponse } from '../../src/protocol/apis/00-produce.ts';
import { Fetch, type FetchResponse } from '../../src/protocol/apis/01-fetch.ts';
import { encodeBatch } from '../../src/protocol/record-batch.ts';
import type { Api, RequestOf, ResponseOf } from '../../src/protocol/schema.ts';
import type { RpcChannel } from '../../src/rpc/api.ts';
import { openChannel } from '../../src/rpc/channel.ts';
import { encodeRequest, RequestMessage, sizeOfMessage } from '../../src/rpc/messages.ts';
import { FakeAuthority, FakeCoordination } from '../helpers/fake-authority.ts';
import { identityOf } from '../helpers/identity.ts';

export interface HarnessOptions {
  readonly mode?: 'kraft' | 'zookeeper';
  readonly brokers?: number;
  readonly config?: Record<string, string>;
  readonly seed?: number;
  readonly encode?: boolean;
  readonly disks?: number;
  readonly coordinators?: readonly CoordinatorFactory[];
  /** With these the listener has SASL. */
  readonly sasl?: readonly SaslUser[];
}

/** What was answered, when it was: `undefined` while nothing has come. */
export interface Pending<T> {
  value: T | undefined;
  failed: boolean;
  atUs: number;
}

/** Brokers of their own kernel world under a fake authority, and a client that asks them what the test says. */
export class Harness {
  readonly world: World;
  readonly authority: FakeAuthority;
  readonly nodes: NodeControl[] = [];
  readonly events: TraceEvent[] = [];
  private readonly options: HarnessOptions;
  private client!: Context;
  private readonly channels = new Map<string, RpcChannel>();

  constructor(options: HarnessOptions = {}) {
    this.options = options;
    this.world = createWorld({ seed: options.seed ?? 1, digest });
    this.world.trace.subscribe('all', (event) => this.events.push(event));
    this.authority = new FakeAuthority(options.mode);
    for (let id = 1; id <= (options.brokers ?? 3); id++) {
      const node = this.world.addNode({ name: `broker-${id}`, disks: options.disks ?? 1, cpuThreads: 8 });
      this.nodes.push(node);
      this.start(id);
    }
    const client = this.world.addNode({ name: 'client', disks: 0 });
    client.start((context) => {
      this.client = context;
      return {};
    });
    this.run(10);
  }

  node(id: number): NodeControl {
    return this.nodes[id - 1]!;
  }

  line(id: number): FakeCoordination {
    return this.authority.lines.find((line) => line.brokerEpoch === this.authority.brokers.get(id)?.epoch)!;
  }

  start(id: number): void {
    const { mode, encode = false, config = {}, coordinators = [], sasl: users } = this.options;
    const release = mode === 'zookeeper' ? '3.9' : '4.2';
    this.node(id).start((context) => {
      const plain = identityOf(id, `host-${id}`, 9092);
      const endpoints = plain.endpoints.map((one) => ({ ...one, securityProtocol: 'SASL_PLAINTEXT' as const }));
      const identity = users === undefined ? plain : { ...plain, endpoints };
      const options: BrokerOptions = {
        identity,
        clusterId: 'test-cluster',
        release,
        config: brokerConfig(config, { version: release }),
        rpc: { encode, interceptors: [] },
        compression,
        partitionMemoryBytes: null,
        coordination: new FakeCoordination(context, this.authority, identity),
        coordinators,
        users: users ?? [],
        hashing: hostHashing,
      };
      return startBroker(context, options);
    });
  }

  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  ask<A extends Api>(
    broker: number,
    api: A,
    version: number,
    body: RequestOf<A>,
    connection = 'a',
    clientId = 'test',
  ): Pending<ResponseOf<A>> {
    const key = `${broker}/${connection}`;
    let channel = this.channels.get(key);
    if (channel === undefined) {
      const settings = { encode: this.options.encode ?? false, interceptors: [] };
      channel = openChannel(
        this.client,
        `broker-${broker}`,
        CLIENT_PORT,
        { clientId, requestTimeoutMs: 120_000 },
        settings,
      );
      this.channels.set(key, channel);
    }
    const pending: Pending<ResponseOf<A>> = { value: undefined, failed: false, atUs: 0 };
    channel.send(
      api,
      version,
      body,
      (into: Pending<ResponseOf<A>>, response, failure) => {
        into.atUs = this.world.nowUs;
        into.failed = failure !== null;
        if (failure === null) into.value = response as ResponseOf<A>;
      },
      pending,
      { expectsResponse: api.key !== Produce.key || (body as { acks: number }).acks !== 0 },
    );
    return pending;
  }

  /** Asks, and lets the world run until the answer has come. */
  call<A extends Api>(broker: number, api: A, version: number, body: RequestOf<A>, connection = 'a'): ResponseOf<A> {
    const pending = this.ask(broker, api, version, body, connection);
    for (let ms = 0; ms < 120_000 && pending.value === undefined && !pending.failed; ms++) this.run(1);
    if (pending.value === undefined) throw new Error(`${api.name} was not answered`);
    return pending.value;
  }

  produce(broker: number, partition: string, options: ProduceOptions = {}): Pending<ProduceResponse> {
    const state = this.authority.partition(partition);
    const values = options.values ?? ['x'];
    const batch = encodeBatch({
      records: values.map((value) => ({
        key: null,
        value: new TextEncoder().encode(value),
        timestampMs: 1_704_067_200_000,
      })),
      ...(options.producer ?? {}),
    });
    return this.ask(
      broker,
      Produce,
      this.options.mode === 'zookeeper' ? 11 : 13,
      {
        transactionalId: null,
        acks: options.acks ?? -1,
        timeoutMs: options.timeoutMs ?? 30_000,
        topicData: [
          { name: state.topic, topicId: state.topicId, partitionData: [{ index: state.partition, records: batch }] },
        ],
      },
      options.connection ?? 'a',
    );
  }

  /** Produces and waits for the answer of the one partition. */
  produced(broker: number, partition: string, options: ProduceOptions = {}) {
    const pending = this.produce(broker, partition, options);
    for (let ms = 0; ms < 120_000 && pending.value === undefined && !pending.failed; ms++) this.run(1);
    return answerOf(pending)!;
  }

  fetch(broker: number, partition: string, offset: number, options: FetchOptions = {}): Pending<FetchResponse> {
    const state = this.authority.partition(partition);
    return this.ask(
      broker,
      Fetch,
      options.version ?? (this.options.mode === 'zookeeper' ? 17 : 18),
      Fetch.request.make({
        maxWaitMs: options.maxWaitMs ?? 500,
        minBytes: options.minBytes ?? 1,
        maxBytes: 1 << 20,
        sessionId: options.sessionId ?? 0,
        sessionEpoch: options.sessionEpoch ?? -1,
        topics: options.unchanged
          ? []
          : [
              {
                topicId: state.topicId,
                topic: state.topic,
                partitions: [
                  {
                    partition: state.partition,
                    fetchOffset: offset,
                    partitionMaxBytes: 1 << 20,
                    currentLeaderEpoch: options.leaderEpoch ?? -1,
                  },
                ],
              },
            ],
      }),
      options.connection ?? 'f',
    );
  }

  /** Somebody who speaks in frames of bytes. */
  rawClient(broker: number): RawClient {
    const received: Uint8Array[] = [];
    let closed = false;
    const connection = this.client.connect(`broker-${broker}`, CLIENT_PORT, {
      onMessage: (_, message) => void received.push(message as Uint8Array),
      onClose: () => {
        closed = true;
      },
      sizeOf: sizeOfMessage,
    });
    let correlationId = 0;
    return {
      received,
      get closed() {
        return closed;
      },
      send: (frame) => connection.send(frame),
      request: (api, version, body) => {
        const message = new RequestMessage(api, version, 'raw', body, true, () => {}, undefined, 0);
        message.correlationId = ++correlationId;
        connection.send(encodeRequest(message));
      },
    };
  }

  /** Every event of these kinds so far, as `kind field=value …` lines with their node. */
  lines(...kinds: string[]): string[] {
    return this.events.filter(({ kind }) => kinds.includes(kind.name)).map(line);
  }
}

export interface RawClient {
  readonly received: readonly Uint8Array[];
  readonly closed: boolean;
  send(frame: Uint8Array): void;
  request(api: Api, version: number, body: unknown): void;
}

export interface ProduceOptions {
  readonly acks?: number;
  readonly values?: readonly string[];
  readonly timeoutMs?: number;
  readonly connection?: string;
  readonly producer?: { readonly producerId: number; readonly producerEpoch: number; readonly baseSequence: number };
}

export interface FetchOptions {
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly sessionId?: number;
  readonly sessionEpoch?: number;
  readonly unchanged?: boolean;
  readonly leaderEpoch?: number;
  readonly connection?: string;
  readonly version?: number;
}

export function answerOf(pending: Pending<ProduceResponse>) {
  return pending.value?.responses[0]?.partitionResponses[0];
}

export function line(event: TraceEvent): string {
  const fields = event.kind.fields.map((field, i) => {
    const value = event.values[i];
    return `${field}=${Array.isArray(value) ? `[${value.join(',')}]` : String(value)}`;
  });
  return `${event.node} ${event.kind.name} ${fields.join(' ')}`;
}

function digest() {
  const hash = createHash('sha256');
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    hex: () => hash.copy().digest('hex'),
  };
}
