/** Three following brokers and whatever their coordination needs, in a world of their own. */
import type { IsrAnswer } from '../../../src/coordinator/index.ts';
import type { NodeControl, TraceEvent, World } from '../../../src/kernel/api.ts';
import { createWorld } from '../../../src/kernel/world.ts';
import { CreateTopics, type CreateTopicsResponse } from '../../../src/protocol/apis/19-create-topics.ts';
import { errorName } from '../../../src/protocol/errors.ts';
import type { Api } from '../../../src/protocol/schema.ts';
import type { Peer, RpcSettings } from '../../../src/rpc/api.ts';
import { anonymous } from '../../../src/rpc/identity.ts';
import { FollowingBroker } from './following-broker.ts';
import { type CoordinationMode, digest } from './modes.ts';

export type Fields = { readonly atMs: number; readonly node: string; readonly [field: string]: unknown };

export class ContractCluster {
  readonly world: World;
  readonly mode: CoordinationMode;
  readonly brokers = new Map<number, FollowingBroker>();
  readonly events: TraceEvent[] = [];
  private readonly rpc: RpcSettings = { encode: false, interceptors: [] };

  constructor(makeMode: (rpc: RpcSettings) => CoordinationMode, seed = 1) {
    this.world = createWorld({ seed, latencyUs: 500, digest });
    this.mode = makeMode(this.rpc);
    this.world.trace.subscribe('all', (event) => void this.events.push(event));
    for (const { node, program } of this.mode.quorum) this.world.addNode({ name: node }).start(program);
    for (const id of [1, 2, 3]) {
      this.world.addNode({ name: `broker-${id}` });
      this.start(id);
    }
    this.until('every broker serves', 30_000, () => [1, 2, 3].every((id) => this.broker(id).isServing));
  }

  start(id: number): void {
    this.node(`broker-${id}`).start((context) => {
      const broker = new FollowingBroker(context, this.mode, this.rpc, id);
      this.brokers.set(id, broker);
      return broker;
    });
  }

  broker(id: number): FollowingBroker {
    return this.brokers.get(id)!;
  }

  node(name: string): NodeControl {
    return this.world.node(name)!;
  }

  get nowMs(): number {
    return this.world.nowUs / 1000;
  }

  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  until(what: string, withinMs: number, holds: () => boolean): void {
    const limitMs = this.nowMs + withinMs;
    while (!holds()) {
      if (this.nowMs > limitMs) throw new Error(`not within ${withinMs} ms: ${what}`);
      this.run(2);
    }
  }

  /** Has something done inside a step of the world, and waits for its answer. */
  await<T>(what: string, begin: (done: (answer: T) => void) => void): T {
    const answers: T[] = [];
    this.world.at(this.world.nowUs, () => begin((answer) => answers.push(answer)), undefined);
    this.until(what, 60_000, () => answers.length > 0);
    return answers[0]!;
  }

  /** Asks as a client would: a broker that passes it on, or in ZooKeeper mode the broker that is the controller. */
  ask(id: number, api: Api, version: number, body: unknown): unknown {
    if (this.mode.controllerIsBroker) return this.askController(api, version, body);
    type Answer = { response: unknown; error: number };
    const { response, error } = this.await<Answer>(`an answer to ${api.name}`, (done) =>
      this.broker(id).coordination.forward(api, version, body, 30_000, (got, code) =>
        done({ response: got, error: code }),
      ),
    );
    if (error !== 0) throw new Error(`${api.name} failed: ${errorName(error)}`);
    return response;
  }

  private askController(api: Api, version: number, body: unknown): unknown {
    const { coordination } = this.broker(Number(this.controller.slice('broker-'.length)));
    return this.await<unknown>(`an answer to ${api.name}`, (respond) => {
      const nothing = () => {};
      const peer: Peer = {
        node: 'client',
        connectionId: 1,
        port: '9092',
        clientId: 'contract',
        clientSoftware: '',
        identity: anonymous('client'),
        channel: { mute: nothing, close: nothing },
      };
      const request = { api, version, correlationId: 1, body, exclusive: false, peer, respond };
      const taken = coordination.handle({ ...request, noResponse: nothing, close: nothing });
      if (!taken) throw new Error(`the controller does not take ${api.name}`);
    });
  }

  createTopic(name: string, lists: readonly (readonly number[])[]): string {
    const assignments = lists.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds: [...brokerIds] }));
    const topics = [{ name, numPartitions: -1, replicationFactor: -1, assignments }];
    const response = this.ask(1, CreateTopics, 5, CreateTopics.request.make({ topics })) as CreateTopicsResponse;
    const partitions = lists.map((_, partition) => `${name}-${partition}`);
    this.until(`every replica of ${name} knows its role`, 5000, () =>
      lists.every((list, p) => list.every((id) => !this.isUp(id) || this.broker(id).roles.has(partitions[p]!))),
    );
    return errorName(response.topics[0]!.errorCode);
  }

  isUp(id: number): boolean {
    return this.node(`broker-${id}`).state === 'running';
  }

  propose(
    id: number,
    partition: string,
    isr: readonly number[],
    epochs: Partial<{ leaderEpoch: number; partitionEpoch: number }> = {},
  ): IsrAnswer {
    const { coordination, roles } = this.broker(id);
    const { state } = roles.get(partition)!;
    const { topic, topicId, partition: number, leaderEpoch, partitionEpoch } = state;
    const members = isr.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));
    const proposal = {
      topic,
      topicId,
      partition: number,
      leaderEpoch,
      partitionEpoch,
      ...epochs,
      isr: members,
      recovering: false,
    };
    return this.await('an answer to the proposal', (done) => coordination.proposeIsr(proposal, done));
  }

  eventsOf(kind: string): Fields[] {
    return this.events
      .filter((event) => event.kind.name === kind)
      .map(({ atUs, node, kind: { fields }, values }) => ({
        atMs: atUs / 1000,
        node,
        ...Object.fromEntries(fields.map((field, i) => [field, values[i]])),
      }));
  }

  /** What the authority last said of a partition. */
  authority(partition: string): Fields {
    return this.eventsOf('partition-changed').findLast((event) => event['partition'] === partition)!;
  }

  get controller(): string {
    return String(this.eventsOf('controller-elected').at(-1)!['controller']);
  }
}
