import type { Partition } from './partition.ts';

/**
 * Where a follower's fetching of one partition stands (Kafka's `PartitionFetchState`).
 * - ready: named to the leader, or to be named in the next request.
 * - delayed: left alone after an error, for `replica.fetch.backoff.ms`.
 * - locating: its offset is not the leader's; it asks where to go on.
 * - failed: given up until a newer leadership.
 */
export class FetchState {
  readonly partition: Partition;
  /** The leadership that it was set up for; it ends with it. */
  readonly leaderEpoch: number;
  mode: 'ready' | 'delayed' | 'locating' | 'failed' = 'ready';
  fetchOffset: number;
  lastFetchedEpoch: number;
  /** What the leader was told last; an answer counts only if this is still where the follower stands. */
  sentOffset = -1;
  /** The leader's fetch session knows the partition. */
  inSession = false;
  /** It stands on the list of what the next request must name. */
  changed = false;
  /** It has been seen to lack committed records. */
  lagging = false;

  constructor(partition: Partition) {
    this.partition = partition;
    this.leaderEpoch = partition.leaderEpoch;
    // Without any epoch in the log there is nothing to compare: then the follower starts from what it knows to be committed.
    const { log } = partition;
    const latest = log.epochs.latestEpoch;
    this.fetchOffset = latest === undefined ? log.highWatermark : log.logEndOffset;
    this.lastFetchedEpoch = latest ?? -1;
  }
}
