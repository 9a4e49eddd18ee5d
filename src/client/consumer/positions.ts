import { ListOffsets, type ListOffsetsResponse } from '../../protocol/apis/02-list-offsets.ts';
import {
  OffsetForLeaderEpoch,
  type OffsetForLeaderEpochResponse,
} from '../../protocol/apis/23-offset-for-leader-epoch.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { type BrokerConnection, failureCode, type RequestFailure } from '../connection.ts';
import { clientEvents } from '../events.ts';
import type { ClientNetwork } from '../network.ts';
import type { AssignedPartition, FetchPhase } from './assigned-partition.ts';
import type { Assignment } from './assignment.ts';
import { CommittedOffsets } from './committed-offsets.ts';
import type { CoordinatorFinder } from './coordinator.ts';
import type { Fetcher } from './fetcher.ts';
import type { ConsumerSettings } from './settings.ts';

const EARLIEST = -2;
const LATEST = -1;
const CONSUMER = -1;
/** A look-up that is on its way blocks another until it is answered. */
const ASKED = Number.MAX_SAFE_INTEGER;
/** Look-ups at leaders are tried again after the plain retry back-off, without growth. */
const RETRY_US = 100_000;

/** Everything that positions need of their consumer. */
export interface PositionParts {
  readonly network: ClientNetwork;
  readonly settings: ConsumerSettings;
  readonly assignment: Assignment;
  readonly fetcher: Fetcher;
  /** Null without a group: then the reset policy decides at once. */
  readonly finder: CoordinatorFinder | null;
  /** poll() must throw this. */
  readonly onFatal: (error: number) => void;
}

/**
 * Finds where each partition is to be read from: its committed offset, else what the reset policy says; and, after its leader
 * changed, whether what was read is still there (KIP-320, OffsetFetcher).
 */
export class Positions {
  private readonly parts: PositionParts;
  private readonly committed: CommittedOffsets | null;
  private metadataVersion = -1;
  private assignmentVersion = -1;
  /** Every partition has a position that nobody doubts. */
  private settled = false;

  constructor(parts: PositionParts) {
    this.parts = parts;
    const { network, finder, settings } = parts;
    this.committed =
      finder === null
        ? null
        : new CommittedOffsets(network, finder, settings.group!, {
            found: (partition, offset, epoch) => this.foundCommitted(partition, offset, epoch),
            fatal: parts.onFatal,
          });
  }

  /** Asks what is not known and can be asked. */
  run(): void {
    const { metadata } = this.parts.network;
    const { assignment } = this.parts;
    if (this.settled && this.metadataVersion === metadata.version && this.assignmentVersion === assignment.version)
      return;
    this.noticeLeaders();
    this.metadataVersion = metadata.version;
    this.assignmentVersion = assignment.version;
    this.settled = assignment.partitions.every(({ phase, node }) => phase === 'fetching' && node !== null);
    const nowUs = this.parts.network.context.nowUs();
    const waiting = assignment.partitions.filter(
      ({ phase, busyUntilUs }) => phase !== 'fetching' && busyUntilUs <= nowUs,
    );
    if (waiting.length === 0) return;
    const initializing = waiting.filter(({ phase }) => phase === 'initializing');
    if (this.committed !== null) this.committed.lookUp(initializing);
    else for (const partition of initializing) this.resetByPolicy(partition, '');
    this.askLeaders(waiting, 'awaiting-reset');
    this.askLeaders(waiting, 'awaiting-validation');
  }

  /** The position is not in the log. */
  outOfRange(partition: AssignedPartition): void {
    this.parts.fetcher.displace(partition);
    this.resetByPolicy(partition, 'offset-out-of-range-');
  }

  /** Looks every position up again. */
  rewind(): void {
    this.settled = false;
    for (const partition of this.parts.assignment.partitions) {
      this.parts.fetcher.displace(partition);
      partition.phase = 'initializing';
      partition.fetched = null;
      partition.busyUntilUs = 0;
    }
  }

  /** Goes on at an offset and tells of it. */
  goTo(partition: AssignedPartition, offset: number, epoch: number, reason: string): void {
    const { network, settings, fetcher } = this.parts;
    network.context.emit(clientEvents['position-reset'], [settings.group, partition.name, offset, reason]);
    partition.seek(offset, epoch);
    fetcher.place(partition);
  }

