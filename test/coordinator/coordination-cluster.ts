/** Clusters of brokers that do nothing but coordinate, in either mode: what the contract of coordination is tested on. */
import { createHash } from 'node:crypto';
import { brokerConfig } from '../../src/config/resources.ts';
import type {
  BrokerCoordination,
  BrokerHost,
  BrokerIdentity,
  IsrAnswer,
  MetadataDelta,
  PartitionState,
} from '../../src/coordinator/index.ts';
import { kraftCoordination } from '../../src/coordinator/kraft/broker/kraft-coordination.ts';
import { controllerProgram } from '../../src/coordinator/kraft/controller/controller-program.ts';
import type { KraftCluster } from '../../src/coordinator/kraft/settings.ts';
import { kraftSettings } from '../../src/coordinator/kraft/settings-from-config.ts';
import { type ServerHandle, zookeeperEnsemble } from '../../src/coordinator/zookeeper/ensemble/server.ts';
import { AuthorityTranslator } from '../../src/coordinator/zookeeper/kafka/authority.ts';
import { createZooKeeperCoordination } from '../../src/coordinator/zookeeper/kafka/broker-side.ts';
import { zooKeeperModeSettings } from '../../src/coordinator/zookeeper/kafka/settings.ts';
import { brokerPath } from '../../src/coordinator/zookeeper/kafka/znodes.ts';
import { hostHashing } from '../../src/gateway/hashing.ts';
import type {
  Context,
  NodeControl,
  Program,
  ProgramFactory,
  RuleHandle,
  TraceEvent,
  World,
} from '../../src/kernel/api.ts';
import { createWorld } from '../../src/kernel/world.ts';
import { CreateTopics, type CreateTopicsResponse } from '../../src/protocol/apis/19-create-topics.ts';
import { apis } from '../../src/protocol/apis/index.ts';
import { ErrorCode } from '../../src/protocol/errors.ts';
import type { Api } from '../../src/protocol/schema.ts';
import type { RpcSettings, ServerRequest } from '../../src/rpc/api.ts';
import { openChannel } from '../../src/rpc/channel.ts';
import { serve } from '../../src/rpc/server.ts';
import { identityOf } from '../helpers/identity.ts';

export type Mode = 'kraft' | 'zookeeper';

const INTERNAL_PORT = '9091';
const CLUSTER_ID = 'kzsimContractClusterAA';

/** Follows the metadata and notes what it is told; proposes ISRs only when the test says so. */
export class ScriptedBroker implements Program, BrokerHost {
  readonly coordination: BrokerCoordination;
  readonly deltas: MetadataDelta[] = [];
  /** What this broker was last told of each partition that it leads or follows. */
  readonly roles = new Map<string, PartitionState>();
  readonly deleted: string[] = [];
  serving = false;
  readonly directoryIds: readonly string[];
  readonly previousBrokerEpoch = -1;
  private readonly context: Context;

  constructor(context: Context, id: number, coordination: BrokerCoordination, rpc: RpcSettings) {
    this.context = context;
    this.directoryIds = [`directory-of-broker-${id}AA`.padStart(22, 'A').slice(-22)];
    this.coordination = coordination;
    const versions = new Map(apis.map((api) => [api.key, api.offered['3.9']]));
    serve(
      context,
      INTERNAL_PORT,
      {
        versionsOf: (key) => (coordination.handles.includes(key) ? (versions.get(key) ?? undefined) : undefined),
        handle: (request: ServerRequest) => {
          if (!coordination.handle(request)) request.close();
        },
      },
      rpc,
    );
    coordination.start(this);
  }

  onMetadata(delta: MetadataDelta): void {
    this.deltas.push(delta);
    for (const { name } of delta.deleted) {
      this.roles.delete(name);
      this.deleted.push(name);
    }
    for (const state of [...delta.leaders, ...delta.followers]) this.roles.set(state.name, state);
  }
  onServing(): void {
    this.serving = true;
  }
  onFatal(reason: string): void {
    this.context.exit(1, reason);
  }
  terminate(): void {
    this.coordination.controlledShutdown(() => {
      this.coordination.close();
      this.context.exit(0, 'terminated');
    });
  }
}

