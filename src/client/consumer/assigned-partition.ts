import type { FetchResponsePartitionData } from '../../protocol/apis/01-fetch.ts';
import type { PartitionInfo } from '../metadata.ts';
import type { NodeFetch } from './node-fetch.ts';

export type FetchPhase =
  /** Its committed offset is looked up. */
  | 'initializing'
  /** The reset policy decides: its first or last offset is asked for. */
  | 'awaiting-reset'
  /** Its leader changed: is what was read still part of the log? */
  | 'awaiting-validation'
  | 'fetching';

/** A partition that a consumer reads, and how far. */
export class AssignedPartition {
  readonly info: PartitionInfo;
  readonly name: string;
  phase: FetchPhase = 'initializing';
  /** The next offset that the application gets. */
  position = -1;
  /** Leader epoch of the record before the position; -1: unknown, so nothing can be validated. */
  positionEpoch = -1;
  /** Who led when the position was last known to be good; fetches carry this epoch. */
  leader = -1;
  leaderEpoch = -1;
  /** Where a reset goes, and why. */
  reset: 'earliest' | 'latest' = 'latest';
  resetReason = '';
  /** Read, but not yet given to the application. */
  fetched: FetchResponsePartitionData | null = null;
  /** Where in `fetched.records` the next batch stands. */
  fetchedAt = 0;
  /** The end of the log for this consumer, as its leader last said; -1: not known yet. */
  endOffset = -1;
  /** Who fetches it at present. */
  node: NodeFetch | null = null;
  /** What the fetch session of that node was last told. */
  inSession = false;
  sentPosition = -1;
  /** A look-up for it is on its way, or backs off until then. */
  busyUntilUs = 0;
  /** What the coordinator last confirmed. */
  committed = -1;
  /** It was given up; answers about it come too late. */
  revoked = false;

  constructor(info: PartitionInfo) {
    this.info = info;
    this.name = info.name;
  }

  /** Goes on at an offset, led by whom the metadata names now. */
  seek(position: number, epoch: number): void {
    this.position = position;
    this.positionEpoch = epoch;
    this.leader = this.info.leader;
    this.leaderEpoch = this.info.leaderEpoch;
    this.phase = 'fetching';
    this.fetched = null;
    this.busyUntilUs = 0;
  }

  awaitReset(to: 'earliest' | 'latest', reason: string): void {
    this.phase = 'awaiting-reset';
    this.reset = to;
    this.resetReason = reason;
    this.fetched = null;
    this.busyUntilUs = 0;
  }
}
