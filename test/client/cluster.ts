import { createHash } from 'node:crypto';
import { CLIENT_PORT, startBroker } from '../../src/broker/broker.ts';
import type { CoordinatorFactory } from '../../src/broker/coordinators.ts';
import type { ClientEnvironment } from '../../src/client/environment.ts';
import { brokerConfig } from '../../src/config/resources.ts';
import type { NodeControl, ProgramFactory, TraceEvent, World } from '../../src/kernel/api.ts';
import { createWorld } from '../../src/kernel/world.ts';
import type { Release } from '../../src/protocol/schema.ts';
import type { Interceptor } from '../../src/rpc/api.ts';
import { FakeAuthority, FakeCoordination } from '../helpers/fake-authority.ts';

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
      const identity = { id, node: `broker-${id}`, host: `host-${id}`, port: 9092, rack: null };
      return startBroker(context, {
        identity,
        clusterId: 'test-cluster',
        release,
        config: brokerConfig(config, { version: release }),
        rpc,
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
