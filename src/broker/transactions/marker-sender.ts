import type { BrokerCoordination, BrokerInfo } from '../../coordinator/index.ts';
import type { Context } from '../../kernel/api.ts';
import { WriteTxnMarkers, type WriteTxnMarkersResponse } from '../../protocol/apis/27-write-txn-markers.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import type { RpcFailure } from '../../rpc/api.ts';
import type { PeerChannels } from '../peers.ts';
import { markersWritten } from './completion.ts';
import { transactionEvents } from './events.ts';
import type { TransactionMachine } from './shard-machine.ts';
import type { Completion, Transaction } from './transaction.ts';
import { byTopic, type Partitions, partitionName, type TopicPartition } from './transaction-log.ts';

/** Markers that one transaction needs. */
export interface MarkerJob {
  readonly machine: TransactionMachine;
  readonly transaction: Transaction;
  readonly completion: Completion;
}

/** Some of a job's markers, on their way to one broker. */
interface Errand {
  readonly job: MarkerJob;
  readonly partitions: Map<string, TopicPartition>;
}

interface Line {
  readonly waiting: Errand[];
  busy: boolean;
}

/** A pause before what could not be sent, or was sent back, is looked at again. */
const RETRY_US = 100_000;

/**
 * Carries the markers of a broker's coordinators to the leaders of the partitions, until each stands or another coordinator is at
 * work: one request at a time to each broker, with all that waits for it (Kafka's `TransactionMarkerChannelManager`).
 */
export class MarkerSender {
  private readonly context: Context;
  private readonly coordination: BrokerCoordination;
  private readonly peers: PeerChannels;
  private readonly lines = new Map<number, Line>();
  /** For partitions that nobody leads now, or whose leader sent them back. */
  private parked: Errand[] = [];
  private armed = false;

  constructor(context: Context, coordination: BrokerCoordination, peers: PeerChannels) {
    this.context = context;
    this.coordination = coordination;
    this.peers = peers;
  }

  add(job: MarkerJob): void {
    this.dispatch({ job, partitions: new Map(job.transaction.value.partitions) });
  }

  /** Gives each partition to the line of its leader. */
  private dispatch({ job, partitions }: Errand): void {
    const { image } = this.coordination;
    const gone: string[] = [];
    const brokers = new Set<BrokerInfo>();
    for (const [name, partition] of partitions) {
      const state = image.partition(partition.topic, partition.partition);
      const leader = state === undefined ? undefined : image.brokers.get(state.leader);
      if (state === undefined) gone.push(name);
      else if (leader === undefined || leader.fenced) this.park(job, name, partition);
      else {
        errandOf(this.lineTo(leader.id).waiting, job).set(name, partition);
        brokers.add(leader);
      }
    }
    // A topic that was deleted needs no markers.
    if (gone.length > 0) this.written(job, gone);
    for (const broker of brokers) this.sendTo(broker);
  }

  private lineTo(brokerId: number): Line {
    let line = this.lines.get(brokerId);
    if (line === undefined) {
      line = { waiting: [], busy: false };
      this.lines.set(brokerId, line);
    }
    return line;
  }

  private park(job: MarkerJob, name: string, partition: TopicPartition): void {
    errandOf(this.parked, job).set(name, partition);
    if (this.armed) return;
    this.armed = true;
    this.context.after(RETRY_US, this.unpark, undefined);
  }

  private readonly unpark = (): void => {
    this.armed = false;
    const parked = this.parked;
    this.parked = [];
    for (const errand of parked) if (isWanted(errand.job)) this.dispatch(errand);
  };

  private sendTo(broker: BrokerInfo): void {
    const line = this.lineTo(broker.id);
    if (line.busy) return;
    const errands = line.waiting.splice(0).filter(({ job }) => isWanted(job));
    if (errands.length === 0) return;
    line.busy = true;
    const markers = errands.map(({ job, partitions }) => this.marker(broker, job, partitions));
    const version = WriteTxnMarkers.offered[this.peers.settings.release]!.max;
    const body = WriteTxnMarkers.request.make({ markers });
    this.peers.channelTo(broker).send(WriteTxnMarkers, version, body, answered, { sender: this, broker, errands });
  }

