import type { FetchWatch } from './fetch-watch.ts';
import type { Partition } from './partition.ts';

/**
 * What changed in the present step, and whom it may set free. Requests that wait are looked at once, at the end of the step,
 * as Kafka's action queue does it: a produce request to five partitions wakes a follower once, with all five.
 */
export class Wakes {
  /** How a waiting fetch is looked at again; given by the broker when it is assembled. */
  recheckFetch: (watch: FetchWatch) => void = () => {};
  private watches: FetchWatch[] = [];
  private partitions: Partition[] = [];
  private settling = false;

  /** A fetch that waits for this watch may be complete. */
  fetch(watch: FetchWatch): void {
    if (watch.parked === null || watch.queuedToWake) return;
    watch.queuedToWake = true;
    this.watches.push(watch);
  }

  /** The partition's high watermark rose, or its role changed: acks=all requests may be complete. */
  produce(partition: Partition): void {
    if (partition.waitingAcks.length === 0 || partition.queuedToWake) return;
    partition.queuedToWake = true;
    this.partitions.push(partition);
  }

  /** Ends a step. What the woken do may wake others; that is handled here too. */
  settle(): void {
    if (this.settling) return;
    this.settling = true;
    for (let i = 0; i < this.partitions.length || i < this.watches.length; i++) {
      const partition = this.partitions[i];
      if (partition !== undefined) {
        partition.queuedToWake = false;
        partition.checkAcks();
      }
      const watch = this.watches[i];
      if (watch !== undefined) {
        watch.queuedToWake = false;
        if (watch.parked !== null) this.recheckFetch(watch);
      }
    }
    this.partitions.length = 0;
    this.watches.length = 0;
    this.settling = false;
  }
}
