/** What a leader does: it answers pulls, counts who has pulled what, and doubts itself when too few pull. */

import { ErrorCode } from '../../../protocol/errors.ts';
import { isFree, send } from './lines.ts';
import type { EpochEnd, FetchRequest, FetchResponse } from './messages.ts';
import { divergence } from './offsets.ts';
import { type Leader, leaderOf, majorityOf, NEVER_MS, type Raft, type ReplicaProgress } from './state.ts';
import { becomeResigned, checkQuorumTimeoutMs, unheard } from './transitions.ts';
import type { Asker } from './types.ts';

export function answerFetch(raft: Raft, asker: Asker, request: FetchRequest): void {
  const errorCode = validate(raft, request);
  const { role } = raft;
  if (errorCode !== ErrorCode.NONE || role.kind !== 'leader') {
    respond(raft, asker, errorCode, null);
    return;
  }
  const parting = divergence(raft.log, request.fetchOffset, request.lastFetchedEpoch);
  if (parting !== null) {
    respond(raft, asker, ErrorCode.NONE, parting);
    return;
  }
  acknowledge(raft, role, request);
  if (request.fetchOffset < raft.log.endOffset) {
    respondWithRecords(raft, asker, request.fetchOffset);
  } else if (request.maxWaitMs === 0 || request.highWatermark < role.highWatermark) {
    respond(raft, asker, ErrorCode.NONE, null);
  } else {
    const deadlineMs = raft.nowMs + request.maxWaitMs;
    role.parked.push({ asker, replicaId: request.replicaId, fetchOffset: request.fetchOffset, deadlineMs });
  }
}

function validate(raft: Raft, request: FetchRequest): number {
  const { clusterId } = raft.config;
  const { maxWaitMs, fetchOffset, lastFetchedEpoch, currentLeaderEpoch } = request;
  if (clusterId !== null && request.clusterId !== null && request.clusterId !== clusterId) {
    return ErrorCode.INCONSISTENT_CLUSTER_ID;
  }
  if (maxWaitMs < 0 || fetchOffset < 0 || lastFetchedEpoch < 0 || lastFetchedEpoch > currentLeaderEpoch) {
    return ErrorCode.INVALID_REQUEST;
  }
  if (currentLeaderEpoch < raft.epoch) return ErrorCode.FENCED_LEADER_EPOCH;
  if (currentLeaderEpoch > raft.epoch) return ErrorCode.UNKNOWN_LEADER_EPOCH;
  return raft.role.kind === 'leader' ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER;
}

/** A fetch from an offset says that everything before it is flushed over there (if it is a voter). */
function acknowledge(raft: Raft, leader: Leader, request: FetchRequest): void {
  const voter = leader.voters.get(request.replicaId);
  if (voter === undefined) {
    if (request.replicaId < 0) return;
    let observer = leader.observers.get(request.replicaId);
    if (observer === undefined) {
      observer = unheard();
      leader.observers.set(request.replicaId, observer);
    }
    note(raft, observer, request.fetchOffset);
    return;
  }
  note(raft, voter, request.fetchOffset);
  if (!leader.heardFrom.includes(request.replicaId)) leader.heardFrom.push(request.replicaId);
  if (leader.heardFrom.length >= majorityOf(raft.config.voters.length) - 1) {
    leader.heardFrom.length = 0;
    leader.checkQuorumDeadlineMs = raft.nowMs + checkQuorumTimeoutMs(raft);
  }
  // A voter that stands at the high watermark cannot move it.
  if (request.fetchOffset > leader.highWatermark) advanceHighWatermark(raft, leader);
}

function note(raft: Raft, progress: ReplicaProgress, fetchOffset: number): void {
  const leaderEndOffset = raft.log.endOffset;
  if (fetchOffset >= leaderEndOffset) progress.lastCaughtUpMs = raft.nowMs;
  else if (progress.leaderEndOffset >= 0 && fetchOffset >= progress.leaderEndOffset) {
    progress.lastCaughtUpMs = Math.max(progress.lastCaughtUpMs, progress.lastFetchMs);
  }
  progress.lastFetchMs = raft.nowMs;
  progress.leaderEndOffset = leaderEndOffset;
  progress.endOffset = fetchOffset;
}