export class CoordinationCluster {
  readonly mode: Mode;
  readonly world: World;
  readonly brokers = new Map<number, ScriptedBroker>();
  readonly events: TraceEvent[] = [];
  private readonly rpc: RpcSettings;
  private readonly quorum: ReadonlyMap<string, ProgramFactory>;
  private readonly coordination: (context: Context, identity: BrokerIdentity) => BrokerCoordination;
  private operator: Context | null = null;
  /** Processes of ZooKeeper servers, in the order of their starts. */
  private readonly servers: ServerHandle[] = [];

  constructor(
    mode: Mode,
    options: { seed?: number; brokers?: number; encode?: boolean; config?: Readonly<Record<string, string>> } = {},
  ) {
    this.mode = mode;
    this.world = createWorld({ seed: options.seed ?? 1, latencyUs: 500, digest: sha256 });
    this.world.trace.subscribe('all', (event) => void this.events.push(event));
    this.rpc = { encode: options.encode ?? false, interceptors: [] };
    const assembled = mode === 'kraft' ? this.assembleKraft(options.config) : this.assembleZooKeeper(options.config);
    this.quorum = assembled.programs;
    this.coordination = assembled.coordination;
    for (const [node, program] of this.quorum) this.world.addNode({ name: node }).start(program);
    this.world.addNode({ name: 'operator' }).start((context) => {
      this.operator = context;
      return {};
    });
    for (let id = 1; id <= (options.brokers ?? 3); id++) {
      this.world.addNode({ name: `broker-${id}` });
      this.startBroker(id);
    }
  }

  private assembleKraft(config: Readonly<Record<string, string>> = {}) {
    const settings = kraftSettings(brokerConfig(config, { version: '4.2' }));
    const voters = [1001, 1002, 1003].map((id) => ({ id, node: `controller-${id}` }));
    const cluster: KraftCluster = { clusterId: CLUSTER_ID, voters, settings, hashing: hostHashing };
    const { rpc } = this;
    return {
      programs: new Map(voters.map(({ id, node }) => [node, controllerProgram({ cluster, nodeId: id, rpc })])),
      coordination: (context: Context, identity: BrokerIdentity) =>
        kraftCoordination(context, { cluster, identity, rpc }),
    };
  }

  private assembleZooKeeper(config: Readonly<Record<string, string>> = {}) {
    const settings = zooKeeperModeSettings(brokerConfig(config, { version: '3.9' }));
    const servers = ['zk-1', 'zk-2', 'zk-3'];
    const authority = new AuthorityTranslator();
    const { rpc } = this;
    return {
      programs: zookeeperEnsemble({
        servers: servers.map((node, i) => ({ sid: i + 1, node })),
        onCommit: authority.onCommit,
        onStart: (handle) => void this.servers.push(handle),
      }),
      coordination: (context: Context, identity: BrokerIdentity) =>
        createZooKeeperCoordination(context, {
          clusterId: CLUSTER_ID,
          identity,
          rpc,
          servers,
          internalPort: INTERNAL_PORT,
          settings,
          hashing: hostHashing,
        }),
    };
  }

  startBroker(id: number): void {
    const identity = identityOf(id, 'localhost', 9091 + id);
    this.node(`broker-${id}`).start((context) => {
      const broker = new ScriptedBroker(context, id, this.coordination(context, identity), this.rpc);
      this.brokers.set(id, broker);
      return broker;
    });
  }

  startQuorumNode(name: string): void {
    this.node(name).start(this.quorum.get(name)!);
  }

  /** ZooKeeper mode: ends a broker's session as if it had been silent. */
  expireSession(id: number): void {
    const leader = this.servers.find(({ leads }) => leads)!;
    leader.expireSession(leader.tree.get(brokerPath(id))!.ephemeralOwner);
    this.run(100);
  }

  node(name: string): NodeControl {
    return this.world.node(name)!;
  }

  broker(id: number): ScriptedBroker {
    return this.brokers.get(id)!;
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
    this.until('every broker serves', () => [...this.brokers.values()].every((broker) => broker.serving), 20_000);
    this.until('every broker knows all', () => [...this.brokers.values()].every((one) => this.sees(one)), 20_000);
  }

  private sees({ coordination }: ScriptedBroker): boolean {
    const { brokers } = coordination.image;
    return brokers.size === this.brokers.size && [...brokers.values()].every(({ fenced }) => !fenced);
  }

