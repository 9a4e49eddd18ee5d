/** AlterPartition from the leader's side: one request in flight, one pending proposal a partition (AlterPartitionManager). */
import type { Context } from '../kernel/api.ts';
import { AlterPartition, type AlterPartitionResponse } from '../protocol/apis/56-alter-partition.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { ControllerChannel } from './controller-channel.ts';
import type { IsrAnswer, IsrProposal } from './index.ts';

const VERSION = 3;
/** Wait after an error that concerned the whole request. */
const RETRY_MS = 50;
/** A proposal is offered until it is answered. */
const FOREVER_MS = Number.MAX_SAFE_INTEGER / 2;

interface Pending {
  readonly proposal: IsrProposal;
  readonly done: (answer: IsrAnswer) => void;
}

export class IsrProposals {
  private readonly context: Context;
  private readonly channel: ControllerChannel;
  private readonly sender: { readonly brokerId: number; readonly brokerEpoch: () => number };
  /** By topic id and partition. */
  private readonly pending = new Map<string, Pending>();
  private inFlight: readonly Pending[] | null = null;

  constructor(context: Context, channel: ControllerChannel, sender: { brokerId: number; brokerEpoch: () => number }) {
    this.context = context;
    this.channel = channel;
    this.sender = sender;
  }

  propose(proposal: IsrProposal, done: (answer: IsrAnswer) => void): void {
    this.pending.set(keyOf(proposal), { proposal, done });
    this.sendPending();
  }

  sendPending(): void {
    if (this.inFlight !== null || this.pending.size === 0) return;
    const batch = [...this.pending.values()];
    this.inFlight = batch;
    this.channel.send(
      {
        api: AlterPartition,
        version: VERSION,
        body: () => this.bodyOf(batch),
        isNotController: (response) => saysNotController(response as AlterPartitionResponse),
        done: (response) => this.answered(batch, response as AlterPartitionResponse),
        expired: () => this.retryLater(),
      },
      FOREVER_MS,
    );
  }

  private bodyOf(batch: readonly Pending[]): unknown {
    const byTopic = new Map<string, IsrProposal[]>();
    for (const { proposal } of batch) {
      const proposals = byTopic.get(proposal.topicId);
      if (proposals === undefined) byTopic.set(proposal.topicId, [proposal]);
      else proposals.push(proposal);
    }
    return AlterPartition.request.make({
      brokerId: this.sender.brokerId,
      brokerEpoch: this.sender.brokerEpoch(),
      topics: [...byTopic].map(([topicId, proposals]) => ({
        topicId,
        partitions: proposals.map((proposal) => ({
          partitionIndex: proposal.partition,
          leaderEpoch: proposal.leaderEpoch,
          partitionEpoch: proposal.partitionEpoch,
          newIsrWithEpochs: proposal.isr,
          leaderRecoveryState: proposal.recovering ? 1 : 0,
        })),
      })),
    });
  }

  private answered(batch: readonly Pending[], response: AlterPartitionResponse): void {
    if (response.errorCode !== ErrorCode.NONE) {
      this.retryLater();
      return;
    }
    this.inFlight = null;
    const answers = new Map<string, IsrAnswer>();
    for (const { topicId, partitions } of response.topics) {
      for (const partition of partitions) {
        const { partitionIndex, errorCode: error, isr, leaderEpoch, partitionEpoch, leaderRecoveryState } = partition;
        const recovering = leaderRecoveryState === 1;
        const answer: IsrAnswer =
          error === ErrorCode.NONE
            ? { kind: 'accepted', isr, leaderEpoch, partitionEpoch, recovering }
            : { kind: 'refused', error };
        answers.set(keyOf({ topicId, partition: partitionIndex }), answer);
      }
    }
    for (const one of batch) {
      // A newer proposal may have taken its place meanwhile; that one is still to be sent.
      const key = keyOf(one.proposal);
      if (this.pending.get(key) === one) this.pending.delete(key);
    }
    for (const { proposal, done } of batch) {
      done(answers.get(keyOf(proposal)) ?? { kind: 'refused', error: ErrorCode.UNKNOWN_SERVER_ERROR });
    }
    this.sendPending();
  }

  private retryLater(): void {
    this.inFlight = null;
    this.context.after(RETRY_MS * 1000, retry, this);
  }
}

const retry = (proposals: IsrProposals): void => proposals.sendPending();

const keyOf = ({ topicId, partition }: { readonly topicId: string; readonly partition: number }): string =>
  `${topicId}/${partition}`;

function saysNotController({ errorCode, topics }: AlterPartitionResponse): boolean {
  if (errorCode === ErrorCode.NOT_CONTROLLER) return true;
  return topics.some(({ partitions }) => partitions.some((one) => one.errorCode === ErrorCode.NOT_CONTROLLER));
}
