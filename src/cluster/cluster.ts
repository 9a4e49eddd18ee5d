/**
 * A running cluster: the world, its nodes and the programs they run, the model that reads its trace, and the operator's hands.
 * Which programs those are is the assembly's affair.
 */
import type { Principals } from '../broker/security/identities.ts';
import type { Config } from '../config/config.ts';
import type { NodeControl, NodeOptions, ProgramFactory, Trace, World } from '../kernel/api.ts';
import { createWorld } from '../kernel/world.ts';
import type { Compression, DigestFactory, Hashing } from '../protocol/ports.ts';
import type { Interceptor, RpcSettings } from '../rpc/api.ts';
import { type Assembly, assemble } from './assembly.ts';
import { AuthorityHandles } from './authority-handles.ts';
import type { ClientOptions } from './client-options.ts';
import { Clients } from './clients.ts';
import { Effects } from './effects.ts';
import { ClusterModel } from './model/cluster-model.ts';
import { type Catalog, parseMember, partitionName } from './names.ts';
import { OPERATOR_NODE, Operator } from './operator.ts';
import { brokerNode, type ClusterOptions, type Mode, quorumNodes } from './options.ts';
import { OUTSIDE_NODE, Outside } from './outside.ts';
import type { OutsideConnections } from './outside-connections.ts';
import { OutsideWitness } from './outside-witness.ts';
import type { Snapshot } from './snapshot.ts';

/** Why a cluster could not be what was asked for: an error of the world's, not of its user's file. */
export class ClusterError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ClusterError';
  }
}

export interface ClusterPorts {
  readonly digest: DigestFactory;
  /** For SASL; without it nobody can have SCRAM credentials. */
  readonly hashing?: Hashing | undefined;
  readonly compression: Compression;
}

export interface ClusterNode {
  readonly name: string;
  readonly kind: 'broker' | 'quorum' | 'client' | 'operator' | 'outside';
  readonly control: NodeControl;
  readonly program: ProgramFactory;
}

/** How long a cluster may take to become ready, in virtual time. */
const START_LIMIT_US = 300_000_000;

export class Cluster {
  readonly options: ClusterOptions;
  readonly mode: Mode;
  readonly world: World;
  readonly trace: Trace;
  readonly model: ClusterModel;
  readonly nodes = new Map<string, ClusterNode>();
  readonly effects = new Effects();
  /** Moments that were given a name. */
  readonly snapshots = new Map<string, Snapshot>();
  readonly authorities = new AuthorityHandles();
  /** Requests pass these before their handlers; verbs add and remove them. */
  readonly interceptors: Interceptor[] = [];
  readonly rpc: RpcSettings;
  readonly operator: Operator;
  readonly clients: Clients;
  /** The brokers' static settings. */
  readonly config: Config;
  /** Where real clients come in; undefined: none may come. */
  readonly outside: Outside | undefined;
  /** What their connections are busy with; undefined: none may come. */
  readonly outsideConnections: OutsideConnections | undefined;
  readonly catalog: Catalog;
  /** Undefined: nobody has a password. */
  readonly hashing: Hashing | undefined;
  /** World time of the scenario's time 0; undefined while the cluster starts. */
  zeroUs: number | undefined;

  readonly #ports: ClusterPorts;

  constructor(options: ClusterOptions, ports: ClusterPorts) {
    this.options = options;
    this.#ports = ports;
    this.hashing = ports.hashing;
    this.mode = options.mode;
    const { seed, network, wallEpochMs } = options;
    const epoch = wallEpochMs === undefined ? {} : { wallEpochMs };
    this.world = createWorld({ seed, digest: ports.digest, ...network, ...epoch });
    this.trace = this.world.trace;
    this.model = new ClusterModel(this.trace, this.world, quorumNodes(options));
    const witness = options.outside ? new OutsideWitness(this.trace, (id) => this.#topicCalled(id)) : undefined;
    this.outsideConnections = witness?.connections;
    this.rpc = { encode: options.encode, interceptors: this.interceptors, witness };
    const assembly: Assembly = assemble(options, this.rpc, {
      onAuthority: this.authorities.add,
      hashing: ports.hashing,
      compression: ports.compression,
      principals: (node) => this.#principalOf(node),
    });
    this.config = assembly.clusterConfig;
    for (const name of quorumNodes(options)) this.#add(name, options.combined ? 'broker' : 'quorum', assembly);
    for (const broker of options.brokers) this.#add(brokerNode(broker.id), 'broker', assembly);
    this.operator = new Operator(options, assembly, this.model, this.rpc);
    this.clients = new Clients(options, assembly, this.rpc, ports.compression);
    this.addNode(OPERATOR_NODE, 'operator', this.operator.program);
    if (witness !== undefined) {
      this.outside = new Outside(witness);
      this.addNode(OUTSIDE_NODE, 'outside', this.outside.program, { linkLatencyUs: 0 });
    }
    this.catalog = this.#makeCatalog();
  }

  /** Scenario time in microseconds: 0 when the cluster was ready, negative before. */
  get timeUs(): number {
    return this.world.nowUs - (this.zeroUs ?? this.world.nowUs);
  }

  /** Starts every node and runs the world until brokers, topics and leaders stand: that moment is time 0. */
  boot(): void {
    const limitUs = this.world.nowUs + START_LIMIT_US;
    const until = (ready: () => boolean) => this.#runUntil(ready, limitUs);
    // In the order in which an operator would: those who decide first.
    this.#startAll((node) => node.kind !== 'broker' || this.options.combined);
    until(() => this.model.quorum.leader !== undefined);
    this.#startAll((node) => node.kind === 'broker');
    until(() => this.#brokersServe());
    let refusal: string | undefined;
    this.operator.createTopics(this.options.topics, START_LIMIT_US, (why) => {
      refusal = why;
      this.model.changes.mark('authority');
    });
    until(() => refusal !== undefined);
    if (refusal !== '') throw new ClusterError(`the topics could not be created: ${refusal}`);
    until(() => this.#topicsReady());
    this.#addUsers(until);
    this.zeroUs = this.world.nowUs;
    this.model.availability.begin(this.zeroUs);
  }

  #addUsers(until: (ready: () => boolean) => void): void {
    let refusal: string | undefined;
    this.operator.addScramUsers(this.#ports.hashing, START_LIMIT_US, (why) => {
      refusal = why;
      this.model.changes.mark('authority');
    });
    until(() => refusal !== undefined);
    if (refusal !== '') throw new ClusterError(`the users could not be added: ${refusal}`);
  }

  #startAll(meant: (node: ClusterNode) => boolean): void {
    for (const node of this.nodes.values()) if (node.kind !== 'client' && meant(node)) node.control.start(node.program);
  }

