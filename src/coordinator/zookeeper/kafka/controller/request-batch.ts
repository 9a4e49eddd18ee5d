/** What the controller has to tell the brokers after a change (ControllerBrokerRequestBatch): gathered, then sent in one go. */
import { LeaderAndIsr } from '../../../../protocol/apis/04-leader-and-isr.ts';
import { StopReplica, type StopReplicaResponse } from '../../../../protocol/apis/05-stop-replica.ts';
import { UpdateMetadata } from '../../../../protocol/apis/06-update-metadata.ts';
import { securityProtocolId } from '../../../../protocol/security-protocol.ts';
import { LEADER_DURING_DELETE } from '../metadata-cache.ts';
import type { BrokerSenders } from './senders.ts';
import type { ControlledPartition, ControllerState, LiveBroker } from './state.ts';

const LEADER_AND_ISR_VERSION = 7;
const STOP_REPLICA_VERSION = 4;
const UPDATE_METADATA_VERSION = 8;
/** Leader epochs of StopReplica: the topic is being deleted; there is no state. */
const EPOCH_DURING_DELETE = -2;
const NO_EPOCH = -1;

interface Stop {
  readonly partition: ControlledPartition;
  deletes: boolean;
}

export interface BatchOptions {
  readonly controllerId: number;
  readonly internalPort: number;
  readonly senders: BrokerSenders;
  /** A broker has answered a StopReplica that deletes. */
  readonly onDeletion: (
    brokerId: number,
    deleted: readonly ControlledPartition[],
    response: StopReplicaResponse,
  ) => void;
}

export class RequestBatch {
  private readonly state: ControllerState;
  private readonly options: BatchOptions;
  /** By broker, then by partition: whether the replica is new there. */
  private leaderAndIsr = new Map<number, Map<ControlledPartition, boolean>>();
  private stops = new Map<number, Map<ControlledPartition, Stop>>();
  private metadataTo = new Set<number>();
  private metadataOf = new Set<ControlledPartition>();

  constructor(state: ControllerState, options: BatchOptions) {
    this.state = state;
    this.options = options;
  }

  /** Tells these replicas of their partition's state, and everybody as well. */
  addLeaderAndIsr(brokerIds: readonly number[], partition: ControlledPartition, isNew: 'new' | 'known'): void {
    for (const id of brokerIds) {
      const states = inner(this.leaderAndIsr, id);
      states.set(partition, states.get(partition) === true || isNew === 'new');
    }
    this.addUpdateMetadata([...this.state.brokers.keys()], [partition]);
  }

  /** Without partitions: only which brokers live. */
  addUpdateMetadata(brokerIds: Iterable<number>, partitions: Iterable<ControlledPartition>): void {
    for (const id of brokerIds) this.metadataTo.add(id);
    for (const partition of partitions) {
      if (partition.leadership !== null || this.state.isDeleting(partition.topic)) this.metadataOf.add(partition);
    }
  }

  addStopReplica(brokerId: number, partition: ControlledPartition, fate: 'keep' | 'delete'): void {
    const stops = inner(this.stops, brokerId);
    const known = stops.get(partition);
    if (known === undefined) stops.set(partition, { partition, deletes: fate === 'delete' });
    else if (fate === 'delete') known.deletes = true;
  }

  get isEmpty(): boolean {
    return this.leaderAndIsr.size === 0 && this.stops.size === 0 && this.metadataTo.size === 0;
  }

  /** Passes everything on to the senders, in the order LeaderAndIsr, UpdateMetadata, StopReplica. Who is not alive is left out. */
  send(): void {
    const { leaderAndIsr, stops, metadataTo, metadataOf } = this;
    this.leaderAndIsr = new Map();
    this.stops = new Map();
    this.metadataTo = new Set();
    this.metadataOf = new Set();
    for (const [id, states] of sorted(leaderAndIsr)) this.sendLeaderAndIsr(id, states);
    if (metadataTo.size > 0)
      this.sendUpdateMetadata(
        [...metadataTo].sort((a, b) => a - b),
        metadataOf,
      );
    for (const [id, which] of sorted(stops)) this.sendStopReplica(id, [...which.values()]);
  }

  private get head() {
    return { controllerId: this.options.controllerId, controllerEpoch: this.state.epoch };
  }

  private sendLeaderAndIsr(brokerId: number, states: ReadonlyMap<ControlledPartition, boolean>): void {
    const broker = this.state.brokers.get(brokerId);
    const stated = [...states].filter(([{ leadership }]) => leadership !== null);
    if (broker === undefined || stated.length === 0) return;
    const leaders = new Set(stated.map(([{ leadership }]) => leadership!.leader));
    const liveLeaders = [...this.state.brokers.values()].filter(({ id }) => leaders.has(id));
    const { internalPort } = this.options;
    const topicStates = byTopic(
      stated.map(([partition]) => partition),
      ({ topic, topicId }, partitions) => ({
        topicName: topic,
        topicId,
        partitionStates: partitions.map((partition) => ({
          ...stateOf(partition),
          partitionEpoch: partition.leadership!.partitionEpoch,
          addingReplicas: partition.adding,
          removingReplicas: partition.removing,
          isNew: states.get(partition) === true,
          leaderRecoveryState: partition.leadership!.recovering ? 1 : 0,
        })),
      }),
    );
    const { head } = this;
    this.options.senders.send(brokerId, {
      api: LeaderAndIsr,
      version: LEADER_AND_ISR_VERSION,
      partitions: stated.length,
      body: () =>
        LeaderAndIsr.request.make({
          ...head,
          brokerEpoch: broker.epoch,
          topicStates,
          liveLeaders: liveLeaders.map(({ id, node }) => ({ brokerId: id, hostName: node, port: internalPort })),
        }),
      answered: null,
    });
  }