  private foundCommitted(partition: AssignedPartition, offset: number, epoch: number): void {
    if (partition.revoked || partition.phase !== 'initializing') return;
    if (offset < 0) {
      this.resetByPolicy(partition, '');
      return;
    }
    partition.committed = offset;
    this.goTo(partition, offset, epoch, 'committed');
    // An offset with an epoch is checked against the leader before it is believed.
    if (epoch >= 0) this.validate(partition);
  }

  private resetByPolicy(partition: AssignedPartition, prefix: string): void {
    const { settings, onFatal } = this.parts;
    if (settings.resetPolicy === 'none') {
      onFatal(ErrorCode.OFFSET_OUT_OF_RANGE);
      return;
    }
    this.settled = false;
    partition.awaitReset(settings.resetPolicy, `${prefix}${settings.resetPolicy}`);
  }

  /** Metadata came: a partition with another leader, or another epoch, must not be fetched as before. */
  private noticeLeaders(): void {
    const { network, assignment, fetcher } = this.parts;
    for (const partition of assignment.partitions) {
      if (partition.phase !== 'fetching') continue;
      const { info } = partition;
      const moved = info.leader !== partition.leader || info.leaderEpoch !== partition.leaderEpoch;
      if (!moved) {
        if (partition.node === null) fetcher.place(partition);
        continue;
      }
      if (info.leader < 0) {
        fetcher.displace(partition);
        network.refresher.request();
        continue;
      }
      if (info.leaderEpoch !== partition.leaderEpoch && partition.positionEpoch >= 0) this.validate(partition);
      else {
        partition.leader = info.leader;
        partition.leaderEpoch = info.leaderEpoch;
        fetcher.place(partition);
      }
    }
  }

  private validate(partition: AssignedPartition): void {
    this.settled = false;
    this.parts.fetcher.displace(partition);
    partition.phase = 'awaiting-validation';
    partition.busyUntilUs = 0;
  }

  private askLeaders(waiting: readonly AssignedPartition[], phase: FetchPhase): void {
    const { network } = this.parts;
    const byLeader = new Map<number, AssignedPartition[]>();
    for (const partition of waiting) {
      if (partition.phase !== phase) continue;
      const { leader } = partition.info;
      if (leader < 0) network.refresher.request();
      else if (byLeader.has(leader)) byLeader.get(leader)!.push(partition);
      else byLeader.set(leader, [partition]);
    }
    for (const [leader, partitions] of byLeader) {
      const connection = network.connectionTo(leader);
      if (connection === undefined) network.refresher.request();
      else if (!connection.canSend) connection.connect();
      else if (phase === 'awaiting-reset') this.list(connection, partitions);
      else this.askEpochs(connection, partitions);
    }
  }

  private list(connection: BrokerConnection, partitions: readonly AssignedPartition[]): void {
    const topics = groupByTopic(partitions, (partition) => ({
      partitionIndex: partition.info.index,
      currentLeaderEpoch: partition.info.leaderEpoch,
      timestamp: partition.reset === 'earliest' ? EARLIEST : LATEST,
      maxNumOffsets: 1,
    })).map(({ topic, items }) => ({ name: topic, partitions: items }));
    const { settings } = this.parts;
    const isolationLevel = settings.readCommitted ? 1 : 0;
    const body = { replicaId: CONSUMER, isolationLevel, topics, timeoutMs: settings.requestTimeoutMs };
    const call = { positions: this, partitions: asked(partitions), broker: connection.id };
    connection.send(ListOffsets, body, listed, call);
  }

  listed(
    { partitions, broker }: LeaderCall,
    response: ListOffsetsResponse | null,
    failure: RequestFailure | null,
  ): void {
    const { network, assignment } = this.parts;
    for (const { partition, phase, reset } of partitions) {
      if (partition.revoked || partition.phase !== phase || partition.reset !== reset) continue;
      const { topic, index } = partition.info;
      const answer = response?.topics
        .find(({ name }) => name === topic.name)
        ?.partitions.find(({ partitionIndex }) => partitionIndex === index);
      const error = failure !== null ? failureCode(failure) : (answer?.errorCode ?? ErrorCode.UNKNOWN_SERVER_ERROR);
      if (error === ErrorCode.NONE && answer!.offset >= 0) {
        // Without an epoch: a position that was just looked up is not validated until something was read.
        this.goTo(partition, answer!.offset, -1, partition.resetReason);
      } else this.askAgain(ListOffsets.name, partition, error, broker);
    }
    if (assignment.partitions.length > 0) network.changed();
  }

