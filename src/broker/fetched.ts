import type { FetchResponsePartitionData } from '../protocol/apis/01-fetch.ts';
import { brokerEvents } from './events.ts';
import type { FetchState } from './fetch-state.ts';
import { truncationOffset } from './fetch-truncation.ts';

/** What an answer did to a follower: `moved` has to be told to the leader; `mismatch` cannot happen to a sane log. */
export type FetchedOutcome = 'unchanged' | 'moved' | 'mismatch';

/**
 * A follower takes in what its leader answered for one partition (§4.4–4.6): cuts where the histories part, or appends, and
 * follows the leader's high watermark as far as its own log goes. That may even lower it: a new leader knows less at first.
 */
export function applyFetched(state: FetchState, data: FetchResponsePartitionData): FetchedOutcome {
  if (data.divergingEpoch.endOffset >= 0 || data.divergingEpoch.epoch >= 0) return truncate(state, data);
  const { partition } = state;
  const { log } = partition;
  const records = data.records;
  if (data.highWatermark > log.logEndOffset) state.lagging = true;
  let outcome: FetchedOutcome = 'unchanged';
  if (records !== null && records.length > 0) {
    if (state.fetchOffset !== log.logEndOffset) return 'mismatch';
    log.appendAsFollower(records);
    state.fetchOffset = log.logEndOffset;
    state.lastFetchedEpoch = log.epochs.latestEpoch ?? -1;
    outcome = 'moved';
  }
  const highWatermark = Math.max(log.logStartOffset, Math.min(data.highWatermark, log.logEndOffset));
  if (highWatermark !== log.highWatermark) {
    log.updateHighWatermark(highWatermark);
    partition.highWatermarkMoved();
  }
  if (data.logStartOffset > log.logStartOffset && data.logStartOffset <= log.highWatermark) {
    log.incrementLogStartOffset(data.logStartOffset);
    outcome = 'moved';
  }
  if (state.lagging && log.logEndOffset >= data.highWatermark) {
    state.lagging = false;
    partition.host.context.emit(brokerEvents['replica-caught-up'], [
      partition.name,
      partition.leader,
      log.logEndOffset,
    ]);
  }
  return outcome;
}

function truncate(state: FetchState, data: FetchResponsePartitionData): FetchedOutcome {
  const { partition } = state;
  const { log } = partition;
  const leader = data.divergingEpoch;
  const local = log.epochs.endOffsetFor(leader.epoch, log.logEndOffset);
  const to = truncationOffset({ leader, local, logEndOffset: log.logEndOffset, highWatermark: log.highWatermark });
  const { context } = partition.host;
  context.emit(brokerEvents['fetch-diverged'], [partition.name, leader.epoch, leader.endOffset, to]);
  log.truncateTo(to);
  partition.highWatermarkMoved();
  state.fetchOffset = log.logEndOffset;
  state.lastFetchedEpoch = log.epochs.latestEpoch ?? -1;
  return 'moved';
}