/**
 * The high watermark is where a majority of voters has flushed; it counts only once it lies above the start of this
 * epoch, because records of earlier epochs may yet be overwritten until one of this epoch stands on a majority.
 */
function advanceHighWatermark(raft: Raft, leader: Leader): void {
  const agreed = agreedOffset(leader);
  if (agreed <= leader.epochStartOffset || agreed <= leader.highWatermark) return;
  leader.highWatermark = agreed;
  if (agreed > raft.highWatermark) {
    raft.highWatermark = agreed;
    raft.effects.push({ kind: 'high-watermark', offset: agreed });
  }
  answerParked(raft, leader);
}

/** The offset that a majority has reached: of the voters' offsets from the highest down, the one in the middle. */
function agreedOffset(leader: Leader): number {
  const offsets = [leader.flushedOffset];
  for (const { endOffset } of leader.voters.values()) {
    let i = offsets.push(endOffset) - 1;
    for (; i > 0 && offsets[i - 1]! < endOffset; i--) offsets[i] = offsets[i - 1]!;
    offsets[i] = endOffset;
  }
  return offsets[Math.floor(offsets.length / 2)]!;
}

function answerParked(raft: Raft, leader: Leader): void {
  const { parked } = leader;
  if (parked.length === 0) return;
  leader.parked = [];
  for (const { asker, fetchOffset } of parked) {
    if (fetchOffset < raft.log.endOffset) respondWithRecords(raft, asker, fetchOffset);
    else respond(raft, asker, ErrorCode.NONE, null);
  }
}

export function leaderAppended(raft: Raft, leader: Leader): void {
  answerParked(raft, leader);
  raft.effects.push({ kind: 'flush' });
}

export function leaderFlushed(raft: Raft, leader: Leader, endOffset: number): void {
  leader.flushedOffset = endOffset;
  advanceHighWatermark(raft, leader);
}

export function pollLeader(raft: Raft, leader: Leader): void {
  const { nowMs } = raft;
  if (nowMs >= leader.checkQuorumDeadlineMs) {
    becomeResigned(raft, 'check-quorum');
    return;
  }
  if (nowMs >= leader.beginEpochDeadlineMs) announce(raft, leader);
  if (earliestParkedMs(leader) <= nowMs) {
    const due = leader.parked.filter((fetch) => fetch.deadlineMs <= nowMs);
    leader.parked = leader.parked.filter((fetch) => fetch.deadlineMs > nowMs);
    for (const { asker } of due) respond(raft, asker, ErrorCode.NONE, null);
  }
}

/** When the first parked fetch must be answered. */
export function earliestParkedMs(leader: Leader): number {
  let earliest = NEVER_MS;
  for (const { deadlineMs } of leader.parked) if (deadlineMs < earliest) earliest = deadlineMs;
  return earliest;
}

/** Voters that do not fetch may not know who leads. */
function announce(raft: Raft, leader: Leader): void {
  const { config, nowMs } = raft;
  const periodMs = Math.floor(config.fetchTimeoutMs / 2);
  leader.beginEpochDeadlineMs = nowMs + periodMs;
  for (const [voterId, progress] of leader.voters) {
    const heardLately = progress.lastFetchMs >= 0 && nowMs - progress.lastFetchMs < periodMs;
    if (heardLately || !isFree(raft, voterId)) continue;
    send(raft, voterId, {
      kind: 'begin-quorum-epoch',
      clusterId: config.clusterId,
      voterId,
      leaderId: config.nodeId,
      leaderEpoch: raft.epoch,
    });
  }
}

function emptyResponse(raft: Raft, errorCode: number, diverging: EpochEnd | null): FetchResponse {
  const { role } = raft;
  return {
    kind: 'fetch',
    errorCode,
    leaderId: leaderOf(raft),
    leaderEpoch: raft.epoch,
    highWatermark: role.kind === 'leader' ? role.highWatermark : -1,
    diverging,
    records: null,
  };
}

function respond(raft: Raft, asker: Asker, errorCode: number, diverging: EpochEnd | null): void {
  raft.effects.push({ kind: 'respond', asker, response: emptyResponse(raft, errorCode, diverging) });
}

function respondWithRecords(raft: Raft, asker: Asker, fromOffset: number): void {
  const response = emptyResponse(raft, ErrorCode.NONE, null);
  raft.effects.push({ kind: 'respond-with-records', asker, response, fromOffset });
}
