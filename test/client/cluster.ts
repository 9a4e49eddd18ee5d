import { createHash } from 'node:crypto';
import { startBroker } from '../../src/broker/broker.ts';
import type { CoordinatorFactory } from '../../src/broker/coordinators.ts';
import { CLIENT_PORT } from '../../src/broker/listeners.ts';
import type { ClientEnvironment } from '../../src/client/environment.ts';
import { consumeOnce } from '../../src/client/programs/consume-once.ts';
import { brokerConfig } from '../../src/config/resources.ts';
import { compression } from '../../src/gateway/compression/index.ts';
import type { NodeControl, ProgramFactory, TraceEvent, World } from '../../src/kernel/api.ts';
import { createWorld } from '../../src/kernel/world.ts';
import type { Release } from '../../src/protocol/schema.ts';
import type { Interception, Interceptor } from '../../src/rpc/api.ts';
import { FakeAuthority, FakeCoordination } from '../helpers/fake-authority.ts';
import { identityOf } from '../helpers/identity.ts';

export interface TestClusterOptions {
  readonly release?: Release;
  readonly brokers?: number;
  readonly config?: Record<string, string>;
  readonly coordinators?: readonly CoordinatorFactory[];
  readonly seed?: number;
  readonly encode?: boolean;
}

/** Real brokers under an authority that the test plays, for clients to meet. */
export class TestCluster {
  readonly world: World;
  readonly authority: FakeAuthority;
  readonly events: TraceEvent[] = [];
  readonly interceptors: Interceptor[] = [];
  readonly environment: ClientEnvironment;
  private readonly options: TestClusterOptions;
  private readers = 0;

  constructor(options: TestClusterOptions = {}) {
    this.options = options;
    const release = options.release ?? '4.2';
    this.world = createWorld({
      seed: options.seed ?? 1,
      digest: () => {
        const hash = createHash('sha256');
        return { update: (bytes) => void hash.update(bytes), hex: () => hash.copy().digest('hex') };
      },
    });
    this.world.trace.subscribe('all', (event) => this.events.push(event));
    this.authority = new FakeAuthority(release === '3.9' ? 'zookeeper' : 'kraft');
    const ids = Array.from({ length: options.brokers ?? 3 }, (_, index) => index + 1);
    this.environment = {
      release,
      bootstrap: ids.map((id) => ({ host: `host-${id}`, port: 9092 })),
      resolve: (host) => ({ node: `broker-${host.slice('host-'.length)}`, port: CLIENT_PORT }),
      rpc: { encode: options.encode ?? false, interceptors: this.interceptors },
      compression,
    };
    for (const id of ids) {
      this.world.addNode({ name: `broker-${id}`, disks: 1, cpuThreads: 8 });
      this.startBroker(id);
    }
    this.run(10);
  }

  broker(id: number): NodeControl {
    return this.world.node(`broker-${id}`)!;
  }

  startBroker(id: number): void {
    const { release, rpc } = this.environment;
    const { config = {}, coordinators = [] } = this.options;
    this.broker(id).start((context) => {
      const identity = identityOf(id, `host-${id}`, 9092);
      return startBroker(context, {
        identity,
        clusterId: 'test-cluster',
        release,
        config: brokerConfig(config, { version: release }),
        rpc,
        compression,
        partitionMemoryBytes: null,
        coordination: new FakeCoordination(context, this.authority, identity),
        coordinators,
      });
    });
  }

  client(name: string, program: ProgramFactory): NodeControl {
    const node = this.world.node(name) ?? this.world.addNode({ name, disks: 0 });
    node.start(program);
    return node;
  }

  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  /** A broker dies; after `detectionMs` the authority gives its partitions to the next of their in-sync replicas. */
  lose(id: number, detectionMs: number): void {
    this.broker(id).kill();
    this.run(detectionMs);
    this.bury(id);
  }

  bury(id: number): void {
    const { authority } = this;
    if (authority.mode === 'kraft') authority.fence(id, true);
    else authority.brokers.delete(id);
    for (const topic of [...authority.topics.values()]) {
      for (const { name, isr, leader } of topic.partitions) {
        const rest = isr.filter((member) => member !== id);
        if (rest.length < isr.length)
          authority.change(name, { isr: rest, ...(leader === id ? { leader: rest[0]! } : {}) });
      }
    }
  }

  /** Every record that stands in the leader's log of a partition, as texts. */
  stored(partition: string): string[] {
    const found: string[] = [];
    const [topic, index] = [partition.slice(0, partition.lastIndexOf('-')), Number(partition.split('-').at(-1))];
    this.client(`reader-${this.readers++}`, (context) => {
      const wanted = { topic, from: 'earliest' as const, max: 1_000_000, timeoutMs: 20_000 };
      consumeOnce(context, this.environment, wanted, (records) => {
        for (const { partition: name, value } of records) if (name === `${topic}-${index}`) found.push(String(value));
      });
      return {};
    });
    this.run(21_000);
    return found;
  }

  /** Answers the next `count` requests of an API so; `handled`: after the broker did what was asked. */
  intercept(api: string, count: number, how: Interception): { left: number } {
    const rule = { left: count };
    this.interceptors.push({
      intercept: (_node, request) => {
        if (request.api.name !== api || rule.left === 0 || request.peer.node.startsWith('broker')) return null;
        rule.left -= 1;
        return how;
      },
    });
    return rule;
  }

  of(...kinds: string[]): TraceEvent[] {
    return this.events.filter(({ kind }) => kinds.includes(kind.name));
  }

  lines(...kinds: string[]): string[] {
    return this.of(...kinds).map(line);
  }
}

export function field(event: TraceEvent, name: string): unknown {
  return event.values[event.kind.fields.indexOf(name)];
}

export function line(event: TraceEvent): string {
  const fields = event.kind.fields.map((name, i) => {
    const value = event.values[i];
    return `${name}=${Array.isArray(value) ? `[${value.join(',')}]` : String(value)}`;
  });
  return `${event.node} ${event.kind.name} ${fields.join(' ')}`.trimEnd();
}
