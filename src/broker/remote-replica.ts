import type { ReplicaProgress } from './isr-state.ts';

/** What one fetch of a follower tells its leader. */
export interface FollowerFetch {
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  /** The leader's log end at the time of the read. */
  readonly leaderEndOffset: number;
  /** -1 from versions that do not carry it. */
  readonly brokerEpoch: number;
  readonly nowMs: number;
}

/** How a replica's progress starts in a new leadership. */
export interface NewEpoch {
  readonly leaderEpochStartOffset: number;
  /** The broker led this partition before: what it knows of its followers is still true. */
  readonly ledBefore: boolean;
  readonly inIsr: boolean;
  readonly nowMs: number;
}

/**
 * A follower as its leader sees it (Kafka's `Replica`). Offsets are -1 and the broker epoch `undefined` until it fetches.
 * An unknown end of a follower's log lies below every offset, so a silent member of the ISR pins the high watermark.
 */
export class RemoteReplica implements ReplicaProgress {
  readonly brokerId: number;
  logEndOffset = -1;
  logStartOffset = -1;
  lastFetchLeaderEndOffset = 0;
  lastFetchMs = 0;
  lastCaughtUpMs = 0;
  brokerEpoch: number | undefined = undefined;

  constructor(brokerId: number) {
    this.brokerId = brokerId;
  }

  /**
   * Takes a fetch in. A follower that reached what was the leader's end at its *previous* fetch was caught up then: under
   * a steady load it never sees the newest end, and is in sync all the same.
   */
  update(fetch: FollowerFetch): void {
    if (fetch.fetchOffset >= fetch.leaderEndOffset) {
      if (fetch.nowMs > this.lastCaughtUpMs) this.lastCaughtUpMs = fetch.nowMs;
    } else if (fetch.fetchOffset >= this.lastFetchLeaderEndOffset && this.lastFetchMs > this.lastCaughtUpMs) {
      this.lastCaughtUpMs = this.lastFetchMs;
    }
    this.logEndOffset = fetch.fetchOffset;
    this.logStartOffset = fetch.logStartOffset;
    if (fetch.leaderEndOffset > this.lastFetchLeaderEndOffset) this.lastFetchLeaderEndOffset = fetch.leaderEndOffset;
    this.lastFetchMs = fetch.nowMs;
    this.brokerEpoch = fetch.brokerEpoch;
  }

  /** The follower has fetched with nothing to say of this partition, most lately then, and had the whole log. */
  stillCaughtUpAt(fetchedMs: number): void {
    if (fetchedMs <= this.lastFetchMs) return;
    this.lastFetchMs = fetchedMs;
    if (fetchedMs > this.lastCaughtUpMs) this.lastCaughtUpMs = fetchedMs;
  }

  /** A member of the ISR gets a fresh span of grace with each new leadership. */
  reset(epoch: NewEpoch): void {
    if (epoch.ledBefore) {
      this.lastFetchLeaderEndOffset = epoch.leaderEpochStartOffset;
      this.lastFetchMs = epoch.inIsr ? epoch.nowMs : 0;
    } else {
      this.logEndOffset = -1;
      this.logStartOffset = -1;
      this.lastFetchLeaderEndOffset = -1;
      this.lastFetchMs = 0;
      this.brokerEpoch = undefined;
    }
    this.lastCaughtUpMs = epoch.inIsr ? epoch.nowMs : 0;
  }
}
