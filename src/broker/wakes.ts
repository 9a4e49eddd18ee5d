import type { FetchWatch } from './fetch-watch.ts';
import type { Partition } from './partition.ts';

/**
 * What changed in the present step, and whom it may set free. Requests that wait are looked at once, at the end of the step,
 * as Kafka's action queue does it: a produce request to five partitions wakes a follower once, with all five.
 */
export class Wakes {
  /** How a waiting fetch is looked at again; given by the broker when it is assembled. */
  recheckFetch: (watch: FetchWatch) => void = () => {};
  // Arrays that are used again; the counts say how much of them means something.
  private readonly watches: (FetchWatch | undefined)[] = [];
  private watchCount = 0;
  private readonly partitions: (Partition | undefined)[] = [];
  private partitionCount = 0;
  private settling = false;

  /** A fetch that waits for this watch may be complete. */
  fetch(watch: FetchWatch): void {
    if (watch.parked === null || watch.queuedToWake) return;
    watch.queuedToWake = true;
    this.watches[this.watchCount++] = watch;
  }

  /** The partition's high watermark rose, or its role changed: acks=all requests may be complete. */
  produce(partition: Partition): void {
    if (partition.waitingAcks.length === 0 || partition.queuedToWake) return;
    partition.queuedToWake = true;
    this.partitions[this.partitionCount++] = partition;
  }

  /** Ends a step. What the woken do may wake others; that is handled here too. */
  settle(): void {
    if (this.settling || (this.partitionCount === 0 && this.watchCount === 0)) return;
    this.settling = true;
    for (let i = 0; i < this.partitionCount || i < this.watchCount; i++) {
      if (i < this.partitionCount) {
        const partition = this.partitions[i]!;
        this.partitions[i] = undefined;
        partition.queuedToWake = false;
        partition.checkAcks();
      }
      if (i < this.watchCount) {
        const watch = this.watches[i]!;
        this.watches[i] = undefined;
        watch.queuedToWake = false;
        if (watch.parked !== null) this.recheckFetch(watch);
      }
    }
    this.partitionCount = 0;
    this.watchCount = 0;
    this.settling = false;
  }
}
