import type {
  BrokerCoordination,
  BrokerHost,
  BrokerIdentity,
  BrokerInfo,
  IsrAnswer,
  IsrProposal,
  MetadataDelta,
  MetadataImage,
  PartitionState,
  TopicInfo,
} from '../../src/coordinator/index.ts';
import { SecurityState } from '../../src/coordinator/security/security-state.ts';
import type { Context } from '../../src/kernel/api.ts';
import { CreateTopics, type CreateTopicsRequest } from '../../src/protocol/apis/19-create-topics.ts';

const DELAY_US = 2_000;

/**
 * Stands in for ZooKeeper and KRaft in the broker's tests: a table of partitions that the test changes as it likes, and that
 * reaches every live broker two milliseconds later. It survives its brokers' processes, and lives outside the world.
 */
export class FakeAuthority {
  readonly mode: 'kraft' | 'zookeeper';
  version = 1;
  security = SecurityState.empty;
  readonly topics = new Map<string, TopicInfo>();
  readonly brokers = new Map<number, BrokerInfo>();
  readonly configs = new Map<string, Map<string, string>>();
  readonly features = new Map<string, number>();
  readonly lines: FakeCoordination[] = [];
  /** What the next proposals are answered with; else they are accepted. */
  readonly refusals: number[] = [];
  /** Proposals are kept here instead of being answered while this is true. */
  holdProposals = false;
  readonly held: (() => void)[] = [];
  private nextProducerId = 0;
  private nextEpoch = 100;

  constructor(mode: 'kraft' | 'zookeeper' = 'kraft') {
    this.mode = mode;
  }

  register(identity: BrokerIdentity): number {
    const epoch = this.nextEpoch++;
    const { id, node, endpoints, rack } = identity;
    this.brokers.set(id, { id, epoch, node, endpoints, rack, fenced: false, inControlledShutdown: false });
    this.changed([]);
    return epoch;
  }

  createTopic(name: string, assignments: readonly (readonly number[])[], config: Record<string, string> = {}): void {
    const id = `${name}${'A'.repeat(22)}`.slice(0, 22).replace(/[._]/g, '-');
    const partitions = assignments.map((replicas, partition) => ({
      topic: name,
      topicId: id,
      partition,
      name: `${name}-${partition}`,
      replicas,
      addingReplicas: [],
      removingReplicas: [],
      isr: replicas,
      elr: [],
      lastKnownElr: [],
      leader: replicas[0]!,
      leaderEpoch: 0,
      partitionEpoch: 0,
      recovering: false,
    }));
    this.topics.set(name, { name, id, internal: name.startsWith('__'), partitions });
    this.configs.set(name, new Map(Object.entries(config)));
    this.changed(partitions);
  }

  deleteTopic(name: string): void {
    const topic = this.topics.get(name)!;
    this.topics.delete(name);
    this.changed([], topic.partitions);
  }

  setConfig(topic: string, name: string, value: string): void {
    const settings = new Map(this.configs.get(topic));
    settings.set(name, value);
    this.configs.set(topic, settings);
    this.changed([], [], [topic]);
  }

  partition(name: string): PartitionState {
    const at = name.lastIndexOf('-');
    return this.topics.get(name.slice(0, at))!.partitions[Number(name.slice(at + 1))]!;
  }

  /** Changes a partition; a new leader gets a new leader epoch. */
  change(name: string, change: { leader?: number; isr?: readonly number[] }): void {
    const before = this.partition(name);
    const elected = change.leader !== undefined && change.leader !== before.leader;
    const after: PartitionState = {
      ...before,
      ...change,
      leaderEpoch: before.leaderEpoch + (elected ? 1 : 0),
      partitionEpoch: before.partitionEpoch + 1,
    };
    const topic = this.topics.get(before.topic)!;
    const partitions = topic.partitions.map((state) => (state === before ? after : state));
    this.topics.set(topic.name, { ...topic, partitions });
    this.changed([after]);
  }

  fence(id: number, fenced: boolean): void {
    this.brokers.set(id, { ...this.brokers.get(id)!, fenced });
    this.changed([]);
  }

  propose(proposal: IsrProposal): IsrAnswer {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return { kind: 'refused', error: refusal };
    const name = `${proposal.topic}-${proposal.partition}`;
    const state = this.partition(name);
    if (proposal.leaderEpoch !== state.leaderEpoch) return { kind: 'refused', error: 74 };
    if (proposal.partitionEpoch !== state.partitionEpoch) return { kind: 'refused', error: 95 };
    if (proposal.isr.some(({ brokerId }) => this.brokers.get(brokerId)?.fenced !== false))
      return { kind: 'refused', error: 107 };
    this.change(name, { isr: proposal.isr.map(({ brokerId }) => brokerId) });
    const { isr, leaderEpoch, partitionEpoch, recovering } = this.partition(name);
    return { kind: 'accepted', isr, leaderEpoch, partitionEpoch, recovering };
  }

  producerIds(): number {
    this.nextProducerId += 1000;
    return this.nextProducerId - 1000;
  }

  image(): MetadataImage {
    const { topics, configs, brokers, version } = this;
    const frozen = new Map(topics);
    return {
      clusterId: 'test-cluster',
      version,
      brokers: new Map(brokers),
      topics: frozen,
      topicById: (id) => [...frozen.values()].find((topic) => topic.id === id),
      partition: (topic, partition) => frozen.get(topic)?.partitions[partition],
      config: (type, name) => (type === 'topic' ? (configs.get(name) ?? new Map()) : new Map()),
      features: this.features,
      security: this.security,
      configured: () => [],
      controllerId: -1,
    };
  }

