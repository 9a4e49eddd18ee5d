/**
 * How a member changes its role (QuorumState). What an election depends on is persisted first; then every line to another
 * node is forgotten, so that late answers to the former role's requests fall on deaf ears.
 */
import { ErrorCode } from '../../../protocol/errors.ts';
import { electionDeadlineMs, grantingVoters, isRejected } from './elections.ts';
import { NO_NODE } from './messages.ts';
import { leaderOf, NEVER_MS, type Raft, type ReplicaProgress, type Role, type Votes } from './state.ts';
import type { ElectionState, ResignCause } from './types.ts';

/** Without a leader. Whoever was waiting to stand for election keeps waiting for the time it had left. */
export function becomeUnattached(raft: Raft, epoch: number): void {
  const votedId = epoch === raft.epoch ? raft.votedId : NO_NODE;
  enter(raft, { kind: 'unattached', electionDeadlineMs: remainingElectionTime(raft) }, epoch, votedId);
}

function remainingElectionTime(raft: Raft): number {
  if (!raft.isVoter) return NEVER_MS;
  const { role } = raft;
  switch (role.kind) {
    case 'unattached':
    case 'candidate':
    case 'resigned':
      return role.electionDeadlineMs;
    case 'prospective':
      return isRejected(raft, role.votes) ? electionDeadlineMs(raft) : role.electionDeadlineMs;
    default:
      return electionDeadlineMs(raft);
  }
}

export function becomeFollower(raft: Raft, epoch: number, leaderId: number): void {
  const votedId = epoch === raft.epoch ? raft.votedId : NO_NODE;
  const fetchDeadlineMs = raft.nowMs + raft.config.fetchTimeoutMs;
  const role = { kind: 'follower', leaderId, fetchDeadlineMs, hasFetched: false, writing: false } as const;
  enter(raft, { ...role, leaderHighWatermark: -1 }, epoch, votedId);
}

/** The epoch stands, and a pre-vote binds nobody: what is on disk stays as it is. */
export function becomeProspective(raft: Raft): void {
  const leaderId = raft.role.kind === 'resigned' ? NO_NODE : leaderOf(raft);
  const votes: Votes = new Map([[raft.config.nodeId, 'granted']]);
  enter(
    raft,
    { kind: 'prospective', leaderId, votes, electionDeadlineMs: electionDeadlineMs(raft) },
    raft.epoch,
    raft.votedId,
  );
}

export function becomeCandidate(raft: Raft, epoch: number): void {
  const { nodeId } = raft.config;
  const votes: Votes = new Map([[nodeId, 'granted']]);
  enter(raft, { kind: 'candidate', votes, electionDeadlineMs: electionDeadlineMs(raft) }, epoch, nodeId);
}

export function becomeLeader(raft: Raft, votes: Votes): void {
  const { config, log, nowMs } = raft;
  const voters = new Map<number, ReplicaProgress>();
  for (const id of raft.peers) voters.set(id, unheard());
  const role: Role = {
    kind: 'leader',
    epochStartOffset: log.endOffset,
    highWatermark: -1,
    flushedOffset: log.endOffset,
    voters,
    observers: new Map(),
    heardFrom: [],
    checkQuorumDeadlineMs: raft.peers.length === 0 ? NEVER_MS : nowMs + checkQuorumTimeoutMs(raft),
    beginEpochDeadlineMs: raft.peers.length === 0 ? NEVER_MS : nowMs,
    parked: [],
  };
  enter(raft, role, raft.epoch, NO_NODE);
  raft.effects.push({
    kind: 'append-leader-change',
    epoch: raft.epoch,
    voters: config.voters,
    grantingVoters: grantingVoters(votes),
  });
}

export const unheard = (): ReplicaProgress => ({
  endOffset: -1,
  lastFetchMs: -1,
  lastCaughtUpMs: -1,
  leaderEndOffset: -1,
});

