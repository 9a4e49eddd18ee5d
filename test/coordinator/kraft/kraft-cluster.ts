/** A cluster of real controllers and of brokers that do nothing but follow the metadata: for tests of the coordination. */
import { createHash } from 'node:crypto';
import type { BrokerCoordination, BrokerHost, IsrAnswer, MetadataDelta } from '../../../src/coordinator/index.ts';
import { kraftCoordination } from '../../../src/coordinator/kraft/broker/kraft-coordination.ts';
import { controllerProgram } from '../../../src/coordinator/kraft/controller/controller-program.ts';
import {
  defaultKraftSettings,
  type KraftCluster,
  type KraftSettings,
} from '../../../src/coordinator/kraft/settings.ts';
import type { Context, NodeControl, Program, TraceEvent, World } from '../../../src/kernel/api.ts';
import { createWorld } from '../../../src/kernel/world.ts';
import { CreateTopics, type CreateTopicsResponse } from '../../../src/protocol/apis/19-create-topics.ts';
import type { Api } from '../../../src/protocol/schema.ts';
import type { RpcSettings } from '../../../src/rpc/api.ts';
import { identityOf } from '../../helpers/identity.ts';

export class FollowingBroker implements Program, BrokerHost {
  readonly coordination: BrokerCoordination;
  readonly deltas: MetadataDelta[] = [];
  servingSinceMs = -1;
  fatal: string | null = null;
  readonly directoryIds: readonly string[];
  readonly previousBrokerEpoch = -1;
  readonly answers: IsrAnswer[] = [];
  private readonly proposed = new Set<string>();
  private readonly context: Context;
  private readonly id: number;

  constructor(context: Context, cluster: KraftCluster, rpc: RpcSettings, id: number) {
    this.context = context;
    this.id = id;
    this.directoryIds = [`directory-of-broker-${id}AA`.padStart(22, 'A').slice(-22)];
    const identity = { ...identityOf(id, 'localhost', 9091 + id), node: context.node };
    this.coordination = kraftCoordination(context, { cluster, identity, rpc });
    this.coordination.start(this);
  }

  onMetadata(delta: MetadataDelta): void {
    this.deltas.push(delta);
  }
  onServing(): void {
    this.servingSinceMs = this.context.nowMs();
    this.context.after(5_000_000, proposeFullIsrs, this);
  }
  /** As if every live follower had caught up: each leader proposes them all, every five seconds. */
  proposeFullIsrs(): void {
    const { image } = this.coordination;
    for (const { partitions } of image.topics.values()) {
      for (const state of partitions) {
        const live = state.replicas.filter((id) => image.brokers.get(id)?.fenced === false);
        if (state.leader !== this.id || live.every((id) => state.isr.includes(id)) || this.proposed.has(state.name))
          continue;
        this.proposed.add(state.name);
        const isr = live.map((brokerId) => ({ brokerId, brokerEpoch: image.brokers.get(brokerId)!.epoch }));
        const { topic, topicId, partition, name, leaderEpoch, partitionEpoch } = state;
        const proposal = { topic, topicId, partition, leaderEpoch, partitionEpoch, isr, recovering: false };
        this.coordination.proposeIsr(proposal, (answer) => {
          this.proposed.delete(name);
          this.answers.push(answer);
        });
      }
    }
    this.context.after(5_000_000, proposeFullIsrs, this);
  }
  onFatal(reason: string): void {
    this.fatal = reason;
  }
  terminate(): void {
    this.coordination.controlledShutdown(() => {
      this.coordination.close();
      this.context.exit(0, 'terminated');
    });
  }
}

const proposeFullIsrs = (broker: FollowingBroker): void => broker.proposeFullIsrs();

export class KraftTestCluster {
  readonly world: World;
  readonly cluster: KraftCluster;
  readonly brokers = new Map<number, FollowingBroker>();
  readonly events: TraceEvent[] = [];
  private readonly rpc: RpcSettings;