  /** Steps until something is so; looks only where the model has changed, and time with it. */
  #runUntil(ready: () => boolean, limitUs: number): void {
    let changed = true;
    let lookedUs = -1;
    const stop = this.model.changes.onMark(() => {
      changed = true;
    });
    for (;;) {
      if (changed && lookedUs !== this.world.nowUs) {
        changed = false;
        lookedUs = this.world.nowUs;
        if (ready()) break;
      }
      if ((this.world.nextUs ?? Number.POSITIVE_INFINITY) > limitUs || !this.world.step())
        throw new ClusterError(`the cluster was not ready after ${START_LIMIT_US / 1e6} s: ${this.#missing()}`);
    }
    stop();
  }

  /** Adds a client; it runs once `startClients` or `start` is called. */
  addClient(options: ClientOptions): void {
    for (const { node, program } of this.clients.add(options).members) this.addNode(node, 'client', program);
  }

  /** Starts every client that is to run from the beginning. */
  startClients(): void {
    for (const { options, members } of this.clients.all.values())
      if (options.start) for (const { node } of members) this.start(node);
  }

  /** Starts a node that does not run, with the program that belongs to it. */
  start(name: string): boolean {
    const node = this.nodes.get(name);
    return node?.control.start(node.program) ?? false;
  }

  addNode(
    name: string,
    kind: ClusterNode['kind'],
    program: ProgramFactory,
    options: Omit<NodeOptions, 'name'> = {},
  ): ClusterNode {
    const control = this.world.addNode({ name, disks: 0, ...options });
    const node = { name, kind, control, program };
    this.nodes.set(name, node);
    return node;
  }

  #add(name: string, kind: ClusterNode['kind'], assembly: Assembly): void {
    if (!this.nodes.has(name)) this.addNode(name, kind, assembly.program(name), { disks: assembly.disks(name) });
  }

  /** A broker that gave up waiting (ZooKeeper was slow to come) is started again, as a supervisor does. */
  #brokersServe(): boolean {
    const missing = this.options.brokers.filter(({ id }) => !this.model.serving.has(brokerNode(id)));
    for (const { id } of missing)
      if (this.nodes.get(brokerNode(id))!.control.state === 'stopped') this.start(brokerNode(id));
    return missing.length === 0;
  }

  /** Every partition has its leader, and every replica knows its role. */
  #topicsReady(): boolean {
    return this.options.topics.every((topic) => {
      const layout = this.operator.layout(topic);
      return layout.every((replicas, partition) => {
        const record = this.model.authority.partitions.get(partitionName({ topic: topic.name, partition }));
        if (record === undefined || record.leader < 0) return false;
        return replicas.every((id) => (this.model.replicas.get(record.name, id)?.role ?? 'none') !== 'none');
      });
    });
  }

  /** The operator may do everything; the members of a client share its name. Whoever else comes has to say who it is. */
  #principalOf(node: string): ReturnType<Principals> {
    const kind = this.nodes.get(node)?.kind;
    if (kind === 'operator') return { principal: 'User:operator', isTrusted: true };
    return kind === 'client' ? { principal: `User:${parseMember(node).client}`, isTrusted: false } : undefined;
  }

  #missing(): string {
    const brokers = this.options.brokers.filter(({ id }) => !this.model.serving.has(brokerNode(id)));
    if (brokers.length > 0) return `${brokers.map(({ id }) => brokerNode(id)).join(', ')} did not come to serve`;
    return 'not every partition has a leader';
  }

  #topicCalled(id: string): string | undefined {
    for (const topic of this.model.authority.topics.values()) if (topic.id === id) return topic.name;
    return undefined;
  }

  #makeCatalog(): Catalog {
    const { model, options, clients } = this;
    return {
      mode: options.mode,
      topics: () => new Map([...model.authority.topics].map(([name, topic]) => [name, topic.partitions.length])),
      brokers: () => options.brokers.map((broker) => broker.id),
      quorum: () => quorumNodes(options),
      racks: () => [...new Set(options.brokers.flatMap(({ rack }) => (rack === null ? [] : [rack])))],
      clients: () => clients.names(),
      groups: () => new Set([...clients.groups(), ...model.groups.all.keys()]),
      realClients: () => new Set(model.realClients.all.keys()),
      outside: options.outside,
    };
  }
}
