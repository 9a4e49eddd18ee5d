/** Answering BeginQuorumEpoch and EndQuorumEpoch. */
import { ErrorCode } from '../../../protocol/errors.ts';
import type { BeginQuorumEpochRequest, EndQuorumEpochRequest } from './messages.ts';
import { leaderOf, type Raft } from './state.ts';
import { adopt } from './transitions.ts';
import type { Asker } from './types.ts';

export function answerBeginQuorumEpoch(raft: Raft, asker: Asker, request: BeginQuorumEpochRequest): void {
  let errorCode = validate(raft, request);
  if (errorCode === ErrorCode.NONE) {
    adopt(raft, request.leaderEpoch, request.leaderId);
    if (request.voterId !== raft.config.nodeId) errorCode = ErrorCode.INVALID_VOTER_KEY;
  }
  respond(raft, asker, request.kind, errorCode);
}

export function answerEndQuorumEpoch(raft: Raft, asker: Asker, request: EndQuorumEpochRequest): void {
  const errorCode = validate(raft, request);
  if (errorCode === ErrorCode.NONE) {
    adopt(raft, request.leaderEpoch, request.leaderId);
    const { role } = raft;
    if (role.kind === 'follower' && role.leaderId === request.leaderId) {
      role.fetchDeadlineMs = raft.nowMs + successorBackoffMs(raft, request.preferredCandidates);
    }
  }
  respond(raft, asker, request.kind, errorCode);
}

/** The first of the list stands at once, each later one waits twice as long as the one before, strangers the longest. */
function successorBackoffMs(raft: Raft, preferredCandidates: readonly number[]): number {
  const { nodeId, electionBackoffMaxMs } = raft.config;
  const position = preferredCandidates.indexOf(nodeId);
  if (position === 0) return 0;
  if (position < 0) return electionBackoffMaxMs;
  const smallestMs = electionBackoffMaxMs >> (preferredCandidates.length - 1);
  return Math.min(electionBackoffMaxMs, smallestMs << (position - 1));
}

function validate(raft: Raft, request: BeginQuorumEpochRequest | EndQuorumEpochRequest): number {
  const { clusterId } = raft.config;
  if (clusterId !== null && request.clusterId !== null && request.clusterId !== clusterId) {
    return ErrorCode.INCONSISTENT_CLUSTER_ID;
  }
  if (request.leaderEpoch < raft.epoch) return ErrorCode.FENCED_LEADER_EPOCH;
  return request.leaderId < 0 ? ErrorCode.INVALID_REQUEST : ErrorCode.NONE;
}

function respond(raft: Raft, asker: Asker, kind: 'begin-quorum-epoch' | 'end-quorum-epoch', errorCode: number): void {
  const response = { kind, errorCode, leaderId: leaderOf(raft), leaderEpoch: raft.epoch };
  raft.effects.push({ kind: 'respond', asker, response });
}
