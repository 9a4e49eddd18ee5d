/** Every invariant, one line each. */
import type { Invariant } from '../invariant.ts';
import { commitsWithinLog } from './commits-within-log.ts';
import { committedRecordsStay } from './committed-records-stay.ts';
import { epochsGrow } from './epochs-grow.ts';
import { highWatermarkForward } from './high-watermark-forward.ts';
import { isrHoldsCommitted } from './isr-holds-committed.ts';
import { leaderInIsr } from './leader-in-isr.ts';
import { logsMatch } from './logs-match.ts';
import { metadataStays } from './metadata-stays.ts';
import { oneLeaderPerEpoch } from './one-leader-per-epoch.ts';
import { oneOwnerPerGeneration } from './one-owner-per-generation.ts';
import { oneQuorumLeaderPerEpoch } from './one-quorum-leader-per-epoch.ts';
import { transactionsAllOrNothing } from './transactions-all-or-nothing.ts';
import { watermarksOrdered } from './watermarks-ordered.ts';
import { zxidsInOrder } from './zxids-in-order.ts';

export const INVARIANTS: readonly Invariant[] = [
  committedRecordsStay,
  isrHoldsCommitted,
  logsMatch,
  watermarksOrdered,
  highWatermarkForward,
  oneLeaderPerEpoch,
  leaderInIsr,
  epochsGrow,
  oneQuorumLeaderPerEpoch,
  metadataStays,
  zxidsInOrder,
  oneOwnerPerGeneration,
  commitsWithinLog,
  transactionsAllOrNothing,
];