  private askEpochs(connection: BrokerConnection, partitions: readonly AssignedPartition[]): void {
    const topics = groupByTopic(partitions, (partition) => ({
      partition: partition.info.index,
      currentLeaderEpoch: partition.info.leaderEpoch,
      leaderEpoch: partition.positionEpoch,
    })).map(({ topic, items }) => ({ topic, partitions: items }));
    const call = { positions: this, partitions: asked(partitions), broker: connection.id };
    connection.send(OffsetForLeaderEpoch, { replicaId: CONSUMER, topics }, epochsKnown, call);
  }

  epochsKnown(
    { partitions, broker }: LeaderCall,
    response: OffsetForLeaderEpochResponse | null,
    failure: RequestFailure | null,
  ): void {
    for (const { partition, phase, leaderEpoch } of partitions) {
      if (partition.revoked || partition.phase !== phase) continue;
      const { topic, index } = partition.info;
      const answer = response?.topics
        .find((described) => described.topic === topic.name)
        ?.partitions.find((described) => described.partition === index);
      const error = failure !== null ? failureCode(failure) : (answer?.errorCode ?? ErrorCode.UNKNOWN_SERVER_ERROR);
      if (error !== ErrorCode.NONE) this.askAgain(OffsetForLeaderEpoch.name, partition, error, broker);
      else if (leaderEpoch !== partition.info.leaderEpoch) partition.busyUntilUs = 0;
      else if (answer!.endOffset < 0 || answer!.leaderEpoch < 0) this.resetByPolicy(partition, 'offset-out-of-range-');
      else if (answer!.endOffset < partition.position)
        this.truncated(partition, answer!.endOffset, answer!.leaderEpoch);
      else {
        partition.seek(partition.position, partition.positionEpoch);
        this.parts.fetcher.place(partition);
      }
    }
    this.parts.network.changed();
  }

  /** What was read beyond this offset is not in the log any more. */
  private truncated(partition: AssignedPartition, endOffset: number, epoch: number): void {
    const { settings, onFatal } = this.parts;
    if (settings.resetPolicy === 'none') onFatal(ErrorCode.OFFSET_OUT_OF_RANGE);
    else this.goTo(partition, endOffset, epoch, 'truncated');
  }

  private askAgain(api: string, partition: AssignedPartition, error: number, broker: number): void {
    const { network } = this.parts;
    network.sawError(api, error, partition.name, broker);
    network.refresher.request();
    partition.busyUntilUs = network.context.nowUs() + RETRY_US;
    network.context.after(RETRY_US, tryAgain, network);
  }
}

/** Partitions as they were when their leader was asked. */
interface Asked {
  readonly partition: AssignedPartition;
  readonly phase: FetchPhase;
  readonly reset: 'earliest' | 'latest';
  readonly leaderEpoch: number;
}

interface LeaderCall {
  readonly positions: Positions;
  readonly partitions: readonly Asked[];
  readonly broker: number;
}

function asked(partitions: readonly AssignedPartition[]): readonly Asked[] {
  return partitions.map((partition) => {
    partition.busyUntilUs = ASKED;
    return { partition, phase: partition.phase, reset: partition.reset, leaderEpoch: partition.info.leaderEpoch };
  });
}

function listed(call: LeaderCall, response: unknown, failure: RequestFailure | null): void {
  call.positions.listed(call, failure === null ? (response as ListOffsetsResponse) : null, failure);
}

function epochsKnown(call: LeaderCall, response: unknown, failure: RequestFailure | null): void {
  call.positions.epochsKnown(call, failure === null ? (response as OffsetForLeaderEpochResponse) : null, failure);
}

function tryAgain(network: ClientNetwork): void {
  network.changed();
}

function groupByTopic<T>(
  partitions: readonly AssignedPartition[],
  describe: (partition: AssignedPartition) => T,
): readonly { readonly topic: string; readonly items: T[] }[] {
  const groups: { topic: string; items: T[] }[] = [];
  for (const partition of partitions) {
    const topic = partition.info.topic.name;
    let group = groups.find((known) => known.topic === topic);
    if (group === undefined) {
      group = { topic, items: [] };
      groups.push(group);
    }
    group.items.push(describe(partition));
  }
  return groups;
}