  constructor(
    options: {
      seed?: number;
      brokers?: number;
      controllers?: number;
      encode?: boolean;
      combined?: boolean;
      settings?: Partial<KraftSettings>;
    } = {},
  ) {
    this.world = createWorld({
      seed: options.seed ?? 1,
      latencyUs: 500,
      digest: () => {
        const hash = createHash('sha256');
        return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
      },
    });
    this.rpc = { encode: options.encode ?? false, interceptors: [] };
    const controllers = options.controllers ?? 3;
    this.cluster = {
      clusterId: 'kzsimKraftTestClusterA',
      voters: Array.from({ length: controllers }, (_, i) =>
        options.combined ? { id: 1 + i, node: `broker-${1 + i}` } : { id: 1001 + i, node: `controller-${1001 + i}` },
      ),
      settings: { ...defaultKraftSettings, defaultReplicationFactor: 3, ...options.settings },
    };
    this.world.trace.subscribe('all', (event) => void this.events.push(event));
    if (!options.combined) for (const { node } of this.cluster.voters) this.world.addNode({ name: node });
    for (let id = 1; id <= (options.brokers ?? 3); id++) this.world.addNode({ name: `broker-${id}` });
    if (!options.combined) for (const { id } of this.cluster.voters) this.startController(id);
    for (let id = 1; id <= (options.brokers ?? 3); id++) this.startBroker(id);
  }

  node(name: string): NodeControl {
    return this.world.node(name)!;
  }

  startController(id: number): void {
    this.node(`controller-${id}`).start(controllerProgram({ cluster: this.cluster, nodeId: id, rpc: this.rpc }));
  }

  startBroker(id: number): void {
    this.node(`broker-${id}`).start((context) => {
      const broker = new FollowingBroker(context, this.cluster, this.rpc, id);
      this.brokers.set(id, broker);
      return broker;
    });
  }

  get nowMs(): number {
    return Math.floor(this.world.nowUs / 1000);
  }

  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  /** Runs until this holds; returns how long that took. */
  until(what: string, holds: () => boolean, withinMs: number): number {
    const startMs = this.nowMs;
    while (!holds()) {
      if (this.nowMs - startMs > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
      this.run(5);
    }
    return this.nowMs - startMs;
  }

  untilServing(): void {
    this.until('every broker serves', () => [...this.brokers.values()].every((b) => b.servingSinceMs >= 0), 20_000);
  }

  /** Passes a request on through a broker and waits for the answer. */
  ask(brokerId: number, api: Api, version: number, body: unknown): unknown {
    let answer: { response: unknown; error: number } | null = null;
    // A step of the operator's, so that what follows has a place in the trace.
    this.world.at(
      this.world.nowUs,
      () => {
        this.brokers.get(brokerId)!.coordination.forward(api, version, body, 30_000, (response, error) => {
          answer = { response, error };
        });
      },
      undefined,
    );
    this.until(`an answer to ${api.name}`, () => answer !== null, 60_000);
    const { response, error } = answer!;
    if (error !== 0) throw new Error(`${api.name} failed with ${error}`);
    return response;
  }

  createTopic(
    name: string,
    numPartitions: number,
    replicationFactor: number,
    config: Record<string, string> = {},
  ): CreateTopicsResponse {
    const configs = Object.entries(config).map(([setting, value]) => ({ name: setting, value }));
    const body = CreateTopics.request.make({ topics: [{ name, numPartitions, replicationFactor, configs }] });
    return this.ask(1, CreateTopics as unknown as Api, 7, body) as CreateTopicsResponse;
  }

  eventsOf(kind: string): { atMs: number; node: string; [field: string]: unknown }[] {
    return this.events
      .filter((event) => event.kind.name === kind)
      .map((event) => ({
        atMs: event.atUs / 1000,
        node: event.node,
        ...Object.fromEntries(event.kind.fields.map((field, i) => [field, event.values[i]])),
      }));
  }

  /** The node of the active controller, by its own belief. */
  activeController(): string {
    return this.eventsOf('controller-elected').at(-1)!['controller'] as string;
  }
}