  private sendUpdateMetadata(brokerIds: readonly number[], partitions: ReadonlySet<ControlledPartition>): void {
    const { state, head, options } = this;
    const topicStates = byTopic([...partitions], ({ topic, topicId }, those) => ({
      topicName: topic,
      topicId,
      partitionStates: those.map((partition) => this.metadataState(partition)),
    }));
    const liveBrokers = [...state.brokers.values()].map((broker) => endpointsOf(broker, options.internalPort));
    for (const brokerId of brokerIds) {
      const broker = state.brokers.get(brokerId);
      if (broker === undefined) continue;
      options.senders.send(brokerId, {
        api: UpdateMetadata,
        version: UPDATE_METADATA_VERSION,
        partitions: partitions.size,
        body: () => UpdateMetadata.request.make({ ...head, brokerEpoch: broker.epoch, topicStates, liveBrokers }),
        answered: null,
      });
    }
  }

  private metadataState(partition: ControlledPartition) {
    const { state } = this;
    const offlineReplicas = partition.replicas.filter((id) => !state.isOnline(id));
    const stated = stateOf(partition);
    const leader = state.isDeleting(partition.topic) ? LEADER_DURING_DELETE : stated.leader;
    return { ...stated, leader, zkVersion: partition.leadership?.partitionEpoch ?? 0, offlineReplicas };
  }

  private sendStopReplica(brokerId: number, stops: readonly Stop[]): void {
    const { state, head, options } = this;
    const broker = state.brokers.get(brokerId);
    if (broker === undefined) return;
    const deletes = new Map(stops.map(({ partition, deletes: fate }) => [partition, fate]));
    const epochs = new Map(stops.map(({ partition }) => [partition, this.stopEpoch(partition)]));
    const topicStates = byTopic([...deletes.keys()], ({ topic }, partitions) => ({
      topicName: topic,
      partitionStates: partitions.map((partition) => ({
        partitionIndex: partition.partition,
        leaderEpoch: epochs.get(partition)!,
        deletePartition: deletes.get(partition)!,
      })),
    }));
    const deleted = [...deletes.keys()].filter((partition) => deletes.get(partition));
    options.senders.send(brokerId, {
      api: StopReplica,
      version: STOP_REPLICA_VERSION,
      partitions: stops.length,
      body: () => StopReplica.request.make({ ...head, brokerEpoch: broker.epoch, topicStates }),
      answered:
        deleted.length === 0
          ? null
          : (response) => options.onDeletion(brokerId, deleted, response as StopReplicaResponse),
    });
  }

  private stopEpoch({ topic, leadership }: ControlledPartition): number {
    return this.state.isDeleting(topic) ? EPOCH_DURING_DELETE : (leadership?.leaderEpoch ?? NO_EPOCH);
  }
}

/** A partition that is being deleted may have no state any more. */
function stateOf({ partition, leadership, replicas }: ControlledPartition) {
  return {
    partitionIndex: partition,
    controllerEpoch: leadership?.controllerEpoch ?? 0,
    leader: leadership?.leader ?? -1,
    leaderEpoch: leadership?.leaderEpoch ?? 0,
    isr: leadership?.isr ?? [],
    replicas,
  };
}

function endpointsOf({ id, node, endpoints, rack }: LiveBroker, internalPort: number) {
  return {
    id,
    rack,
    endpoints: [
      { listener: 'INTERNAL', host: node, port: internalPort, securityProtocol: 0 },
      ...endpoints.map(({ name, securityProtocol, host, port }) => ({
        listener: name,
        host,
        port,
        securityProtocol: securityProtocolId(securityProtocol),
      })),
    ],
  };
}

function byTopic<T>(
  partitions: readonly ControlledPartition[],
  make: (first: ControlledPartition, all: readonly ControlledPartition[]) => T,
): T[] {
  const topics = new Map<string, ControlledPartition[]>();
  for (const partition of partitions) {
    const list = topics.get(partition.topic);
    if (list === undefined) topics.set(partition.topic, [partition]);
    else list.push(partition);
  }
  return [...topics.values()].map((list) => make(list[0]!, list));
}

function inner<V>(table: Map<number, Map<ControlledPartition, V>>, id: number): Map<ControlledPartition, V> {
  let found = table.get(id);
  if (found === undefined) {
    found = new Map();
    table.set(id, found);
  }
  return found;
}

function sorted<V>(table: ReadonlyMap<number, V>): [number, V][] {
  return [...table].sort(([a], [b]) => a - b);
}
