import type { Config } from '../config/config.ts';
import type { BrokerCoordination } from '../coordinator/index.ts';
import type { Context } from '../kernel/api.ts';
import type { InternalLog, InternalTopicCoordinator } from './api.ts';
import type { Partition } from './partition.ts';
import type { PeerChannels } from './peers.ts';
import type { ProducerIds } from './producer-ids.ts';
import type { LeadershipListener } from './replica-manager.ts';
import type { TransactionVerifier } from './transaction-verifier.ts';

/** What a coordinator is made with. */
export interface CoordinatorParts {
  readonly context: Context;
  readonly brokerId: number;
  readonly config: Config;
  readonly coordination: BrokerCoordination;
  readonly log: InternalLog;
  readonly producerIds: Pick<ProducerIds, 'allocate'>;
  readonly verifier: Pick<TransactionVerifier, 'ask'>;
  /** Connections to other brokers for a purpose, by which they are named. */
  peers(purpose: string): PeerChannels;
}

/** How the coordinator of one internal topic is made, when its broker starts. */
export interface CoordinatorFactory {
  readonly topic: string;
  create(parts: CoordinatorParts): InternalTopicCoordinator;
}

/** Tells each coordinator what happens to the partitions of its topic. */
export class Coordinators implements LeadershipListener {
  readonly byTopic = new Map<string, InternalTopicCoordinator>();

  onElected(partition: Partition): void {
    this.byTopic.get(partition.topic)?.onElected(partition.index, partition.leaderEpoch);
  }

  onResigned(topic: string, partition: number, leaderEpoch: number | undefined): void {
    this.byTopic.get(topic)?.onResigned(partition, leaderEpoch);
  }

  topicsDeleted(topics: readonly string[]): void {
    if (topics.length === 0) return;
    for (const coordinator of this.byTopic.values()) coordinator.onTopicsDeleted(topics);
  }
}
