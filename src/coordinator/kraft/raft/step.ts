/**
 * One member of the metadata quorum as a function of (state, input) → effects (KafkaRaftClient, KIP-595 and KIP-996).
 * It knows no network, clock or disk: the machine around it carries out the effects in order and reports back.
 */
import { ErrorCode } from '../../../protocol/errors.ts';
import { pollCandidate } from './candidate.ts';
import { answerBeginQuorumEpoch, answerEndQuorumEpoch } from './epochs.ts';
import { followAnswer, followerAppended, followerWritten, pollFollower } from './follower.ts';
import { answerFetch, earliestParkedMs, leaderAppended, leaderFlushed, pollLeader } from './leader.ts';
import { backOff, nextBackoffEndMs, settle } from './lines.ts';
import { NO_NODE, type RaftRequest, type RaftResponse } from './messages.ts';
import { pollProspective } from './prospective.ts';
import { pollResigned } from './resigned.ts';
import { leaderOf, NEVER_MS, type Raft } from './state.ts';
import { adopt, becomeResigned, enterInitialRole } from './transitions.ts';
import type { Asker, RaftEffect, RaftInput } from './types.ts';
import { pollUnattached } from './unattached.ts';
import { answerVote, countVote } from './vote.ts';

/** `chance` is a fresh unsigned integer; whatever draws a time-out in this step draws it from there. */
export function step(raft: Raft, input: RaftInput, nowMs: number, chance: number): readonly RaftEffect[] {
  const effects: RaftEffect[] = [];
  raft.effects = effects;
  raft.nowMs = nowMs;
  raft.chance = chance;
  handle(raft, input);
  let role: Raft['role'];
  do {
    role = raft.role;
    poll(raft);
  } while (role !== raft.role);
  if (raft.shutdown === 'asked' && isFreeToLeave(raft)) {
    raft.shutdown = 'done';
    effects.push({ kind: 'shutdown-complete' });
  }
  return effects;
}

/** When the next `timer` input is due, in the clock of `nowMs`; `NEVER_MS` if none is. */
export function wakeAtMs(raft: Raft): number {
  const { role } = raft;
  switch (role.kind) {
    case 'leader':
      return Math.min(role.checkQuorumDeadlineMs, role.beginEpochDeadlineMs, earliestParkedMs(role));
    case 'follower':
      return nextBackoffEndMs(
        raft,
        raft.isVoter || raft.nowMs < role.fetchDeadlineMs ? role.fetchDeadlineMs : NEVER_MS,
      );
    case 'resigned':
      return nextBackoffEndMs(raft, raft.shutdown !== 'no' ? NEVER_MS : role.electionDeadlineMs);
    default:
      return nextBackoffEndMs(raft, role.electionDeadlineMs);
  }
}

function handle(raft: Raft, input: RaftInput): void {
  const { role } = raft;
  switch (input.kind) {
    case 'start':
      enterInitialRole(raft, input.stored);
      return;
    case 'request':
      answer(raft, input.asker, input.request);
      return;
    case 'response':
      hear(raft, input.requestId, input.response);
      return;
    case 'request-failed': {
      const peer = settle(raft, input.requestId);
      if (peer !== undefined) backOff(raft, peer);
      return;
    }
    case 'append':
      if (role.kind === 'leader' && raft.epoch === input.epoch) {
        raft.effects.push({ kind: 'append', records: input.records });
      } else {
        raft.effects.push({ kind: 'refuse-append', epoch: input.epoch });
      }
      return;
    case 'appended':
      if (role.kind === 'leader') leaderAppended(raft, role);
      else if (role.kind === 'follower') followerAppended(raft, role);
      return;
    case 'flushed':
      if (role.kind === 'leader') leaderFlushed(raft, role, input.endOffset);
      else if (role.kind === 'follower') followerWritten(raft, role);
      return;
    case 'truncated':
      if (role.kind === 'follower') role.writing = false;
      return;
    case 'resign':
      if (role.kind === 'leader' && raft.epoch === input.epoch) becomeResigned(raft, 'controller');
      return;
    case 'shutdown':
      raft.shutdown = 'asked';
      if (role.kind === 'leader') becomeResigned(raft, 'shutdown');
      return;
    case 'timer':
      return;
  }
}

function poll(raft: Raft): void {
  const { role } = raft;
  switch (role.kind) {
    case 'unattached':
      pollUnattached(raft, role);
      return;
    case 'prospective':
      pollProspective(raft, role);
      return;
    case 'candidate':
      pollCandidate(raft, role);
      return;
    case 'leader':
      pollLeader(raft, role);
      return;
    case 'follower':
      pollFollower(raft, role);
      return;
    case 'resigned':
      pollResigned(raft, role);
      return;
  }
}

function answer(raft: Raft, asker: Asker, request: RaftRequest): void {
  switch (request.kind) {
    case 'vote':
      answerVote(raft, asker, request);
      return;
    case 'begin-quorum-epoch':
      answerBeginQuorumEpoch(raft, asker, request);
      return;
    case 'end-quorum-epoch':
      answerEndQuorumEpoch(raft, asker, request);
      return;
    case 'fetch':
      answerFetch(raft, asker, request);
      return;
  }
}

function hear(raft: Raft, requestId: number, response: RaftResponse): void {
  const peer = settle(raft, requestId);
  if (peer === undefined) return;
  const { errorCode, leaderEpoch, leaderId } = response;
  if (leaderEpoch < raft.epoch || errorCode === ErrorCode.UNKNOWN_LEADER_EPOCH) {
    backOff(raft, peer);
    return;
  }
  const changed = adopt(raft, leaderEpoch, leaderId);
  if (errorCode !== ErrorCode.NONE) {
    if (!changed) backOff(raft, peer);
    return;
  }
  takeIn(raft, peer, response);
}

function takeIn(raft: Raft, peer: number, response: RaftResponse): void {
  if (response.leaderEpoch !== raft.epoch) return;
  const { role } = raft;
  switch (response.kind) {
    case 'vote':
      countVote(raft, peer, response);
      return;
    case 'fetch':
      if (role.kind === 'follower' && role.leaderId === response.leaderId) followAnswer(raft, role, response);
      return;
    case 'end-quorum-epoch':
      if (role.kind === 'resigned') role.unacknowledged.delete(peer);
      return;
    case 'begin-quorum-epoch':
      return;
  }
}

/** A resigned leader stays until somebody else leads; anybody else may go at once. */
function isFreeToLeave(raft: Raft): boolean {
  if (raft.role.kind === 'follower' || !raft.isVoter || raft.peers.length === 0) return true;
  const leaderId = leaderOf(raft);
  return leaderId !== NO_NODE && leaderId !== raft.config.nodeId;
}
