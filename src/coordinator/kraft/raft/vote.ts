/** Answering Vote and pre-vote, and sending them. */
import { ErrorCode } from '../../../protocol/errors.ts';
import { electionDeadlineMs, isUpToDate } from './elections.ts';
import { isFree, send } from './lines.ts';
import { NO_NODE, type VoteRequest, type VoteResponse } from './messages.ts';
import { leaderOf, type Raft, type Votes } from './state.ts';
import { becomeUnattached, enter } from './transitions.ts';
import type { Asker } from './types.ts';

export function answerVote(raft: Raft, asker: Asker, request: VoteRequest): void {
  const errorCode = validate(raft, request);
  if (errorCode === ErrorCode.NONE && request.replicaEpoch > raft.epoch) becomeUnattached(raft, request.replicaEpoch);
  if (errorCode !== ErrorCode.NONE) {
    respond(raft, asker, errorCode, false);
  } else if (request.voterId !== raft.config.nodeId) {
    respond(raft, asker, ErrorCode.INVALID_VOTER_KEY, false);
  } else {
    const granted = request.preVote ? grantsPreVote(raft, request) : grantsVote(raft, request);
    if (granted && !request.preVote && raft.votedId === NO_NODE) recordVote(raft, request.replicaId);
    respond(raft, asker, ErrorCode.NONE, granted);
  }
}

function validate(raft: Raft, request: VoteRequest): number {
  const { clusterId } = raft.config;
  const { lastEpoch, lastOffset, replicaEpoch, replicaId } = request;
  if (clusterId !== null && request.clusterId !== null && request.clusterId !== clusterId) {
    return ErrorCode.INCONSISTENT_CLUSTER_ID;
  }
  const tooHigh = request.preVote ? lastEpoch > replicaEpoch : lastEpoch >= replicaEpoch;
  if (lastOffset < 0 || lastEpoch < 0 || tooHigh) return ErrorCode.INVALID_REQUEST;
  if (replicaEpoch < raft.epoch) return ErrorCode.FENCED_LEADER_EPOCH;
  return replicaId < 0 ? ErrorCode.INVALID_REQUEST : ErrorCode.NONE;
}

function grantsVote(raft: Raft, request: VoteRequest): boolean {
  const { kind } = raft.role;
  if (kind !== 'unattached' && kind !== 'prospective') return false;
  if (raft.votedId !== NO_NODE) return raft.votedId === request.replicaId;
  if (leaderOf(raft) !== NO_NODE) return false;
  return isUpToDate(raft, request.lastEpoch, request.lastOffset);
}

/** A follower that hears from its leader will not help to unseat it. */
function grantsPreVote(raft: Raft, request: VoteRequest): boolean {
  const { role } = raft;
  if (role.kind === 'leader' || (role.kind === 'follower' && role.hasFetched)) return false;
  return isUpToDate(raft, request.lastEpoch, request.lastOffset);
}

/** The role stays, with the vote and a fresh time-out; it is on disk before the answer leaves. */
function recordVote(raft: Raft, votedId: number): void {
  const deadlineMs = electionDeadlineMs(raft);
  if (raft.role.kind === 'prospective') {
    const votes: Votes = new Map([[raft.config.nodeId, 'granted']]);
    const { leaderId } = raft.role;
    enter(raft, { kind: 'prospective', leaderId, votes, electionDeadlineMs: deadlineMs }, raft.epoch, votedId);
  } else {
    enter(raft, { kind: 'unattached', electionDeadlineMs: deadlineMs }, raft.epoch, votedId);
  }
}

function respond(raft: Raft, asker: Asker, errorCode: number, voteGranted: boolean): void {
  const response: VoteResponse = {
    kind: 'vote',
    errorCode,
    leaderId: leaderOf(raft),
    leaderEpoch: raft.epoch,
    voteGranted,
  };
  raft.effects.push({ kind: 'respond', asker, response });
}

/** Asks every voter whose answer is not recorded yet. */
export function canvass(raft: Raft, votes: Votes, preVote: boolean): void {
  const { config, log } = raft;
  for (const voterId of raft.peers) {
    if (votes.has(voterId) || !isFree(raft, voterId)) continue;
    send(raft, voterId, {
      kind: 'vote',
      clusterId: config.clusterId,
      voterId,
      replicaEpoch: raft.epoch,
      replicaId: config.nodeId,
      lastEpoch: log.lastEpoch,
      lastOffset: log.endOffset,
      preVote,
    });
  }
}

/** Records an answer to the question that this role is asking. */
export function countVote(raft: Raft, voterId: number, response: VoteResponse): void {
  const { role } = raft;
  if (role.kind !== 'prospective' && role.kind !== 'candidate') return;
  role.votes.set(voterId, response.voteGranted ? 'granted' : 'rejected');
}
