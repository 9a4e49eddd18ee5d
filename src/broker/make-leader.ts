import type { PartitionState } from '../coordinator/index.ts';
import { brokerEvents } from './events.ts';
import { adoptIsr } from './isr-change.ts';
import { committedIsr } from './isr-state.ts';
import type { Partition } from './partition.ts';
import { RemoteReplica } from './remote-replica.ts';

/** What a new state meant for a replica. */
export type RoleChange =
  /** A new leadership: its epoch is higher than any before. */
  | 'elected'
  /** The same leadership with another ISR or assignment. */
  | 'updated'
  /** Older than what is known. */
  | 'stale';

/**
 * The replica leads (Kafka's `Partition.makeLeader`). Nothing is cut from its log: whatever it has beyond the high watermark
 * is part of history from now on. The epoch starts at the log's end even if no record is ever written in it.
 */
export function makeLeader(partition: Partition, state: PartitionState, minInsyncReplicas: number): RoleChange {
  if (state.partitionEpoch < partition.partitionEpoch) return 'stale';
  const { host, log } = partition;
  const elected = state.leaderEpoch > partition.leaderEpoch;
  const ledBefore = partition.leads;
  partition.assign(state.replicas, minInsyncReplicas);
  keepRemotes(partition, host.brokerId);
  const isr = committedIsr(state.isr, false);
  if (!elected && !ledBefore) return 'stale';
  if (!elected) {
    adoptIsr(partition, isr, state.partitionEpoch);
    partition.raiseHighWatermark();
    host.wakes.produce(partition);
    return 'updated';
  }
  const startOffset = log.logEndOffset;
  log.epochs.assign(state.leaderEpoch, startOffset);
  partition.refreshWatchers();
  const nowMs = host.context.wallMs();
  for (const remote of partition.remotes) {
    remote.reset({ leaderEpochStartOffset: startOffset, ledBefore, inIsr: state.isr.includes(remote.brokerId), nowMs });
  }
  partition.isr = isr;
  partition.leader = host.brokerId;
  partition.leaderEpoch = state.leaderEpoch;
  partition.partitionEpoch = state.partitionEpoch;
  partition.leaderEpochStartOffset = startOffset;
  host.context.emit(brokerEvents['became-leader'], [
    partition.name,
    state.leaderEpoch,
    startOffset,
    state.isr,
    state.replicas,
    state.partitionEpoch,
  ]);
  partition.raiseHighWatermark();
  partition.roleChanged();
  return 'elected';
}

function keepRemotes(partition: Partition, self: number): void {
  const known = partition.remotes;
  partition.remotes = partition.replicas
    .filter((id) => id !== self)
    .map((id) => known.find((remote) => remote.brokerId === id) ?? new RemoteReplica(id));
}