  private changed(
    states: readonly PartitionState[],
    deleted: readonly PartitionState[] = [],
    changedConfigs: readonly string[] = [],
  ): void {
    this.version++;
    for (const line of this.lines) line.publish(states, deleted, changedConfigs);
  }
}

/** One broker's line to the fake authority. */
export class FakeCoordination implements BrokerCoordination {
  readonly mode: 'kraft' | 'zookeeper';
  readonly handles: readonly number[] = [];
  readonly supportedFeatures = [];
  image: MetadataImage;
  brokerEpoch = -1;
  /** Cut off: nothing comes, nothing goes. */
  cut = false;
  private host: BrokerHost | null = null;
  private readonly context: Context;
  private readonly authority: FakeAuthority;
  private readonly identity: BrokerIdentity;

  constructor(context: Context, authority: FakeAuthority, identity: BrokerIdentity) {
    this.context = context;
    this.authority = authority;
    this.identity = identity;
    this.mode = authority.mode;
    this.image = authority.image();
  }

  start(host: BrokerHost): void {
    this.host = host;
    const { authority } = this;
    const at = authority.lines.findIndex((line) => line.identity.id === this.identity.id);
    if (at >= 0) authority.lines.splice(at, 1);
    authority.lines.push(this);
    const everything = [...authority.topics.values()].flatMap((topic) => topic.partitions);
    // As in KRaft, the first metadata still holds what was known of the incarnation before.
    this.publish(everything, [], []);
    this.brokerEpoch = authority.register(this.identity);
    this.context.after(2 * DELAY_US, () => host.onServing(), undefined);
  }

  publish(states: readonly PartitionState[], gone: readonly PartitionState[], configs: readonly string[]): void {
    if (this.cut) return;
    const image = this.authority.image();
    const { id } = this.identity;
    const leaving = image.brokers.get(id)?.inControlledShutdown === true;
    const mine = states.filter((state) => state.replicas.includes(id));
    const delta: MetadataDelta = {
      image,
      deleted: gone.filter((state) => state.replicas.includes(id)),
      leaders: mine.filter((state) => state.leader === id),
      followers: mine.filter((state) => state.leader !== id),
      stopped: leaving ? mine.filter((state) => !state.isr.includes(id)) : [],
      changedTopics: [...new Set([...states, ...gone].map((state) => state.topic))],
      changedConfigs: configs.map((name) => ({ type: 'topic', name })),
    };
    this.context.after(
      DELAY_US,
      () => {
        this.image = image;
        this.host?.onMetadata(delta);
      },
      undefined,
    );
  }

  proposeIsr(proposal: IsrProposal, done: (answer: IsrAnswer) => void): void {
    const decide = (): void => {
      const answer = this.authority.propose(proposal);
      this.context.after(DELAY_US, done, answer);
    };
    this.context.after(
      DELAY_US,
      () => {
        if (this.cut || this.authority.holdProposals) this.authority.held.push(decide);
        else decide();
      },
      undefined,
    );
  }

  allocateProducerIds(done: (first: number, count: number) => void): void {
    this.context.after(DELAY_US, () => done(this.authority.producerIds(), 1000), undefined);
  }

  forward(
    api: { readonly key: number },
    _version: number,
    body: unknown,
    _timeoutMs: number,
    done: (response: unknown, error: number) => void,
  ): void {
    this.context.after(
      DELAY_US,
      () => {
        if (api.key !== CreateTopics.key) return done(null, 7);
        const { topics } = body as CreateTopicsRequest;
        for (const { name, numPartitions, replicationFactor } of topics) {
          const ids = [...this.authority.brokers.keys()].sort((a, b) => a - b);
          if (replicationFactor > ids.length)
            return done(CreateTopics.response.make({ topics: [{ name, errorCode: 38, errorMessage: null }] }), 0);
          const assignments = Array.from({ length: numPartitions }, (_, p) =>
            Array.from({ length: replicationFactor }, (_, r) => ids[(p + r) % ids.length]!),
          );
          this.authority.createTopic(name, assignments);
        }
        done(
          CreateTopics.response.make({
            topics: topics.map(({ name }) => ({ name, errorCode: 0, errorMessage: null })),
          }),
          0,
        );
      },
      undefined,
    );
  }

  forwards(apiKey: number): boolean {
    return apiKey === CreateTopics.key;
  }

  handle(): boolean {
    return false;
  }

  /** Leadership goes to the next member of the ISR, at once. */
  controlledShutdown(done: () => void): void {
    const { id } = this.identity;
    this.authority.brokers.set(id, { ...this.authority.brokers.get(id)!, inControlledShutdown: true });
    for (const topic of [...this.authority.topics.values()]) {
      for (const state of topic.partitions) {
        const rest = state.isr.filter((member) => member !== id);
        if (!state.isr.includes(id) || rest.length === 0) continue;
        this.authority.change(state.name, { isr: rest, ...(state.leader === id ? { leader: rest[0]! } : {}) });
      }
    }
    this.context.after(3 * DELAY_US, done, undefined);
  }

  close(): void {
    if (this.mode === 'zookeeper') this.authority.brokers.delete(this.identity.id);
    else this.authority.fence(this.identity.id, true);
  }
}
