import type { Uuid } from '../protocol/uuid.ts';
import type { LeaderEpochCache } from './leader-epoch-cache.ts';
import type { ProducerState } from './producer-state.ts';
import type { SegmentList } from './segment-list.ts';

/** What was found on disk, or the state of a log that is new. */
export interface LogState {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: Uuid;
  /** `partition.metadata` names the topic id already. */
  readonly topicIdWritten: boolean;
  readonly segments: SegmentList;
  readonly epochs: LeaderEpochCache;
  readonly producers: ProducerState | null;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  readonly recoveryPoint: number;
}
