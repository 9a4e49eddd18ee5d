import type { IsrAnswer } from '../coordinator/index.ts';
import { errorName } from '../protocol/errors.ts';
import { brokerEvents } from './events.ts';
import {
  type CommittedIsr,
  committedIsr,
  type PendingIsr,
  pendingExpand,
  pendingShrink,
  refusalEffect,
} from './isr-state.ts';
import type { Partition } from './partition.ts';
import type { RemoteReplica } from './remote-replica.ts';

/** A follower has all that is committed: the leader asks for it to be taken in. Meanwhile it already counts. */
export function proposeExpand(partition: Partition, isr: CommittedIsr, replica: RemoteReplica): void {
  propose(partition, pendingExpand(isr, replica.brokerId), `${replica.brokerId} caught up`);
}

/** Members lag: the leader asks for them to be let go. Until that is agreed they still count. */
export function proposeShrink(partition: Partition, isr: CommittedIsr, leaving: readonly number[]): void {
  propose(partition, pendingShrink(isr, leaving), `${leaving.join(',')} fell behind`);
}

function propose(partition: Partition, pending: PendingIsr, reason: string): void {
  partition.isr = pending;
  const { context } = partition.host;
  const { name, leaderEpoch, partitionEpoch } = partition;
  const { cause } = context;
  context.cause = context.emit(brokerEvents['isr-proposed'], [name, pending.wish, leaderEpoch, partitionEpoch, reason]);
  submit(partition, pending);
  context.cause = cause;
}

function submit(partition: Partition, pending: PendingIsr): void {
  const { coordination, brokerId } = partition.host;
  const { topic, topicId, index, leaderEpoch, partitionEpoch } = partition;
  const isr = pending.wish.map((member) => ({
    brokerId: member,
    brokerEpoch: member === brokerId ? coordination.brokerEpoch : (partition.remote(member)?.brokerEpoch ?? -1),
  }));
  coordination.proposeIsr(
    { topic, topicId, partition: index, leaderEpoch, partitionEpoch, isr, recovering: false },
    (answer) => settle(partition, pending, answer),
  );
}

/** The controller's answer (Kafka's `Partition.submitAlterPartition`). If metadata came first, it has nothing to say any more. */
function settle(partition: Partition, pending: PendingIsr, answer: IsrAnswer): void {
  if (partition.isr !== pending || !partition.hosted) return;
  if (answer.kind === 'refused') refuse(partition, pending, answer.error);
  else if (answer.leaderEpoch === partition.leaderEpoch && answer.partitionEpoch >= partition.partitionEpoch) {
    adoptIsr(partition, committedIsr(answer.isr, answer.recovering), answer.partitionEpoch);
    partition.raiseHighWatermark();
    partition.host.wakes.produce(partition);
  }
  partition.host.wakes.settle();
}

function refuse(partition: Partition, pending: PendingIsr, error: number): void {
  const effect = refusalEffect(error);
  partition.host.context.emit(brokerEvents['isr-proposal-refused'], [partition.name, errorName(error), effect]);
  if (effect === 'revert') {
    partition.isr = pending.last;
    partition.refreshWatchers();
  } else if (effect === 'propose-again') submit(partition, pending);
}

/** From here on the leader counts with this ISR. Watchers look again, for those outside it may join at their next fetch. */
export function adoptIsr(partition: Partition, isr: CommittedIsr, partitionEpoch: number): void {
  const changed = partitionEpoch !== partition.partitionEpoch || isr.isr.join() !== partition.isr.isr.join();
  partition.isr = isr;
  partition.partitionEpoch = partitionEpoch;
  partition.refreshWatchers();
  if (!changed) return;
  const { name, leaderEpoch } = partition;
  partition.host.context.emit(brokerEvents['isr-adopted'], [name, isr.isr, leaderEpoch, partitionEpoch]);
}
