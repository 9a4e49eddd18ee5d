import {
  OffsetCommit,
  type OffsetCommitRequestTopic,
  type OffsetCommitResponse,
} from '../../protocol/apis/08-offset-commit.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { failureCode, type RequestFailure } from '../connection.ts';
import { clientEvents } from '../events.ts';
import type { ClientNetwork } from '../network.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import type { Assignment } from './assignment.ts';
import type { CoordinatorFinder } from './coordinator.ts';

/** Whose commit it is, as the coordinator checks it. */
export interface CommitIdentity {
  readonly group: string;
  readonly generation: number;
  readonly memberId: string;
  readonly instanceId: string | null;
}

interface Committed {
  readonly partition: AssignedPartition;
  readonly offset: number;
  readonly epoch: number;
}

/** Sends positions to the coordinator, once; who wants it again asks again (ConsumerCoordinator.sendOffsetCommitRequest). */
export class Committer {
  private readonly network: ClientNetwork;
  private readonly assignment: Assignment;
  private readonly finder: CoordinatorFinder;

  constructor(network: ClientNetwork, assignment: Assignment, finder: CoordinatorFinder) {
    this.network = network;
    this.assignment = assignment;
    this.finder = finder;
  }

  /** Whether any position has moved since it was last confirmed. */
  get needed(): boolean {
    return this.assignment.partitions.some(({ position, committed }) => position >= 0 && position !== committed);
  }

  /**
   * Commits the positions as they are now; `done` gets the first error. COORDINATOR_NOT_AVAILABLE at once where no
   * coordinator can be asked.
   */
  commit(identity: CommitIdentity, done: (error: number) => void): void {
    const connection = this.finder.connection();
    if (connection === null) {
      done(ErrorCode.COORDINATOR_NOT_AVAILABLE);
      return;
    }
    const offsets = this.assignment.partitions
      .filter(({ position }) => position >= 0)
      .map((partition) => ({ partition, offset: partition.position, epoch: partition.positionEpoch }));
    if (offsets.length === 0) {
      done(ErrorCode.NONE);
      return;
    }
    const body = {
      groupId: identity.group,
      generationIdOrMemberEpoch: identity.generation,
      memberId: identity.memberId,
      groupInstanceId: identity.instanceId,
      retentionTimeMs: -1,
      topics: topicsOf(offsets),
    };
    connection.send(OffsetCommit, body, committed, { committer: this, identity, offsets, broker: connection.id, done });
  }

  answered(call: Call, response: OffsetCommitResponse | null, failure: RequestFailure | null): void {
    const { network, finder } = this;
    const { identity, offsets, done } = call;
    if (response === null) {
      network.sawError(OffsetCommit.name, failureCode(failure!), null, null);
      finder.lost('disconnected');
      done(failureCode(failure!));
      return;
    }
    let first: number = ErrorCode.NONE;
    const confirmed: Committed[] = [];
    for (const commit of offsets) {
      const { topic, index } = commit.partition.info;
      const answered = response.topics.find(({ name, topicId }) =>
        name === '' ? topicId === topic.id : name === topic.name,
      );
      const error = answered?.partitions.find(({ partitionIndex }) => partitionIndex === index)?.errorCode;
      if (error === ErrorCode.NONE) confirmed.push(commit);
      else if (error !== undefined) {
        network.sawError(OffsetCommit.name, error, commit.partition.name, null);
        if (first === ErrorCode.NONE) first = error;
      }
    }
    if (confirmed.length > 0) this.confirm(identity, confirmed);
    if (
      first === ErrorCode.NOT_COORDINATOR ||
      first === ErrorCode.COORDINATOR_NOT_AVAILABLE ||
      first === ErrorCode.REQUEST_TIMED_OUT
    ) {
      finder.lost('it says so');
    }
    done(first);
  }

  private confirm({ group, generation }: CommitIdentity, confirmed: readonly Committed[]): void {
    for (const { partition, offset } of confirmed) partition.committed = offset;
    this.network.context.emit(clientEvents['offsets-committed'], [
      group,
      generation,
      confirmed.map(({ partition }) => partition.name),
      confirmed.map(({ offset }) => offset),
    ]);
  }
}

interface Call {
  readonly committer: Committer;
  readonly identity: CommitIdentity;
  readonly offsets: readonly Committed[];
  readonly done: (error: number) => void;
}

function committed(call: Call, response: unknown, failure: RequestFailure | null): void {
  call.committer.answered(call, failure === null ? (response as OffsetCommitResponse) : null, failure);
}

type CommitPartition = OffsetCommitRequestTopic['partitions'][number];

function topicsOf(offsets: readonly Committed[]): readonly OffsetCommitRequestTopic[] {
  const topics: (OffsetCommitRequestTopic & { partitions: CommitPartition[] })[] = [];
  for (const { partition, offset, epoch } of offsets) {
    const { topic, index } = partition.info;
    let entry = topics.find(({ name }) => name === topic.name);
    if (entry === undefined) {
      entry = { name: topic.name, topicId: topic.id === '' ? ZERO_UUID : topic.id, partitions: [] };
      topics.push(entry);
    }
    entry.partitions.push({
      partitionIndex: index,
      committedOffset: offset,
      committedLeaderEpoch: epoch,
      commitTimestamp: -1,
      committedMetadata: '',
    });
  }
  return topics;
}
