import type { FetchEntry } from './fetch-watch.ts';
import type { Partition } from './partition.ts';
import type { RemoteReplica } from './remote-replica.ts';
import type { ReplicaManager } from './replica-manager.ts';

/** The one selector that Kafka brings (`replica.selector.class`). */
export const RACK_AWARE_SELECTOR = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

export const NONE_PREFERRED = -1;

/**
 * From which replica a consumer had better read (KIP-392): one in its own rack that is in sync and has the offset. The leader, if it
 * stands there itself. Kafka's `ReplicaManager.findPreferredReadReplica` and `RackAwareReplicaSelector`.
 */
export function preferredReplica(manager: ReplicaManager, partition: Partition, entry: FetchEntry): number {
  const { brokers } = manager.coordination.image;
  const { rackId } = entry.watch;
  if (brokers.get(manager.brokerId)?.rack === rackId) return NONE_PREFERRED;
  let best: RemoteReplica | undefined;
  for (const replica of partition.remotes) {
    const broker = brokers.get(replica.brokerId);
    if (broker === undefined || broker.fenced || broker.rack !== rackId) continue;
    if (!partition.isr.isr.includes(replica.brokerId)) continue;
    if (replica.logEndOffset < entry.fetchOffset || replica.logStartOffset > entry.fetchOffset) continue;
    if (best === undefined || isAhead(replica, best)) best = replica;
  }
  return best?.brokerId ?? NONE_PREFERRED;
}

/** The longer log, then who was caught up more lately, then the greater id. */
function isAhead(a: RemoteReplica, b: RemoteReplica): boolean {
  if (a.logEndOffset !== b.logEndOffset) return a.logEndOffset > b.logEndOffset;
  if (a.lastCaughtUpMs !== b.lastCaughtUpMs) return a.lastCaughtUpMs > b.lastCaughtUpMs;
  return a.brokerId > b.brokerId;
}
