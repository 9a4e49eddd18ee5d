import { OffsetFetch, type OffsetFetchResponse } from '../../protocol/apis/09-offset-fetch.ts';
import { ErrorCode, isCoordinatorMoved, isRetriable } from '../../protocol/errors.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { type BrokerConnection, failureCode, type RequestFailure } from '../connection.ts';
import type { ClientNetwork } from '../network.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import type { CoordinatorFinder } from './coordinator.ts';

const FIRST_VERSION_WITH_GROUPS = 8;

export interface CommittedListener {
  /** `offset` -1: nothing is committed. */
  found(partition: AssignedPartition, offset: number, epoch: number): void;
  fatal(error: number): void;
}

/** Asks the coordinator how far the group has read; again and again, as long as it takes. */
export class CommittedOffsets {
  private readonly network: ClientNetwork;
  private readonly finder: CoordinatorFinder;
  private readonly group: string;
  private readonly listener: CommittedListener;
  private asking = false;
  private waitUntilUs = 0;
  private failures = 0;

  constructor(network: ClientNetwork, finder: CoordinatorFinder, group: string, listener: CommittedListener) {
    this.network = network;
    this.finder = finder;
    this.group = group;
    this.listener = listener;
  }

  lookUp(partitions: readonly AssignedPartition[]): void {
    if (this.asking || partitions.length === 0 || this.network.context.nowUs() < this.waitUntilUs) return;
    const connection = this.finder.connection();
    if (connection === null) return;
    this.asking = true;
    const body = this.request(connection, partitions);
    connection.send(OffsetFetch, body, fetched, { offsets: this, partitions, connection });
  }

  answered(
    { partitions, connection }: Call,
    response: OffsetFetchResponse | null,
    failure: RequestFailure | null,
  ): void {
    this.asking = false;
    const group = response?.groups[0];
    const grouped = (connection.versionOf(OffsetFetch) ?? 0) >= FIRST_VERSION_WITH_GROUPS;
    const error = failure !== null ? failureCode(failure) : grouped ? (group?.errorCode ?? -1) : response!.errorCode;
    if (error !== ErrorCode.NONE) {
      this.failed(error, null, failure !== null);
      return;
    }
    const find = grouped ? finderIn(group!.topics) : finderIn(response!.topics);
    for (const partition of partitions) {
      const answer = find(partition);
      if (answer === undefined || answer.errorCode !== ErrorCode.NONE) {
        this.failed(answer?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, partition.name, false);
        return;
      }
    }
    this.failures = 0;
    for (const partition of partitions) {
      const { committedOffset, committedLeaderEpoch } = find(partition)!;
      this.listener.found(partition, committedOffset, committedLeaderEpoch);
    }
    this.network.changed();
  }

  private failed(error: number, partition: string | null, disconnected: boolean): void {
    const { network, finder } = this;
    network.sawError(OffsetFetch.name, error, partition, null);
    if (disconnected || isCoordinatorMoved(error)) finder.lost(disconnected ? 'disconnected' : 'it says so');
    else if (!isRetriable(error) && error !== ErrorCode.STALE_MEMBER_EPOCH) {
      this.listener.fatal(error);
      return;
    }
    const delayUs = network.retryBackoffUs(this.failures);
    this.failures += 1;
    this.waitUntilUs = network.context.nowUs() + delayUs;
    network.context.after(delayUs, tryAgain, network);
  }

  private request(connection: BrokerConnection, partitions: readonly AssignedPartition[]) {
    const topics: { name: string; topicId: string; partitionIndexes: number[] }[] = [];
    for (const { info } of partitions) {
      const { name, id } = info.topic;
      let entry = topics.find((known) => known.name === name);
      if (entry === undefined) {
        entry = { name, topicId: id === '' ? ZERO_UUID : id, partitionIndexes: [] };
        topics.push(entry);
      }
      entry.partitionIndexes.push(info.index);
    }
    const grouped = (connection.versionOf(OffsetFetch) ?? 0) >= FIRST_VERSION_WITH_GROUPS;
    return {
      groupId: grouped ? '' : this.group,
      topics: grouped ? [] : topics,
      groups: grouped ? [{ groupId: this.group, memberId: null, memberEpoch: -1, topics }] : [],
      requireStable: true,
    };
  }
}

interface CommittedPartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly errorCode: number;
}

interface CommittedTopic {
  readonly name: string;
  readonly topicId?: string;
  readonly partitions: readonly CommittedPartition[];
}

function finderIn(topics: readonly CommittedTopic[]) {
  return ({ info }: AssignedPartition): CommittedPartition | undefined => {
    const { name, id } = info.topic;
    const topic = topics.find((known) => (known.name === '' ? known.topicId === id : known.name === name));
    return topic?.partitions.find(({ partitionIndex }) => partitionIndex === info.index);
  };
}

interface Call {
  readonly offsets: CommittedOffsets;
  readonly partitions: readonly AssignedPartition[];
  readonly connection: BrokerConnection;
}

function fetched(call: Call, response: unknown, failure: RequestFailure | null): void {
  call.offsets.answered(call, failure === null ? (response as OffsetFetchResponse) : null, failure);
}

function tryAgain(network: ClientNetwork): void {
  network.changed();
}
