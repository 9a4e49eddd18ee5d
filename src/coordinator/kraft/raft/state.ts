/** The state of one quorum member. Only `step` changes it. */
import { NO_NODE } from './messages.ts';
import type { Asker, ElectionState, RaftConfig, RaftEffect, RaftLogView } from './types.ts';

/** No deadline. */
export const NEVER_MS = Number.MAX_SAFE_INTEGER;

/** Does not know a leader; looks for one, or waits to stand for election. */
export interface Unattached {
  readonly kind: 'unattached';
  electionDeadlineMs: number;
}

/** Asks whether it would win, before it disturbs anybody with a new epoch (KIP-996). */
export interface Prospective {
  readonly kind: 'prospective';
  /** The leader that it lost sight of, or `NO_NODE`. */
  readonly leaderId: number;
  readonly votes: Votes;
  readonly electionDeadlineMs: number;
}

export interface Candidate {
  readonly kind: 'candidate';
  readonly votes: Votes;
  readonly electionDeadlineMs: number;
}

export interface Leader {
  readonly kind: 'leader';
  /** Where the log ended at the election. Nothing counts as committed before something above it is (own-epoch rule). */
  readonly epochStartOffset: number;
  /** In this epoch; −1 until the first commit. */
  highWatermark: number;
  /** The leader's own share in the majority. */
  flushedOffset: number;
  /** What is known of voters (without itself) and observers since the election. */
  readonly voters: Map<number, ReplicaProgress>;
  readonly observers: Map<number, ReplicaProgress>;
  /** Voters that fetched since the timer was last set back. */
  readonly heardFrom: number[];
  checkQuorumDeadlineMs: number;
  beginEpochDeadlineMs: number;
  /** In order of arrival. */
  parked: ParkedFetch[];
}

export interface Follower {
  readonly kind: 'follower';
  readonly leaderId: number;
  fetchDeadlineMs: number;
  /** Whether this leader has answered a fetch of ours: then we vouch for it in pre-votes. */
  hasFetched: boolean;
  /** The log is being changed; the next fetch waits for it. */
  writing: boolean;
  /** What the leader's last answer said. */
  leaderHighWatermark: number;
}

/** Led this epoch and may not lead or vote in it any more. */
export interface Resigned {
  readonly kind: 'resigned';
  readonly unacknowledged: Set<number>;
  readonly preferredCandidates: readonly number[];
  readonly electionDeadlineMs: number;
}

export type Role = Unattached | Prospective | Candidate | Leader | Follower | Resigned;

/** Answers by voter, own grant included. */
export type Votes = Map<number, 'granted' | 'rejected'>;

/** Fields of DescribeQuorum; −1 means "not since the election". */
export interface ReplicaProgress {
  /** Where its last valid fetch began: for a voter, what it has flushed. */
  endOffset: number;
  lastFetchMs: number;
  lastCaughtUpMs: number;
  /** The leader's end offset at that fetch. */
  leaderEndOffset: number;
}

export interface ParkedFetch {
  readonly asker: Asker;
  readonly replicaId: number;
  readonly fetchOffset: number;
  readonly deadlineMs: number;
}

/** At most one request at a time goes to a node. */
export interface PeerLine {
  /** Id of the request in flight, 0 if none. */
  requestId: number;
  backoffUntilMs: number;
}

export interface Raft {
  readonly config: RaftConfig;
  readonly log: RaftLogView;
  /** Voters other than this node. */
  readonly peers: readonly number[];
  readonly isVoter: boolean;
  role: Role;
  epoch: number;
  votedId: number;
  /** The highest that this node has ever known; kept through elections, never lowered. −1 at first. */
  highWatermark: number;
  /** What `quorum-state` holds. */
  persisted: ElectionState;
  readonly lines: Map<number, PeerLine>;
  lastRequestId: number;
  /** Whether the initial role has been entered. */
  started: boolean;
  shutdown: 'no' | 'asked' | 'done';
  /** Time and chance of the present step, and what it wants done. */
  nowMs: number;
  chance: number;
  effects: RaftEffect[];
}

export function createRaft(config: RaftConfig, log: RaftLogView): Raft {
  return {
    config,
    log,
    peers: config.voters.filter((id) => id !== config.nodeId),
    isVoter: config.voters.includes(config.nodeId),
    role: { kind: 'unattached', electionDeadlineMs: NEVER_MS },
    epoch: 0,
    votedId: NO_NODE,
    highWatermark: -1,
    persisted: { leaderId: NO_NODE, leaderEpoch: 0, votedId: NO_NODE },
    lines: new Map(),
    lastRequestId: 0,
    started: false,
    shutdown: 'no',
    nowMs: 0,
    chance: 0,
    effects: [],
  };
}

/** Who leads this node's epoch as far as it knows. A resigned leader still names itself. */
export function leaderOf(raft: Raft): number {
  const { role } = raft;
  switch (role.kind) {
    case 'follower':
    case 'prospective':
      return role.leaderId;
    case 'leader':
    case 'resigned':
      return raft.config.nodeId;
    default:
      return NO_NODE;
  }
}

export const majorityOf = (voterCount: number): number => Math.floor(voterCount / 2) + 1;
