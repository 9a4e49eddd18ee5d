import type { PartitionState } from '../coordinator/index.ts';
import { brokerEvents } from './events.ts';
import type { RoleChange } from './make-leader.ts';
import { NO_ISR, type Partition } from './partition.ts';

/**
 * The replica follows (Kafka's `Partition.makeFollower`). Only a new leader epoch disturbs its fetching: an ISR that
 * changed under the same leader is the leader's affair.
 */
export function makeFollower(partition: Partition, state: PartitionState, minInsyncReplicas: number): RoleChange {
  if (state.partitionEpoch < partition.partitionEpoch) return 'stale';
  const { host } = partition;
  const elected = state.leaderEpoch > partition.leaderEpoch;
  if (!elected && partition.leads) return 'stale';
  partition.assign(state.replicas, minInsyncReplicas);
  partition.partitionEpoch = state.partitionEpoch;
  if (!elected) return 'updated';
  partition.refreshWatchers();
  partition.leader = state.leader;
  partition.leaderEpoch = state.leaderEpoch;
  partition.leaderEpochStartOffset = -1;
  partition.isr = NO_ISR;
  partition.forgetRemotes();
  host.context.emit(brokerEvents['became-follower'], [
    partition.name,
    state.leader,
    state.leaderEpoch,
    state.partitionEpoch,
  ]);
  partition.roleChanged();
  return 'elected';
}