  private marker(broker: BrokerInfo, { machine, transaction }: MarkerJob, partitions: Partitions) {
    const { producerId, producerEpoch, state, clientVersion } = transaction.value;
    const isCommit = state === 'PrepareCommit';
    const result = isCommit ? 'commit' : 'abort';
    const values = [broker.id, transaction.id, producerId, producerEpoch, result, [...partitions.keys()]];
    this.context.emit(transactionEvents['transaction-markers-sent'], values);
    return {
      producerId,
      producerEpoch,
      transactionResult: isCommit,
      topics: byTopic(partitions.values()).map(({ topic, partitionIds }) => ({
        name: topic,
        partitionIndexes: partitionIds,
      })),
      coordinatorEpoch: machine.shard.leaderEpoch,
      transactionVersion: clientVersion,
    };
  }

  /** The broker answered, or is not to be reached. */
  answered({ broker, errands }: Sent, response: WriteTxnMarkersResponse | null, failure: RpcFailure | null): void {
    this.lineTo(broker.id).busy = false;
    for (const errand of errands) {
      if (!isWanted(errand.job)) continue;
      if (response === null || failure !== null) this.again(errand);
      else this.judge(broker, errand, response);
    }
    this.sendTo(broker);
  }

  private again({ job, partitions }: Errand): void {
    for (const [name, partition] of partitions) this.park(job, name, partition);
  }

  private judge(broker: BrokerInfo, { job, partitions }: Errand, { markers }: WriteTxnMarkersResponse): void {
    const { producerId } = job.transaction.value;
    const topics = markers.find((marker) => marker.producerId === producerId)?.topics ?? [];
    const written: string[] = [];
    for (const { name: topic, partitions: results } of topics) {
      for (const { partitionIndex, errorCode } of results) {
        const name = partitionName({ topic, partition: partitionIndex });
        const partition = partitions.get(name);
        if (partition === undefined) continue;
        partitions.delete(name);
        const effect = effectOf(errorCode);
        if (effect === 'written') written.push(name);
        else this.refused(broker, job, { name, partition, errorCode, effect });
      }
    }
    this.again({ job, partitions });
    if (written.length > 0) this.written(job, written);
  }

  private refused(broker: BrokerInfo, job: MarkerJob, refusal: Refusal): void {
    const { name, partition, errorCode, effect } = refusal;
    const values = [job.transaction.id, name, broker.id, errorName(errorCode), effect];
    this.context.emit(transactionEvents['transaction-marker-refused'], values);
    if (effect === 'retry') this.park(job, name, partition);
  }

  private written(job: MarkerJob, names: readonly string[]): void {
    const { machine, transaction, completion } = job;
    machine.step(() => markersWritten(machine.shard, transaction, completion, names));
  }
}

interface Sent {
  readonly sender: MarkerSender;
  readonly broker: BrokerInfo;
  readonly errands: readonly Errand[];
}

interface Refusal {
  readonly name: string;
  readonly partition: TopicPartition;
  readonly errorCode: number;
  readonly effect: 'retry' | 'give-up';
}

function answered(sent: Sent, response: unknown, failure: RpcFailure | null): void {
  sent.sender.answered(sent, response as WriteTxnMarkersResponse | null, failure);
}

/** Whether its coordinator still is one, and still waits for it. */
function isWanted({ machine, transaction, completion }: MarkerJob): boolean {
  return machine.status === 'active' && transaction.completion === completion && completion.left.size > 0;
}

function errandOf(errands: Errand[], job: MarkerJob): Map<string, TopicPartition> {
  const known = errands.find((errand) => errand.job === job);
  if (known !== undefined) return known.partitions;
  const partitions = new Map<string, TopicPartition>();
  errands.push({ job, partitions });
  return partitions;
}

function effectOf(error: number): 'written' | 'retry' | 'give-up' {
  switch (error) {
    case ErrorCode.NONE:
    case ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT:
    case ErrorCode.UNSUPPORTED_VERSION:
      return 'written';
    case ErrorCode.INVALID_PRODUCER_EPOCH:
    case ErrorCode.TRANSACTION_COORDINATOR_FENCED:
      return 'give-up';
    default:
      return 'retry';
  }
}