  /** Does something inside a step of a broker's process. */
  inside(id: number, action: (broker: ScriptedBroker) => void): void {
    this.world.at(this.world.nowUs, () => action(this.broker(id)), undefined);
    this.run(0);
  }

  /** An administrative request as an admin client has it answered in this mode; asked again while the controller moves. */
  ask(api: Api, version: number, body: () => unknown, notController: (response: unknown) => boolean): unknown {
    for (let attempt = 0; attempt < 200; attempt++) {
      const response = this.mode === 'kraft' ? this.forward(api, version, body()) : this.askBrokers(api, version, body);
      if (response !== null && !notController(response)) return response;
      this.run(250);
    }
    throw new Error(`nobody answered ${api.name}`);
  }

  private forward(api: Api, version: number, body: unknown): unknown {
    const [id] = [...this.brokers.keys()].filter((one) => this.node(`broker-${one}`).state === 'running');
    let answer: { response: unknown } | null = null;
    this.inside(id!, ({ coordination }) =>
      coordination.forward(api, version, body, 30_000, (response) => {
        answer = { response };
      }),
    );
    this.until(`an answer to ${api.name}`, () => answer !== null, 60_000);
    return answer!.response;
  }

  private askBrokers(api: Api, version: number, body: () => unknown): unknown {
    const controller = [...this.brokers].find(
      ([id, { coordination }]) => this.node(`broker-${id}`).state === 'running' && coordination.image.controllerId > 0,
    )?.[1].coordination.image.controllerId;
    if (controller === undefined) return null;
    let answer: { response: unknown } | null = null;
    this.world.at(
      this.world.nowUs,
      () => {
        const options = { clientId: 'admin', requestTimeoutMs: 31_000 };
        const channel = openChannel(this.operator!, `broker-${controller}`, INTERNAL_PORT, options, this.rpc);
        const answered = (_: undefined, response: unknown): void => {
          answer = { response };
        };
        channel.send(api, version, body(), answered, undefined);
      },
      undefined,
    );
    this.until(`an answer to ${api.name}`, () => answer !== null, 60_000);
    return answer!.response;
  }

  createTopic(name: string, assignments: readonly (readonly number[])[]): CreateTopicsResponse['topics'][number] {
    const body = () =>
      CreateTopics.request.make({
        topics: [
          {
            name,
            numPartitions: -1,
            replicationFactor: -1,
            assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
            configs: [],
          },
        ],
        timeoutMs: 30_000,
      });
    const codes = (response: unknown) => (response as CreateTopicsResponse).topics.map(({ errorCode }) => errorCode);
    const response = this.ask(CreateTopics as unknown as Api, 7, body, (one) =>
      codes(one).includes(ErrorCode.NOT_CONTROLLER),
    );
    return (response as CreateTopicsResponse).topics[0]!;
  }

  /** The partition as a broker knows it. */
  partition(seenBy: number, topic: string, partition: number): PartitionState | undefined {
    return this.broker(seenBy).coordination.image.partition(topic, partition);
  }

  propose(id: number, state: PartitionState, isr: readonly number[], change: Partial<PartitionState> = {}): IsrAnswer {
    let answer: IsrAnswer | null = null;
    const { topic, topicId, partition, leaderEpoch, partitionEpoch } = { ...state, ...change };
    this.inside(id, ({ coordination }) =>
      coordination.proposeIsr(
        {
          topic,
          topicId,
          partition,
          leaderEpoch,
          partitionEpoch,
          isr: isr.map((brokerId) => ({ brokerId, brokerEpoch: -1 })),
          recovering: false,
        },
        (given) => {
          answer = given;
        },
      ),
    );
    this.until('an answer to the proposal', () => answer !== null, 60_000);
    return answer!;
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

  /** The node that was elected controller last. */
  controller(): string {
    return this.eventsOf('controller-elected').at(-1)!['controller'] as string;
  }

  /** Silence between two groups of nodes. */
  cut(group: readonly string[], others: readonly string[]): RuleHandle {
    const matches = (from: string, to: string): boolean =>
      (group.includes(from) && others.includes(to)) || (others.includes(from) && group.includes(to));
    return this.world.network.install({ name: 'cut', matches, effect: { kind: 'block' } });
  }
}

function sha256(): { update(bytes: Uint8Array): void; hex(): string } {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.copy().digest('hex') };
}