/** A leader that hears of no majority for one and a half fetch time-outs knows that it has none. */
export const checkQuorumTimeoutMs = (raft: Raft): number => Math.floor((raft.config.fetchTimeoutMs * 3) / 2);

export function becomeResigned(raft: Raft, cause: ResignCause): void {
  const { role } = raft;
  const preferredCandidates = role.kind === 'leader' ? bySuitability(role.voters) : [];
  enter(
    raft,
    {
      kind: 'resigned',
      unacknowledged: new Set(raft.peers),
      preferredCandidates,
      electionDeadlineMs: electionDeadlineMs(raft),
    },
    raft.epoch,
    raft.votedId,
    cause,
  );
}

function bySuitability(voters: ReadonlyMap<number, ReplicaProgress>): number[] {
  return [...voters].sort(([a, x], [b, y]) => y.endOffset - x.endOffset || a - b).map(([id]) => id);
}

/** Adopts what another member says about epoch and leader, if it is news. Returns whether the role changed. */
export function adopt(raft: Raft, epoch: number, leaderId: number): boolean {
  const known = leaderId !== NO_NODE && leaderId !== raft.config.nodeId && raft.config.voters.includes(leaderId);
  if (epoch > raft.epoch) {
    if (known) becomeFollower(raft, epoch, leaderId);
    else becomeUnattached(raft, epoch);
    return true;
  }
  if (epoch === raft.epoch && known && leaderOf(raft) === NO_NODE) {
    becomeFollower(raft, epoch, leaderId);
    return true;
  }
  return false;
}

/** The role in which a process starts, from what `quorum-state` and the log hold. */
export function enterInitialRole(raft: Raft, stored: ElectionState | null): void {
  if (stored !== null) raft.persisted = stored;
  const { leaderEpoch, leaderId, votedId } = raft.persisted;
  const { nodeId, voters } = raft.config;
  raft.epoch = leaderEpoch;
  raft.votedId = votedId;
  raft.role = { kind: 'unattached', electionDeadlineMs: raft.isVoter ? electionDeadlineMs(raft) : NEVER_MS };
  if (leaderEpoch < raft.log.lastEpoch) {
    raft.votedId = NO_NODE;
    becomeUnattached(raft, raft.log.lastEpoch);
  } else if (leaderId === nodeId) {
    becomeResigned(raft, 'restart');
  } else if (votedId === nodeId && raft.isVoter) {
    becomeCandidate(raft, leaderEpoch);
  } else if (voters.includes(leaderId)) {
    becomeFollower(raft, leaderEpoch, leaderId);
  } else {
    becomeUnattached(raft, leaderEpoch);
  }
  raft.started = true;
}

export function enter(
  raft: Raft,
  role: Role,
  epoch: number,
  votedId: number,
  resignCause: ResignCause | null = null,
): void {
  const parked = raft.role.kind === 'leader' ? raft.role.parked : [];
  const sameToOthers = raft.started && raft.role.kind === role.kind && raft.epoch === epoch;
  raft.lines.clear();
  raft.role = role;
  raft.epoch = epoch;
  raft.votedId = votedId;
  persist(raft);
  const leaderId = leaderOf(raft);
  if (!sameToOthers) raft.effects.push({ kind: 'role-changed', role: role.kind, epoch, leaderId, resignCause });
  for (const { asker } of parked) {
    raft.effects.push({
      kind: 'respond',
      asker,
      response: {
        kind: 'fetch',
        errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
        leaderId,
        leaderEpoch: epoch,
        highWatermark: -1,
        diverging: null,
        records: null,
      },
    });
  }
}

function persist(raft: Raft): void {
  const state: ElectionState = { leaderId: leaderOf(raft), leaderEpoch: raft.epoch, votedId: raft.votedId };
  const { persisted } = raft;
  const unchanged =
    persisted.leaderEpoch === state.leaderEpoch &&
    persisted.leaderId === state.leaderId &&
    persisted.votedId === state.votedId;
  if (unchanged) return;
  raft.persisted = state;
  raft.effects.push({ kind: 'persist', state });
}
